// One request that the server itself sends out, through the configured proxies (nexus-api section 4, "Runtime semantics").
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { rootCertificates, connect as secureConnect } from 'node:tls'
import type { HttpSettings } from '../http-settings/settings.ts'
import { type ForwardProxy, proxyFor } from './proxies.ts'

/** How the server goes out. */
export interface WayOut {
  /** ExtDirect's XO with the two proxies. */
  settings: HttpSettings
  /** The longest silence, in milliseconds; 5 s when left out. */
  timeoutMs?: number | undefined
  /** Certificates of the server's trust store, PEM, where the repository uses it. */
  trusted?: readonly string[] | undefined
  /** Ends the request, and the body with it. */
  signal?: AbortSignal | undefined
}

/** The remote's answer; whoever asked reads the body or destroys it. */
export interface RemoteResponse {
  status: number
  headers: IncomingHttpHeaders
  body: Readable
}

type Headers = Record<string, string>
type Options = Parameters<typeof secureRequest>[1] & object
/** `socket` is the open tunnel where a CONNECT went well. */
type Answer = RemoteResponse & { socket?: Socket }

const defaultTimeoutMs = 5000

function answerOf(message: IncomingMessage): RemoteResponse {
  return { status: message.statusCode ?? 0, headers: message.headers, body: message }
}

function send(options: Options, isSecure: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? secureRequest : plainRequest)(options, (message) =>
      resolve(answerOf(message)),
    )
    outgoing.on('connect', (message, socket: Socket) => {
      const { status, headers } = answerOf(message)
      const answer = { status, headers, body: Readable.from([]) }
      if (status !== 200) socket.destroy()
      resolve(status === 200 ? { ...answer, socket } : answer)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Asks a proxy without credentials, and once more with them where it says that they are missing. */
async function askProxy(proxy: ForwardProxy, ask: (headers: Headers) => Promise<Answer>): Promise<Answer> {
  const first = await ask({})
  if (first.status !== 407 || proxy.authorization === undefined) return first
  first.body.destroy()
  return ask({ 'Proxy-Authorization': proxy.authorization })
}

/** The host without the brackets of an IPv6 address. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** GETs a URL and follows nothing. Rejects where no answer came; what a proxy refuses is its own answer. */
export async function askRemote(url: string, way: WayOut, headers: Headers = {}): Promise<RemoteResponse> {
  const target = new URL(url)
  const { timeoutMs: timeout = defaultTimeoutMs, signal, trusted } = way
  const common: Options = { agent: false, timeout, ...(signal && { signal }) }
  const proxy = proxyFor(target, way.settings)
  const isSecure = target.protocol === 'https:'
  const tls = { servername: bareHost(target), ...(trusted && { ca: [...rootCertificates, ...trusted] }) }
  const origin: Options = { path: target.pathname + target.search }
  const sent = { Host: target.host, ...headers }
  if (!proxy) {
    const to = { host: bareHost(target), port: target.port || (isSecure ? 443 : 80) }
    return send({ ...common, ...origin, ...to, ...(isSecure && tls), headers: sent }, isSecure)
  }
  const toProxy: Options = { ...common, host: proxy.host, port: proxy.port }
  if (!isSecure)
    return askProxy(proxy, (more) => send({ ...toProxy, path: url, headers: { ...sent, ...more } }, false))
  const path = `${target.hostname}:${target.port || '443'}`
  const tunnel = await askProxy(proxy, (more) =>
    send({ ...toProxy, method: 'CONNECT', path, headers: { Host: target.host, ...more } }, false),
  )
  const { socket } = tunnel
  if (!socket) return tunnel
  // without `agent`, which would open a connection of its own
  const { agent: _, ...own } = common
  return send(
    { ...own, ...origin, headers: sent, createConnection: () => secureConnect({ socket, ...tls }) },
    true,
  )
}
