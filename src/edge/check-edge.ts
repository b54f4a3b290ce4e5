import type { Edge, Routing } from './edge.ts'
import { type EdgeFinding, risky, wrong } from './finding.ts'
import { authorityOf, isLoopback } from './origin.ts'
import { takesPushes } from './repository.ts'
import { contradictions, type Decided } from './sites.ts'

/** Names that lead to two repositories, or back to the reverse proxy. */
export function checkNames(edge: Edge, decided: Decided, upstream: string | undefined): EdgeFinding[] {
  const words = ['upstream leads to the reverse proxy itself', 'write it like http://nexus:8081'] as const
  return [
    ...contradictions(decided).map(({ at = [], origin }) => {
      const message = `${authorityOf(origin, edge.tls)} already leads to another repository`
      return wrong(at, 'edge-host', [message, 'write another name, or another port'])
    }),
    ...(upstream !== undefined && leadsToItself(edge) ? [wrong(['upstream'], 'edge-upstream', words)] : []),
  ]
}

/** Whether a back end is what the reverse proxy listens on; where it serves https it listens for http, too. */
export function leadsToItself({ backEnds, sites }: Pick<Edge, 'backEnds' | 'sites'>): boolean {
  const isUsual = (port: number) => port === 80 || port === 443
  return backEnds.some(({ host, port }) =>
    sites.some((site) => site.host === host && (site.port === port || (isUsual(site.port) && isUsual(port)))),
  )
}

const needs: Partial<Record<Routing, string>> = {
  path: 'one without a port, a subdomain and "pathEnabled: false"',
  ports: '"httpPort: 8082" to one',
  subdomain: '"subdomain: docker" to one',
}

/** Whether the names lead anywhere, and pushes arrive; of a way in that has no error. */
export function checkReached(edge: Edge, { repositories }: Decided): EdgeFinding[] {
  const { registries, routing } = edge
  if (registries.length === 0) {
    const message = 'no name leads to a Docker repository of the file'
    return [
      wrong([], 'edge-repository', [message, `add ${needs[routing] ?? 'one'}, or choose another routing`]),
    ]
  }
  const taken = samePort(edge)
  const hosted = repositories.find((one) => one.type === 'hosted' && takesPushes(one))
  if (!hosted || registries.some((one) => one.named && one.takesPushes)) return taken
  const name = routing === 'two-hosts' ? 'push: …' : `repositories: {${hosted.name}: …}`
  const words = [`"${hosted.name}" takes pushes, and no name leads to it`, `add "hosts: {${name}}"`] as const
  return [...taken, risky(['hosts'], 'edge-no-push', words, { absent: ['hosts'] })]
}

/** Only one program of a machine can listen on a port, unless each keeps to addresses of its own. */
function samePort({ backEnds, sites }: Edge): EdgeFinding[] {
  const taken = backEnds.find(
    ({ host, port }) => isLoopback(host) && sites.some((site) => site.port === port),
  )
  const words = [
    `the reverse proxy and Nexus would both listen on port ${taken?.port} of one machine`,
    'write upstream as a reverse proxy on another machine reaches Nexus, or choose another routing',
  ] as const
  return taken ? [risky(['upstream'], 'edge-same-port', words, { absent: ['upstream'] })] : []
}
