import type { FieldTable } from '../resources/contract/fields.ts'
import type { Kind } from '../resources/contract/kind.ts'
import type { Path } from '../yaml/located.ts'
import { choicesOf, choiceWords } from './choose-kind.ts'
import { pathsOf } from './shape.ts'

/** What a kind's objects look like, with the keys that intents add. */
export interface Schemas {
  schemas: ReadonlyMap<Kind, Kind['schema']>
}

export function schemaFor(kind: Kind, { schemas }: Schemas): Kind['schema'] {
  return schemas.get(kind) ?? kind.schema
}

/** The keys that one kind of object has, and what else its fields are called. */
export interface Vocabulary {
  /** How an entry says that it is one: `type: proxy`; '' where nothing has to. */
  words: string
  /** Every key path, those that choose the kind included. */
  paths: readonly Path[]
  /** Keys of the object itself, and the same folded. */
  keys: readonly string[]
  folded: ReadonlySet<string>
  /** Keys that every object has. */
  required: readonly string[]
  /** Where fields stand on the wire. */
  fields: FieldTable
  /** What other tools call fields, by the word as it is folded. */
  otherNames: Readonly<Record<string, readonly string[]>>
}

/** A word without what spellings differ in: `blob_store_name`, `blob-store-name` and `blobStoreName` are one. */
export function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** The steps of a path run together, as some tools write them: `negative_cache_enabled`. */
export function foldPath(path: Path): string {
  return path.map((step) => fold(String(step))).join('')
}

/** Keys of every object in a map of names: `{external: true}` refers to one that exists. */
export const external = 'external'

const known = new WeakMap<object, Vocabulary>()

/** The keys of a kind's objects. */
export function vocabularyOf(kind: Kind, schemas: Schemas): Vocabulary {
  const schema = schemaFor(kind, schemas)
  const found = known.get(schema) ?? {
    words: choiceWords(kind),
    ...outlineOf([
      ...Object.keys(choicesOf(kind)).map((key) => [key]),
      ...(kind.section.form === 'map' ? [[external]] : []),
      ...pathsOf(schema),
    ]),
    required: Object.keys(kind.fields).filter(
      (path) => kind.fields[path]?.options.required && !path.includes('.'),
    ),
    fields: kind.fields,
    otherNames: kind.otherNames ?? {},
  }
  known.set(schema, found)
  return found
}

/** Keys beside each other, of something that is no kind. */
export function plainVocabulary(
  paths: readonly Path[],
  otherNames: Vocabulary['otherNames'] = {},
): Vocabulary {
  return { words: '', ...outlineOf(paths), required: [], fields: {}, otherNames }
}

function outlineOf(paths: readonly Path[]): Pick<Vocabulary, 'paths' | 'keys' | 'folded'> {
  const keys = paths.flatMap((path) => (path.length === 1 ? [String(path[0])] : []))
  return { paths, keys, folded: new Set(keys.map(fold)) }
}
