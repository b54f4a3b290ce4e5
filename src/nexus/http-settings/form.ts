import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'

/** Servers say null, or an empty text, for what is not set. */
const text = z
  .string()
  .nullish()
  .transform((text) => text || null)
const number = z.number().nullable().default(null)

const login = z.object({
  username: text,
  /** To be sent as it is: that of the file, or what the server shows in its place and takes back. Missing: not known. */
  password: z.string().min(1).optional(),
  ntlmHost: text,
  ntlmDomain: text,
})

const proxy = z.object({ host: z.string(), port: z.number(), authentication: login.nullable().default(null) })

/** What is not there is not set: nothing is switched on that nobody wrote. */
const settingsSchema = z.object({
  http: proxy.nullable().default(null),
  https: proxy.nullable().default(null),
  nonProxyHosts: z
    .array(z.string())
    .nullish()
    .transform((hosts) => hosts ?? []),
  userAgentSuffix: text,
  /** Seconds. */
  timeout: number,
  retries: number,
})

/** How the server itself reaches the network, in one form for both ways of asking it. Sections are null when unset. */
export type HttpSettings = z.output<typeof settingsSchema>
export type ProxySettings = z.output<typeof proxy>

export const schemes = ['http', 'https'] as const
export type Scheme = (typeof schemes)[number]

/** The settings as read, with the server's own answer, which an update has to give back. */
export interface ReadHttpSettings {
  settings: HttpSettings
  via: 'rest' | 'extdirect'
  raw: JsonObject
}

/** Settings from an object that may leave things out: the server's with those of the file laid over it. */
export function httpSettingsOf(object: JsonObject): HttpSettings {
  return settingsSchema.parse(object)
}

/** No empty password and no null: servers take either for the password (nexus-api 4). Throws `upstream-password-missing`. */
export function passwordOf({ password }: z.output<typeof login>): string {
  if (password !== undefined) return password
  throw new UserError(
    'upstream-password-missing',
    "cannot set the HTTP proxy: the password of the server's proxy login is unknown and would be lost",
    { hint: 'Write authentication with its password, or authentication: null to remove the login.' },
  )
}

/** What the request is for, in sentences. */
export const READING = 'read the HTTP settings'
export const WRITING = 'set the HTTP proxy'

/** What both ways of asking may answer. */
export const shown = {
  expected: 'the HTTP settings',
  flag: z.boolean().nullish(),
  text: z.string().nullish(),
  number: z.number().nullish(),
  texts: z.array(z.string()).nullish(),
}
