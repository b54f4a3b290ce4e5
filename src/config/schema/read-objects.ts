import * as z from 'zod'
import { similar } from '../../core/similar.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { type Located, type LocatedMap, nodeAt, type Path } from '../../yaml/located.ts'
import { choicesOf, choiceWords, chooseKind, choosingKeys } from './choose-kind.ts'
import type { Advice } from './problems.ts'
import { type Reading, reportAt, schemaFor, take } from './reading.ts'
import { keysOf } from './shape.ts'
import { nexusName } from './wire-names.ts'

/** Reads one section of named objects (`repositories:`); an empty one holds none. */
export function readMap(key: string, candidates: readonly Kind[], reading: Reading): void {
  const section = nodeAt(reading.root, [key])
  if (!section || isNull(section)) return
  if (section.kind !== 'map') {
    const hint = `write "${key}:" and below it "name: {…}"`
    reportAt(reading, [key], { code: 'invalid-value', message: `${key}: expected a map of names`, hint })
    return
  }
  const manyAlike = section.entries.size > MANY
  for (const id of section.entries.keys()) readEntry(id, section, { key, candidates, reading, manyAlike })
}

/** Objects from which on making a schema for the keys that they have takes less time than it saves. */
const MANY = 50

interface MapContext {
  manyAlike: boolean
  key: string
  candidates: readonly Kind[]
  reading: Reading
}

function readEntry(name: string, section: LocatedMap, context: MapContext): void {
  const { key, candidates, reading, manyAlike } = context
  const path = [key, name]
  const entry = notNull(section.entries.get(name)?.value)
  if (entry && entry.kind !== 'map') {
    reportNoMap(context, path)
    return
  }
  if (entry?.entries.has('external')) {
    readExternal(path, context)
    return
  }
  const chosen = chooseKind(candidates, entry)
  if (!('kind' in chosen)) {
    reportChoice(chosen, path, entry?.entries.get(chosen.key)?.value, reading)
    return
  }
  const { kind } = chosen
  const elsewhere = elsewhereThan(kind, context)
  const options = { manyAlike, ignore: choosingKeys(candidates), elsewhere }
  const spec = entry ? take(reading, schemaFor(kind, reading), path, options) : readEmpty(kind, path, reading)
  if (!spec) return
  const id = kind.identity?.(name, spec) ?? name
  reading.parsed.objects.push({ kind: kind.kind, id, spec, path, because: {} })
}

function reportNoMap({ candidates: [kind], reading }: MapContext, path: Path): void {
  const id = String(path.at(-1))
  const hint = `write "${id}: {${(kind && choiceWords(kind)) || '…'}}"`
  reportAt(reading, path, { code: 'invalid-value', message: `${id}: expected a map of keys`, hint })
}

/** A name alone (`blob-docker:`) is enough where nothing is required. */
function readEmpty(kind: Kind, path: Path, reading: Reading): Record<string, unknown> | undefined {
  const required = Object.keys(kind.fields).filter(
    (field) => kind.fields[field]?.options.required && !field.includes('.'),
  )
  if (required.length === 0) return {}
  const message = `${String(path.at(-1))}: ${required.join(' and ')} missing`
  reportAt(
    reading,
    path,
    { code: 'missing-field', message, hint: `add "${required.join(': …" and "')}: …"` },
    'key',
  )
  return undefined
}

/** The key that is to say what an entry is does not: it is missing, or none of the words that are left. */
function reportChoice(
  { key, left }: { key: string; left: readonly Kind[] },
  path: Path,
  node: Located | undefined,
  reading: Reading,
): void {
  const words = [...new Set(left.flatMap((kind) => choicesOf(kind)[key]?.word ?? []))]
  if (!node) {
    const message = `${String(path.at(-1))}: ${key} is missing`
    const hint = `add "${key}: ${words.join(`", "${key}: `)}"`
    reportAt(reading, path, { code: 'missing-type', message, hint }, 'key')
    return
  }
  const written = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  const close = written === undefined ? undefined : similar(written, words)
  reportAt(reading, [...path, key], {
    code: 'unknown-type',
    message:
      written === undefined ? `${key}: expected one of ${words.join(', ')}` : `unknown ${key} "${written}"`,
    hint: close ? `did you mean "${close}"?` : `${key}s here: ${words.join(', ')}`,
  })
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
  const { candidates, reading } = context
  take(reading, externalSchema, path, { elsewhere: () => managedOnly })
  const [kind] = candidates
  if (kind) reading.parsed.externals.push({ namespace: kind.namespace, id: path[1] ?? '', path })
}

/** What is known of a key that the kind does not have: it is another kind's, or it is Nexus's name of something. */
function elsewhereThan(kind: Kind, { candidates, reading }: MapContext) {
  const others = candidates.filter((other) => other !== kind)
  return (key: string, parent: Path): Advice | undefined => {
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

function notNull(node: Located | undefined): Located | undefined {
  return node && isNull(node) ? undefined : node
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null
}
