import { type Answer, isHtml } from '../../http/message.ts'
import { saysNexus } from '../identity.ts'

/** What an attempt with credentials said about them. */
type Verdict = 'accepted' | 'refused' | 'unknown'

/** Reads the verdict off an answer to a request with credentials. Only Nexus can accept them, and its status pages ask nobody. */
export function verdictOf(answer: Answer | undefined, path: string): Verdict {
  if (!answer) return 'unknown'
  const { status, headers } = answer
  if (status === 401 || isSignInLimit(answer)) return 'refused'
  if (status === 407 || status === 429 || path.startsWith('/service/rest/v1/status')) return 'unknown'
  const fromNexus = saysNexus(answer) || headers['x-siesta-faultid'] !== undefined
  return (status >= 200 && status < 300) || (status >= 400 && status < 500 && fromNexus)
    ? 'accepted'
    : 'unknown'
}

/** A 401 of Nexus itself. What stands in front of it gets no second password. */
export function isRefusedByNexus(answer: Answer): boolean {
  const realm = answer.headers['www-authenticate'] ?? ''
  return answer.status === 401 && (saysNexus(answer) || /realm="[^"]*Nexus/i.test(realm))
}

/**
 * The 429 of 3.96 for a user name that failed to sign in too often, against the 429 of something in front. Every further request
 * prolongs it, whatever its Retry-After says (nexus-api section 1.2).
 */
export function isSignInLimit(answer: Answer): boolean {
  if (answer.status !== 429) return false
  return (saysNexus(answer) && isHtml(answer)) || /too many authentication attempts/i.test(answer.text)
}
