import type { UserError } from '../core/errors.ts'
import type { Change, Step } from '../plan/types.ts'

/** How one change ended. */
export type Outcome =
  | { status: 'done'; change: Change; milliseconds: number; wrote: boolean }
  | { status: 'failed'; change: Change; milliseconds: number; error: UserError }
  | { status: 'skipped'; change: Change; reason: string }

export interface ApplyResult {
  done: Extract<Outcome, { status: 'done' }>[]
  failed: Extract<Outcome, { status: 'failed' }>[]
  skipped: Extract<Outcome, { status: 'skipped' }>[]
  interrupted: boolean
}

/** What happens, as it happens; progress and event output listen. */
export type ApplyEvent =
  | { type: 'start'; step: Step }
  | { type: 'released'; step: Step }
  | ({ type: 'end' } & Outcome)
