import { counted } from '../core/counted.ts'
import type { Finding } from '../resources/contract/rule.ts'
import { parseUpstream, upstreamOf } from './back-ends.ts'
import { chooseRepositories, chooseRouting, type EdgeInput } from './choose.ts'
import type { Edge, Routing, Tls } from './edge.ts'
import { type Origin, parseOrigin, tlsOf } from './origin.ts'
import { registriesOf } from './registries.ts'
import type { Repository } from './repository.ts'
import { type Decided, sitesOf } from './sites.ts'

/** Something wrong with the section, at a path below it (empty: the section itself). */
export interface EdgeFinding extends Finding {
  at: readonly (string | number)[]
}

/** `edge` is undefined where a finding is an error. */
export interface Considered {
  edge: Edge | undefined
  findings: readonly EdgeFinding[]
}

/** The way in that a file describes, as data, and all that is wrong with it. Pure. */
export function considerEdge(input: EdgeInput): Considered {
  const { section, repositories, server } = input
  const findings: EdgeFinding[] = []
  const tell = (finding: EdgeFinding): void => {
    findings.push(finding)
  }
  const tls = tlsOf(section)
  const { routing, because } = chooseRouting(input)
  const hosts = hostsOf(input, tls, tell)
  if (section.upstream !== undefined && !parseUpstream(section.upstream))
    tell({
      at: ['upstream'],
      code: 'edge-upstream',
      message: 'this is not the URL of a server',
      hint: 'write upstream: http://nexus:8081, as the reverse proxy reaches it',
    })
  const behind = behindNames(input, routing, tell)
  if (!hosts || findings.some(({ severity }) => severity !== 'warning')) return { edge: undefined, findings }
  const { pull, push, web, own } = hosts
  const names = [pull, push, web, ...own.map(({ origin }) => origin)].filter((one) => one !== undefined)
  const { upstream, unknown } = upstreamOf(section.upstream, server.url, names)
  const namespaces = section.namespaces ?? []
  const decided: Decided = { ...behind, routing, hosts, upstream, repositories, namespaces }
  const edge = {
    ...edgeOf(decided, tls, section),
    ...(because !== undefined && { because }),
    ...(unknown !== undefined && { upstreamUnknown: unknown }),
  }
  return { edge, findings }
}

type Tell = (finding: EdgeFinding) => void

function edgeOf(decided: Decided, tls: Tls, { limits }: EdgeInput['section']): Edge {
  const { routing, pull, push, hosts, namespaces } = decided
  return {
    routing,
    ...sitesOf(decided),
    registries: registriesOf(decided, tls),
    ...(pull && { pull: pull.name }),
    ...(push && { push: push.name }),
    ...(hosts.web && { web: hosts.web.host }),
    namespaces,
    tls,
    limits: {
      timeoutSeconds: limits?.timeout ?? 900,
      ...(limits?.upload !== undefined && { uploadBytes: limits.upload }),
    },
  }
}

/** The names that clients use; undefined without one for pulls. */
function hostsOf({ section, repositories }: EdgeInput, tls: Tls, tell: Tell): Decided['hosts'] | undefined {
  const { pull, push, web, repositories: own = {} } = section.hosts
  const read = (text: string | undefined, at: readonly string[]): Origin | undefined => {
    const origin = text === undefined ? undefined : parseOrigin(text, tls)
    if (text !== undefined && !origin)
      tell({
        at,
        code: 'edge-host',
        message: 'this is not a host name',
        hint: 'write it like registry.example.com or registry.example.com:5000',
      })
    return origin
  }
  const [first, second, third] = [
    read(pull, ['hosts', 'pull']),
    read(push, ['hosts', 'push']),
    read(web, ['hosts', 'web']),
  ]
  const others = Object.entries(own).flatMap(([name, text]) => {
    const at = ['hosts', 'repositories', name]
    const origin = read(text, at)
    const repository = repositories.find((one) => one.name === name)
    if (!repository) tell(noRepository(name, at))
    return origin && repository ? [{ origin, repository }] : []
  })
  return first && { pull: first, ...(second && { push: second }), ...(third && { web: third }), own: others }
}

function noRepository(name: string, at: readonly string[]): EdgeFinding {
  const message = `there is no docker repository "${name}" in the file`
  return { at, code: 'edge-repository', message, hint: 'name one that the section repositories has' }
}

/** What the routing needs to know: which repository pulls come from, and where pushes go. */
function behindNames(input: EdgeInput, routing: Routing, tell: Tell): Pick<Decided, 'pull' | 'push'> {
  const { section } = input
  const found = chooseRepositories(input)
  const needed = { pull: routing !== 'path' && routing !== 'ports' && routing !== 'subdomain', push: false }
  needed.push =
    routing === 'namespace' || routing === 'method' || (needed.pull && section.hosts.push !== undefined)
  const settle = (role: 'pull' | 'push'): Repository | undefined => {
    const [one, ...others] = found[role]
    if (one && others.length === 0) return one
    const name = section[role]
    if (name !== undefined) tell(noRepository(name, [role]))
    if (name !== undefined || !needed[role]) return undefined
    const which = found[role].map((repository) => repository.name).join(', ')
    tell({
      at: [],
      code: 'edge-repository',
      message: one
        ? `${counted(found[role].length, 'repository', 'repositories')} may be behind the name for ${role === 'pull' ? 'pulls' : 'pushes'}: ${which}`
        : 'no hosted repository takes pushes',
      hint: one ? `write ${role}: ${one.name}` : 'add one, or leave hosts.push out',
    })
    return undefined
  }
  const pull = settle('pull')
  const push = settle('push')
  return { ...(pull && { pull }), ...(push && { push }) }
}
