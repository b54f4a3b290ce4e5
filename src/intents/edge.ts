import { chooseRouting } from '../edge/choose.ts'
import { considerEdge } from '../edge/edge-of.ts'
import { mayBeInPath, repositoriesIn } from '../edge/repository.ts'
import { type EdgeSection, edgeSection } from '../edge/section.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import type { Rule } from '../resources/contract/rule.ts'
import type { Intent } from './contract.ts'

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

/** Everything that is wrong with the way in. */
const wayIn: Rule = ({ sections, objects, server, reportAt }) => {
  const section = sections['edge'] as EdgeSection | undefined
  if (section?.hosts?.pull === undefined) return
  const repositories = repositoriesIn(objects.map(({ object }) => object))
  for (const { at, ...finding } of considerEdge({ section, repositories, server }).findings)
    reportAt(['edge', ...at], finding, at.length === 0 ? 'key' : 'value')
}

/** `edge:`, the names that clients use and what stands before Nexus. */
export const edge: Intent<EdgeSection> = {
  name: 'edge',
  section: edgeSection.describe(
    'The way in: host names, the reverse proxy before Nexus, and how a request finds its repository.',
  ) as typeof edgeSection,
  expand(section, objects) {
    if (section?.hosts === undefined) return [...objects]
    const input = { section: section as EdgeSection, repositories: repositoriesIn(objects), server: {} }
    return chooseRouting(input).routing === 'path' ? withPath(objects) : [...objects]
  },
  rules: [wayIn],
}
