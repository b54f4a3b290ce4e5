import type { Answer } from '../http/message.ts'
import { retryAfter } from '../http/retry.ts'
import type { RateLimit } from './options.ts'

const FIRST_MS = 100
const LONGEST_MS = 30_000

/** The pauses that a host asks for: whoever asks it waits, not only the request that was told. */
export class Throttle {
  #notBefore = 0
  #refusals = 0
  /** The last word of the host on it. */
  rateLimit: RateLimit | undefined

  /** Milliseconds until the next request may leave. */
  get wait(): number {
    return Math.max(0, this.#notBefore - Date.now())
  }

  /** 100 ms, doubled with each refusal in a row, or what Retry-After says, up to 30 s: a longer time is an error of whoever was told. */
  note(answer: Answer): void {
    this.rateLimit = readRateLimit(answer.headers) ?? this.rateLimit
    if (answer.status !== 429 && answer.status !== 503) {
      if (answer.status < 500) this.#refusals = 0
      return
    }
    this.#refusals += 1
    const backoff = FIRST_MS * 2 ** Math.min(this.#refusals - 1, 10)
    this.#notBefore = Math.max(
      this.#notBefore,
      Date.now() + Math.min(LONGEST_MS, Math.max(retryAfter(answer) ?? 0, backoff)),
    )
  }
}

/** `RateLimit-*` of the IETF's drafts, as Docker Hub sends them; undefined without any. */
function readRateLimit(headers: Answer['headers']): RateLimit | undefined {
  const header = (name: string): string | undefined =>
    headers[`ratelimit-${name}`] ?? headers[`x-ratelimit-${name}`]
  const number = (text = ''): number | undefined => {
    const digits = /^\s*(\d{1,15})(?!\d)/.exec(text)?.[1]
    return digits === undefined ? undefined : Number(digits)
  }
  const limit = number(header('limit'))
  const windowSeconds = number(/;\s*w=(\d+)/.exec(header('limit') ?? header('remaining') ?? '')?.[1])
  const remaining = number(header('remaining'))
  const reset = header('reset')?.slice(0, 100)
  if (limit === undefined && remaining === undefined) return undefined
  return { limit, windowSeconds, remaining, reset }
}
