import { decoded } from '../http/address.ts'
import { type Exclusions, toExclusions } from './exclusions.ts'

export interface ProxyAddress {
  host: string
  port: number
  /** Who logs in at the proxy. The password is in a variable of the environment, always. */
  username?: string
}

/** The HTTP proxy that the environment of this machine names. */
export interface ProxyOffer extends ProxyAddress, Exclusions {
  variable: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** The variable that the written file takes the proxy's password from. */
export const proxyPasswordVariable = 'NEXUS_PROXY_PASSWORD'

/**
 * The proxy that curl would take for https, in Nexus's words. None where NO_PROXY excludes everything and where the URL is no http
 * proxy: Nexus knows no others.
 */
export function offeredProxy(environment: Environment): ProxyOffer | undefined {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']
  const variable = names.find((name) => environment[name])
  if (variable === undefined) return undefined
  const address = parseProxyAddress(environment[variable] ?? '')
  const noProxy = environment['no_proxy'] ?? environment['NO_PROXY'] ?? ''
  if (typeof address === 'string' || noProxy.trim() === '*') return undefined
  const { username, ...bare } = address
  // What stands alone before the @ may be a token: it stays where it is.
  const login = username !== undefined && hasPassword(environment[variable] ?? '') ? { username } : {}
  return { ...bare, ...login, ...toExclusions(noProxy), variable }
}

/** `proxy:3128`, `http://jane@proxy:3128/`. A password in it is left out. A sentence for what is no proxy. */
export function parseProxyAddress(text: string): ProxyAddress | string {
  const trimmed = text.trim()
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  const good =
    url?.protocol === 'http:' && /^(\[[\da-f:]+\]|[a-z\d]([a-z\d.-]*[a-z\d])?)$/i.test(url.hostname)
  if (!url || !good || url.port === '0')
    return 'write it like proxy.corp:3128; Nexus only supports http proxies'
  const address = { host: url.hostname, port: Number(url.port || 80) }
  const username = decoded(url.username)
  return username === '' ? address : { ...address, username }
}

/** Whether a proxy is written with a password: `jane:secret@proxy:3128`. */
export function hasPassword(text: string): boolean {
  return /\/\/[^/@]*:[^/]*@|^[^/@]+:[^/@]+@/.test(text.trim())
}
