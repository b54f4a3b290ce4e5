import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import { UserError } from '../core/errors.ts'
import { type Address, parseAddress } from './address.ts'
import type { Situation } from './answer-case.ts'
import type { ConnectionOptions, Nexus, NexusRequest, NexusResponse, ServerInfo } from './connection.ts'
import { type Answer, createExchange, type Exchange, type ExchangeOptions } from './exchange.ts'
import { explainAnswer } from './explain.ts'
import { explainFailure, lostAnswer } from './explain-failure.ts'
import { createSignInGate, verdictOf } from './gate.ts'
import { interpret, type Result } from './interpret.ts'
import { redirectTarget } from './redirect.ts'
import { isHtml, isRepeatable, retryDelay } from './retry.ts'
import { parseServerHeader, parseVersionHint } from './version.ts'

export { AnswerError, LostAnswerError } from './answer-error.ts'
export type * from './connection.ts'
export { detectServer } from './version.ts'

/**
 * A client of one Nexus server. Sends nothing yet. Throws UserError with exit code 3 for a URL, certificate, proxy or version hint that
 * cannot be used.
 */
export function createNexus(options: ConnectionOptions): Nexus {
  return new NexusClient(options)
}

class NexusClient implements Nexus {
  readonly counts = { total: 0, writes: 0 }
  readonly #options: ExchangeOptions & { retries: number }
  readonly #address: Address
  readonly #exchange: Exchange
  readonly #hint: ServerInfo | undefined
  readonly #gate = createSignInGate()
  readonly #limit: ReturnType<typeof pLimit>
  readonly #username: string | undefined
  readonly #password: string
  #seen: ServerInfo | undefined
  #reached = false

  constructor(options: ConnectionOptions) {
    this.#options = {
      ...options,
      timeoutMs: options.timeoutMs ?? 30_000,
      parallelism: options.parallelism ?? 10,
      retries: options.retries ?? 4,
    }
    this.#address = parseAddress(options.url)
    this.#hint = options.versionHint === undefined ? undefined : parseVersionHint(options.versionHint)
    this.#username = options.username ?? this.#address.username
    this.#password = options.password ?? this.#address.password ?? ''
    options.redactor.add(this.#password)
    if (this.#username !== undefined && this.#password !== '')
      options.redactor.add(`${this.#username}:${this.#password}`)
    this.#exchange = createExchange(new URL(this.#address.base), this.#options)
    // Not left to the agent's queue: time spent waiting there would count against the timeout.
    this.#limit = pLimit(this.#options.parallelism)
  }

  get server(): ServerInfo | undefined {
    return this.#seen ?? (this.#reached ? this.#hint : undefined)
  }

  async get(path: string, what?: string): Promise<unknown> {
    const { body } = await this.request({ method: 'GET', path, ...(what !== undefined && { what }) })
    return body
  }

  async request(request: NexusRequest): Promise<NexusResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const reached = this.#reached
      const result = await this.#limit(() => this.#attempt(request, attempt))
      const wait = retryDelay(result, { request, attempt, retries: this.#options.retries, reached })
      if (wait === undefined) return this.#conclude(request, result)
      await this.#wait(wait)
    }
  }

  close(): void {
    this.#exchange.close()
  }

  async #attempt(request: NexusRequest, attempt: number): Promise<Result> {
    this.#assertGoingOn(request)
    const authorization = this.#authorizationFor(request)
    if (authorization === undefined) return this.#follow(request, attempt, undefined)
    await this.#gate.enter()
    let result: Result | undefined
    try {
      this.#assertGoingOn(request)
      result = await this.#follow(request, attempt, authorization)
      return result
    } finally {
      const verdict = verdictOf(result?.answer, request.path)
      const refusal =
        verdict === 'refused' && result?.answer ? this.#explained(request, result.answer) : undefined
      this.#gate.leave(verdict, refusal)
    }
  }

  /** One attempt, along the redirects of the server itself. */
  async #follow(request: NexusRequest, attempt: number, authorization: string | undefined): Promise<Result> {
    let url = new URL(this.#address.base + request.path)
    for (let hops = 0; ; hops += 1) {
      const result = await this.#send(url, request, attempt, authorization)
      const target = result.answer && redirectTarget(result.answer, url, hops, this.#situation(request))
      if (!target) return result
      url = target
    }
  }

  async #send(
    url: URL,
    request: NexusRequest,
    attempt: number,
    authorization: string | undefined,
  ): Promise<Result> {
    const { method, path } = request
    this.counts.total += 1
    if (method !== 'GET' && request.readOnly !== true) this.counts.writes += 1
    const start = performance.now()
    const result = interpret(await this.#exchange.send(url, request, authorization))
    const milliseconds = performance.now() - start
    const sent = request.json ?? request.text
    this.#options.onRequest?.({
      method,
      path,
      milliseconds,
      attempt,
      ...(sent !== undefined && { requestBody: sent }),
      ...(result.answer
        ? { status: result.answer.status, responseBody: result.body }
        : { error: `${result.failure.kind} (${result.failure.code})` }),
    })
    if (result.answer) {
      this.#reached = true
      this.#seen ??= parseServerHeader(result.answer.headers['server'])
    }
    return result
  }

  #conclude(request: NexusRequest, result: Result): NexusResponse {
    if (result.failure) {
      const { timeoutMs } = this.#options
      throw explainFailure(result.failure, {
        ...this.#situation(request),
        request,
        timeoutMs,
        proxy: this.#exchange.proxy,
      })
    }
    const { answer, body } = result
    const { status, headers } = answer
    const isSuccess = status >= 200 && status < 300 && !isHtml(answer)
    if (isSuccess || request.allow?.includes(status)) return { status, body, headers }
    const saysNothing = status < 300 || status === 502 || status === 504
    if (saysNothing && !isRepeatable(request)) {
      throw lostAnswer(request, status < 300 ? 'a web page came back' : `a proxy in front answered ${status}`)
    }
    throw this.#explained(request, answer)
  }

  #explained(request: NexusRequest, answer: Answer) {
    const text = this.#options.redactor.redact(answer.text) // a server may quote what it was sent
    return explainAnswer({ ...answer, text }, this.#situation(request))
  }

  #situation(request: NexusRequest): Situation {
    const server = this.server
    const username = request.anonymous ? undefined : this.#username
    return {
      request,
      base: this.#address.base,
      ...(username !== undefined && { username }),
      ...(server && { server }),
    }
  }

  /** Sent with the first request, not after a challenge: one round trip, and no failed sign-in is provoked. */
  #authorizationFor(request: NexusRequest): string | undefined {
    if (request.anonymous || this.#username === undefined) return undefined
    if (this.#password === '') {
      throw new UserError('no-password', `there is no password for user "${this.#username}"`, {
        hint: 'Set NEXUS_PASSWORD, nexus.password in the file, or --password-file.',
        exitCode: 4,
      })
    }
    return `Basic ${Buffer.from(`${this.#username}:${this.#password}`).toString('base64')}`
  }

  #assertGoingOn(request: NexusRequest): void {
    if (!this.#options.signal?.aborted) return
    throw new UserError(
      'interrupted',
      `interrupted before: ${request.what ?? `${request.method} ${request.path}`}`,
      { exitCode: 130 },
    )
  }

  async #wait(milliseconds: number): Promise<void> {
    const { delay, signal } = this.#options
    if (delay) return delay(milliseconds)
    // An abort ends the wait; the attempt after it says so.
    await sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined)
  }
}
