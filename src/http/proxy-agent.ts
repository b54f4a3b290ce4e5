import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { EnvironmentProxy } from './proxy-environment.ts'
import type { TlsOptions } from './tls.ts'

type Created = (error: Error | null, socket: Duplex) => void

/** TLS through a tunnel that the proxy opens (CONNECT), kept alive and pooled like any other connection. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: EnvironmentProxy
  readonly #timeoutMs: number
  readonly #connecting = new Set<http.ClientRequest>()

  constructor(proxy: EnvironmentProxy, options: https.AgentOptions & TlsOptions, timeoutMs: number) {
    super(options)
    this.#proxy = proxy
    this.#timeoutMs = timeoutMs
  }

  override createConnection(options: https.RequestOptions, created: Created): undefined {
    const fail = (error: Error): void => (created as (error: Error) => void)(error)
    const host = String(options.host)
    const target = `${host.includes(':') ? `[${host}]` : host}:${options.port ?? 443}`
    const connect = http.request({
      method: 'CONNECT',
      host: this.#proxy.host,
      port: this.#proxy.port,
      path: target,
      headers: { host: target, ...authorizationOf(this.#proxy) },
      agent: false,
    })
    // From its beginning to its end: a proxy may send its answer byte by byte.
    const timer = setTimeout(
      () => connect.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
      this.#timeoutMs,
    )
    this.#connecting.add(connect)
    connect.once('close', () => {
      clearTimeout(timer)
      this.#connecting.delete(connect)
    })
    connect.once('error', fail)
    // A refusal with a body arrives as a response in some proxies' dialect, as a `connect` event in Node's reading of all of them.
    connect.once('connect', (answer, socket) => {
      clearTimeout(timer)
      if (answer.statusCode !== 200) {
        socket.destroy()
        const refusal = new Error('the proxy refuses')
        fail(Object.assign(refusal, { code: 'ERR_PROXY_REFUSED', status: answer.statusCode }))
        return
      }
      connect.removeListener('error', fail)
      created(null, tls.connect({ ...(options as tls.ConnectionOptions), socket }))
    })
    connect.end()
    return undefined
  }

  override destroy(): void {
    for (const connect of this.#connecting) connect.destroy()
    super.destroy()
  }
}

/** Begins a request, as `http.request` does. */
export type Begin = (
  url: URL,
  options: http.RequestOptions,
  answered?: (answer: http.IncomingMessage) => void,
) => http.ClientRequest

/** A plain request by way of a proxy: sent to the proxy, with the whole URL in its first line. */
export function requestThroughProxy(proxy: EnvironmentProxy, agent: http.Agent): Begin {
  const { host, port } = proxy
  return (url, options, answered) => {
    const given = options.headers as http.OutgoingHttpHeaders
    const headers = { ...given, host: url.host, ...authorizationOf(proxy) }
    return http.request({ ...options, hostname: host, host, port, path: url.href, headers, agent }, answered)
  }
}

function authorizationOf(proxy: EnvironmentProxy): Record<string, string> {
  return proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }
}
