import type { ApplyEvent } from '../apply/types.ts'
import type { Obstacle } from '../nexus/wait/wait-ready.ts'
import type { Progressed } from '../verify/run.ts'

/** What goes on before and during an apply, as it goes on. Whoever shows progress listens: a live line, a log, a stream of events. */
export type ProgressEvent =
  /** `for`: the address, or whatever else is not there yet. */
  | ({ type: 'waiting'; for: string } & Obstacle)
  | { type: 'ready'; url: string; elapsedMs: number; version?: string; edition?: string }
  | { type: 'reading'; url: string }
  | { type: 'applying'; total: number }
  | Progressed
  /** Nothing goes on any more: a result is printed or a question asked. */
  | { type: 'settled' }
  | ApplyEvent
