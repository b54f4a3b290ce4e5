import pLimit from 'p-limit'
import { interrupted } from '../core/interrupt.ts'
import { type Address, parseAddress } from './address.ts'
import { createExchange, type Exchange, type ExchangeOptions } from './exchange.ts'
import { explainFailure } from './explain-failure.ts'
import { interpret } from './interpret.ts'
import { Lifetime, pause } from './lifetime.ts'
import { type Answer, changesNothing, type HttpRequest, type ReadAnswer, type Result } from './message.ts'
import type { TransportOptions } from './options.ts'
import { redirectTarget } from './redirect.ts'
import { type LastWord, retryDelay } from './retry.ts'
import { nameOf, type Service, type Situation } from './sentence.ts'

const MAX_ANSWER_BYTES = 32 * 1024 ** 2

/** Sends the request of an attempt once, with this Authorization header, along the redirects of the server itself. */
export type Send = (authorization?: string) => Promise<Result>

/** What the sender of a request knows and HTTP does not. */
export interface Policy {
  /** Makes one attempt. It may send more than once, as when the first credentials are refused. Default: one, without credentials. */
  attempt?: (send: Send) => Promise<Result>
  mayRepeat?: LastWord
}

/** What HTTP alone knows of one server: connections, attempts, redirects, limits, the end of it all. Whom it talks to, it does not know. */
export class Transport {
  readonly address: Address
  readonly lifetime: Lifetime
  /** Attempts on the wire; `writes` are those that may have changed something. */
  readonly counts = { total: 0, writes: 0 }
  readonly #options: ExchangeOptions & { retries: number }
  readonly #service: Service
  readonly #answered: (answer: Answer) => void
  readonly #exchange: Exchange
  readonly #limit: ReturnType<typeof pLimit>
  #reached = false

  /**
   * `service` is for hints, `answered` is told of each answer. Sends nothing yet. Throws UserError with exit code 3 for a URL, certificate
   * or proxy that cannot be used.
   */
  constructor(
    options: TransportOptions,
    service: Service,
    answered: (answer: Answer) => void = () => undefined,
  ) {
    this.#options = {
      ...options,
      timeoutMs: options.timeoutMs ?? 30_000,
      parallelism: options.parallelism ?? 10,
      retries: options.retries ?? 4,
      maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
    }
    this.#service = service
    this.#answered = answered
    this.address = parseAddress(options.url, options.redactor)
    this.lifetime = new Lifetime(options.signal)
    this.#exchange = createExchange(new URL(this.address.base), this.#options)
    // Not left to the agent's queue: time spent waiting there would count against the timeout.
    this.#limit = pLimit(this.#options.parallelism)
  }

  /** The final answer, whatever its status. Throws UserError where there is none, and after the end of the lifetime. */
  async request(request: HttpRequest, policy: Policy = {}): Promise<ReadAnswer> {
    this.lifetime.assertGoingOn(nameOf(request))
    for (let attempt = 1; ; attempt += 1) {
      const reached = this.#reached
      const result = await this.#limit(() => {
        this.lifetime.assertGoingOn(nameOf(request))
        const send: Send = (authorization) => this.#follow(request, attempt, authorization)
        return policy.attempt ? policy.attempt(send) : send()
      })
      const { retries, delay = pause } = this.#options
      const wait = retryDelay(result, { request, attempt, retries, reached, mayRepeat: policy.mayRepeat })
      if (wait === undefined || this.lifetime.reason) return this.#conclude(request, result)
      await delay(wait, this.lifetime.stop)
    }
  }

  close(): void {
    this.lifetime.close(interrupted('the connection has been closed'))
    this.#exchange.close()
  }

  async #follow(request: HttpRequest, attempt: number, authorization: string | undefined): Promise<Result> {
    const situation = this.#situation(request)
    let url = new URL(this.address.base + request.path)
    for (let hops = 0; ; hops += 1) {
      const result = await this.#send(url, request, attempt, authorization)
      const follows = result.answer && request.redirects !== 'answer'
      const target = follows && redirectTarget(result.answer, url, hops, situation)
      if (!target) {
        if (result.answer && hops > 0) result.answer.redirectedTo = url.origin + url.pathname
        return result
      }
      url = target
    }
  }

  async #send(
    url: URL,
    request: HttpRequest,
    attempt: number,
    authorization: string | undefined,
  ): Promise<Result> {
    const { method, path } = request
    this.counts.total += 1
    if (!changesNothing(request)) this.counts.writes += 1
    const start = performance.now()
    const { ended, closed } = this.lifetime
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
      this.#answered(result.answer)
    }
    return result
  }

  #conclude(request: HttpRequest, result: Result): ReadAnswer {
    if (!result.failure) return result
    const { reason } = this.lifetime
    if (reason && result.failure.kind === 'cut') throw reason
    const { timeoutMs, maxAnswerBytes } = this.#options
    const { proxy } = this.#exchange
    throw explainFailure(result.failure, { ...this.#situation(request), timeoutMs, maxAnswerBytes, proxy })
  }

  #situation(request: HttpRequest): Situation & { request: HttpRequest } {
    return { request, base: this.address.base, service: this.#service }
  }
}
