import type { Answer } from '../../http/exchange.ts'
import { isSignInLimit } from '../../http/retry.ts'

/** What an attempt with credentials said about them. */
export type Verdict = 'accepted' | 'refused' | 'unknown'

/**
 * Lets credentials out one request at a time until the server has accepted them once: a wrong password costs one failed login (3.96
 * locks a user name after three, and each further request prolongs it; nexus-api section 1.2). After a refusal the client has ended.
 */
export interface SignInGate {
  /** Waits for its turn. */
  enter(): Promise<void>
  /** Must follow each `enter`. */
  leave(verdict: Verdict): void
}

export function createSignInGate(): SignInGate {
  const waiting: (() => void)[] = []
  let accepted = false
  let occupied = false
  return {
    async enter() {
      while (!accepted && occupied) await new Promise<void>((resolve) => waiting.push(resolve))
      if (!accepted) occupied = true
    },
    leave(verdict) {
      if (verdict === 'accepted') accepted = true
      occupied = false
      for (const resume of waiting.splice(0)) resume()
    },
  }
}

/** Reads the verdict off an answer to a request with credentials. Only Nexus can accept them, and its status pages ask nobody. */
export function verdictOf(answer: Answer | undefined, path: string): Verdict {
  if (!answer) return 'unknown'
  const { status, headers } = answer
  if (status === 401 || isSignInLimit(answer)) return 'refused'
  if (status === 407 || status === 429 || path.startsWith('/service/rest/v1/status')) return 'unknown'
  const fromNexus = /^Nexus\//i.test(headers['server'] ?? '') || headers['x-siesta-faultid'] !== undefined
  return (status >= 200 && status < 300) || (status >= 400 && status < 500 && fromNexus)
    ? 'accepted'
    : 'unknown'
}
