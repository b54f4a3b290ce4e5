import * as z from 'zod'
import type { Subject } from '../../advice/advice.ts'
import type { Outline, Part } from '../../advice/beyond.ts'
import { type MapSection, mapSections } from '../../advice/choose-kind.ts'
import { pathsOf } from '../../advice/shape.ts'
import { unmanagedSection } from '../../advice/unmanaged.ts'
import { plainVocabulary, schemaFor, vocabularyOf } from '../../advice/vocabulary.ts'
import { schemaWith } from '../../intents/contract.ts'
import { secretText } from '../../resources/contract/fields.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { isNull, type Located, nodeAt } from '../../yaml/located.ts'
import type { NexusSection, Tables } from '../config.ts'
import { correctKey, take } from './problems.ts'
import { readMap } from './read-objects.ts'
import type { Reading } from './reading.ts'

/** The `nexus:` section. */
const nexusSchema = z.strictObject({
  url: z.string().min(1).describe('Base URL of the server, context path included.').optional(),
  username: z.string().min(1).describe('User who may administer repositories.').optional(),
  password: secretText.describe('Password or user token: text, {env: NAME} or {file: path}.').optional(),
  version: z
    .string({ error: 'expected a version such as "3.90.0"' })
    .regex(/^\d+\.\d+(\.\d+)?(-\S+)?$/, 'expected a version such as 3.90.0')
    .describe('Version of the server, for `validate` and where it is not known otherwise: 3.90.0.')
    .optional(),
  edition: z
    .enum(['oss', 'community', 'pro'])
    .describe('Edition of the server, for `validate` and where it is not known otherwise.')
    .optional(),
})

/** The keys beside the sections of kinds and intents. */
export const topLevelSchemas = {
  // In quotes, as a Compose file has it, it is the same version.
  version: z
    .preprocess(
      (value) => (value === '1' ? 1 : value),
      z.literal(1, { error: 'this nexus-docker reads version 1 of the file format' }),
    )
    .describe("Version of the file format, which may be left out; the server's version is nexus.version."),
  nexus: nexusSchema.describe(
    'How to reach the server; flags and the environment (NEXUS_URL, …) override it.',
  ),
} as const

/** What people call the fields of `nexus:`, folded. */
const otherNexusNames = {
  host: ['url'],
  port: ['url'],
  server: ['url'],
  address: ['url'],
  user: ['username'],
}

/** Checks the whole tree against the schemas of kinds and intents, and collects every problem. */
export function readConfig(root: Located, { kinds, intents }: Tables): Reading {
  const sections: Record<string, unknown> = {}
  const reading: Reading = {
    root,
    owned: new Set(),
    parsed: { nexus: {}, sections, objects: [], externals: [], broken: new Set() },
    problems: [],
    searched: 0,
    schemas: new Map(kinds.all.map((kind) => [kind, schemaWith(intents, kind)])),
  }
  const asked = intents.flatMap(({ name, section, otherNames }) =>
    section ? [{ name, section, otherNames }] : [],
  )
  const blocks = kinds.all.filter(({ section }) => section.form === 'block')
  const maps = mapSections(kinds)
  const outline: Part[] = [
    { key: 'version', vocabularies: [] },
    { key: 'nexus', vocabularies: [plainVocabulary(pathsOf(nexusSchema), otherNexusNames)] },
    ...asked.map(({ name, section, otherNames }) => ({
      key: name,
      vocabularies: [plainVocabulary(pathsOf(section), otherNames)],
    })),
    ...blocks.map((kind) => ({ key: sectionKey(kind), vocabularies: [vocabularyOf(kind, reading)] })),
    ...maps.map((map) => ({ key: map.key, map, ...partOf(map, reading) })),
  ]
  correctTop(reading, outline)
  take(reading, topLevelSchemas.version, ['version'], { subject: () => subjectOf('version') })
  const nexus = take(reading, topLevelSchemas.nexus, ['nexus'], { subject: () => subjectOf('nexus') })
  reading.parsed.nexus = (nexus ?? {}) as NexusSection
  for (const { name, section } of asked)
    sections[name] = take(reading, section, [name], { subject: () => subjectOf(name) })
  for (const kind of blocks) readBlock(kind, sectionKey(kind), reading, subjectOf)
  for (const map of maps) readMap(map, reading, outline)
  return reading

  function subjectOf(section: string): Subject {
    const [own = plainVocabulary([])] = outline.find(({ key }) => key === section)?.vocabularies ?? []
    return { base: [section], own, outline }
  }
}

/** Keys at the top of the file. */
function correctTop(reading: Reading, outline: Outline): void {
  const { root } = reading
  if (root.kind !== 'map') return
  const known = new Set(outline.map(({ key }) => key))
  const subject: Subject = {
    base: [],
    own: plainVocabulary(outline.map(({ key }) => [key])),
    outline,
    first: ({ key }) => unmanagedSection(key),
  }
  for (const key of [...root.entries.keys()]) if (!known.has(key)) correctKey(reading, [key], subject)
}

function partOf({ kinds }: MapSection, reading: Reading): Pick<Part, 'noun' | 'vocabularies'> {
  const vocabularies = kinds.map((kind) => vocabularyOf(kind, reading))
  const noun = kinds[0]?.naming?.noun
  return { vocabularies, ...(noun !== undefined && { noun: `a ${noun}` }) }
}

function sectionKey({ section }: Kind): string {
  return section.form === 'intent' ? '' : section.key
}

function readBlock(kind: Kind, key: string, reading: Reading, subjectOf: (section: string) => Subject): void {
  const node = nodeAt(reading.root, [key])
  if (!node) return
  const isRemoved = isNull(node) && kind.removedAs !== undefined
  const options = { subject: () => subjectOf(key) }
  const spec = isRemoved ? kind.removedAs : take(reading, schemaFor(kind, reading), [key], options)
  const { objects } = reading.parsed
  if (spec) objects.push({ kind: kind.kind, id: kind.kind, spec, path: [key], because: {} })
}
