import http from 'node:http'
import https from 'node:https'
import got from 'got'
import packageJson from '../../package.json' with { type: 'json' }
import type { HttpRequest, Outcome } from './message.ts'
import type { TransportOptions } from './options.ts'
import { type Begin, requestThroughProxy, TunnelAgent } from './proxy-agent.ts'
import { type EnvironmentProxy, proxyFor } from './proxy-environment.ts'
import { receive } from './receive.ts'
import { tlsOptionsFor } from './tls.ts'

/** Sends one request once. */
export type Exchange = ReturnType<typeof createExchange>

/** The options with their defaults filled in. */
export type ExchangeOptions = TransportOptions &
  Record<'timeoutMs' | 'parallelism' | 'maxAnswerBytes', number>

/** Never a browser's: some servers ask those for a token against forged requests (nexus-api section 1.2). */
const USER_AGENT = `${packageJson.name}/${packageJson.version}`

/** One pool of kept-alive connections to one origin, directly or through the environment's proxy. No cookies, no redirects, no retries. */
export function createExchange(base: URL, options: ExchangeOptions) {
  const { connectTo } = options
  const proxy = connectTo ? undefined : proxyFor(base, options.environment ?? {})
  if (proxy?.password) options.redactor.add(proxy.password)
  if (proxy?.authorization) options.redactor.add(proxy.authorization.slice('Basic '.length))
  const limits = { maxSockets: options.parallelism, maxFreeSockets: options.parallelism }
  // What an agent is given goes before what a request says; the name that TLS asks for is that of the `Host` header.
  const pool = { keepAlive: true, ...limits, ...connectTo }
  const { agent, request } = poolFor(base, proxy, pool, options)
  const secure = base.protocol === 'https:'
  const common = {
    agent: { [secure ? 'https' : 'http']: agent },
    request: expectingAnAnswer(request),
    https: { rejectUnauthorized: options.insecure !== true },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
  }
  const { timeoutMs, maxAnswerBytes } = options
  return {
    /** The proxy of this machine that requests go through, if any. */
    proxy,
    send(
      url: URL,
      { method, json, text, body: bytes, headers: given, into }: HttpRequest,
      { authorization, signal }: { authorization: string | undefined; signal: AbortSignal },
    ): Promise<Outcome> {
      const source = typeof bytes === 'function' ? bytes() : undefined
      const body =
        source ?? (bytes as Uint8Array | undefined) ?? (json === undefined ? text : JSON.stringify(json))
      const headers = {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...(body !== undefined && { 'content-type': typeOf({ bytes, json }) }),
        ...(authorization !== undefined && { authorization }),
        ...given,
      }
      const stream = got.stream(url, { ...common, method, headers, ...(body !== undefined && { body }) })
      if (method !== 'GET' && method !== 'HEAD' && body === undefined) stream.end()
      return receive(stream, { timeoutMs, maxAnswerBytes, secure, signal, source, into })
    },
    close(): void {
      agent.destroy()
    },
  }
}

function typeOf({ bytes, json }: { bytes: unknown; json: unknown }): string {
  if (bytes !== undefined) return 'application/octet-stream'
  return json === undefined ? 'text/plain' : 'application/json'
}

/** 101 takes the connection away from HTTP, and got would wait for ever; of the other 1xx those alone are nothing special. */
function expectingAnAnswer(begin: Begin): Begin {
  return (url, options, answered) => {
    const request = begin(url, options, answered)
    const unexpected = (status: number | undefined): Error =>
      Object.assign(new Error('no answer'), { code: 'ERR_UNEXPECTED_STATUS', status })
    request.once('upgrade', ({ statusCode }, socket) => {
      socket.destroy()
      request.emit('error', unexpected(statusCode))
    })
    request.on('information', ({ statusCode }) => {
      if (![100, 102, 103].includes(statusCode)) request.destroy(unexpected(statusCode))
    })
    // What goes wrong after got has stopped listening matters to nobody.
    request.on('error', () => undefined)
    return request
  }
}

function poolFor(
  base: URL,
  proxy: EnvironmentProxy | undefined,
  limits: http.AgentOptions,
  options: ExchangeOptions,
): { agent: http.Agent; request: Begin } {
  if (base.protocol === 'https:') {
    const tls = { ...limits, ...tlsOptionsFor(options) }
    const agent = proxy ? new TunnelAgent(proxy, tls, options.timeoutMs) : new https.Agent(tls)
    return { agent, request: https.request }
  }
  const agent = new http.Agent(limits)
  return { agent, request: proxy ? requestThroughProxy(proxy, agent) : http.request }
}
