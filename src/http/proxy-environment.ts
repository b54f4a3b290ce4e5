import { BlockList, isIP, isIPv4 } from 'node:net'
import { UserError } from '../core/errors.ts'
import { decoded } from './address.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The HTTP proxy of this machine, as its environment names it. */
export interface EnvironmentProxy {
  host: string
  port: number
  /** `Basic …`, where the proxy's URL has credentials. */
  authorization?: string
  /** The password in it, if any. */
  password?: string
  /** The variable that named it, for sentences. */
  variable: string
}

/**
 * The proxy for a URL, or undefined for a direct connection. As curl does: `HTTP_PROXY`, `HTTPS_PROXY`, then `ALL_PROXY`, the lower-case
 * spelling first; `NO_PROXY` lists names (and what is below them), names with a port, addresses, CIDR blocks, `*`. Throws `invalid-proxy`.
 */
export function proxyFor(url: URL, environment: Environment): EnvironmentProxy | undefined {
  const scheme = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const variable = [scheme, scheme.toUpperCase(), 'all_proxy', 'ALL_PROXY'].find((name) => environment[name])
  const value = variable === undefined ? undefined : environment[variable]
  if (variable === undefined || value === undefined) return undefined
  if (isExcluded(url, environment['no_proxy'] ?? environment['NO_PROXY'] ?? '')) return undefined
  return parseProxy(value.trim(), variable)
}

function parseProxy(value: string, variable: string): EnvironmentProxy {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw new UserError('invalid-proxy', `the proxy in ${variable} is not an http:// URL`, {
      hint: `Write it as http://host:port, or exclude the server in NO_PROXY. HTTPS and SOCKS proxies are not supported.`,
      exitCode: 3,
    })
  }
  const proxy = { host: unbracketed(url.hostname), port: Number(url.port || 80), variable }
  if (url.username === '') return proxy
  const password = decoded(url.password)
  const pair = Buffer.from(`${decoded(url.username)}:${password}`).toString('base64')
  return { ...proxy, authorization: `Basic ${pair}`, password }
}

function isExcluded(url: URL, list: string): boolean {
  const host = unbracketed(url.hostname).toLowerCase().replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const entries = list.toLowerCase().split(/[\s,]+/)
  return entries.some((entry) => entry !== '' && matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const [name, entryPort] = splitPort(entry)
  if (entryPort !== undefined && entryPort !== port) return false
  if (isIP(host) !== 0) return isAmong(host, name)
  const suffix = name.replace(/^\*?\./, '').replace(/\.$/, '')
  return host === suffix || host.endsWith(`.${suffix}`)
}

/** `host:8081`, `[::1]:8081`, `::1`: a colon is a port only after a name, an IPv4 address or a bracket. */
function splitPort(entry: string): [string, string | undefined] {
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry)
  return match?.[1] === undefined ? [unbracketed(entry), undefined] : [unbracketed(match[1]), match[2]]
}

/** `block`: `10.0.0.0/8`, or one address. */
function isAmong(address: string, block: string): boolean {
  const [network = '', bits = isIPv4(network) ? '32' : '128'] = block.split('/')
  const most = isIPv4(network) ? 32 : 128
  if (isIP(network) === 0 || !/^\d+$/.test(bits) || Number(bits) > most) return false
  const list = new BlockList()
  list.addSubnet(network, Number(bits), family(network))
  return list.check(address, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
