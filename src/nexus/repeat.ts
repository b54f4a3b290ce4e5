import type { Answer, HttpRequest, Outcome } from '../http/message.ts'
import { retryAfter } from '../http/retry.ts'
import { isSignInLimit } from './sign-in/verdict.ts'

/**
 * Whether a request is sent again: what may pass with any server. `unproven`: credentials go along that the server has not accepted yet;
 * each time that it looks at them may be a failed sign-in, so only what was not looked at is sent again.
 */
export function mayRepeat(
  { answer, failure }: Outcome,
  passing: boolean,
  { request, unproven }: { request: Pick<HttpRequest, 'method'>; unproven: boolean },
): boolean {
  if (failure) return passing && !(unproven && failure.maybeSent)
  if (isSignInLimit(answer) || (unproven && !saysNotLookedAt(answer))) return false
  // Of parallel PUTs of one repository some fail like this at once; the text only ever adds a retry (nexus-api section 7.1, item 4).
  const collided =
    answer.status === 400 && request.method === 'PUT' && answer.text.includes('Invalid state: STOPPED')
  return passing || collided
}

/** Nexus was not reached, or has not come to it. */
function saysNotLookedAt(answer: Answer): boolean {
  const { status } = answer
  return status === 502 || status === 503 || (status === 429 && retryAfter(answer) !== undefined)
}
