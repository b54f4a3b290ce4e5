import pLimit from 'p-limit'
import { UserError } from '../core/errors.ts'
import { interrupted } from '../core/interrupt.ts'
import { type Address, keepSecret, parseAddress } from '../http/address.ts'
import { type Answer, createExchange, type Exchange, type ExchangeOptions } from '../http/exchange.ts'
import { explainFailure } from '../http/explain-failure.ts'
import { interpret, type Result } from '../http/interpret.ts'
import { createLifetime, type Lifetime, pause } from '../http/lifetime.ts'
import { redirectTarget } from '../http/redirect.ts'
import { isHtml, isRepeatable, retryDelay } from '../http/retry.ts'
import { assureNexus } from './assure-nexus.ts'
import type { ConnectionOptions, Nexus, NexusRequest, NexusResponse, ServerInfo } from './connection.ts'
import type { Situation } from './errors/answer-case.ts'
import { lostAnswer } from './errors/answer-error.ts'
import { explainAnswer } from './errors/explain.ts'
import { Credentials } from './sign-in/credentials.ts'
import { createSignInGate, type Verdict, verdictOf } from './sign-in/gate.ts'
import { changePassword } from './sign-in/password-change.ts'
import { parseServerHeader, parseVersionHint } from './version.ts'

export type * from './connection.ts'
export { AnswerError, LostAnswerError } from './errors/answer-error.ts'
export { detectServer } from './version.ts'

const MAX_ANSWER_BYTES = 32 * 1024 ** 2

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
  readonly #credentials: Credentials
  readonly #lifetime: Lifetime
  #seen: ServerInfo | undefined
  #reached = false
  #assured: Promise<void> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = {
      ...options,
      timeoutMs: options.timeoutMs ?? 30_000,
      parallelism: options.parallelism ?? 10,
      retries: options.retries ?? 4,
      maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
    }
    this.#address = parseAddress(options.url)
    keepSecret(this.#address, options.redactor)
    this.#lifetime = createLifetime(options.signal)
    this.#hint = options.versionHint === undefined ? undefined : parseVersionHint(options.versionHint)
    const { passwordFrom, initialPassword, redactor } = options
    this.#credentials = new Credentials({
      username: options.username ?? this.#address.username,
      password: options.password ?? this.#address.password ?? '',
      passwordFrom,
      initialPassword,
      redactor,
    })
    this.#exchange = createExchange(new URL(this.#address.base), this.#options)
    // Not left to the agent's queue: time spent waiting there would count against the timeout.
    this.#limit = pLimit(this.#options.parallelism)
  }

  get server(): ServerInfo | undefined {
    return this.#seen ?? (this.#reached ? this.#hint : undefined)
  }

  get username(): string | undefined {
    return this.#credentials.username
  }

  get provisional(): boolean {
    return this.#credentials.provisional
  }

  async setWantedPassword(): Promise<void> {
    await changePassword(this, this.#credentials)
  }

  async request(request: NexusRequest): Promise<NexusResponse> {
    this.#assertGoingOn(request)
    if (!request.anonymous) await this.#assureNexus(request)
    for (let attempt = 1; ; attempt += 1) {
      const reached = this.#reached
      const result = await this.#limit(() => this.#attempt(request, attempt))
      const { retries } = this.#options
      const unproven = this.#signsIn(request) && !this.#credentials.accepted
      const wait = retryDelay(result, { request, attempt, retries, reached, unproven })
      if (wait === undefined || this.#lifetime.reason) return this.#conclude(request, result)
      await (this.#options.delay ?? pause)(wait, this.#lifetime.stop)
    }
  }

  /** Credentials are for Nexus alone. Who answers is asked once, and not at all where the file says which version it is. */
  async #assureNexus({ method, path, what = `${method} ${path}` }: NexusRequest): Promise<void> {
    if (!this.#options.assureNexus || this.#credentials.username === undefined) return
    if (this.#seen || this.#hint) return
    // Without a password there is nothing to be sent, and nothing to be asked.
    this.#credentials.check()
    this.#assured ??= assureNexus(this, what).catch((error: unknown) => {
      if (error instanceof UserError) this.#lifetime.refuse(error)
      throw error
    })
    await this.#assured
  }

  close(): void {
    this.#lifetime.close(interrupted('the connection has been closed'))
    this.#exchange.close()
  }

  #signsIn(request: NexusRequest): boolean {
    return !request.anonymous && this.#credentials.username !== undefined
  }

  async #attempt(request: NexusRequest, attempt: number): Promise<Result> {
    this.#assertGoingOn(request)
    if (!this.#signsIn(request)) return this.#follow(request, attempt, undefined)
    await this.#gate.enter()
    let verdict: Verdict = 'unknown'
    try {
      const result = await this.#signedIn(request, attempt)
      verdict = verdictOf(result.answer, request.path)
      if (verdict === 'accepted') this.#credentials.accept()
      if (verdict === 'refused' && result.answer)
        this.#lifetime.refuse(this.#explained(request, result.answer))
      return result
    } catch (error) {
      // What is wrong with the source of the initial password: the wanted one was refused.
      if (error instanceof UserError && error.code === 'initial-password') this.#lifetime.refuse(error)
      throw error
    } finally {
      // With the initial password one request goes at a time: another run may change it, which then costs one failed sign-in.
      const passing = verdict === 'accepted' && this.#credentials.provisional
      this.#gate.leave(passing ? 'unknown' : verdict)
    }
  }

  /** Sends the request with the password that is in use, and after a refusal with the next one that there is. */
  async #signedIn(request: NexusRequest, attempt: number): Promise<Result> {
    for (;;) {
      this.#assertGoingOn(request)
      const result = await this.#follow(request, attempt, await this.#credentials.authorization())
      if (!result.answer || !refusedByNexus(result.answer)) return result
      if (!(await this.#credentials.next(this.#lifetime.stop))) return result
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
    if (!changesNothing(request)) this.counts.writes += 1
    const start = performance.now()
    const { ended, closed } = this.#lifetime
    const signal = changesNothing(request) ? ended : closed
    const result = interpret(await this.#exchange.send(url, request, { authorization, signal }))
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
      const { reason } = this.#lifetime
      if (reason && result.failure.kind === 'cut') throw reason
      const { timeoutMs, maxAnswerBytes } = this.#options
      throw explainFailure(result.failure, {
        ...this.#situation(request),
        request,
        timeoutMs,
        maxAnswerBytes,
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
    // A server may quote what it was sent, and a sentence may be cut: half a secret would not be found any more.
    const text = this.#options.redactor.redact(answer.text)
    return explainAnswer({ ...answer, text }, this.#situation(request))
  }

  #situation(request: NexusRequest): Situation {
    const server = this.server
    const { username: user, tried, note } = this.#credentials
    const username = request.anonymous ? undefined : user
    return {
      request,
      base: this.#address.base,
      ...(username !== undefined && { username, passwords: { tried, note } }),
      ...(server && { server }),
    }
  }

  #assertGoingOn(request: NexusRequest): void {
    const { reason } = this.#lifetime
    if (reason) throw reason
    if (this.#options.signal?.aborted)
      throw interrupted(`interrupted before: ${request.what ?? `${request.method} ${request.path}`}`)
  }
}

function changesNothing({ method, readOnly }: NexusRequest): boolean {
  return method === 'GET' || readOnly === true
}

/** A 401 of Nexus itself. What stands in front of it gets no second password. */
function refusedByNexus({ status, headers }: Answer): boolean {
  if (status !== 401) return false
  return (
    /^Nexus\//i.test(headers['server'] ?? '') || /realm="[^"]*Nexus/i.test(headers['www-authenticate'] ?? '')
  )
}
