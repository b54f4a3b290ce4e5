/**
 * The well-known registries as what a proxy of them needs. Docker Hub alone has an index of its own; all others answer
 * for themselves (`registry`). k8s.gcr.io is frozen since April 2023 and not in the list.
 */
export const upstreams = {
  'docker-hub': { remoteUrl: 'https://registry-1.docker.io', index: 'hub' },
  'quay.io': { remoteUrl: 'https://quay.io', index: 'registry' },
  'ghcr.io': { remoteUrl: 'https://ghcr.io', index: 'registry' },
  'gcr.io': { remoteUrl: 'https://gcr.io', index: 'registry' },
  'registry.k8s.io': { remoteUrl: 'https://registry.k8s.io', index: 'registry' },
  // Windows base images keep their layers outside the registry ("foreign layers").
  'mcr.microsoft.com': {
    remoteUrl: 'https://mcr.microsoft.com',
    index: 'registry',
    cacheForeignLayers: true,
    foreignLayerUrlWhitelist: ['https?://(go|mcr)\\.microsoft\\.com/.*'],
  },
  'docker.elastic.co': { remoteUrl: 'https://docker.elastic.co', index: 'registry' },
  'public.ecr.aws': { remoteUrl: 'https://public.ecr.aws', index: 'registry' },
  'registry.gitlab.com': { remoteUrl: 'https://registry.gitlab.com', index: 'registry' },
} as const satisfies Record<string, Record<string, unknown>>

export type UpstreamName = keyof typeof upstreams

export const upstreamNames = Object.keys(upstreams) as [UpstreamName, ...UpstreamName[]]
