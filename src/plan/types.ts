import type { JsonObject } from '../core/json.ts'
import type { ServerInfo } from '../nexus/client.ts'
import type { Value, Values } from '../resources/contract/fields.ts'
import type { Refusal } from '../resources/contract/kind.ts'
import type { DesiredObject } from '../resources/contract/object.ts'

// A plan is plain data: it can be written to a file as JSON and read back. It names secrets by their paths and holds none.

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
  /** Of a list: order and repetition mean nothing. */
  isSet?: boolean
}

/** An object as plans and reports name it. */
export interface Named {
  /** Name of its kind. */
  kind: string
  id: string
  /** What it is, for people: `docker/hosted`. */
  label: string
  /** … and which: `docker/hosted "apps"`. */
  title: string
}

interface Changing extends Named {
  /** What the file wants. */
  object: DesiredObject
  fields: FieldChange[]
  /** Written values: what is laid over the server's object. `sensitive` in place of secrets. */
  values: Values
  /** What the server had when the plan was made; null: nothing. */
  seen: JsonObject | null
  /** Secrets that are sent along although nobody can tell whether they changed. */
  resentSecrets: string[]
}

export interface Create extends Changing {
  action: 'create'
  /** Values that creation adds. */
  defaults: Values
}

export interface Update extends Changing {
  action: 'update'
}

/** What cannot be done. Nothing is written while there is one. */
export interface Refused extends Changing {
  action: 'refused'
  wanted: 'create' | 'update' | 'replace'
  refusal: Refusal
}

/** One object that changes, with everything that the executor needs, but for the secrets. */
export type Change = Create | Update | Refused

/** What the executor carries out. */
export type Doable = Exclude<Change, Refused>

/** One request-or-two of the executor. A release gives up ports so that others can take them (two repositories that swap). */
export interface Step {
  /** Index of the change in the plan. */
  change: number
  release: string[]
  /** Indexes of earlier steps in the plan that have to be done first. */
  dependsOn: number[]
}

export interface Summary {
  create: number
  update: number
  /** Nothing is replaced or deleted yet. */
  replace: number
  delete: number
  /** What cannot be done, whatever was wanted. It is no change. */
  refused: number
  unchanged: number
}

export interface Plan {
  server: ServerInfo
  changes: Change[]
  unchanged: Named[]
  /** On the server, of a kind that the file manages, and not in the file: left alone. */
  unmanaged: Named[]
  /** In an order in which they can run one after another. */
  steps: Step[]
  summary: Summary
}
