import * as z from 'zod'
import { similar } from '../../core/similar.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { type Located, nodeAt, type Path, problemAt } from '../../yaml/located.ts'
import { choicesOf, choiceWords, chooseKind, type MapSection } from './choose-kind.ts'
import { type Advice, take } from './problems.ts'
import { type Reading, schemaFor } from './reading.ts'
import { keysOf } from './shape.ts'
import { nexusName } from './wire-names.ts'

/** Reads one section of named objects (`repositories:`); an empty one holds none. */
export function readMap(section: MapSection, reading: Reading): void {
  const { key } = section
  const node = nodeAt(reading.root, [key])
  if (!node || isNull(node)) return
  if (node.kind !== 'map') {
    const hint = `write "${key}:" and below it "name: {…}"`
    const message = `${key}: expected a map of names`
    reading.problems.push(problemAt(reading.root, [key], { code: 'invalid-value', message, hint }))
    return
  }
  const context = { section, reading, manyAlike: node.entries.size > MANY }
  for (const [name, { value }] of node.entries) readEntry(name, isNull(value) ? undefined : value, context)
}

/** Objects from which on making a schema for the keys that they have takes less time than it saves. */
const MANY = 50

interface MapContext {
  section: MapSection
  reading: Reading
  manyAlike: boolean
}

function readEntry(name: string, entry: Located | undefined, context: MapContext): void {
  const { section, reading, manyAlike } = context
  const path = [section.key, name]
  if (entry && entry.kind !== 'map') {
    reportNoMap(context, path)
    return
  }
  if (entry?.entries.has('external')) {
    readExternal(path, context)
    return
  }
  const chosen = chooseKind(section, entry)
  if (!('kind' in chosen)) {
    reportChoice(chosen, path, entry?.entries.get(chosen.key)?.value, reading)
    return
  }
  const { kind } = chosen
  const elsewhere = elsewhereThan(kind, context)
  const options = { manyAlike, ignore: section.choosing, elsewhere }
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

function reportNoMap({ section, reading }: MapContext, path: Path): void {
  const [kind] = section.kinds
  const id = String(path.at(-1))
  const hint = `write "${id}: {${(kind && choiceWords(kind)) || '…'}}"`
  const message = `${id}: expected a map of keys`
  reading.problems.push(problemAt(reading.root, path, { code: 'invalid-value', message, hint }))
}

/** A name alone (`blob-docker:`) is enough where nothing is required. */
function readEmpty(kind: Kind, path: Path, reading: Reading): Record<string, unknown> | undefined {
  const required = Object.keys(kind.fields).filter(
    (field) => kind.fields[field]?.options.required && !field.includes('.'),
  )
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
  node: Located | undefined,
  { root, problems }: Reading,
): void {
  const words = [...new Set(left.flatMap((kind) => choicesOf(kind)[key]?.word ?? []))]
  if (!node) {
    const message = `${String(path.at(-1))}: ${key} is missing`
    const hint = `add "${key}: ${words.join(`", "${key}: `)}"`
    problems.push(problemAt(root, path, { code: 'missing-type', message, hint }, 'key'))
    return
  }
  const written = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  const close = written === undefined ? undefined : similar(written, words)
  const message =
    written === undefined ? `${key}: expected one of ${words.join(', ')}` : `unknown ${key} "${written}"`
  const hint = close ? `did you mean "${close}"?` : `${key}s here: ${words.join(', ')}`
  problems.push(problemAt(root, [...path, key], { code: 'unknown-type', message, hint }))
}

const externalSchema = z.strictObject({
  external: z
    .literal(true, { error: 'external can only be true' })
    .describe('Leave "external" out to manage the object with this file.'),
  type: z.string().describe('What it is, for the reader.').optional(),
})

const managedOnly: Advice = {
  hint: 'an external object is only referred to; leave out "external" to manage it',
}

/** `name: {external: true}`: exists on the server, is referred to, is never touched (Compose's word for it). */
function readExternal(path: readonly string[], context: MapContext): void {
  const { section, reading } = context
  take(reading, externalSchema, path, { elsewhere: () => managedOnly })
  const [kind] = section.kinds
  if (kind) reading.parsed.externals.push({ namespace: kind.namespace, id: path[1] ?? '', path })
}

/** What is known of a key that the kind does not have: it is another kind's, or it is Nexus's name of something. */
function elsewhereThan(kind: Kind, { section, reading }: MapContext) {
  return (key: string, parent: Path): Advice | undefined => {
    const others = section.kinds.filter((other) => other !== kind)
    const owners = others.filter(
      (other) => parent.length === 0 && keysOf(schemaFor(other, reading), []).includes(key),
    )
    if (owners.length > 0) return { hint: `"${key}" belongs to ${owners.map(choiceWords).join(' or ')}` }
    return nexusName(kind.fields, key, parent.join('.')) ?? nexusNameElsewhere(others, key)
  }
}

function nexusNameElsewhere(others: readonly Kind[], key: string): Advice | undefined {
  for (const other of others) {
    const advice = nexusName(other.fields, key, '')
    if (advice) return { hint: `${advice.hint}, and belongs to ${choiceWords(other)}` }
  }
  return undefined
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null
}
