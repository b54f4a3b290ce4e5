import { mainPort, pathPort, portOf, type Upstream } from './back-ends.ts'
import type { BackEnd, Routing, Rule, Site } from './edge.ts'
import { isSame, type Origin } from './origin.ts'
import {
  connectorOf,
  mayBeInPath,
  membersOf,
  type Repository,
  subdomainOf,
  takesPushes,
} from './repository.ts'
import { rulesOf, type Service, webRules } from './rules.ts'

/** A way in of which everything has been decided. */
export interface Decided {
  routing: Routing
  hosts: {
    pull: Origin
    push?: Origin
    web?: Origin
    /** Names of their own of further repositories. */
    own: readonly { origin: Origin; repository: Repository }[]
  }
  /** Behind the names; what the routing needs is there. */
  pull?: Repository
  push?: Repository
  namespaces: readonly string[]
  upstream: Upstream
  repositories: readonly Repository[]
}

/** A public origin, and what it serves. */
export interface Served {
  origin: Origin
  service: Service
  /** Those that names of images with this host lead to. */
  repositories: readonly Repository[]
  /** Names of images begin with the repository's name there. */
  byPath?: boolean
  /** Where the file writes it, if it is not the name for pulls. */
  at?: readonly string[]
}

/** Every public origin with its rules, and the ports of Nexus that they lead to. */
export function sitesOf(decided: Decided): { sites: Site[]; backEnds: BackEnd[] } {
  const { web } = decided.hosts
  const main = mainPort(decided.upstream)
  const { contextPath } = decided.upstream
  const every = servedBy(decided)
  const served = every.filter((one) => firstLike(one, every) === one)
  const sites = served.map(({ origin, service }): Site => {
    const isWeb = web !== undefined && isSame(web, origin)
    return { ...origin, rules: rulesOf(service, main, isWeb ? { contextPath } : undefined) }
  })
  if (web && !served.some(({ origin }) => isSame(origin, web)))
    sites.push({ ...web, rules: webRules(main, contextPath) })
  const all = [main, ...served.flatMap(({ service }) => [service.pull, service.push])]
  const rules = sites.flatMap((site) => site.rules)
  const backEnds = all.filter(
    ({ name }, index) => all.findIndex((one) => one.name === name) === index && rules.some(leadsTo(name)),
  )
  return { sites, backEnds }
}

function leadsTo(name: string): (rule: Rule) => boolean {
  return ({ action }) => 'to' in action && action.to === name
}

/** Names that the file writes, and that lead to something else already. */
export function contradictions(decided: Decided): Served[] {
  const every = servedBy(decided)
  const endsOf = ({ service: { pull, push } }: Served) => `${pull.name} ${push.name}`
  return every.filter((one) => one.at && endsOf(firstLike(one, every)) !== endsOf(one))
}

/** Of those that have the same origin the first. */
function firstLike(one: Served, every: readonly Served[]): Served {
  return every.find(({ origin }) => isSame(origin, one.origin)) ?? one
}

/** What the names lead to: those that the routing makes, the one for pushes, then names of their own. */
export function servedBy(decided: Decided): Served[] {
  const { routing, hosts, pull, push, repositories } = decided
  const byRouting = servedByRouting(decided)
  const own = hosts.own.map(({ origin, repository }) => ({
    ...alone(origin, repository, decided),
    at: ['hosts', 'repositories', repository.name],
  }))
  if (!hosts.push || (routing !== 'path' && !push)) return [...byRouting, ...own]
  const pushed =
    routing === 'path' || !push
      ? byNexus(hosts.push, inPath(repositories).filter(takesPushes), decided)
      : { ...alone(hosts.push, push, decided), ...(push === pull && { repositories: [] }) }
  return [...byRouting, { ...pushed, at: ['hosts', 'push'] }, ...own]
}

function servedByRouting(decided: Decided): Served[] {
  const { routing, repositories, pull, push, namespaces, upstream } = decided
  const origin = decided.hosts.pull
  switch (routing) {
    case 'path':
      return [byNexus(origin, inPath(repositories), decided)]
    case 'ports':
      return repositories.flatMap((repository) => {
        const port = connectorOf(repository)?.port
        return port === undefined ? [] : [alone({ ...origin, port }, repository, decided)]
      })
    case 'subdomain':
      return repositories.flatMap((repository) => {
        const label = subdomainOf(repository)
        const host = `${label}.${origin.host}`
        return label === undefined ? [] : [byNexus({ ...origin, host }, [repository], decided)]
      })
    default: {
      if (!pull) return []
      const served = alone(origin, pull, decided)
      const service = { ...served.service, mirrors: mirrorsOf(pull, decided) }
      if (routing === 'two-hosts' || !push) return [{ ...served, service }]
      const both = { ...service, push: portOf(push, upstream), by: routing, namespaces }
      return [{ ...served, service: both, repositories: [pull, push] }]
    }
  }
}

function inPath(repositories: readonly Repository[]): Repository[] {
  return repositories.filter((one) => mayBeInPath(one) && one.values['pathEnabled'] === true)
}

/** Nexus itself finds the repository: by the path, or by the first label of the host. */
function byNexus(
  origin: Origin,
  repositories: readonly Repository[],
  { upstream, routing }: Decided,
): Served {
  const port = pathPort(upstream)
  const service = { pull: port, push: port, namespaces: [], mirrors: [], v1: false }
  return { origin, repositories, byPath: routing === 'path', service }
}

function alone(origin: Origin, repository: Repository, { upstream }: Decided): Served {
  const port = portOf(repository, upstream)
  const v1 = repository.values['v1Enabled'] === true
  const service = { pull: port, push: port, namespaces: [], mirrors: [], v1 }
  return { origin, repositories: [repository], service }
}

/**
 * The address that each proxy behind the name for pulls has on the main port: a mirror of one registry must not give images of another
 * (edge.md 3.1, 3.2 c).
 */
function mirrorsOf(pull: Repository, { repositories, upstream }: Decided): Service['mirrors'] {
  const shown = new Set(membersOf(pull, repositories))
  return repositories
    .filter(({ type, name }) => type === 'proxy' && shown.has(name))
    .map(({ name }) => ({ repository: name, path: `${upstream.contextPath}/repository/${name}/v2/` }))
}
