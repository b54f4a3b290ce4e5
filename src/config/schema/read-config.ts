import * as z from 'zod'
import { schemaWith } from '../../intents/contract.ts'
import { secretText } from '../../resources/contract/fields.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { type Located, nodeAt } from '../../yaml/located.ts'
import type { NexusSection, Tables } from '../config.ts'
import { mapSections } from './choose-kind.ts'
import { adviceOn, take, unknownKey } from './problems.ts'
import { readMap } from './read-objects.ts'
import { type Reading, schemaFor } from './reading.ts'

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

/** The keys beside the sections of kinds and intents. */
export const topLevelSchemas = {
  version: z
    .literal(1, { error: 'this nexus-docker reads version 1 of the file format' })
    .describe('Version of the file format; write "version: 1", or leave it out.'),
  nexus: nexusSchema.describe(
    'How to reach the server; flags and the environment (NEXUS_URL, …) win over it.',
  ),
} as const

/** Checks the whole tree against the schemas of kinds and intents, and collects every problem. */
export function readConfig(root: Located, { kinds, intents }: Tables): Reading {
  const sections: Record<string, unknown> = {}
  const reading: Reading = {
    root,
    parsed: { nexus: {}, sections, objects: [], externals: [], broken: new Set() },
    problems: [],
    schemas: new Map(kinds.all.map((kind) => [kind, schemaWith(intents, kind)])),
  }
  const asked = intents.flatMap(({ name, section }) => (section ? [{ name, section }] : []))
  const blocks = kinds.all.filter(({ section }) => section.form === 'block')
  const maps = mapSections(kinds)
  reportUnknown(reading, [
    ...Object.keys(topLevelSchemas),
    ...asked.map(({ name }) => name),
    ...blocks.map(sectionKey),
    ...maps.map(({ key }) => key),
  ])
  take(reading, topLevelSchemas.version, ['version'])
  reading.parsed.nexus = (take(reading, topLevelSchemas.nexus, ['nexus']) ?? {}) as NexusSection
  for (const { name, section } of asked) sections[name] = take(reading, section, [name])
  for (const kind of blocks) readBlock(kind, sectionKey(kind), reading)
  for (const section of maps) readMap(section, reading)
  return reading
}

function reportUnknown({ root, problems }: Reading, known: readonly string[]): void {
  if (root.kind !== 'map') return
  for (const key of root.entries.keys())
    if (!known.includes(key)) problems.push(unknownKey(key, root, [], adviceOn(key, known)))
}

function sectionKey({ section }: Kind): string {
  return section.form === 'intent' ? '' : section.key
}

function readBlock(kind: Kind, key: string, reading: Reading): void {
  const node = nodeAt(reading.root, [key])
  if (!node) return
  const isRemoved = node.kind === 'scalar' && node.value === null && kind.removedAs !== undefined
  const spec = isRemoved ? kind.removedAs : take(reading, schemaFor(kind, reading), [key])
  const { objects } = reading.parsed
  if (spec) objects.push({ kind: kind.kind, id: kind.kind, spec, path: [key], because: {} })
}
