import { parseUpstream } from './back-ends.ts'
import { checkNames, checkReached, leadsToItself } from './check-edge.ts'
import { checkSection } from './check-section.ts'
import { chooseRepositories, chooseRouting, type EdgeInput } from './choose.ts'
import type { Edge } from './edge.ts'
import type { EdgeFinding } from './finding.ts'
import { parseOrigin } from './origin.ts'
import { registriesOf } from './registries.ts'
import { tlsOf } from './section.ts'
import { type Decided, sitesOf } from './sites.ts'

/** `edge` is undefined where a finding is an error. */
export interface Considered {
  edge: Edge | undefined
  findings: readonly EdgeFinding[]
}

/** The way in that a file describes, as data, and all that is wrong with it. Pure. `section` is what its schema takes. */
export function considerEdge(input: EdgeInput): Considered {
  const { routing, because } = chooseRouting(input)
  const behind = chooseRepositories(input)
  const findings = checkSection({ ...input, routing, behind })
  const hosts = hostsOf(input)
  if (!hosts) return { edge: undefined, findings }
  const { section, repositories, server } = input
  const [pull, push] = [only(behind.pull), only(behind.push)]
  const known = parseUpstream(section.upstream ?? server.url)
  const decided: Decided = {
    routing,
    hosts,
    repositories,
    namespaces: outermost(section.namespaces ?? []),
    upstream: known ?? { host: 'nexus', port: 8081, tls: false, contextPath: '' },
    ...(pull && { pull }),
    ...(push && { push }),
  }
  const edge = edgeOf(decided, input)
  findings.push(...checkNames(edge, decided, section.upstream))
  if (!findings.some(isError)) findings.push(...checkReached(edge, decided))
  if (findings.some(isError)) return { edge: undefined, findings }
  const unknown = [
    ...(known ? [] : ['the file does not say where Nexus is']),
    // What the file writes itself has been checked.
    ...(leadsToItself(edge) ? ['nexus.url leads to the reverse proxy itself'] : []),
  ].map((upstreamUnknown) => ({ upstreamUnknown }))
  return { edge: { ...edge, ...(because !== undefined && { because }), ...unknown[0] }, findings }
}

/** Each once, and none that is in another. */
function outermost(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !names.some((other) => name.startsWith(`${other}/`)))
}

function isError({ severity }: EdgeFinding): boolean {
  return severity !== 'warning'
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined
}

function edgeOf(decided: Decided, { section }: EdgeInput): Edge {
  const { routing, pull, push, hosts, namespaces } = decided
  const { limits } = section
  const tls = tlsOf(section)
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

function hostsOf({ section, repositories }: EdgeInput): Decided['hosts'] | undefined {
  const tls = tlsOf(section)
  const { repositories: own = {}, ...names } = section.hosts
  const read = (text: string | undefined) => (text === undefined ? undefined : parseOrigin(text, tls))
  const [pull, push, web] = [read(names.pull), read(names.push), read(names.web)]
  // In the order of the repositories: that of the names has no meaning.
  const others = repositories.flatMap((repository) => {
    const origin = Object.hasOwn(own, repository.name) ? read(own[repository.name]) : undefined
    return origin ? [{ origin, repository }] : []
  })
  return pull && { pull, ...(push && { push }), ...(web && { web }), own: others }
}
