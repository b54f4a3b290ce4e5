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
  const credentials = Buffer.from(`${text('AuthUsername')}:${text('AuthPassword')}`).toString('base64')
  const authorization = settings[`${scheme}AuthEnabled`] === true ? `Basic ${credentials}` : undefined
  return { host: text('Host'), port: Number(settings[`${scheme}Port`]), authorization }
}

function send(options: Parameters<typeof httpRequest>[1] & object): Promise<RemoteAnswer> {
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

/** Fetches a URL as the server would. Credentials for the proxy are sent after its 407 only. TLS ends at the CONNECT: nothing is fetched through it. */
export async function fetchRemote(url: string, settings: HttpSettings): Promise<RemoteAnswer> {
  const target = new URL(url)
  const proxy = proxyFor(target, settings)
  const tunnel = target.protocol === 'https:'
  if (!proxy) return tunnel ? unreachable : send(target)
  const path = tunnel ? `${target.hostname}:${target.port || '443'}` : url
  const { host, port, authorization } = proxy
  const method = tunnel ? 'CONNECT' : 'GET'
  const attempt = (headers: Record<string, string>) =>
    send({ host, port, method, path, headers: { Host: target.host, ...headers } })
  const first = await attempt({})
  if (first.status !== 407 || authorization === undefined) return first
  return attempt({ 'Proxy-Authorization': authorization })
}
