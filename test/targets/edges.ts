// Ways in for the tests of targets: the section as a file has it, with repositories that fit.

import type { Edge, Routing } from '../../src/edge/edge.ts'
import { considerEdge } from '../../src/edge/edge-of.ts'
import type { Repository } from '../../src/edge/repository.ts'
import type { EdgeSection } from '../../src/edge/section.ts'

interface Wanted extends Omit<Partial<EdgeSection>, 'hosts'> {
  routing: Routing
  hosts?: EdgeSection['hosts']
  /** Default: what the routing needs. */
  connectors?: boolean
  /** Default: pulls ask for a login. */
  anonymous?: boolean
  /** Default: `repositoriesFor`. */
  repositories?: Repository[]
}

/** A hosted repository, proxies of five registries, and a group of all. */
export function repositoriesFor({ routing, connectors, anonymous }: Wanted): Repository[] {
  const common = { forceBasicAuth: anonymous !== true, ...(routing === 'path' && { pathEnabled: true }) }
  const way = (httpPort: number, subdomain: string) => {
    if (routing === 'subdomain') return { subdomain }
    return (connectors ?? routing !== 'path') ? { httpPort } : {}
  }
  const proxy = (name: string, remoteUrl: string, index = 'registry'): Repository => ({
    name,
    type: 'proxy',
    values: { ...common, remoteUrl, index },
  })
  const proxies = [
    proxy('k8s', 'https://registry.k8s.io'),
    proxy('quay', 'https://quay.io'),
    proxy('ghcr', 'https://ghcr.io'),
    proxy('gcr', 'https://gcr.io'),
    proxy('docker-hub', 'https://registry-1.docker.io', 'hub'),
  ]
  const members = ['docker-hosted', ...proxies.map(({ name }) => name)]
  return [
    { name: 'docker-hosted', type: 'hosted', values: { ...common, ...way(8083, 'push') } },
    ...proxies,
    { name: 'docker', type: 'group', values: { ...common, ...way(8082, 'docker'), members } },
  ]
}

/** The edge that the product makes of it. Throws where it finds an error. */
export function edgeFor(wanted: Wanted): Edge {
  const { connectors: _, anonymous: __, repositories = repositoriesFor(wanted), ...rest } = wanted
  const hosts = {
    pull: 'registry.example.com',
    ...(wanted.routing === 'two-hosts' && { push: 'push.example.com' }),
    web: 'nexus.example.com',
  }
  const section: EdgeSection = {
    hosts,
    upstream: 'http://nexus:8081',
    tls: { certificate: '/etc/ssl/registry.crt', key: '/etc/ssl/registry.key', ca: 'ca.crt' },
    ...(wanted.routing === 'namespace' && { namespaces: ['acme', 'backup'] }),
    ...rest,
  }
  const { edge, findings } = considerEdge({ section, repositories, server: {} })
  if (!edge) throw new Error(findings.map(({ message }) => message).join('\n'))
  return edge
}
