import type { HttpSettingsXo, ProxySettingsXo } from '@sonatype/nexus-repo-api-client'
import { isObject, type JsonObject, textOf } from '../core/json.ts'
import { offers } from './capabilities.ts'
import type { Nexus } from './client.ts'
import { callExtDirect } from './extdirect.ts'

/** How the server itself reaches the network, in one form for both ways of asking it. Sections are null when unset. */
export interface HttpSettings {
  http: ProxySettings | null
  https: ProxySettings | null
  nonProxyHosts: string[]
  userAgentSuffix: string | null
  /** Seconds. */
  timeout: number | null
  retries: number | null
}

export interface ProxySettings {
  host: string
  port: number
  authentication: ProxyAuthentication | null
}

export interface ProxyAuthentication {
  username: string | null
  /** Undefined: keep what the server has. */
  password?: string
  ntlmHost: string | null
  ntlmDomain: string | null
}

/** The settings as read, with the server's own answer, which an update has to give back. */
export interface ReadHttpSettings {
  settings: HttpSettings
  via: 'rest' | 'extdirect'
  raw: JsonObject
}

const restPath = '/service/rest/v1/http'
const action = 'coreui_HttpSettings'

/**
 * Reads the settings through `/v1/http` where the server offers it (Pro, and other editions between 3.70 and 3.83), else
 * through ExtDirect (nexus-api 2.9 and 4).
 */
export async function readHttpSettings(nexus: Nexus): Promise<ReadHttpSettings> {
  if (nexus.server === undefined || offers(nexus.server, 'httpSettingsRest')) {
    const response = await nexus.request({
      method: 'GET',
      path: restPath,
      what: 'read the HTTP settings',
      allow: [404],
    })
    if (response.status === 200 && isObject(response.body)) {
      return { settings: fromRest(response.body), via: 'rest', raw: response.body }
    }
  }
  const data = await callExtDirect(nexus, action, 'read', null, 'read the HTTP settings')
  const raw = isObject(data) ? data : {}
  return { settings: fromExtDirect(raw), via: 'extdirect', raw }
}

/** Writes the settings the way they were read. */
export async function writeHttpSettings(
  nexus: Nexus,
  settings: HttpSettings,
  current: ReadHttpSettings,
): Promise<void> {
  if (current.via === 'rest') {
    const json = toRest(settings, current.raw)
    await nexus.request({ method: 'PUT', path: restPath, json, what: 'set the HTTP proxy' })
  } else {
    await callExtDirect(nexus, action, 'update', [toExtDirect(settings, current.raw)], 'set the HTTP proxy')
  }
}

function fromRest(raw: JsonObject): HttpSettings {
  return {
    http: proxyFromRest(raw['httpProxy']),
    https: proxyFromRest(raw['httpsProxy']),
    nonProxyHosts: texts(raw['nonProxyHosts']),
    userAgentSuffix: textOrNull(raw['userAgent']),
    timeout: numberOrNull(raw['timeout']),
    retries: numberOrNull(raw['retries']),
  }
}

function proxyFromRest(raw: unknown): ProxySettings | null {
  if (!isObject(raw) || raw['enabled'] !== true) return null
  const info = isObject(raw['authInfo']) ? raw['authInfo'] : {}
  return {
    host: textOf(raw['host']),
    port: Number(raw['port'] ?? 0),
    authentication:
      info['enabled'] === true
        ? {
            username: textOrNull(info['username']),
            ntlmHost: textOrNull(info['ntlmHost']),
            ntlmDomain: textOrNull(info['ntlmDomain']),
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
    httpProxy: proxyToRest(settings.http, raw['httpProxy']),
    httpsProxy: proxyToRest(settings.https, raw['httpsProxy']),
    // Sonatype's model has a Set, which is a list on the wire, and numbers where a fresh server answers null.
  } satisfies Omit<HttpSettingsXo, 'nonProxyHosts' | 'timeout' | 'retries'> &
    Record<'nonProxyHosts' | 'timeout' | 'retries', unknown>
}

function proxyToRest(proxy: ProxySettings | null, raw: unknown): ProxySettingsXo | null {
  if (!proxy) return null
  const login = proxy.authentication
  const before = isObject(raw) && isObject(raw['authInfo']) ? raw['authInfo'] : {}
  const kept = typeof before['password'] === 'string' ? before['password'] : ''
  return {
    enabled: true,
    host: proxy.host,
    // The model has the port as a text (nexus-api 2.9).
    port: String(proxy.port),
    authInfo: {
      enabled: login !== null,
      username: login?.username ?? '',
      password: login ? (login.password ?? kept) : '',
      ntlmHost: login?.ntlmHost ?? '',
      ntlmDomain: login?.ntlmDomain ?? '',
    },
  }
}

function fromExtDirect(raw: JsonObject): HttpSettings {
  return {
    http: proxyFromExtDirect(raw, 'http'),
    https: proxyFromExtDirect(raw, 'https'),
    nonProxyHosts: texts(raw['nonProxyHosts']),
    userAgentSuffix: textOrNull(raw['userAgentSuffix']),
    timeout: numberOrNull(raw['timeout']),
    retries: numberOrNull(raw['retries']),
  }
}

function proxyFromExtDirect(raw: JsonObject, scheme: 'http' | 'https'): ProxySettings | null {
  if (raw[`${scheme}Enabled`] !== true) return null
  return {
    host: textOf(raw[`${scheme}Host`]),
    port: Number(raw[`${scheme}Port`] ?? 0),
    authentication:
      raw[`${scheme}AuthEnabled`] === true
        ? {
            username: textOrNull(raw[`${scheme}AuthUsername`]),
            ntlmHost: textOrNull(raw[`${scheme}AuthNtlmHost`]),
            ntlmDomain: textOrNull(raw[`${scheme}AuthNtlmDomain`]),
          }
        : null,
  }
}

function toExtDirect(settings: HttpSettings, raw: JsonObject): JsonObject {
  return {
    ...raw,
    userAgentSuffix: settings.userAgentSuffix,
    timeout: settings.timeout,
    retries: settings.retries,
    nonProxyHosts: settings.nonProxyHosts,
    ...proxyToExtDirect(settings.http, 'http', raw),
    ...proxyToExtDirect(settings.https, 'https', raw),
  }
}

/**
 * `authEnabled` is always explicit, because null means enabled from 3.77; NTLM names are null and never empty, because an
 * empty one chooses NTLM; a password that is kept is the placeholder that the server itself sent (nexus-api 4).
 */
function proxyToExtDirect(
  proxy: ProxySettings | null,
  scheme: 'http' | 'https',
  raw: JsonObject,
): JsonObject {
  return {
    [`${scheme}Enabled`]: proxy !== null,
    [`${scheme}Host`]: proxy?.host ?? null,
    [`${scheme}Port`]: proxy?.port ?? null,
    ...loginToExtDirect(proxy?.authentication ?? null, scheme, raw),
  }
}

function loginToExtDirect(
  login: ProxyAuthentication | null,
  scheme: 'http' | 'https',
  raw: JsonObject,
): JsonObject {
  return {
    [`${scheme}AuthEnabled`]: login !== null,
    [`${scheme}AuthUsername`]: login?.username ?? null,
    [`${scheme}AuthPassword`]: login ? (login.password ?? raw[`${scheme}AuthPassword`] ?? '') : null,
    [`${scheme}AuthNtlmHost`]: login?.ntlmHost ?? null,
    [`${scheme}AuthNtlmDomain`]: login?.ntlmDomain ?? null,
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
