import type { Verdict } from './verdict.ts'

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
