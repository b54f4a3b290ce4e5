import * as z from 'zod'
import type { Subject } from '../../advice/advice.ts'
import type { Outline } from '../../advice/beyond.ts'
import { choicesOf, choiceWords, chooseKind, type MapSection } from '../../advice/choose-kind.ts'
import { nearest } from '../../advice/meant.ts'
import { unmanagedType } from '../../advice/unmanaged.ts'
import { external, fold, plainVocabulary, schemaFor, vocabularyOf } from '../../advice/vocabulary.ts'
import { similar } from '../../core/similar.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { move } from '../../yaml/correct.ts'
import { isNull, type Located, type LocatedMap, nodeAt, type Path, problemAt } from '../../yaml/located.ts'
import { namesOfObjects } from './level.ts'
import { take } from './problems.ts'
import { maySearch, type Reading } from './reading.ts'

/** Reads one section of named objects (`repositories:`); an empty one holds none. */
export function readMap(section: MapSection, reading: Reading, outline: Outline): void {
  const { key } = section
  const node = nodeAt(reading.root, [key])
  if (!node || isNull(node)) return
  if (node.kind !== 'map') {
    const hint = `write "${key}:" and below it "name: {…}"`
    const message = `${key}: expected a map of names`
    reading.problems.push(problemAt(reading.root, [key], { code: 'invalid-value', message, hint }))
    return
  }
  const known = new Set(section.kinds.flatMap((kind) => vocabularyOf(kind, reading).keys))
  const context = { section, reading, outline, known, manyAlike: node.entries.size > MANY }
  for (const name of namesOfObjects(context)) readEntry(name, context)
}

/** Objects from which on making a schema for the keys that they have takes less time than it saves. */
const MANY = 50

interface MapContext {
  section: MapSection
  reading: Reading
  outline: Outline
  /** Every key of one of its objects, whatever the kind. */
  known: ReadonlySet<string>
  manyAlike: boolean
}

function readEntry(name: string, context: MapContext): void {
  const { section, reading, manyAlike } = context
  const path = [section.key, name]
  correctChoice(path, context)
  raiseChoice(path, context)
  const value = nodeAt(reading.root, path)
  const entry = value && isNull(value) ? undefined : value
  if (entry && entry.kind !== 'map') {
    reportNoMap(context, path)
    return
  }
  if (entry?.entries.has(external)) {
    readExternal(path, context)
    return
  }
  const chosen = chooseKind(section, entry)
  if (!('kind' in chosen)) {
    reportChoice(chosen, path, entry, context)
    return
  }
  const { kind } = chosen
  const options = { manyAlike, ignore: section.choosing, subject: () => subjectOf(kind, path, context) }
  const spec = entry ? take(reading, schemaFor(kind, reading), path, options) : readEmpty(kind, path, reading)
  if (!spec) return
  const id = kind.identity?.(name, spec) ?? name
  reading.parsed.objects.push({
    kind: kind.kind,
    id,
    ...(id !== name && { name }),
    spec,
    path,
    because: {},
  })
}

function subjectOf(kind: Kind, path: readonly string[], { section, reading, outline }: MapContext): Subject {
  const others = section.kinds.filter((other) => other !== kind)
  return {
    base: path,
    own: vocabularyOf(kind, reading),
    others: others.map((other) => vocabularyOf(other, reading)),
    outline,
    first: ({ key, parent, value }) =>
      parent.length === 0 ? unneeded(key, value, section, String(path.at(-1))) : undefined,
  }
}

/** Keys of other tools that say what the file says without them. */
function unneeded(
  key: string,
  value: Located,
  { key: section }: MapSection,
  name: string,
): string | undefined {
  const word = fold(key)
  if (word === 'name') return `remove it: the name is the key above, "${name}"`
  if (word !== 'format' || section !== 'repositories') return undefined
  const written = value.kind === 'scalar' ? String(value.value) : ''
  return (
    unmanagedType(section, written, name) ?? 'remove it: every repository in the file is a Docker repository'
  )
}

/** `typ: hosted`, or `exernal: true`: told where it is, and read as what was meant. */
function correctChoice(path: readonly string[], { section, reading, known }: MapContext): void {
  const entry = nodeAt(reading.root, path)
  const choosing = [...section.choosing, external]
  if (entry?.kind !== 'map' || choosing.every((key) => entry.entries.has(key))) return
  for (const key of [...entry.entries.keys()]) {
    const meant = known.has(key) || !maySearch(reading) ? undefined : nearest(key, choosing)
    if (meant === undefined || entry.entries.has(meant) || nearest(key, [...known]) !== meant) continue
    const about = { code: 'unknown-key', message: `unknown key "${key}"`, hint: `did you mean "${meant}"?` }
    reading.problems.push(problemAt(reading.root, [...path, key], about, 'key'))
    move(reading, { from: [...path, key], to: [...path, meant] })
  }
}

/** `type: proxy` one indentation too deep, among the fields of a section: told there, and read as what the object is. */
function raiseChoice(path: readonly string[], { section, reading, known }: MapContext): void {
  const entry = nodeAt(reading.root, path)
  if (entry?.kind !== 'map') return
  for (const key of section.choosing) {
    const words = section.kinds.map((kind) => choicesOf(kind)[key]?.word)
    const within = entry.entries.has(key)
      ? undefined
      : [...entry.entries].find(([inside, { value }]) => known.has(inside) && saysOne(value, key, words))
    if (!within) continue
    const [inner] = within
    const from = [...path, inner, key]
    const about = {
      code: 'unknown-key',
      message: `"${key}" of "${String(path.at(-1))}" is inside "${inner}"`,
      hint: `move it one level up: "${key}" belongs beside "${inner}"`,
    }
    reading.problems.push(problemAt(reading.root, from, about, 'key'))
    move(reading, { from, to: [...path, key] })
  }
}

function saysOne(value: Located, key: string, words: readonly (string | undefined)[]): boolean {
  const said = value.kind === 'map' ? value.entries.get(key)?.value : undefined
  return said?.kind === 'scalar' && typeof said.value === 'string' && words.includes(said.value)
}

function reportNoMap({ section, reading }: MapContext, path: Path): void {
  const [kind] = section.kinds
  const id = String(path.at(-1))
  const hint = `write "${id}: {${(kind && choiceWords(kind)) || '…'}}"`
  const message = `${id}: expected a map of keys`
  reading.problems.push(problemAt(reading.root, path, { code: 'invalid-value', message, hint }))
}

/** A name alone (`blob-docker:`) is enough where nothing is required. */
function readEmpty(kind: Kind, path: Path, reading: Reading): Record<string, unknown> | undefined {
  const { required } = vocabularyOf(kind, reading)
  if (required.length === 0) return {}
  const message = `${String(path.at(-1))}: ${required.join(' and ')} missing`
  const hint = `add "${required.join(': …" and "')}: …"`
  reading.problems.push(problemAt(reading.root, path, { code: 'missing-field', message, hint }, 'key'))
  return undefined
}

/** The key that is to say what an entry is does not: it is missing, or none of the words that are left. */
function reportChoice(
  { key, left }: { key: string; left: readonly Kind[] },
  path: Path,
  entry: Located | undefined,
  { section, reading }: MapContext,
): void {
  const { root, problems } = reading
  const name = String(path.at(-1))
  const node = entry?.kind === 'map' ? entry.entries.get(key)?.value : undefined
  const wordsOf = (kinds: readonly Kind[]) => [
    ...new Set(kinds.flatMap((kind) => choicesOf(kind)[key]?.word ?? [])),
  ]
  if (!node) {
    const message = `${name}: ${key} is missing`
    const fitting = entry?.kind === 'map' ? left.filter((kind) => hasAll(kind, entry, reading)) : []
    const words = wordsOf(fitting.length > 0 ? fitting : left).join(`", "${key}: `)
    // A null takes back what an earlier file describes; here there is nothing to take back.
    const hint = `add "${key}: ${words}"${entry ? '' : ', or remove the line'}`
    problems.push(problemAt(root, path, { code: 'missing-type', message, hint }, 'key'))
    return
  }
  const words = wordsOf(left)
  const written = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  const message =
    written === undefined ? `${key}: expected one of ${words.join(', ')}` : `unknown ${key} "${written}"`
  const hint =
    (written === undefined ? undefined : wordHint(written, words, section.key, name)) ??
    `${key}s here: ${words.join(', ')}`
  problems.push(problemAt(root, [...path, key], { code: 'unknown-type', message, hint }))
}

/** Whether an object of the kind can have all that an entry has. */
function hasAll(kind: Kind, entry: LocatedMap, reading: Reading): boolean {
  const { keys } = vocabularyOf(kind, reading)
  return [...entry.entries.keys()].every((key) => keys.includes(key))
}

/** `docker-hosted` was meant to be `hosted`, `maven2` is another tool's business. */
function wordHint(
  written: string,
  words: readonly string[],
  section: string,
  name: string,
): string | undefined {
  const unmanaged = unmanagedType(section, written, name)
  if (unmanaged !== undefined) return unmanaged
  const parts = written.toLowerCase().split(/[^a-z]+/)
  const close = similar(written, words) ?? words.find((word) => parts.includes(word))
  return close === undefined ? undefined : `did you mean "${close}"?`
}

const externalSchema = z.strictObject({
  external: z
    .literal(true, { error: 'external can only be true' })
    .describe('Leave "external" out to manage the object with this file.'),
  type: z.string().describe('What the object is, for readers of the file.').optional(),
})

const managedOnly = 'an external object is only referred to; leave out "external" to manage it'

/** `name: {external: true}`: exists on the server, is referred to, is never touched (Compose's word for it). */
function readExternal(path: readonly string[], context: MapContext): void {
  const { section, reading, outline } = context
  const keys = Object.keys(externalSchema.shape)
  const subject: Subject = {
    base: path,
    own: plainVocabulary(keys.map((key) => [key])),
    outline,
    first: ({ key }) => (nearest(key, keys) === undefined ? managedOnly : undefined),
  }
  take(reading, externalSchema, path, { subject: () => subject })
  const [kind] = section.kinds
  if (kind) reading.parsed.externals.push({ namespace: kind.namespace, id: path[1] ?? '', path })
}
