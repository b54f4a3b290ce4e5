import type { z } from 'zod'
import type { ImageWay } from '../../core/image-address.ts'
import type { FieldTable, Values, ValuesOf } from './fields.ts'
import type { Namespace } from './object.ts'

/** Something another object must exist for: a group's member, a repository's blob store. `path` is the field that names it. */
export interface Reference {
  namespace: Namespace
  id: string
  path: string
}

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

/**
 * Where the file has the kind: a map by name, or one block. Kinds that share a map are told apart by what an entry has under the keys of
 * `chosenBy`. An intent has no section of its own: intents make its object of what another section asks for.
 */
export type Section =
  | { key: string; form: 'map'; chosenBy?: Readonly<Record<string, Choice>> }
  | { key: string; form: 'block' }
  | { form: 'intent' }

/** One key that chooses a kind: `type: hosted`. */
export interface Choice {
  word: string
  /** An entry that lacks the key means this word. */
  implied?: true
}

/** What a kind is, without what it does: all that rules need to know. */
export interface KindDescription<Fields extends FieldTable = FieldTable> {
  /** One word, camelCase; stands in JSON plans. */
  readonly kind: string
  /** How people call it: `docker/hosted`, `blob store`. */
  readonly label: string
  readonly namespace: Namespace
  readonly section: Section
  readonly schema: z.ZodType<Record<string, unknown>>
  readonly fields: Fields
  /**
   * What other tools call fields, where neither the file's nor Nexus's name leads there: for hints. By the word in small letters and without
   * what separates its parts (`memberrepos`).
   */
  readonly otherNames?: Readonly<Record<string, readonly string[]>>
  /** What must exist before an object with these values. */
  references(values: ValuesOf<Fields>): Reference[]
  /** For kinds that others refer to. */
  readonly naming?: Naming
  /** What an account needs to see and change such objects, where the server hides them. */
  readonly permission?: string
  /** What the server has and the file does not name is told: such objects are what the tool is about. */
  readonly tellsUnmanaged?: true
  /** Fields whose values one object of the namespace alone can have: ports, a subdomain. Null gives the value up. */
  readonly exclusive?: readonly string[]
  /** For registries: what clients do with an object of these values; undefined where that is nothing. */
  clientAccess?(values: Values): ClientAccess | undefined
  /** An image that such a registry has; `sampleOf` answers for another object of the namespace. */
  sampleImage?(values: Values, sampleOf: (id: string) => string | undefined): string | undefined
}

export interface ClientAccess {
  /** How Nexus itself is asked for it; undefined for what is reached through a group or a reverse proxy alone. */
  way?: ImageWay
  /** It is one name for others: what clients are to pull from. */
  gathers: boolean
  takesPushes: boolean
  pullsNeedLogin: boolean
}
