import type { HttpSettingsXo, ProxySettingsXo } from '@sonatype/nexus-repo-api-client'
import * as z from 'zod'
import type { JsonObject } from '../../core/json.ts'
import type { Read } from '../answer-shape.ts'
import { offers } from '../capabilities.ts'
import type { Nexus } from '../connection.ts'
import { read, when } from '../read.ts'
import type { HttpSettings, ProxySettings, ReadHttpSettings } from './form.ts'
import { httpSettingsOf, passwordOf, READING, shown, WRITING } from './form.ts'

const { expected, flag, text, number, texts } = shown

const proxySchema = z.looseObject({
  enabled: flag,
  host: text,
  // A text in Sonatype's model, a number in public scripts (nexus-api 2.9).
  port: z.union([z.number(), z.string().regex(/^\d*$/)], { error: 'expected a port' }).nullish(),
  authInfo: z.looseObject({ enabled: flag, username: text, ntlmHost: text, ntlmDomain: text }).nullish(),
})

const schema = z.looseObject({
  // Null when unset, and never left out: without them it is something else.
  httpProxy: proxySchema.nullable(),
  httpsProxy: proxySchema.nullable(),
  nonProxyHosts: texts,
  userAgent: text,
  timeout: number,
  retries: number,
})
type RestSettings = z.output<typeof schema>

const path = '/service/rest/v1/http'
const settingsRead: Read<RestSettings> = { path, what: READING, expected, schema }

/** Undefined where the server does not offer it. */
export async function readRest(nexus: Nexus): Promise<ReadHttpSettings | undefined> {
  if (nexus.server !== undefined && !offers(nexus.server, 'httpSettingsRest')) return undefined
  const found = await read(nexus, settingsRead).catch(when([404], () => undefined))
  return found && { settings: fromRest(found), via: 'rest', raw: found as JsonObject }
}

export async function writeRest(nexus: Nexus, settings: HttpSettings, raw: JsonObject): Promise<void> {
  await nexus.request({ method: 'PUT', path, json: toRest(settings, raw), what: WRITING })
}

function fromRest({ httpProxy, httpsProxy, userAgent, ...rest }: RestSettings): HttpSettings {
  return httpSettingsOf({
    ...(rest as JsonObject),
    http: proxyFromRest(httpProxy),
    https: proxyFromRest(httpsProxy),
    userAgentSuffix: userAgent,
  })
}

function proxyFromRest(found: RestSettings['httpProxy']): JsonObject | null {
  if (found?.enabled !== true) return null
  const { host, port, authInfo } = found
  return {
    host: host ?? '',
    port: Number(port ?? 0),
    // Whatever it may show for the password, it would not take it back.
    authentication: authInfo?.enabled === true ? { ...authInfo, password: undefined } : null,
  }
}

function toRest({ http, https, userAgentSuffix, ...settings }: HttpSettings, raw: JsonObject) {
  return {
    ...raw,
    ...settings,
    userAgent: userAgentSuffix,
    httpProxy: proxyToRest(http),
    httpsProxy: proxyToRest(https),
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
