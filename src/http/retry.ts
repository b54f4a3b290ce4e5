import type { Failure, FailureKind } from './failure.ts'
import {
  type Answer,
  changesNothing,
  type HttpRequest,
  isHtml,
  isRepeatable,
  type Outcome,
} from './message.ts'

const BASE_DELAY_MS = 200
const LONGEST_DELAY_MS = 5_000

/** A server that asks for more time than this gets an error instead: nobody expects a command to sleep for minutes. */
const LONGEST_RETRY_AFTER_MS = 30_000

/** A server that does not answer in time is asked once more, not five times: each costs the whole timeout. */
const TIMEOUT_RETRIES = 1

/** Errors that a second attempt may not meet. */
const PASSING: readonly FailureKind[] = ['reset', 'timeout', 'garbage', 'name-lookup-failed', 'unreachable']

/** Errors that pass only if the server has answered before: then it restarts; otherwise the address is wrong. */
const PASSING_ONCE_REACHED: readonly FailureKind[] = [
  'refused',
  'name-not-found',
  'proxy-refused',
  'proxy-cannot-connect',
]

/** Whether to send again, asked of who knows the server. `passing` is what is to be expected of any. */
export type LastWord = (outcome: Outcome, passing: boolean) => boolean

export interface RetryContext {
  request: Pick<HttpRequest, 'method' | 'readOnly' | 'allow'>
  /** Attempts made, the last included. */
  attempt: number
  /** Further attempts allowed in all. */
  retries: number
  /** An attempt of this transport has been answered before. */
  reached: boolean
  mayRepeat?: LastWord | undefined
}

/**
 * Milliseconds to wait before the same request is sent again, or undefined: the outcome is final. Repeats nothing that would be done
 * twice: a POST only when it was not executed.
 */
export function retryDelay(outcome: Outcome, context: RetryContext): number | undefined {
  const { request, attempt, retries, mayRepeat } = context
  if (
    attempt > retries ||
    outcome.failure?.begun ||
    (outcome.answer && request.allow?.includes(outcome.answer.status))
  )
    return undefined
  const passing = outcome.failure
    ? isPassing(outcome.failure, context)
    : isPassingAnswer(outcome.answer, request)
  if (!(mayRepeat?.(outcome, passing) ?? passing)) return undefined
  const backoff = Math.min(LONGEST_DELAY_MS, BASE_DELAY_MS * 2 ** (attempt - 1))
  const jittered = backoff * (0.5 + Math.random() / 2)
  const asked = (outcome.answer && retryAfter(outcome.answer)) ?? 0
  return asked <= LONGEST_RETRY_AFTER_MS ? Math.max(asked, jittered) : undefined
}

function isPassing(failure: Failure, { request, attempt, reached }: RetryContext): boolean {
  if (failure.maybeSent && !isRepeatable(request)) return false
  if (failure.kind === 'timeout' && attempt > TIMEOUT_RETRIES) return false
  return PASSING.includes(failure.kind) || (reached && PASSING_ONCE_REACHED.includes(failure.kind))
}

function isPassingAnswer(answer: Answer, request: RetryContext['request']): boolean {
  const { status } = answer
  if (status === 429 || status === 503) return true
  if (status === 502) return isRepeatable(request) || isHtml(answer)
  if (status === 504) return isRepeatable(request)
  return status === 500 && changesNothing(request)
}

/** Milliseconds of a Retry-After in seconds or as a date. What is longer than either can be is none. */
export function retryAfter({ headers }: Pick<Answer, 'headers'>): number | undefined {
  const value = headers['retry-after']?.trim() ?? ''
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  // A date of HTTP names its day: what else `Date.parse` takes (a year, `-1`) is none.
  if (value.length > 40 || !/^[a-z]/i.test(value)) return undefined
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
