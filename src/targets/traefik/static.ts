import type { Edge } from '../../edge/edge.ts'
import { listeningOf } from '../listening.ts'

/** Resolver of certificates. */
export const certResolver = 'letsencrypt'

export const readTimeoutComment =
  'Since 2.11.2 a request with its body may last 60 s: a larger layer is cut off, and the push fails (traefik 10741).'

/** The names that Traefik's own documentation gives to the usual ports. */
export function entryPointOf(port: number): string {
  return { 443: 'websecure', 80: 'web' }[port] ?? `port${port}`
}

/** What Traefik has to be started with. `rules`: where the file provider finds them. */
export function staticOf(edge: Edge, rules: { directory: string } | { filename: string }, storage: string) {
  const acme = 'acme' in edge.tls && { ...edge.tls.acme, storage, httpChallenge: { entryPoint: 'web' } }
  return {
    entryPoints: Object.fromEntries(
      portsOf(edge).map((port) => [entryPointOf(port), entryPoint(port, edge)]),
    ),
    providers: { file: rules },
    ...(acme && { certificatesResolvers: { [certResolver]: { acme } } }),
  }
}

/** Ports that Traefik listens on for an edge. */
export function portsOf(edge: Edge): number[] {
  const ports = edge.sites.map((site) => listeningOf(edge, site).port)
  // Where TLS ends here, http leads to https, and the authority of ACME asks on port 80.
  const more = edge.tls.ends === 'here' && (ports.includes(443) || 'acme' in edge.tls) ? [80] : []
  return [...new Set([...ports, ...more])].toSorted((a, b) => a - b)
}

function entryPoint(port: number, edge: Edge): object {
  const address = `:${port}`
  const ports = edge.sites.map((site) => listeningOf(edge, site).port)
  if (ports.includes(port)) return { address, transport: { respondingTimeouts: { readTimeout: '0s' } } }
  if (!ports.includes(443)) return { address }
  return { address, http: { redirections: { entryPoint: { to: entryPointOf(443), scheme: 'https' } } } }
}
