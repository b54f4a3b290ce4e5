// `/v1/http`, the documented API of the same settings (nexus-api 2.9): Pro from 3.70, the free builds until 3.83.
import {
  type Bean,
  type Decoded,
  decodeBean,
  type Field,
  hostnameRule,
  validateBean,
} from '../kernel/body.ts'
import { bodyRoute } from '../kernel/body-route.ts'
import type { Profile } from '../kernel/profile.ts'
import { readOnly, unexpected500, violations } from '../kernel/replies.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import {
  type HttpSettings,
  httpSettingsBean,
  replacedSettings,
  type Scheme,
  shownSettings,
} from './settings.ts'

const authFields = {
  username: 'AuthUsername',
  password: 'AuthPassword',
  ntlmHost: 'AuthNtlmHost',
  ntlmDomain: 'AuthNtlmDomain',
}

const text: Field = { type: 'string' }
const authInfo: Bean = {
  enabled: { type: 'boolean' },
  ...Object.fromEntries(Object.keys(authFields).map((name) => [name, text])),
}

const proxyBean: Bean = {
  enabled: { type: 'boolean' },
  host: { type: 'string', rules: [hostnameRule] },
  port: text,
  authInfo: { type: 'object', fields: authInfo },
}

const { timeout, retries, nonProxyHosts } = httpSettingsBean
const bean: Bean = {
  userAgent: text,
  timeout,
  retries,
  nonProxyHosts,
  httpProxy: { type: 'object', fields: proxyBean },
  httpsProxy: { type: 'object', fields: proxyBean },
}

interface ProxyBody {
  enabled?: boolean
  host?: string | null
  port?: string | null
  authInfo?: Record<string, unknown> | null
}
type Body = Record<string, unknown> & { httpProxy?: ProxyBody | null; httpsProxy?: ProxyBody | null }

function shownProxy(scheme: Scheme, settings: HttpSettings): unknown {
  if (settings[`${scheme}Enabled`] !== true) return null
  const auth: Record<string, unknown> = { enabled: settings[`${scheme}AuthEnabled`] === true }
  for (const [name, suffix] of Object.entries(authFields)) auth[name] = settings[scheme + suffix] ?? null
  auth['password'] = null // answers never carry it
  const port = settings[`${scheme}Port`]
  return { enabled: true, host: settings[`${scheme}Host`] ?? null, port: String(port), authInfo: auth }
}

function read({ state, profile }: Context): Reply {
  const settings = shownSettings(state, profile)
  const body = {
    userAgent: settings['userAgentSuffix'],
    timeout: settings['timeout'],
    retries: settings['retries'],
    nonProxyHosts: settings['nonProxyHosts'] ?? [],
    httpProxy: shownProxy('http', settings),
    httpsProxy: shownProxy('https', settings),
  }
  return { status: 200, body }
}

function flattened(scheme: Scheme, proxy: ProxyBody | null | undefined): HttpSettings {
  if (proxy?.enabled !== true) return {}
  const auth = proxy.authInfo ?? {}
  const flat: HttpSettings = {
    [`${scheme}Enabled`]: true,
    [`${scheme}Host`]: proxy.host ?? null,
    [`${scheme}Port`]: Number(proxy.port ?? Number.NaN),
    [`${scheme}AuthEnabled`]: auth['enabled'] === true,
  }
  for (const [name, suffix] of Object.entries(authFields)) flat[scheme + suffix] = auth[name] ?? null
  return flat
}

/** The flat settings; nothing for an empty body. */
function decode({ profile, request }: Context): Decoded<HttpSettings | undefined> {
  const decoded = decodeBean<Body | undefined>(request.body, bean, { value: undefined })
  if (decoded.refused) return decoded
  const body = decoded.value ?? {}
  const { userAgent, httpProxy, httpsProxy, ...others } = body
  const given: HttpSettings = {
    ...others,
    userAgentSuffix: userAgent,
    ...flattened('http', httpProxy),
    ...flattened('https', httpsProxy),
  }
  const ports = validateBean(given, httpSettingsBean, profile).filter(({ id }) => id.endsWith('Port'))
  const found = [
    ...validateBean(body, bean, profile),
    ...ports.map((entry) => ({ ...entry, id: 'PARAMETER port' })),
  ]
  if (found.length > 0) return { refused: violations(found) }
  return { value: decoded.value && given }
}

function replace({ state, profile }: Context, given: HttpSettings | undefined): Reply {
  if (!given) return unexpected500('java.lang.NullPointerException: "httpSettingsXo" is null')
  if (state.frozen) return readOnly()
  const replaced = replacedSettings(given, state.httpSettings, profile)
  if (replaced.failed !== undefined) return unexpected500(replaced.failed)
  state.httpSettings = replaced.settings
  return { status: 204 }
}

function isOffered(profile: Profile): boolean {
  if (!profile.since('3.70') || profile.edition === 'core') return false
  return profile.edition === 'pro' || !profile.since('3.84')
}

export const httpRestRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/http', permission: 'nexus:settings:read', available: isOffered, handler: read },
  bodyRoute(
    { method: 'PUT', path: '/v1/http', permission: 'nexus:settings:update', available: isOffered },
    decode,
    replace,
  ),
  {
    method: 'DELETE',
    path: '/v1/http',
    permission: 'nexus:settings:update',
    available: isOffered,
    handler({ state }) {
      state.httpSettings = {}
      return { status: 204 }
    },
  },
]
