import type { NexusRequest } from '../nexus/connection.ts'
import type { Answer, Outcome } from './exchange.ts'
import type { Failure, FailureKind } from './failure.ts'

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

export interface RetryContext {
  request: Pick<NexusRequest, 'method' | 'readOnly' | 'allow'>
  /** Credentials go along that the server has not accepted yet: each time that it looks at them may be a failed sign-in. */
  unproven: boolean
  /** Attempts made, the last included. */
  attempt: number
  /** Further attempts allowed in all. */
  retries: number
  /** An attempt of this client has been answered before. */
  reached: boolean
}

/**
 * Milliseconds to wait before the same request is sent again, or undefined: the outcome is final. Repeats nothing that would be
 * done twice: a POST only when it was not executed, and unproven credentials only when they were not looked at.
 */
export function retryDelay(outcome: Outcome, context: RetryContext): number | undefined {
  const { attempt, retries } = context
  if (attempt > retries) return undefined
  const backoff = Math.min(LONGEST_DELAY_MS, BASE_DELAY_MS * 2 ** (attempt - 1))
  const jittered = backoff * (0.5 + Math.random() / 2)
  if (outcome.failure) return isPassing(outcome.failure, context) ? jittered : undefined
  if (!isPassingAnswer(outcome.answer, context)) return undefined
  const asked = retryAfter(outcome.answer)
  if (asked === undefined) return jittered
  return asked <= LONGEST_RETRY_AFTER_MS ? Math.max(asked, jittered) : undefined
}

function isPassing(failure: Failure, { request, attempt, reached, unproven }: RetryContext): boolean {
  if (failure.maybeSent && (unproven || !isRepeatable(request))) return false
  if (failure.kind === 'timeout' && attempt > TIMEOUT_RETRIES) return false
  return PASSING.includes(failure.kind) || (reached && PASSING_ONCE_REACHED.includes(failure.kind))
}

function isPassingAnswer(answer: Answer, { request, unproven }: RetryContext): boolean {
  const { status } = answer
  if (request.allow?.includes(status)) return false
  if (unproven && !saysNotLookedAt(answer)) return false
  if (status === 429) return !isSignInLimit(answer)
  if (status === 503) return true
  if (status === 502) return isRepeatable(request) || isHtml(answer)
  if (status === 504) return isRepeatable(request)
  if (status === 500) return request.method === 'GET' || request.readOnly === true
  // Of parallel PUTs of one repository some fail like this at once; the text only ever adds a retry (nexus-api section 7.1, item 4).
  return status === 400 && request.method === 'PUT' && answer.text.includes('Invalid state: STOPPED')
}

/** Nexus was not reached, or has not come to it. */
function saysNotLookedAt(answer: Answer): boolean {
  const { status } = answer
  return status === 502 || status === 503 || (status === 429 && retryAfter(answer) !== undefined)
}

/** PUT and DELETE of this API say how it is to be afterwards: twice is as good as once. */
export function isRepeatable({ method, readOnly }: Pick<NexusRequest, 'method' | 'readOnly'>): boolean {
  return method !== 'POST' || readOnly === true
}

/**
 * The 429 of 3.96 for a user name that failed to sign in too often, against the 429 of something in front. Every further request
 * prolongs it, whatever its Retry-After says (nexus-api section 1.2).
 */
export function isSignInLimit({ status, headers, text }: Answer): boolean {
  if (status !== 429) return false
  const fromNexus = /^Nexus\//i.test(headers['server'] ?? '') && isHtml({ headers })
  return fromNexus || /too many authentication attempts/i.test(text)
}

export function isHtml({ headers }: Pick<Answer, 'headers'>): boolean {
  return /html/i.test(headers['content-type'] ?? '')
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
