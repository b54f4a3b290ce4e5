import { mainPort, pathPort, portOf, type Upstream } from './back-ends.ts'
import type { BackEnd, Routing, Rule, Site } from './edge.ts'
import { isSame, type Origin } from './origin.ts'
import { connectorOf, membersOf, type Repository, subdomainOf } from './repository.ts'
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

interface Served {
  origin: Origin
  service: Service
}

/** Every public origin with its rules, and the ports of Nexus that they lead to. */
export function sitesOf(decided: Decided): { sites: Site[]; backEnds: BackEnd[] } {
  const { web, own } = decided.hosts
  const main = mainPort(decided.upstream)
  const { contextPath } = decided.upstream
  const served = [
    ...servedBy(decided),
    ...own.map(({ origin, repository }) => ({ origin, service: alone(repository, decided) })),
  ]
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

/** The sites of the registry by its routing. */
function servedBy(decided: Decided): Served[] {
  const { routing, hosts, repositories, pull, push } = decided
  switch (routing) {
    case 'path':
      return [hosts.pull, ...(hosts.push ? [hosts.push] : [])].map((origin) => ({
        origin,
        service: inPath(decided),
      }))
    case 'two-hosts':
      return [
        ...(pull
          ? [{ origin: hosts.pull, service: { ...alone(pull, decided), mirrors: mirrorsOf(decided) } }]
          : []),
        ...(push && hosts.push ? [{ origin: hosts.push, service: alone(push, decided) }] : []),
      ]
    case 'namespace':
    case 'method':
      return pull && push ? [{ origin: hosts.pull, service: together(pull, push, routing, decided) }] : []
    case 'ports':
      return repositories.flatMap((repository) => {
        const port = connectorOf(repository)?.port
        return port === undefined
          ? []
          : [{ origin: { ...hosts.pull, port }, service: alone(repository, decided) }]
      })
    case 'subdomain':
      return repositories.flatMap((repository) => {
        const label = subdomainOf(repository)
        const origin = { ...hosts.pull, host: `${label}.${hosts.pull.host}` }
        return label === undefined ? [] : [{ origin, service: inPath(decided) }]
      })
  }
}

/** Nexus itself finds the repository: by the path, or by the first label of the host. */
function inPath({ upstream }: Decided): Service {
  const port = pathPort(upstream)
  return { pull: port, push: port, namespaces: [], mirrors: [], v1: false }
}

function alone(repository: Repository, { upstream }: Decided): Service {
  const port = portOf(repository, upstream)
  return { pull: port, push: port, namespaces: [], mirrors: [], v1: repository.values['v1Enabled'] === true }
}

function together(pull: Repository, push: Repository, by: 'namespace' | 'method', decided: Decided): Service {
  const { namespaces, upstream } = decided
  return {
    ...alone(pull, decided),
    push: portOf(push, upstream),
    by,
    namespaces,
    mirrors: mirrorsOf(decided),
  }
}

/**
 * The address that each proxy behind the name for pulls has on the main port, of those without a name of their own: a mirror of one
 * registry must not give images of another (edge.md 3.1, 3.2 c).
 */
export function mirrorsOf({
  pull,
  repositories,
  hosts,
  upstream,
}: Decided): { repository: string; path: string }[] {
  if (!pull) return []
  const own = new Set(hosts.own.map(({ repository }) => repository.name))
  const proxies = repositories.filter(({ type }) => type === 'proxy').map(({ name }) => name)
  const shown = membersOf(pull, repositories)
  return proxies
    .filter((name) => shown.includes(name) && !own.has(name))
    .map((name) => ({ repository: name, path: `${upstream.contextPath}/repository/${name}/v2/` }))
}
