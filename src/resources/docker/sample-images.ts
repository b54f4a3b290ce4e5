import type { Values } from '../contract/fields.ts'
import { hostOf } from '../contract/urls.ts'

/** An image of a few kilobytes or megabytes that each well-known registry and mirror has, for everybody. */
const samples: Readonly<Record<string, string>> = {
  'registry-1.docker.io': 'library/alpine',
  'mirror.gcr.io': 'library/alpine',
  'docker.m.daocloud.io': 'library/alpine',
  'quay.io': 'prometheus/busybox',
  'registry.k8s.io': 'pause:3.9',
  'gcr.io': 'distroless/static',
  'mcr.microsoft.com': 'hello-world',
  'public.ecr.aws': 'docker/library/alpine',
  'ghcr.io': 'containerd/busybox:1.36',
}

/**
 * An image that is there for certain: one of a well-known registry, directly or through a member, Docker Hub's before all others because
 * everybody knows it. Without a tag it is `latest`.
 */
export function sampleImage(
  { remoteUrl, members, online }: Values,
  sampleOf: (repository: string) => string | undefined,
): string | undefined {
  if (online === false) return undefined
  if (typeof remoteUrl === 'string') return samples[hostOf(remoteUrl) ?? '']
  if (!Array.isArray(members)) return undefined
  const found = members.flatMap((member) => (typeof member === 'string' ? (sampleOf(member) ?? []) : []))
  return found.find((sample) => sample === samples['registry-1.docker.io']) ?? found[0]
}
