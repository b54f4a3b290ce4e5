import { hostOf } from '../resources/contract/urls.ts'

/** The five fields of a proxy that a well-known registry decides. The file's own values win over them. */
export interface Preset {
  remoteUrl: string
  index: 'hub' | 'registry' | 'custom'
  indexUrl: string | null
  cacheForeignLayers: boolean
  foreignLayerUrlWhitelist: readonly string[]
}

/** A registry that answers for itself, and keeps its layers itself. */
function registry(remoteUrl: string, own: Partial<Preset> = {}): Preset {
  return {
    remoteUrl,
    index: 'registry',
    indexUrl: null,
    cacheForeignLayers: false,
    foreignLayerUrlWhitelist: [],
    ...own,
  }
}

/**
 * The well-known registries as what a proxy of them needs. Docker Hub alone has an index of its own; Red Hat's gives its tokens at another
 * address; all others answer for themselves. k8s.gcr.io is frozen since April 2023 and not in the list. Microsoft's Windows images have
 * had no foreign layers since June 2023 ("Announcing Removal of Foreign Layers from Windows Container Images", techcommunity.microsoft.com).
 */
export const upstreams = {
  'docker-hub': registry('https://registry-1.docker.io', {
    index: 'hub',
    indexUrl: 'https://index.docker.io/',
  }),
  'quay.io': registry('https://quay.io'),
  'ghcr.io': registry('https://ghcr.io'),
  'gcr.io': registry('https://gcr.io'),
  'mirror.gcr.io': registry('https://mirror.gcr.io'),
  'registry.k8s.io': registry('https://registry.k8s.io'),
  'mcr.microsoft.com': registry('https://mcr.microsoft.com'),
  'docker.elastic.co': registry('https://docker.elastic.co'),
  'public.ecr.aws': registry('https://public.ecr.aws'),
  'registry.gitlab.com': registry('https://registry.gitlab.com'),
  'nvcr.io': registry('https://nvcr.io'),
  'registry.redhat.io': registry('https://registry.redhat.io', {
    index: 'custom',
    indexUrl:
      'https://registry.redhat.io/auth/realms/rhcc/protocol/redhat-docker-v2/auth?service=docker-registry',
  }),
} as const satisfies Record<string, Preset>

export type UpstreamName = keyof typeof upstreams

export const upstreamNames = Object.keys(upstreams) as [UpstreamName, ...UpstreamName[]]

/** How the many hosts of Amazon's private registries are written, for people. */
export const ecrHosts = '<account>.dkr.ecr.<region>.amazonaws.com'

/** A private registry of Amazon, of which every account has one in every region. */
export function isEcrHost(host: string): boolean {
  return /^\d{12}\.dkr\.ecr(-fips)?\.[a-z]{2}[a-z0-9-]*-\d+\.amazonaws\.com(\.cn)?$/.test(host)
}

/** What a word stands for; undefined for one that is no well-known registry. */
export function presetOf(name: string): Preset | undefined {
  if (Object.hasOwn(upstreams, name)) return upstreams[name as UpstreamName]
  return isEcrHost(name) ? registry(`https://${name}`) : undefined
}

/** The well-known registry that a host is, by any of its hosts. */
export function upstreamAt(host: string): string | undefined {
  const known = upstreamNames.find((name) => hostOf(upstreams[name].remoteUrl) === host)
  // A word without a dot may be a machine of somebody's own network.
  const other = host.includes('.') && Object.hasOwn(otherNames, host) ? otherNames[host] : undefined
  return known ?? other ?? (isEcrHost(host) ? host : undefined)
}

/** Web sites, and addresses that lead to them, by the registry that is meant. None of these hosts answers a registry's requests. */
const sites: Readonly<Record<string, UpstreamName>> = {
  'docker.io': 'docker-hub',
  'www.docker.io': 'docker-hub',
  'hub.docker.com': 'docker-hub',
  'docker.com': 'docker-hub',
  'www.docker.com': 'docker-hub',
  'github.com': 'ghcr.io',
  'gitlab.com': 'registry.gitlab.com',
  'gallery.ecr.aws': 'public.ecr.aws',
  'elastic.co': 'docker.elastic.co',
  'www.elastic.co': 'docker.elastic.co',
  'k8s.io': 'registry.k8s.io',
  'kubernetes.io': 'registry.k8s.io',
  'ngc.nvidia.com': 'nvcr.io',
  'catalog.ngc.nvidia.com': 'nvcr.io',
  'catalog.redhat.com': 'registry.redhat.io',
  'access.redhat.com': 'registry.redhat.io',
}

/** Other words and hosts for the same registry. */
const otherNames: Readonly<Record<string, UpstreamName>> = {
  ...sites,
  docker: 'docker-hub',
  dockerhub: 'docker-hub',
  dockerio: 'docker-hub',
  hub: 'docker-hub',
  'index.docker.io': 'docker-hub',
  'registry.docker.io': 'docker-hub',
  'registry.hub.docker.com': 'docker-hub',
  'k8s.gcr.io': 'registry.k8s.io',
  k8s: 'registry.k8s.io',
  kubernetes: 'registry.k8s.io',
  github: 'ghcr.io',
  gitlab: 'registry.gitlab.com',
  microsoft: 'mcr.microsoft.com',
  elastic: 'docker.elastic.co',
  nvidia: 'nvcr.io',
  redhat: 'registry.redhat.io',
}

/** The registry that a web site is about. */
export function registryOfSite(host: string): UpstreamName | undefined {
  return Object.hasOwn(sites, host) ? sites[host] : undefined
}

/** The well-known registry that another name means: `docker.io`, `Docker_Hub`, `https://quay.io/`. */
export function upstreamCalled(written: string): string | undefined {
  const word = written.trim().toLowerCase()
  const host = hostOf(word.includes('://') ? word : `https://${word}`)
  const bare = word.replaceAll(/[\s_-]/g, '')
  const other = [host, word, bare].find((name) => name !== undefined && Object.hasOwn(otherNames, name))
  if (other !== undefined) return otherNames[other]
  const named = upstreamNames.find((name) => name === word || name.replace('-', '') === bare)
  return named ?? (host === undefined ? undefined : upstreamAt(host))
}
