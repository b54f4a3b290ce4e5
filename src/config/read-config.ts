import * as z from 'zod'
import { similar } from '../core/similar.ts'
import type { DesiredObject, ExternalObject, Kind } from '../resources/define.ts'
import { kinds } from '../resources/index.ts'
import { formatPath, type NexusSection } from './config.ts'
import { type Located, type LocatedMap, nodeAt, type Path, spanAt } from './located.ts'
import type { Problem } from './problem.ts'
import { keysOf, type ParseOptions, parseNode, unknownKey } from './schema-problems.ts'

/** What the schema makes of the file, before secrets, intents and rules. */
export interface ParsedConfig {
  nexus: NexusSection
  anonymousPull: boolean | undefined
  objects: DesiredObject[]
  externals: ExternalObject[]
}

const secret = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().min(1) }),
])

/** The `nexus:` section. */
export const nexusSchema = z.strictObject({
  url: z.string().min(1).describe('Base URL of the server, context path included.').optional(),
  username: z.string().min(1).describe('User who may administer repositories.').optional(),
  password: secret.describe('Password or user token: a text, {env: NAME} or {file: path}.').optional(),
  version: z
    .string()
    .regex(/^\d+\.\d+(\.\d+)?/, 'expected a version such as 3.90.0')
    .describe('Version of the server, where nothing else tells.')
    .optional(),
  edition: z
    .enum(['oss', 'community', 'pro'])
    .describe('Edition of the server, where nothing else tells.')
    .optional(),
})

const sectionKeys = [...new Set(kinds.map((kind) => kind.section.key))]
const topLevelKeys = ['version', 'nexus', 'anonymousPull', ...sectionKeys]

/** Checks the whole tree against the kinds' schemas and collects every problem. */
export function readConfig(root: Located): { parsed: ParsedConfig; problems: Problem[] } {
  const problems: Problem[] = []
  const parsed: ParsedConfig = { nexus: {}, anonymousPull: undefined, objects: [], externals: [] }
  if (root.kind !== 'map') return { parsed, problems }
  for (const key of root.entries.keys()) {
    if (!topLevelKeys.includes(key)) problems.push(unknownKey(key, root, [], { known: topLevelKeys }))
  }
  const take: Take = (schema, path, options) => {
    const result = parseNode(schema, root, path, options)
    problems.push(...result.problems)
    return result.value
  }
  take(versionSchema, ['version'])
  parsed.nexus = (take(nexusSchema, ['nexus']) ?? {}) as NexusSection
  parsed.anonymousPull = take(z.boolean(), ['anonymousPull'])
  for (const kind of kinds) if (kind.section.form === 'block') readBlock(kind, root, parsed, take)
  for (const key of sectionKeys) {
    const candidates = kinds.filter((kind) => kind.section.key === key && kind.section.form === 'map')
    if (candidates.length > 0) problems.push(...readMap(key, candidates, root, parsed, take))
  }
  return { parsed, problems }
}

type Take = <Output>(schema: z.ZodType<Output>, path: Path, options?: ParseOptions) => Output | undefined

const versionSchema = z.literal(1, { error: 'this version of nexus-docker reads "version: 1"' })

function readBlock(kind: Kind, root: Located, parsed: ParsedConfig, take: Take): void {
  const path = [kind.section.key]
  const node = nodeAt(root, path)
  if (!node) return
  if (node.kind === 'scalar' && node.value === null && kind.removedAs) {
    parsed.objects.push({ kind, id: kind.kind, spec: kind.removedAs, path, because: {} })
    return
  }
  const spec = take(kind.schema, path)
  if (spec) parsed.objects.push({ kind, id: kind.kind, spec, path, because: {} })
}

function readMap(
  key: string,
  candidates: readonly Kind[],
  root: Located,
  parsed: ParsedConfig,
  take: Take,
): Problem[] {
  const section = nodeAt(root, [key])
  if (!section || (section.kind === 'scalar' && section.value === null)) return []
  if (section.kind !== 'map') {
    const message = `${key}: expected a map of names`
    return [
      problem(root, [key], {
        code: 'invalid-value',
        message,
        hint: `write "${key}:" and below it "name: {…}"`,
      }),
    ]
  }
  return [...section.entries.keys()].flatMap((id) =>
    readEntry(id, section, { key, candidates, root, parsed, take }),
  )
}

interface MapContext {
  key: string
  candidates: readonly Kind[]
  root: Located
  parsed: ParsedConfig
  take: Take
}

function readEntry(id: string, section: LocatedMap, context: MapContext): Problem[] {
  const { key, candidates, root, parsed, take } = context
  const path = [key, id]
  const node = section.entries.get(id)?.value
  const entry = node?.kind === 'scalar' && node.value === null ? undefined : node
  if (entry && entry.kind !== 'map') {
    const message = `${id}: expected a map of keys`
    return [problem(root, path, { code: 'invalid-value', message, hint: `write "${id}: {type: …}"` })]
  }
  if (entry?.entries.has('external')) return readExternal(id, context)
  const typeNode = entry?.entries.get('type')?.value
  const chosen = chooseKind(candidates, typeNode)
  if (!chosen) return [typeProblem(path, candidates, root, typeNode)]
  const spec = entry
    ? take(chosen.schema, path, { ignore: ['type'], elsewhere: elsewhere(chosen, candidates) })
    : {}
  if (spec) parsed.objects.push({ kind: chosen, id, spec, path, because: {} })
  return []
}

function chooseKind(candidates: readonly Kind[], typeNode: Located | undefined): Kind | undefined {
  if (!typeNode) return candidates.find((kind) => kind.section.form === 'map' && kind.section.typeOptional)
  const type = typeNode.kind === 'scalar' ? typeNode.value : undefined
  return candidates.find((kind) => typeOf(kind) === type)
}

function typeOf(kind: Kind): string {
  return kind.section.form === 'map' ? kind.section.type : ''
}

function typeProblem(
  path: Path,
  candidates: readonly Kind[],
  root: Located,
  typeNode: Located | undefined,
): Problem {
  const types = candidates.map(typeOf)
  const name = String(path.at(-1))
  if (!typeNode) {
    const hint = `add "type: ${types.join('", "type: ')}"`
    return problem(root, path, { code: 'missing-type', message: `${name}: type is missing`, hint }, 'key')
  }
  const written = typeNode.kind === 'scalar' ? String(typeNode.value) : ''
  const close = similar(written, types)
  const hint = close ? `did you mean "${close}"?` : `types here: ${types.join(', ')}`
  return problem(root, [...path, 'type'], {
    code: 'unknown-type',
    message: `unknown type "${written}"`,
    hint,
  })
}

const externalSchema = z.strictObject({ external: z.literal(true), type: z.string().optional() })

/** `name: {external: true}`: exists on the server, is referred to, is never touched (Compose's word for it). */
function readExternal(id: string, context: MapContext): Problem[] {
  const { key, parsed, take, candidates } = context
  const [kind] = candidates
  const external = take(externalSchema, [key, id], {
    elsewhere: () => 'an external object is only referred to; leave out "external" to manage it',
  })
  if (external && kind) parsed.externals.push({ namespace: kind.namespace, id, path: [key, id] })
  return []
}

/** `"remoteUrl" belongs to type: proxy`, for a key of another type. */
function elsewhere(kind: Kind, candidates: readonly Kind[]) {
  return (key: string): string | undefined => {
    const owners = candidates
      .filter((other) => other !== kind && keysOf(other.schema, []).includes(key))
      .map(typeOf)
    return owners.length > 0 ? `"${key}" belongs to type: ${owners.join(' or type: ')}` : undefined
  }
}

interface Sentence {
  code: string
  message: string
  hint: string
}

function problem(root: Located, path: Path, sentence: Sentence, at: 'key' | 'value' = 'value'): Problem {
  return { severity: 'error', ...sentence, path: formatPath(path), span: spanAt(root, path, at) }
}
