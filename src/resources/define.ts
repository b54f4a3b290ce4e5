import type { z } from 'zod'
import type { JsonObject } from '../core/json.ts'
import type { Read } from '../nexus/answer-shape.ts'
import type { Capability } from '../nexus/capabilities.ts'
import type { Nexus, ServerInfo } from '../nexus/client.ts'
import type { FieldTable, Values } from './fields.ts'

/** An object as the server has it. `wire` is what field tables compare; `raw` is what an update needs to give back. */
export interface Actual {
  id: string
  wire: JsonObject
  raw?: unknown
}

/** Something another object must exist for: a group's member, a repository's blob store. `path` is the field that names it. */
export interface Reference {
  namespace: Namespace
  id: string
  path: string
}

/** Names live in namespaces: all docker repositories share one, whatever their type. Settings have one of their own. */
export type Namespace = string

/** What to say of a namespace's names when something refers to one. */
export interface Naming {
  /** `blob store` */
  noun: string
  /** Code of the problem for a name that nobody has: `blob-store-missing`. */
  missing: string
  /** A name that something refers to has to stand in this section of the file (or be external there). */
  section?: string
  /** Names that every Nexus has. */
  builtIn?: readonly string[]
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
  /** What the first answer to any of the reads says of the server. */
  server(): Promise<ServerInfo>
  nexus: Nexus
}

/** What the file says of the kind's objects, by id in lower case: `list` reads details only where they matter. */
export type Wanted = ReadonlyMap<string, Record<string, unknown>>

/** A name that is taken on the server, by whatever: `docker/hosted`, `maven2/group`, `S3 blob store`. */
export interface Occupant {
  id: string
  label: string
}

/**
 * Where the file has the kind: a map by name (with a `type` where kinds share the map), or one block. An intent has no section of its
 * own: `config/expand` makes its object of what another section asks for.
 */
export type Section =
  | { key: string; form: 'map'; type?: string; typeOptional?: boolean }
  | { key: string; form: 'block' }
  | { form: 'intent' }

/** Why an object cannot be changed as the file wants; `path` is the field, empty for the object. */
export interface Refusal {
  code: string
  message: string
  hint: string
  path: string
}

/**
 * One kind of object: everything the tool knows of it. Schema, documentation, plan, apply and export derive from this.
 * Request bodies are built from `fields` alone: the server's current object with the written values laid over it.
 */
export interface Kind {
  /** One word, camelCase; stands in JSON plans. */
  readonly kind: string
  /** How people call it: `docker/hosted`, `blob store`. */
  readonly label: string
  readonly namespace: Namespace
  readonly section: Section
  readonly schema: z.ZodType<Record<string, unknown>>
  readonly fields: FieldTable
  /** What null in place of the block means (`httpProxy: null`). */
  readonly removedAs?: Record<string, unknown>
  /** The values wanted of an object; default: what the file writes. Realms compute theirs from what is active. */
  desired?(spec: Record<string, unknown>, actual: Actual | undefined): Values
  references(values: Values): Reference[]
  /** For kinds that others refer to. */
  readonly naming?: Naming
  /** What the first read answers decides on others: it takes the place of the one request that a run sends alone anyway. */
  readonly readFirst?: true
  /** Every object of the kind that the server shows. */
  list(reads: Reads, wanted: Wanted): Promise<Actual[]>
  /** Every name of the namespace that is taken on the server, whatever holds it; undefined where the server does not tell. */
  occupants?(reads: Reads): Promise<Occupant[] | undefined>
  /** One object, read anew; undefined when it is gone. `spec` is what the file says: details are read only where they matter. */
  find(nexus: Nexus, id: string, spec?: Record<string, unknown>): Promise<Actual | undefined>
  /** Left out where the object always exists (settings). `body` holds the wire form. */
  create?(nexus: Nexus, id: string, body: JsonObject): Promise<void>
  update(nexus: Nexus, id: string, body: JsonObject, current: Actual): Promise<void>
  /** What is wrong with updating `current`, beyond what the field table knows. */
  refuseUpdate?(current: Actual, values: Values): Refusal | undefined
  /** Every other change waits for those of this kind. Such kinds stand first in the list of kinds, in the order of their changes. */
  readonly goesFirst?: true
  /** For what servers of that capability need before anything works: it is looked at whatever the file says. */
  readonly prerequisite?: {
    readonly capability: Capability
    /** What is missing, where the file does not ask for it; `path` is that of the file. */
    unmet(actual: Actual): Refusal | undefined
  }
  /** Fields that occupy a port of the server, one owner each. */
  readonly connectorPorts?: readonly string[]
}

/** One object that the file wants. */
export interface DesiredObject {
  kind: Kind
  id: string
  spec: Record<string, unknown>
  /** Path in the file, for problems: `['repositories', 'apps']`. */
  path: readonly (string | number)[]
  /** Fields that an intent wrote, not the user: field path → reason (`anonymousPull: true`). */
  because: Record<string, string>
}

/** A name that the file only refers to (`external: true`): must exist, is never touched. */
export interface ExternalObject {
  namespace: Namespace
  id: string
  path: readonly (string | number)[]
}
