import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { UserError } from '../core/errors.ts'
import { interrupted } from '../core/interrupt.ts'

/**
 * The end of a client, which attempts, pauses and everything that waits obey. A refusal drops what is queued and cuts reads, whose
 * answers matter no more; a change under way still gets its answer, so that it is known whether it was made. Closing cuts all.
 */
export interface Lifetime {
  /** Why it has ended: thrown at everybody who begins something. */
  readonly reason: UserError | undefined
  /** Aborted by either end. */
  readonly ended: AbortSignal
  /** Aborted by closing alone. */
  readonly closed: AbortSignal
  /** Aborted by either end and by an interrupt: ends pauses and what waits. */
  readonly stop: AbortSignal
  /** Called before something begins. Throws the reason, or that it was interrupted before `what`. */
  assertGoingOn(what: string): void
  /** The first reason stays. */
  refuse(reason: UserError): void
  close(reason: UserError): void
}

export function createLifetime(interrupt: AbortSignal | undefined): Lifetime {
  const ended = new AbortController()
  const closed = new AbortController()
  const stop = interrupt ? AbortSignal.any([ended.signal, interrupt]) : ended.signal
  // As many listen as there are requests; Node would take them for a leak.
  setMaxListeners(0, ended.signal, closed.signal, stop)
  let reason: UserError | undefined
  const refuse = (error: UserError): void => {
    reason ??= error
    ended.abort()
  }
  return {
    get reason() {
      return reason
    },
    ended: ended.signal,
    closed: closed.signal,
    stop,
    assertGoingOn(what) {
      if (reason) throw reason
      if (interrupt?.aborted) throw interrupted(`interrupted before: ${what}`)
    },
    refuse,
    close(error) {
      refuse(error)
      closed.abort()
    },
  }
}

/** Sleeps; an abort ends the pause. What comes after it says why. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined)
}
