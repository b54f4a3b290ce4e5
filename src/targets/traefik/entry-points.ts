import type { Edge } from '../../edge/edge.ts'
import { listeningOf } from '../listening.ts'

/** The names that Traefik's own documentation gives to the usual ports. */
export function entryPointOf(port: number): string {
  return { 443: 'websecure', 80: 'web' }[port] ?? `port${port}`
}

interface EntryPoint {
  address: string
  transport?: { respondingTimeouts: { readTimeout: '0s' } }
  http?: { redirections: { entryPoint: { to: string; scheme: 'https' } } }
}

/** Ports that Traefik listens on for the sites of an edge. */
export function portsOf(edge: Edge): number[] {
  const ports = new Set(edge.sites.map((site) => listeningOf(edge, site).port))
  // Where TLS ends here, names lead from http to https, and the authority of ACME asks on port 80.
  if (edge.tls.ends === 'here' && (ports.has(443) || 'acme' in edge.tls)) ports.add(80)
  return [...ports].toSorted((a, b) => a - b)
}

export function entryPointsOf(edge: Edge): Record<string, EntryPoint> {
  return Object.fromEntries(portsOf(edge).map((port) => [entryPointOf(port), entryPoint(port, edge)]))
}

function entryPoint(port: number, edge: Edge): EntryPoint {
  const address = `:${port}`
  if (edge.sites.some((site) => listeningOf(edge, site).port === port))
    return { address, transport: { respondingTimeouts: { readTimeout: '0s' } } }
  const secure = edge.sites.some((site) => listeningOf(edge, site).port === 443)
  if (!secure) return { address }
  return { address, http: { redirections: { entryPoint: { to: entryPointOf(443), scheme: 'https' } } } }
}
