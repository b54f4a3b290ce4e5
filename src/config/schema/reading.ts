import type { z } from 'zod'
import type { Problem } from '../../core/problem.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import type { DesiredObject, ExternalObject } from '../../resources/contract/object.ts'
import type { Located, Path } from '../../yaml/located.ts'
import type { NexusSection } from '../config.ts'
import { type ParseOptions, parseNode } from './problems.ts'

/** What the schema makes of the file, before secrets, intents and rules. */
export interface ParsedConfig {
  nexus: NexusSection
  /** Sections of intents, by their names. */
  sections: Readonly<Record<string, unknown>>
  /** Also objects that have problems, with what is right of them. */
  objects: DesiredObject[]
  externals: ExternalObject[]
  /** Paths that are in the file but wrong, or misspelt: that a value is absent there means nothing. */
  broken: Set<string>
}

/** A file being read: the tree, and where the readers of its parts put what they find. */
export interface Reading {
  root: Located
  parsed: ParsedConfig
  problems: Problem[]
  /** What a kind's objects look like, with the keys that intents add. */
  schemas: ReadonlyMap<Kind, Kind['schema']>
}

export function schemaFor(kind: Kind, { schemas }: Pick<Reading, 'schemas'>): Kind['schema'] {
  return schemas.get(kind) ?? kind.schema
}

/** The part of the file at a path as its schema has it; problems and what they break are noted. */
export function take<Output>(
  { root, parsed, problems }: Reading,
  schema: z.ZodType<Output>,
  path: Path,
  options: ParseOptions = {},
): Output | undefined {
  const result = parseNode(schema, root, path, options)
  for (const problem of result.problems) problems.push(problem)
  for (const broken of result.broken) parsed.broken.add(broken)
  return result.value
}
