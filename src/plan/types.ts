import type { ServerInfo } from '../nexus/client.ts'
import type { Actual, DesiredObject, Kind, Refusal } from '../resources/define.ts'
import type { Value, Values } from '../resources/fields.ts'

export type Action = 'create' | 'update' | 'replace' | 'delete'

/** One field that changes. For secrets `before` and `after` are never values. */
export interface FieldChange {
  path: string
  before: Value
  after: Value
  secret: boolean
  /** Not written in the file: what creation sends. */
  default?: true
  /** The intent that asked for it: `anonymousPull: true`. */
  because?: string
  unit?: 'bytes' | 'minutes' | 'seconds'
}

/** One object that changes, with everything that the executor needs. */
export interface Change {
  action: Action
  kind: Kind
  id: string
  fields: FieldChange[]
  object: DesiredObject
  /** Written values, secrets included: what an update lays over the server's object. */
  values: Values
  /** Values that creation adds. */
  defaults: Values
  actual: Actual | undefined
  /** Set for what cannot be done; nothing is written while there is one. */
  refused?: Refusal
  /** Secrets that are sent along although nobody can tell whether they changed. */
  resentSecrets: string[]
}

/** One request-or-two of the executor. A release gives up ports so that others can take them (two repositories that swap). */
export interface Step {
  change: Change
  release: readonly string[]
  dependsOn: readonly Step[]
}

export interface Named {
  kind: Kind
  id: string
}

export interface Summary {
  create: number
  update: number
  replace: number
  delete: number
  unchanged: number
}

export interface Plan {
  server: ServerInfo
  changes: Change[]
  unchanged: Named[]
  /** On the server, of a kind that the file manages, and not in the file: left alone. */
  unmanaged: Named[]
  /** What runs together, wave after wave. */
  waves: Step[][]
  summary: Summary
}
