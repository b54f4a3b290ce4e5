import http from 'node:http'
import https from 'node:https'
import got, { type Agents, type OptionsOfTextResponseBody, RequestError, type RequestFunction } from 'got'
import packageJson from '../../package.json' with { type: 'json' }
import type { ConnectionOptions, NexusRequest } from './connection.ts'
import { type Failure, failureOf } from './failure.ts'
import { requestThroughProxy, TunnelAgent } from './proxy-agent.ts'
import { type EnvironmentProxy, proxyFor } from './proxy-environment.ts'
import { tlsOptionsFor } from './tls.ts'

/** An answer as it came. */
export interface Answer {
  status: number
  /** Lower-case names. */
  headers: Record<string, string | undefined>
  text: string
}

export type Outcome = { answer: Answer; failure?: undefined } | { answer?: undefined; failure: Failure }

/** Sends one request once. */
export interface Exchange {
  send(
    url: URL,
    request: Pick<NexusRequest, 'method' | 'json' | 'text'>,
    authorization?: string,
  ): Promise<Outcome>
  /** The proxy of this machine that requests go through, if any. */
  readonly proxy: EnvironmentProxy | undefined
  close(): void
}

/** The connection options with their defaults filled in. */
export interface ExchangeOptions extends ConnectionOptions {
  timeoutMs: number
  parallelism: number
}

/** Never a browser's: until 3.29 those meet the server's CSRF check (nexus-api section 1.2). */
const USER_AGENT = `${packageJson.name}/${packageJson.version}`

/** One pool of kept-alive connections to one origin, directly or through the environment's proxy. No cookies, no redirects, no retries. */
export function createExchange(base: URL, options: ExchangeOptions): Exchange {
  const proxy = proxyFor(base, options.environment ?? {})
  if (proxy?.password) options.redactor.add(proxy.password)
  if (proxy?.authorization) options.redactor.add(proxy.authorization.slice('Basic '.length))
  const pool = { keepAlive: true, maxSockets: options.parallelism, maxFreeSockets: options.parallelism }
  const { agent, request } = transport(base, proxy, pool, options)
  const secure = base.protocol === 'https:'
  const common: OptionsOfTextResponseBody = {
    agent,
    ...(request && { request }),
    https: { rejectUnauthorized: options.insecure !== true },
    timeout: { request: options.timeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    responseType: 'text',
  }
  return {
    proxy,
    async send(url, { method, json, text }, authorization) {
      const body = json === undefined ? text : JSON.stringify(json)
      const headers = {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...(body !== undefined && { 'content-type': json === undefined ? 'text/plain' : 'application/json' }),
        ...(authorization !== undefined && { authorization }),
      }
      try {
        const answer = await got(url, { ...common, method, headers, ...(body !== undefined && { body }) })
        return {
          answer: { status: answer.statusCode, headers: singleHeaders(answer.headers), text: answer.body },
        }
      } catch (error) {
        if (!(error instanceof RequestError)) throw error
        return { failure: failureOf(error, secure) }
      }
    },
    close() {
      agent.http?.destroy()
      agent.https?.destroy()
    },
  }
}

interface Transport {
  agent: { http?: http.Agent; https?: https.Agent } & Agents
  request?: RequestFunction
}

function transport(
  base: URL,
  proxy: EnvironmentProxy | undefined,
  pool: http.AgentOptions,
  options: ExchangeOptions,
): Transport {
  if (base.protocol === 'https:') {
    const tls = { ...pool, ...tlsOptionsFor(options) }
    return { agent: { https: proxy ? new TunnelAgent(proxy, tls, options.timeoutMs) : new https.Agent(tls) } }
  }
  const agent = new http.Agent(pool)
  return proxy
    ? { agent: { http: agent }, request: requestThroughProxy(proxy, agent) }
    : { agent: { http: agent } }
}

function singleHeaders(headers: http.IncomingHttpHeaders): Record<string, string | undefined> {
  const single: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(headers))
    single[name] = Array.isArray(value) ? value.join(', ') : value
  return single
}
