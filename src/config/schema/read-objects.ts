import * as z from 'zod'
import { similar } from '../../core/similar.ts'
import type { Kind } from '../../resources/define.ts'
import { type Located, type LocatedMap, nodeAt, type Path } from '../../yaml/located.ts'
import type { Advice } from './problems.ts'
import { type Reading, reportAt, take } from './reading.ts'
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

function readEntry(id: string, section: LocatedMap, context: MapContext): void {
  const { key, candidates, reading } = context
  const path = [key, id]
  const entry = notNull(section.entries.get(id)?.value)
  if (entry && entry.kind !== 'map') {
    reportNoMap(context, path)
    return
  }
  if (entry?.entries.has('external')) {
    readExternal(path, context)
    return
  }
  const typed = candidates.some((kind) => typeOf(kind) !== '')
  const typeNode = typed ? entry?.entries.get('type')?.value : undefined
  const chosen = chooseKind(candidates, typeNode)
  if (!chosen) {
    reportType(context, path, typeNode)
    return
  }
  const { manyAlike } = context
  const options = { manyAlike, ignore: typed ? ['type'] : [], elsewhere: elsewhereThan(chosen, candidates) }
  const spec = entry ? take(reading, chosen.schema, path, options) : readEmpty(chosen, path, reading)
  if (spec) reading.parsed.objects.push({ kind: chosen, id, spec, path, because: {} })
}

function reportNoMap({ candidates, reading }: MapContext, path: Path): void {
  const id = String(path.at(-1))
  const type = typeOf(candidates[0])
  const hint = `write "${id}: ${type === '' ? '{…}' : `{type: ${type}}`}"`
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

function chooseKind(candidates: readonly Kind[], typeNode: Located | undefined): Kind | undefined {
  if (!typeNode) {
    return candidates.find(
      ({ section }) => section.form === 'map' && (section.typeOptional ?? section.type === undefined),
    )
  }
  const type = typeNode.kind === 'scalar' ? typeNode.value : undefined
  return candidates.find((kind) => typeOf(kind) === type)
}

function typeOf(kind: Kind | undefined): string {
  return kind?.section.form === 'map' ? (kind.section.type ?? '') : ''
}

function reportType({ candidates, reading }: MapContext, path: Path, typeNode: Located | undefined): void {
  const types = candidates.map(typeOf)
  if (!typeNode) {
    const message = `${String(path.at(-1))}: type is missing`
    const hint = `add "type: ${types.join('", "type: ')}"`
    reportAt(reading, path, { code: 'missing-type', message, hint }, 'key')
    return
  }
  const written =
    typeNode.kind === 'scalar' && typeof typeNode.value === 'string' ? typeNode.value : undefined
  const close = written === undefined ? undefined : similar(written, types)
  reportAt(reading, [...path, 'type'], {
    code: 'unknown-type',
    message:
      written === undefined ? `type: expected one of ${types.join(', ')}` : `unknown type "${written}"`,
    hint: close ? `did you mean "${close}"?` : `types here: ${types.join(', ')}`,
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

/** What is known of a key that the kind does not have: it is another type's, or it is Nexus's name of something. */
function elsewhereThan(kind: Kind, candidates: readonly Kind[]) {
  return (key: string, parent: Path): Advice | undefined => {
    const owners = candidates
      .filter((other) => other !== kind && parent.length === 0 && keysOf(other.schema, []).includes(key))
      .map(typeOf)
    if (owners.length > 0) return { hint: `"${key}" belongs to type: ${owners.join(' or type: ')}` }
    const others = candidates.filter((other) => other !== kind)
    return nexusName(kind.fields, key, parent.join('.')) ?? nexusNameElsewhere(others, key)
  }
}

function nexusNameElsewhere(others: readonly Kind[], key: string): Advice | undefined {
  for (const other of others) {
    const advice = nexusName(other.fields, key, '')
    if (advice) return { hint: `${advice.hint}, and belongs to type: ${typeOf(other)}` }
  }
  return undefined
}

function notNull(node: Located | undefined): Located | undefined {
  return node && isNull(node) ? undefined : node
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null
}
