import type { Schemas } from '../../advice/vocabulary.ts'
import type { Problem } from '../../core/problem.ts'
import type { DesiredObject, ExternalObject } from '../../resources/contract/object.ts'
import type { Correctable } from '../../yaml/correct.ts'
import type { NexusSection } from '../config.ts'

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

/** A file being read: the tree, slips in its keys corrected, and where the readers of its parts put what they find. */
export interface Reading extends Correctable, Schemas {
  parsed: ParsedConfig
  problems: Problem[]
  /** Unknown keys that were looked for so far. */
  searched: number
}

/** Beyond it, what was meant is not looked for: it takes long, and such a file is no configuration. */
const maximumSearched = 1000

/** Counts a search for what was meant; false where there were too many. */
export function maySearch(reading: Reading): boolean {
  reading.searched += 1
  return reading.searched <= maximumSearched
}
