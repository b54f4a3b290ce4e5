import type { JsonObject } from '../../core/json.ts'
import type { Read } from '../../nexus/answer-shape.ts'
import type { Capability } from '../../nexus/capabilities.ts'
import type { Nexus, ServerInfo } from '../../nexus/client.ts'
import type { KindDescription, Naming } from './description.ts'
import type { FieldTable, Values, ValuesOf } from './fields.ts'
import type { DesiredObject, Namespace } from './object.ts'
import type { Rule } from './rule.ts'

/** An object as the server has it. `wire` is what field tables compare; `raw` is what else was read: what an update gives back, what rules look at. */
export interface Actual {
  id: string
  wire: JsonObject
  raw?: unknown
}

/** Names that the file refers to and does not describe: they exist on the server alone. */
export interface Catalogue {
  readonly namespace: Namespace
  readonly naming: Naming
  /** Undefined where the server does not tell. */
  occupants(reads: Reads): Promise<Occupant[] | undefined>
}

/** Memoised reads of one run: every path is asked once, however many kinds need it. One path has one shape. */
export interface Reads {
  get<T>(read: Read<T>): Promise<T>
  /** Status 404 (and 403, for what may be hidden) read as undefined. */
  find<T>(read: Read<T>): Promise<T | undefined>
  server: ServerInfo
  nexus: Nexus
}

/** What the file says of the kind's objects, by id in lower case: `list` reads details only where they matter. */
export type Wanted = ReadonlyMap<string, Record<string, unknown>>

/** A name that is taken on the server, by whatever. */
export interface Occupant {
  id: string
  /** The kind that it is one of; undefined for what the tool does not manage. */
  kind?: string
  /** What it is, for people: `docker/hosted`, `maven2/group`, `S3 blob store`. */
  label: string
  /** What rules want to know of something that the tool does not manage: by the names that kinds of its namespace have for it. */
  values?: Values
}

/** Why an object cannot be changed as the file wants; `path` is the field, empty for the object. */
export interface Refusal {
  code: string
  message: string
  hint: string
  path: string
}

/** What is sent: one object as it is to be. */
export interface Write {
  id: string
  /** The wire form: the server's object with the written fields laid over it, secrets included. */
  body: JsonObject
  /** Paths of the fields that differ from what the server has. */
  changed: readonly string[]
  /** Secrets that the file writes, by field path: for kinds that send them another way than in the body. */
  secrets: Readonly<Record<string, string>>
}

/** What is sent to an object that is there. */
export interface WriteOver extends Write {
  current: Actual
}

/** The order in which changes begin; each waits for all changes of the phases before its own. */
export const phases = ['sign-in', 'licence', 'objects'] as const
export type Phase = (typeof phases)[number]

/**
 * One kind of object: everything the tool knows of it. Schema, documentation, plan and apply derive from this.
 * Request bodies are built from `fields` alone: the server's current object with the written values laid over it.
 */
export interface Kind<Fields extends FieldTable = FieldTable> extends KindDescription<Fields> {
  /** What null in place of the block means (`httpProxy: null`). */
  readonly removedAs?: Record<string, unknown>
  /** What the server calls the object that the file calls `name`. Default: the same. */
  identity?(name: string, spec: Record<string, unknown>): string
  /** The values wanted of an object; default: what the file writes. Realms compute theirs from what is active. */
  desired?(spec: Record<string, unknown>, actual: Actual | undefined): Values
  /** What can be wrong with objects of the kind, alone and together. A rule that kinds share is run once. */
  readonly rules?: readonly Rule[]
  /** Whether other objects rest on it so much that it is looked at where the file says nothing of it; `list` lets it be hidden then. */
  matters?(objects: readonly DesiredObject[]): boolean
  /** What `list` asks for first, whatever the server is. A run sends one request alone, whose answer tells the version: it is one of these. */
  readonly first?: Read<unknown>
  /** Every object of the kind that the server shows. */
  list(reads: Reads, wanted: Wanted): Promise<Actual[]>
  /** Every name of the namespace that is taken on the server, whatever holds it; undefined where the server does not tell. */
  occupants?(reads: Reads): Promise<Occupant[] | undefined>
  /** One object, read anew; undefined when it is gone. `spec` is what the file says: details are read only where they matter. */
  find(nexus: Nexus, id: string, spec?: Record<string, unknown>): Promise<Actual | undefined>
  /** Left out where the object always exists (settings). */
  create?(nexus: Nexus, write: Write): Promise<void>
  update(nexus: Nexus, write: WriteOver): Promise<void>
  /** What is wrong with updating `current`, beyond what the field table knows. */
  refuseUpdate?(current: Actual, values: ValuesOf<Fields>, object: DesiredObject): Refusal | undefined
  /** When changes of this kind begin. Default: `objects`. */
  readonly phase?: Phase
  /** For what servers of that capability need before anything works: it is looked at whatever the file says. */
  readonly prerequisite?: {
    readonly capability: Capability
    /** What is missing, where the file does not ask for it; `path` is that of the file. */
    unmet(actual: Actual): Refusal | undefined
  }
}
