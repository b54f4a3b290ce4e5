// What the server sends out for a proxy repository, through the configured proxies (nexus-api section 4, "Runtime semantics").
import { request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { HttpSettings } from './http-settings/settings.ts'

/** Status and body of the remote's answer; status 0 = nothing was reached. */
export interface RemoteAnswer {
  status: number
  body: string
}

const unreachable: RemoteAnswer = { status: 0, body: '' }
const timeoutMs = 5000

/** Exclusions are held against the host name alone, ignoring case, as a whole; `*` stands for any text. */
function isExcluded(host: string, exclusions: readonly string[]): boolean {
  return exclusions.some((pattern) => {
    const source = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*?')
    return new RegExp(`^${source}$`, 'i').test(host)
  })
}

/** The proxy for a target: an enabled HTTPS proxy serves https, else the HTTP proxy serves both. */
function proxyFor(target: URL, settings: HttpSettings) {
  const exclusions = (settings['nonProxyHosts'] as string[] | null | undefined) ?? []
  if (isExcluded(target.hostname, exclusions)) return undefined
  const scheme = target.protocol === 'https:' && settings['httpsEnabled'] === true ? 'https' : 'http'
  if (settings[`${scheme}Enabled`] !== true) return undefined
  const text = (name: string): string =>
    String((settings[scheme + name] as string | number | null | undefined) ?? null)
  // a password that is not there is sent as the text "null"
  const isSent = settings[`${scheme}AuthEnabled`] === true
  const authorization = isSent ? basic(text('AuthUsername'), text('AuthPassword')) : undefined
  return { host: text('Host'), port: Number(settings[`${scheme}Port`]), authorization }
}

type Outgoing = Parameters<typeof httpRequest>[1] & object

function send(options: Outgoing): Promise<RemoteAnswer> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({ ...options, agent: false, timeout: timeoutMs }, (response) => {
      const { statusCode: status = 0 } = response
      buffer(response).then(
        (bytes) => resolve({ status, body: bytes.toString('utf8') }),
        () => resolve(unreachable),
      )
    })
    outgoing.on('connect', ({ statusCode: status = 0 }, socket) => {
      socket.destroy()
      resolve(status === 200 ? unreachable : { status, body: '' })
    })
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => resolve(unreachable))
    outgoing.end()
  })
}

/** The header for a user and a password. */
function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** Asks without credentials, and once more with them where the answer says that they are missing. */
async function askTwice(
  ask: (headers: Record<string, string>) => Promise<RemoteAnswer>,
  missing: { status: 401 | 407; header: string },
  authorization: string | undefined,
): Promise<RemoteAnswer> {
  const first = await ask({})
  if (first.status !== missing.status || authorization === undefined) return first
  return ask({ [missing.header]: authorization })
}

/** What goes out for one proxy repository: its login at the remote, the server's HTTP settings. */
export interface Outbound {
  settings: HttpSettings
  login?: { username: string; password: string } | undefined
}

/**
 * Fetches a URL as the server would. Credentials are sent after a 401 of the remote or a 407 of the proxy only (R `proxy-credentials/*`,
 * `http-settings/*`). TLS ends at the CONNECT: nothing is fetched through it, nor from an https remote itself.
 */
export async function fetchRemote(url: string, { settings, login }: Outbound): Promise<RemoteAnswer> {
  const target = new URL(url)
  const proxy = proxyFor(target, settings)
  const isTunnel = target.protocol === 'https:'
  if (!proxy && isTunnel) return unreachable
  const path = isTunnel ? `${target.hostname}:${target.port || '443'}` : url
  const method = isTunnel ? 'CONNECT' : 'GET'
  const through: Outgoing = proxy
    ? { host: proxy.host, port: proxy.port, method, path }
    : { host: bareHost(target), port: target.port || 80, method, path: target.pathname + target.search }
  const toProxy = (headers: Record<string, string>) =>
    send({ ...through, headers: { Host: target.host, ...headers } })
  const toRemote = (headers: Record<string, string>) =>
    askTwice(
      (more) => toProxy({ ...headers, ...more }),
      { status: 407, header: 'Proxy-Authorization' },
      proxy?.authorization,
    )
  const authorization = login && basic(login.username, login.password)
  return askTwice(toRemote, { status: 401, header: 'Authorization' }, authorization)
}

/** The host without the brackets of an IPv6 address. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
