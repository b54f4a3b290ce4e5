import type { Verdict } from './verdict.ts'

/**
 * Lets credentials out one request at a time until the server has accepted them once: a wrong password costs one failed login (3.96
 * locks a user name after three, and each further request prolongs it; nexus-api section 1.2). After a refusal the client has ended.
 */
export class SignInGate {
  readonly #waiting: (() => void)[] = []
  #accepted = false
  #occupied = false

  /** Waits for its turn. */
  async enter(): Promise<void> {
    while (!this.#accepted && this.#occupied)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    if (!this.#accepted) this.#occupied = true
  }

  /** Must follow each `enter`. */
  leave(verdict: Verdict): void {
    if (verdict === 'accepted') this.#accepted = true
    this.#occupied = false
    for (const resume of this.#waiting.splice(0)) resume()
  }
}
