import { compareVersions } from '../core/versions.ts'
import { isTooOldFor, type KnownServer } from '../resources/contract/rule.ts'
import type { Routing } from './edge.ts'
import {
  connectorOf,
  mayBeInPath,
  membersOf,
  type Repository,
  subdomainOf,
  takesPushes,
} from './repository.ts'
import type { EdgeSection } from './section.ts'

/** What the way in is made of. */
export interface EdgeInput {
  section: EdgeSection
  repositories: readonly Repository[]
  server: Pick<KnownServer, 'url' | 'version'>
}

/** The routing of the file, or the one that its repositories allow, with the reason. */
export function chooseRouting({ section, repositories, server }: EdgeInput): {
  routing: Routing
  because?: string
} {
  if (section.routing !== undefined) return { routing: section.routing }
  if (repositories.some(connectorOf)) return { routing: 'two-hosts', because: 'repositories have connectors' }
  if (repositories.some((one) => subdomainOf(one) !== undefined))
    return { routing: 'subdomain', because: 'repositories have subdomains' }
  if (isTooOldFor(server, 'pathEnabled'))
    return { routing: 'two-hosts', because: 'path-based routing needs Nexus 3.83' }
  if (mixesTokens({ repositories, server }))
    return {
      routing: 'two-hosts',
      because:
        'the Docker engine cannot pull without a login from several path-based repositories of Nexus 3.87 and later (nexus-public 873)',
    }
  return { routing: 'path', because: 'one port serves every repository' }
}

/** Several repositories with anonymous pulls in the path: the engine is given the token of another one (field-2026-11 3.1, row 8). */
export function mixesTokens({ repositories, server }: Pick<EdgeInput, 'repositories' | 'server'>): boolean {
  const open = repositories.filter((one) => mayBeInPath(one) && one.values['forceBasicAuth'] === false)
  return open.length > 1 && (server.version === undefined || compareVersions(server.version, '3.87.0') >= 0)
}

/** The repositories behind the names for pull and push: those that the file names, or the only ones that there can be. */
export function chooseRepositories({
  section,
  repositories,
}: EdgeInput): Record<'pull' | 'push', Repository[]> {
  const named = (name: string | undefined) => repositories.filter((one) => one.name === name)
  const pull = section.pull === undefined ? pullCandidates(repositories) : named(section.pull)
  const push = section.push === undefined ? pushCandidates(repositories, pull) : named(section.push)
  return { pull, push }
}

/** Groups that are in no other group; without a group the proxies, else what is hosted. */
function pullCandidates(repositories: readonly Repository[]): Repository[] {
  const groups = repositories.filter(({ type }) => type === 'group')
  const inner = new Set(
    groups.flatMap(({ values }) => (Array.isArray(values['members']) ? values['members'] : [])),
  )
  const outer = groups.filter(({ name }) => !inner.has(name))
  const proxies = repositories.filter(({ type }) => type === 'proxy')
  return [outer, groups, proxies, [...repositories]].find(({ length }) => length > 0) ?? []
}

/** What is hosted and takes pushes; of several those that the name for pulls shows. */
function pushCandidates(repositories: readonly Repository[], pull: readonly Repository[]): Repository[] {
  const hosted = repositories.filter((one) => one.type === 'hosted' && takesPushes(one))
  const shown = pull.flatMap((group) => membersOf(group, repositories))
  const members = hosted.filter(({ name }) => shown.includes(name))
  return members.length > 0 ? members : hosted
}
