import { chooseRouting } from '../edge/choose.ts'
import { considerEdge } from '../edge/edge-of.ts'
import { mayBeInPath, repositoriesIn } from '../edge/repository.ts'
import { type EdgeSection, edgeSection, otherEdgeNames } from '../edge/section.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Rule } from '../resources/contract/rule.ts'
import type { Intent, PartsOf } from './contract.ts'

/** With routing by path every repository answers at its name in the path, unless the file gives it another way in. */
function withPath(objects: readonly DesiredObject[]): DesiredObject[] {
  const reachable = new Set(
    repositoriesIn(objects)
      .filter(mayBeInPath)
      .map(({ name }) => name),
  )
  return objects.map((object) =>
    !repositoriesIn([object]).some(({ name }) => reachable.has(name)) || 'pathEnabled' in object.spec
      ? object
      : {
          ...object,
          spec: { ...object.spec, pathEnabled: true },
          because: { ...object.because, pathEnabled: 'edge.routing: path' },
        },
  )
}

/** Everything that is wrong with the way in. Where a repository could not be read, all that is said of it would be wrong. */
const wayIn: Rule = ({ sections, objects, externals, server, namesIn, isWritten, report, reportAt }) => {
  const section = sections['edge'] as PartsOf<EdgeSection> | undefined
  if (!isWhole(section)) return
  const found = objects.filter(({ object }) => repositoriesIn([object]).length > 0)
  const read = new Set([...objects.map(({ id }) => id), ...externals.map(({ id }) => id)])
  if (namesIn('repositories').some((name) => !read.has(name) && isWritten(['repositories', name]))) return
  const repositories = repositoriesIn(found.map(({ object }) => object))
  for (const { at, repository, ...finding } of considerEdge({ section, repositories, server }).findings) {
    const target = repository === undefined ? undefined : found.find(({ id }) => id === repository)
    const absent = ['routing', ...(finding.absent ?? [])].map((field) => `edge.${field}`)
    if (target) report(target, at.join('.'), finding)
    else reportAt(['edge', ...at], { ...finding, absent }, at.length === 0 ? 'key' : 'value')
  }
}

/** Without the name for pulls there is no way in, and that is told. */
function isWhole(section: PartsOf<EdgeSection> | undefined): section is EdgeSection {
  return section?.hosts?.pull !== undefined
}

/** `edge:`, the names that clients use and what is in front of Nexus. */
export const edge: Intent<EdgeSection> = {
  name: 'edge',
  section: edgeSection.describe(
    'The way in: host names, the reverse proxy in front of Nexus, and how a request finds its repository.',
  ),
  otherNames: otherEdgeNames,
  expand(section, objects, server) {
    if (!isWhole(section)) return [...objects]
    const { routing } = chooseRouting({ section, repositories: repositoriesIn(objects), server })
    return routing === 'path' ? withPath(objects) : [...objects]
  },
  rules: [wayIn],
}
