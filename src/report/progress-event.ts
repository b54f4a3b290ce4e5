import type { ApplyEvent } from '../apply/types.ts'

/** What goes on before and during an apply, as it goes on. Whoever shows progress listens: a live line, a log, a stream of events. */
export type ProgressEvent =
  | {
      type: 'waiting'
      /** The address, or whatever else is not there yet. */
      for: string
      /** The code of the error that it will be if nothing changes. */
      code: string
      /** A few words. */
      reason: string
      elapsedMs: number
      limitMs: number
    }
  | { type: 'ready'; url: string; elapsedMs: number; version?: string; edition?: string }
  | { type: 'reading'; url: string }
  | { type: 'applying'; total: number }
  /** Nothing goes on any more: a result is printed or a question asked. */
  | { type: 'settled' }
  | ApplyEvent
