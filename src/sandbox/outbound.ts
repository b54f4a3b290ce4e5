// What the server sends out for a proxy repository, through the configured proxies (nexus-api section 4, "Runtime semantics").
import { request as httpRequest } from 'node:http'
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

interface Proxy {
  host: string
  port: number
  authorization: string | undefined
}

/** The proxy for a target: an enabled HTTPS proxy serves https, else the HTTP proxy serves both. */
function proxyFor(target: URL, settings: HttpSettings): Proxy | undefined {
  const exclusions = (settings['nonProxyHosts'] as string[] | null | undefined) ?? []
  if (isExcluded(target.hostname, exclusions)) return undefined
  const scheme = target.protocol === 'https:' && settings['httpsEnabled'] === true ? 'https' : 'http'
  if (settings[`${scheme}Enabled`] !== true) return undefined
  const text = (name: string): string =>
    String((settings[scheme + name] as string | number | null | undefined) ?? null)
  // a password that is not there is sent as the text "null"
  const credentials = `${text('AuthUsername')}:${text('AuthPassword')}`
  return {
    host: text('Host'),
    port: Number(settings[`${scheme}Port`]),
    authorization:
      settings[`${scheme}AuthEnabled`] === true
        ? `Basic ${Buffer.from(credentials).toString('base64')}`
        : undefined,
  }
}

function send(options: Parameters<typeof httpRequest>[1] & object): Promise<RemoteAnswer> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({ ...options, agent: false, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })
      })
      response.on('error', () => resolve(unreachable))
    })
    outgoing.on('connect', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode === 200 ? 0 : (response.statusCode ?? 0), body: '' })
    })
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => resolve(unreachable))
    outgoing.end()
  })
}

/** Fetches a URL as the server would. Credentials for the proxy are sent after its 407 only. TLS ends at the CONNECT: nothing is fetched through it. */
export async function fetchRemote(url: string, settings: HttpSettings): Promise<RemoteAnswer> {
  const target = new URL(url)
  const proxy = proxyFor(target, settings)
  if (!proxy) return target.protocol === 'https:' ? unreachable : send(target)
  const tunnel = target.protocol === 'https:'
  const path = tunnel ? `${target.hostname}:${target.port || '443'}` : url
  const attempt = (headers: Record<string, string>) =>
    send({
      host: proxy.host,
      port: proxy.port,
      method: tunnel ? 'CONNECT' : 'GET',
      path,
      headers: { Host: target.host, ...headers },
    })
  const first = await attempt({})
  if (first.status !== 407 || proxy.authorization === undefined) return first
  return attempt({ 'Proxy-Authorization': proxy.authorization })
}
