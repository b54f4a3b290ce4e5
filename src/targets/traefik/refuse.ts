import type { Edge } from '../../edge/edge.ts'
import { notExpressible } from '../not-expressible.ts'

/** Throws for what neither Traefik nor the Gateway API can do. `target` as in `render traefik`. */
export function refuseBeyondTraefik({ routing, backEnds, limits }: Edge, target: string): void {
  const prefixed = backEnds.find(({ prefix }) => prefix !== '')
  // addPrefix finds the way there, but Location comes back with the prefix, and nothing there rewrites an answer's header:
  // the Docker engine sends no login to what does not begin with /v2/ (edge.md 1.3).
  if (prefixed)
    throw notExpressible(
      `${target} cannot lay ${prefixed.prefix} before a path: nothing takes it off Location again`,
      prefixed.name === 'nexus-context'
        ? 'Let Nexus run without a context path, or render nginx, haproxy or caddy.'
        : `Give the repositories connectors (httpPort) or ${routing === 'path' ? 'take them out of edge.hosts.repositories' : 'use routing: path'}; nginx, haproxy and caddy can do it.`,
    )
  // Traefik could, by storing each layer before it passes it on.
  if (limits.uploadBytes !== undefined)
    throw notExpressible(
      `${target} cannot limit uploads`,
      'Leave out edge.limits.upload, or render nginx, haproxy or caddy.',
    )
}

/** Labels name a port of the container, and no transport: what is behind them speaks HTTP without TLS. */
export function refuseBeyondLabels(edge: Edge, target: string): void {
  refuseBeyondTraefik(edge, target)
  if (edge.backEnds.some(({ tls }) => tls))
    throw notExpressible(
      `${target} cannot reach a connector with TLS`,
      'Give the repository httpPort: the way from Traefik to Nexus is a private network.',
    )
}
