import * as z from 'zod'
import type { Problem } from '../../core/problem.ts'
import type { Kind } from '../../resources/define.ts'
import { secretText } from '../../resources/fields.ts'
import { kinds } from '../../resources/index.ts'
import { type Located, nodeAt } from '../../yaml/located.ts'
import type { BootstrapSection, NexusSection } from '../config.ts'
import { adviceOn, unknownKey } from './problems.ts'
import { readMap } from './read-objects.ts'
import { type ParsedConfig, type Reading, take } from './reading.ts'

/** The `nexus:` section. */
const nexusSchema = z.strictObject({
  url: z.string().min(1).describe('Base URL of the server, context path included.').optional(),
  username: z.string().min(1).describe('User who may administer repositories.').optional(),
  password: secretText.describe('Password or user token: a text, {env: NAME} or {file: path}.').optional(),
  version: z
    .string()
    .regex(/^\d+\.\d+(\.\d+)?(-\S+)?$/, 'expected a version such as 3.90.0')
    .describe('Version of the server, for `validate` and where nothing else tells: 3.90.0.')
    .optional(),
  edition: z
    .enum(['oss', 'community', 'pro'])
    .describe('Edition of the server, for `validate` and where nothing else tells.')
    .optional(),
})

/** The `bootstrap:` section. */
const bootstrapSchema = z.strictObject({
  initialPassword: secretText
    .describe(
      'First password of the user admin: a text, {env: NAME} or {file: path}. nexus.password replaces it; it is tried first where its file is there.',
    )
    .optional(),
  acceptEula: z
    .boolean()
    .describe(
      'true: you have read the licence agreement of Community Edition and agree to it; it is accepted where the server asks for it.',
    )
    .optional(),
})

/** The keys beside the kinds' sections. */
export const topLevelSchemas = {
  version: z
    .literal(1, { error: 'this nexus-docker reads version 1 of the file format' })
    .describe('Version of the file format; write "version: 1", or leave it out.'),
  nexus: nexusSchema.describe(
    'How to reach the server; flags and the environment (NEXUS_URL, …) win over it.',
  ),
  bootstrap: bootstrapSchema.describe('What a server needs once, when it is new.'),
  anonymousPull: z
    .boolean()
    .describe(
      'true: everybody may pull without a login; false: every repository asks for one; left out: as it is.',
    ),
} as const

const sectionKeys = [
  ...new Set(kinds.flatMap(({ section }) => (section.form === 'intent' ? [] : [section.key]))),
]
const topLevelKeys = [...Object.keys(topLevelSchemas), ...sectionKeys]

/** Checks the whole tree against the kinds' schemas and collects every problem. */
export function readConfig(root: Located): { parsed: ParsedConfig; problems: Problem[] } {
  const parsed: ParsedConfig = {
    nexus: {},
    bootstrap: undefined,
    anonymousPull: undefined,
    objects: [],
    externals: [],
    broken: new Set(),
  }
  const reading: Reading = { root, parsed, problems: [] }
  if (root.kind !== 'map') return reading
  for (const key of root.entries.keys()) {
    if (!topLevelKeys.includes(key))
      reading.problems.push(unknownKey(key, root, [], adviceOn(key, topLevelKeys)))
  }
  take(reading, topLevelSchemas.version, ['version'])
  parsed.nexus = (take(reading, topLevelSchemas.nexus, ['nexus']) ?? {}) as NexusSection
  parsed.bootstrap = take(reading, topLevelSchemas.bootstrap, ['bootstrap']) as BootstrapSection | undefined
  parsed.anonymousPull = take(reading, topLevelSchemas.anonymousPull, ['anonymousPull'])
  for (const kind of kinds) if (kind.section.form === 'block') readBlock(kind, kind.section.key, reading)
  for (const key of sectionKeys) {
    const candidates = kinds.filter(({ section }) => section.form === 'map' && section.key === key)
    if (candidates.length > 0) readMap(key, candidates, reading)
  }
  return reading
}

function readBlock(kind: Kind, key: string, reading: Reading): void {
  const path = [key]
  const node = nodeAt(reading.root, path)
  if (!node) return
  if (node.kind === 'scalar' && node.value === null && kind.removedAs) {
    reading.parsed.objects.push({ kind, id: kind.kind, spec: kind.removedAs, path, because: {} })
    return
  }
  const spec = take(reading, kind.schema, path)
  if (spec) reading.parsed.objects.push({ kind, id: kind.kind, spec, path, because: {} })
}
