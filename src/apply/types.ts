import type { UserError } from '../core/errors.ts'
import type { Nexus } from '../nexus/connection.ts'
import type { Change, FieldChange, Step } from '../plan/types.ts'
import type { ServerState } from '../state/state.ts'

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
  /** Why nobody knows whether the server has what was done; left out where it was read back. */
  notVerified?: UserError
}

/** What happens, as it happens; progress and event output listen. */
export type ApplyEvent =
  | { type: 'start'; step: Step }
  | { type: 'released'; step: Step }
  /** Every change has ended; what was done is read back. */
  | { type: 'checking' }
  | ({ type: 'end' } & Outcome)

/** What the steps of one apply share. */
export interface WriteContext {
  nexus: Nexus
  state: ServerState
  rotateSecrets: boolean
  signal: AbortSignal
  /** What is left to change of objects that gave up ports: the plan's own release is no foreign change. */
  released: Map<Change, FieldChange[]>
}
