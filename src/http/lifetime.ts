import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UserError } from '../core/errors.ts'
import { interrupted } from '../core/interrupt.ts'

/**
 * The end of a client, which attempts, pauses and everything that waits obey. A refusal drops what is queued and cuts reads, whose
 * answers matter no more; a change under way still gets its answer, so that it is known whether it was made. Closing cuts all.
 */
export class Lifetime {
  readonly #ended = new AbortController()
  readonly #closed = new AbortController()
  readonly #interrupt: AbortSignal | undefined
  /** Aborted by either end. */
  readonly ended = this.#ended.signal
  /** Aborted by closing alone. */
  readonly closed = this.#closed.signal
  /** Aborted by either end and by an interrupt: ends pauses and what waits. */
  readonly stop: AbortSignal

  constructor(interrupt: AbortSignal | undefined) {
    this.#interrupt = interrupt
    this.stop = interrupt ? AbortSignal.any([this.ended, interrupt]) : this.ended
    // As many listen as there are requests; Node would take them for a leak.
    setMaxListeners(0, this.ended, this.closed, this.stop)
  }

  /** Why it has ended: thrown at everybody who begins something. */
  get reason(): UserError | undefined {
    return this.ended.reason as UserError | undefined
  }

  /** Called before something begins. Throws the reason, or that it was interrupted before `what`. */
  assertGoingOn(what: string): void {
    if (this.reason) throw this.reason
    if (this.#interrupt?.aborted) throw interrupted(`interrupted before: ${what}`)
  }

  /** The first reason stays. */
  refuse(reason: UserError): void {
    this.#ended.abort(reason)
  }

  close(reason: UserError): void {
    this.refuse(reason)
    this.#closed.abort()
  }
}

/** Sleeps; an abort ends the pause. What comes after it says why. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined)
}
