import type { Edge, PublicRegistry } from '../../edge/edge.ts'

/** A registry of the world that repositories here cache. */
export interface Mirrored {
  /** What the names of its images begin with: `quay.io`. */
  domain: string
  /** The registry itself: `https://quay.io`. */
  upstream: string
  proxies: readonly PublicRegistry[]
  /** Where its images are by name: the proxies that have one, else a group that shows them; empty where nothing does. */
  named: readonly PublicRegistry[]
}

// Only what has a dot can be a registry in the name of an image: github.com/distribution/reference, normalize.go.
const domainName = /^[a-z\d][a-z\d-]*(?:\.[a-z\d][a-z\d-]*)+(?::\d+)?$/

export function mirroredIn({ registries }: Edge): Mirrored[] {
  const hosts = registries.map(({ host }) => host)
  const domains = new Set(registries.map(({ domain = '' }) => domain))
  return [...domains].flatMap((domain) => {
    if (!domainName.test(domain) || hosts.includes(domain)) return []
    const proxies = registries.filter((one) => one.domain === domain)
    const byName = proxies.filter(({ named }) => named)
    const group = registries.find((one) => one.named && shows(one, proxies))
    const upstream = `https://${domain === 'docker.io' ? 'registry-1.docker.io' : domain}`
    return [{ domain, upstream, proxies, named: byName.length === 0 && group ? [group] : byName }]
  })
}

export function shows({ members }: PublicRegistry, proxies: readonly PublicRegistry[]): boolean {
  return proxies.some(({ repository }) => members.includes(repository))
}

/** What names of images begin with, without the slash: `registry.example.com/docker-hub`. */
export function placeOf({ host, prefix }: PublicRegistry): string {
  return `${host}/${prefix}`.replace(/\/$/, '')
}

/** A group answers with what its first member has of a name (edge.md 3.1). */
export function groupNotes(mirrored: readonly Mirrored[]): string[] {
  const domains = mirrored.flatMap(({ domain, named: [one] }) => (one?.type === 'group' ? [domain] : []))
  const note = `${domains.join(', ')}: mirrored by a group, which may answer with an image of that name from another member. Names of their own for the proxies (edge.hosts.repositories), or routing: path, keep registries apart.`
  return domains.length === 0 ? [] : [note]
}
