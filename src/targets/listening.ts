import type { Edge, Site } from '../edge/edge.ts'

/** The port that a front listens on for a site, and whether TLS ends there. */
export function listeningOf({ tls }: Edge, { port }: Site): { port: number; tls: boolean } {
  // Whoever ends TLS further out has the public port, unless the file writes one.
  if (tls.ends === 'further-out') return { port: port === 443 ? 80 : port, tls: false }
  return { port, tls: tls.ends === 'here' }
}

/** What Nexus is told that the client speaks: it makes `Location` and the token realm of it (nexus-public 341, 565). */
export function forwardedProto({ tls }: Pick<Edge, 'tls'>): 'https' | 'http' {
  return tls.ends === 'plain' ? 'http' : 'https'
}

/**
 * What Jetty's ForwardedRequestCustomizer, which Nexus has, takes for the client's host or port in place of `Host`: no request brings these
 * along. Nexus 3.78 to 3.80 writes a port that is in one of them twice (nexus-public 611, 651).
 */
export const droppedHeaders = [
  'Forwarded',
  'X-Forwarded-Host',
  'X-Forwarded-Port',
  'X-Forwarded-Server',
] as const

/** Hosts with TLS on 443 whose port 80 is free to lead there. */
export function plainHosts({ tls, sites }: Edge): string[] {
  if (tls.ends !== 'here' || sites.some(({ port }) => port === 80)) return []
  return [...new Set(sites.filter(({ port }) => port === 443).map(({ host }) => host))]
}

/** `registry.example.com`, with the port where that is not a usual one. */
export function placeName({ host, port }: Pick<Site, 'host' | 'port'>): string {
  return [443, 80].includes(port) ? host : `${host}:${port}`
}

/** What names of this edge begin with where several rendered files may be read by one program: `registry-example-com`. */
export function ownName({ sites: [first] }: Edge): string {
  return first ? slug(placeName(first)) : ''
}

/** For a label, where dots part names. No two hosts become the same. */
export function slug(text: string): string {
  const name = text
    .replaceAll('-', '--')
    .replaceAll(/[./]/g, '-')
    .replaceAll(/[^\w-]/g, '_')
  return name.replaceAll(/^-+|-+$/g, '')
}

/** Sites with the same port and the same rules, as one with several hosts. */
export function joinedSites({ sites }: Edge): (Site & { hosts: string[] })[] {
  const joined = new Map<string, Site & { hosts: string[] }>()
  for (const site of sites) {
    const key = JSON.stringify([site.port, site.rules])
    const first = joined.get(key)
    if (first) first.hosts.push(site.host)
    else joined.set(key, { ...site, hosts: [site.host] })
  }
  return [...joined.values()]
}
