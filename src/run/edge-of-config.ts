import type { Config } from '../config/config.ts'
import type { Edge } from '../edge/edge.ts'
import { considerEdge } from '../edge/edge-of.ts'
import { repositoriesIn } from '../edge/repository.ts'
import type { EdgeSection } from '../edge/section.ts'

/** The way in that a valid file describes; undefined without a section `edge`. `upstream`: in place of the one that the file names. */
export function edgeOfConfig(
  { sections, objects, nexus }: Config,
  { upstream }: { upstream?: string | undefined } = {},
): Edge | undefined {
  const written = sections['edge'] as EdgeSection | undefined
  if (!written) return undefined
  const section = upstream === undefined ? written : { ...written, upstream }
  return considerEdge({ section, repositories: repositoriesIn(objects), server: nexus }).edge
}
