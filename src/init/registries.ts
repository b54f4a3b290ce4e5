import type { UpstreamName } from '../intents/upstreams.ts'

interface Registry {
  /** The repository's name in the file: lower case, as Nexus 3.89 and later want it. */
  repository: string
  /** What people call it. */
  label: string
  /** Ticked unless somebody unticks it. */
  usual: boolean
}

/** The upstreams as the wizard names them, in the order of a group: Docker Hub, which has everything, last. */
export const registries: Readonly<Record<UpstreamName, Registry>> = {
  'docker-hub': { repository: 'docker-hub', label: 'Docker Hub', usual: true },
  'ghcr.io': { repository: 'ghcr', label: 'ghcr.io (GitHub)', usual: true },
  'quay.io': { repository: 'quay', label: 'quay.io (Red Hat)', usual: true },
  'registry.k8s.io': { repository: 'k8s', label: 'registry.k8s.io (Kubernetes)', usual: true },
  'gcr.io': { repository: 'gcr', label: 'gcr.io (Google)', usual: false },
  'mcr.microsoft.com': { repository: 'mcr', label: 'mcr.microsoft.com (Microsoft)', usual: false },
  'docker.elastic.co': { repository: 'elastic', label: 'docker.elastic.co (Elastic)', usual: false },
  'public.ecr.aws': { repository: 'ecr-public', label: 'public.ecr.aws (Amazon)', usual: false },
  'nvcr.io': { repository: 'nvidia', label: 'nvcr.io (NVIDIA)', usual: false },
  'registry.redhat.io': {
    repository: 'redhat',
    label: 'registry.redhat.io (Red Hat, with a login)',
    usual: false,
  },
  'mirror.gcr.io': {
    repository: 'hub-mirror',
    label: "mirror.gcr.io (Google's mirror of Docker Hub)",
    usual: false,
  },
  'registry.gitlab.com': { repository: 'gitlab', label: 'registry.gitlab.com (GitLab)', usual: false },
}

export const registryNames = Object.keys(registries) as UpstreamName[]

export const usualRegistries = registryNames.filter((name) => registries[name].usual)

/** In the order of `registryNames`, whatever the order of the choice. */
export function inUsualOrder(names: readonly string[]): UpstreamName[] {
  return registryNames.filter((name) => names.includes(name))
}
