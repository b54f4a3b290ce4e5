import type { UserError } from '../core/errors.ts'
import type { Nexus } from '../nexus/client.ts'
import type { Planning } from '../plan/plan.ts'
import type { Change, FieldChange } from '../plan/types.ts'
import type { Secrets } from '../resources/contract/object.ts'

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
  | { type: 'start'; change: Change }
  | { type: 'released'; change: Change; ports: readonly string[] }
  /** Every change has ended; what was done is read back. */
  | { type: 'checking' }
  | ({ type: 'end' } & Outcome)

/** What the steps of one apply share. */
export interface WriteContext extends Planning {
  nexus: Nexus
  /** What the plan only names. */
  secrets: Secrets
  signal: AbortSignal
  /** What is left to change of objects that gave up ports: the plan's own release is no foreign change. */
  released: Map<Change, FieldChange[]>
}
