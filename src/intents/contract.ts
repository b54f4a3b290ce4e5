import type { z } from 'zod'
import type { Kind } from '../resources/contract/kind.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { KnownServer, Rule } from '../resources/contract/rule.ts'

/**
 * Something that the file asks for in a word and that takes fields or objects of several kinds: everything the tool knows of it.
 * What the file writes itself always wins; what an intent adds carries its reason, which the plan shows.
 */
export interface Intent<Spec = unknown> {
  /** The key at the top of the file, where it has one; else only its name. */
  readonly name: string
  /** What stands under that key, with its description. */
  readonly section?: z.ZodType<Spec>
  /** What people call keys of the section, by the word as it is folded, with the dotted paths that they are here. */
  readonly otherNames?: Readonly<Record<string, readonly string[]>>
  /** Dotted paths below the section that hold a secret, which is looked up when it is needed. */
  readonly secrets?: readonly string[]
  /** Keys that it adds to the objects of named kinds; `expand` takes them out of `spec`. */
  readonly fields?: { readonly of: readonly string[]; readonly shape: Readonly<Record<string, z.ZodType>> }
  /**
   * Pure. `spec` is undefined where the file does not have the section; `server` is what the file says of the server, whatever it is asked
   * later: the file means the same in every run. Secrets stand in specs as the file writes them.
   */
  expand(
    spec: PartsOf<Spec> | undefined,
    objects: readonly DesiredObject[],
    server: KnownServer,
  ): DesiredObject[]
  readonly rules?: readonly Rule[]
}

/** Of a section that is wrong the parts that are right are expanded, so that rules find what they would find in the whole. */
export type PartsOf<Spec> = Spec extends object ? Partial<Spec> : Spec

/** What a kind's objects look like in the file: the kind's own schema, and the keys that intents add. */
export function schemaWith(intents: readonly Intent[], { kind, schema }: Kind): Kind['schema'] {
  const shapes = intents.flatMap(({ fields }) => (fields?.of.includes(kind) ? [fields.shape] : []))
  return shapes.length === 0 ? schema : (schema as z.ZodObject).extend(Object.assign({}, ...shapes))
}

/** The one object of a kind that has a block in the file, or an empty one that an intent begins; `asker` is the intent's key. */
export function settingsOf(objects: readonly DesiredObject[], kind: string, asker: string): DesiredObject {
  const written = objects.find((object) => object.kind === kind)
  return written ?? { kind, id: kind, spec: {}, path: [asker], because: {} }
}
