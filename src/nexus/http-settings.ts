import type { HttpSettingsXo, ProxySettingsXo } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { type JsonObject, textOf } from '../core/json.ts'
import { type Read, type Shape, shaped } from './answer-shape.ts'
import { offers } from './capabilities.ts'
import type { Nexus } from './client.ts'
import { AnswerError } from './errors/answer-error.ts'
import { callExtDirect } from './extdirect.ts'
import { read, when } from './read.ts'

const text = z.string().nullable().default(null)
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
type ProxySettings = z.output<typeof proxy>
type ProxyLogin = z.output<typeof login>

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

/**
 * Reads the settings through `/v1/http` where the server offers it (Pro, and other editions between 3.70 and 3.83), else
 * through ExtDirect (nexus-api 2.9 and 4). `keeps` are the proxies whose login an update has to keep without knowing it: REST would
 * lose the password, ExtDirect shows a placeholder for it that keeps it when it is given back.
 */
export async function readHttpSettings(
  nexus: Nexus,
  keeps: readonly Scheme[] = [],
): Promise<ReadHttpSettings> {
  const rest = await readRest(nexus)
  if (!rest) return readExtDirect(nexus)
  if (!keeps.some((scheme) => rest.settings[scheme]?.authentication)) return rest
  return readExtDirect(nexus).catch((error: unknown) => {
    // Not offered, not allowed: then the caller has to do without.
    if (error instanceof AnswerError || (error instanceof UserError && REFUSALS.includes(error.code)))
      return rest
    throw error
  })
}

/** How a call of ExtDirect ends that the server does not carry out. */
const REFUSALS = ['extdirect-failed', 'refused', 'forbidden']

/** Writes the settings the way they were read. Throws `upstream-password-missing` for a login whose password is not known. */
export async function writeHttpSettings(
  nexus: Nexus,
  settings: HttpSettings,
  { via, raw }: ReadHttpSettings,
): Promise<void> {
  if (via === 'rest') {
    const json = toRest(settings, raw)
    await nexus.request({ method: 'PUT', path: restSettings.path, json, what: 'set the HTTP proxy' })
  } else {
    await callExtDirect(nexus, action, 'update', [toExtDirect(settings, raw)], 'set the HTTP proxy')
  }
}

/** No empty password and no null: servers take either for the password (nexus-api 4). */
function passwordOf({ password }: ProxyLogin): string {
  if (password !== undefined) return password
  throw new UserError(
    'upstream-password-missing',
    "cannot set the HTTP proxy: the password of the server's own login is not known, and would be lost",
    { hint: 'write authentication with its password, or authentication: null to remove the login' },
  )
}

const flag = z.boolean().nullish()
const shownText = z.string().nullish()
const shownNumber = z.number().nullish()
const shownTexts = z.array(z.string()).nullish()

const restProxy = z.looseObject({
  enabled: flag,
  host: shownText,
  // A text in Sonatype's model, a number in public scripts (nexus-api 2.9).
  port: z.union([z.number(), z.string().regex(/^\d*$/)], { error: 'expected a port' }).nullish(),
  authInfo: z
    .looseObject({ enabled: flag, username: shownText, ntlmHost: shownText, ntlmDomain: shownText })
    .nullish(),
})

const restSchema = z.looseObject({
  // Null when unset, and never left out: without them it is something else.
  httpProxy: restProxy.nullable(),
  httpsProxy: restProxy.nullable(),
  nonProxyHosts: shownTexts,
  userAgent: shownText,
  timeout: shownNumber,
  retries: shownNumber,
})
type RestSettings = z.output<typeof restSchema>

const expected = 'the HTTP settings'
const what = 'read the HTTP settings'

const restSettings: Read<RestSettings> = {
  path: '/service/rest/v1/http',
  what,
  expected,
  schema: restSchema,
}

async function readRest(nexus: Nexus): Promise<ReadHttpSettings | undefined> {
  if (nexus.server !== undefined && !offers(nexus.server, 'httpSettingsRest')) return undefined
  const found = await read(nexus, restSettings).catch(when([404], () => undefined))
  return found && { settings: fromRest(found), via: 'rest', raw: found as JsonObject }
}

function fromRest(found: RestSettings): HttpSettings {
  return {
    http: proxyFromRest(found.httpProxy),
    https: proxyFromRest(found.httpsProxy),
    nonProxyHosts: found.nonProxyHosts ?? [],
    userAgentSuffix: found.userAgent || null,
    timeout: found.timeout ?? null,
    retries: found.retries ?? null,
  }
}

function proxyFromRest(found: RestSettings['httpProxy']): ProxySettings | null {
  if (found?.enabled !== true) return null
  const { authInfo } = found
  return {
    host: found.host ?? '',
    port: Number(found.port ?? 0),
    authentication:
      authInfo?.enabled === true
        ? {
            username: authInfo.username || null,
            ntlmHost: authInfo.ntlmHost || null,
            ntlmDomain: authInfo.ntlmDomain || null,
          }
        : null,
  }
}

function toRest(settings: HttpSettings, raw: JsonObject) {
  return {
    ...raw,
    userAgent: settings.userAgentSuffix,
    timeout: settings.timeout,
    retries: settings.retries,
    nonProxyHosts: settings.nonProxyHosts,
    httpProxy: proxyToRest(settings.http),
    httpsProxy: proxyToRest(settings.https),
    // Sonatype's model has a Set, which is a list on the wire, and numbers where a fresh server answers null.
  } satisfies Omit<HttpSettingsXo, 'nonProxyHosts' | 'timeout' | 'retries'> &
    Record<'nonProxyHosts' | 'timeout' | 'retries', unknown>
}

function proxyToRest(settings: ProxySettings | null): ProxySettingsXo | null {
  if (!settings) return null
  const { authentication } = settings
  return {
    enabled: true,
    host: settings.host,
    // The model has the port as a text (nexus-api 2.9).
    port: String(settings.port),
    authInfo: {
      enabled: authentication !== null,
      username: authentication?.username ?? '',
      password: authentication ? passwordOf(authentication) : '',
      ntlmHost: authentication?.ntlmHost ?? '',
      ntlmDomain: authentication?.ntlmDomain ?? '',
    },
  }
}

const action = 'coreui_HttpSettings'

function proxyXo(scheme: Scheme) {
  return {
    // Null when unset, and never left out (recorded from 3.28 to 3.89).
    [`${scheme}Enabled`]: z.boolean().nullable(),
    [`${scheme}Host`]: shownText,
    [`${scheme}Port`]: shownNumber,
    [`${scheme}AuthEnabled`]: flag,
    [`${scheme}AuthUsername`]: shownText,
    [`${scheme}AuthPassword`]: shownText,
    [`${scheme}AuthNtlmHost`]: shownText,
    [`${scheme}AuthNtlmDomain`]: shownText,
  }
}

const xo: Shape<Record<string, unknown>> = {
  expected,
  schema: z.looseObject({
    ...proxyXo('http'),
    ...proxyXo('https'),
    nonProxyHosts: shownTexts,
    userAgentSuffix: shownText,
    timeout: shownNumber,
    retries: shownNumber,
  }),
}

async function readExtDirect(nexus: Nexus): Promise<ReadHttpSettings> {
  const data = await callExtDirect(nexus, action, 'read', null, what)
  const raw = shaped(data, xo, { method: 'POST', path: '/service/extdirect', what }) as JsonObject
  return { settings: fromExtDirect(raw), via: 'extdirect', raw }
}

function fromExtDirect(raw: JsonObject): HttpSettings {
  return httpSettingsOf({
    http: proxyFromExtDirect(raw, 'http'),
    https: proxyFromExtDirect(raw, 'https'),
    nonProxyHosts: raw['nonProxyHosts'],
    userAgentSuffix: textOf(raw['userAgentSuffix']) || null,
    timeout: raw['timeout'],
    retries: raw['retries'],
  })
}

function proxyFromExtDirect(raw: JsonObject, scheme: Scheme): JsonObject | null {
  if (raw[`${scheme}Enabled`] !== true) return null
  const shown = (name: string) => textOf(raw[`${scheme}Auth${name}`]) || null
  const authentication = {
    username: shown('Username'),
    password: shown('Password') ?? undefined,
    ntlmHost: shown('NtlmHost'),
    ntlmDomain: shown('NtlmDomain'),
  }
  return {
    host: textOf(raw[`${scheme}Host`]),
    port: raw[`${scheme}Port`] ?? 0,
    authentication: raw[`${scheme}AuthEnabled`] === true ? authentication : null,
  }
}

function toExtDirect(settings: HttpSettings, raw: JsonObject): JsonObject {
  return {
    ...raw,
    userAgentSuffix: settings.userAgentSuffix,
    timeout: settings.timeout,
    retries: settings.retries,
    nonProxyHosts: settings.nonProxyHosts,
    ...proxyToExtDirect(settings.http, 'http'),
    ...proxyToExtDirect(settings.https, 'https'),
  }
}

/**
 * `authEnabled` is always explicit, because null means enabled from 3.77; NTLM names are null and never empty, because an
 * empty one chooses NTLM; a password that is kept is the placeholder that the server itself sent (nexus-api 4).
 */
function proxyToExtDirect(settings: ProxySettings | null, scheme: Scheme): JsonObject {
  const authentication = settings?.authentication ?? null
  return {
    [`${scheme}Enabled`]: settings !== null,
    [`${scheme}Host`]: settings?.host ?? null,
    [`${scheme}Port`]: settings?.port ?? null,
    [`${scheme}AuthEnabled`]: authentication !== null,
    [`${scheme}AuthUsername`]: authentication?.username ?? null,
    [`${scheme}AuthPassword`]: authentication && passwordOf(authentication),
    [`${scheme}AuthNtlmHost`]: authentication?.ntlmHost ?? null,
    [`${scheme}AuthNtlmDomain`]: authentication?.ntlmDomain ?? null,
  }
}
