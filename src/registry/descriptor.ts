import { createHash, type Hash } from 'node:crypto'
import { UserError } from '../core/errors.ts'
import { isDigest, isImageName, isTag } from '../core/oci/reference.ts'

/** What names content and says how much of it there is: OCI image-spec 1.1, descriptor.md. */
export interface Descriptor {
  mediaType: string
  /** `sha256:` and 64 digits. */
  digest: string
  /** Bytes. */
  size: number
  artifactType?: string
  annotations?: Record<string, string>
  platform?: { architecture: string; os: string; variant?: string }
  /** Where content that registries do not hold is to be had. */
  urls?: string[]
}

/** All that is needed to carry a blob. */
export type BlobDescriptor = Pick<Descriptor, 'digest' | 'size'>

/** As it came, byte by byte. */
export interface Manifest {
  bytes: Buffer
  /** The Content-Type of the answer. */
  mediaType: string
  digest: string
}

export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const
/** What clients accept for a manifest, for an Accept header. */
export const MANIFEST_TYPES = [
  ...INDEX_TYPES,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.artifact.manifest.v1+json',
].join(', ')

export function newHash(): Hash {
  return createHash('sha256')
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${newHash().update(bytes).digest('hex')}`
}

/** `/v2/<name>/manifests/<reference>`. Throws `invalid-reference`, exit code 3, for what no registry has. */
export function manifestPath(name: string, reference: string): string {
  if (!isDigest(reference) && !isTag(reference)) throw invalid(reference, 'a tag or a digest')
  return `${namePath(name)}/manifests/${reference}`
}

export function blobPath(name: string, digest: string): string {
  return `${namePath(name)}/blobs/${checked(digest)}`
}

export function checked(digest: string): string {
  if (!isDigest(digest)) throw invalid(digest, 'a digest (sha256 and 64 digits)')
  return digest
}

export function namePath(name: string): string {
  if (!isImageName(name)) throw invalid(name, 'the name of an image')
  return `/v2/${name}`
}

function invalid(text: string, what: string): UserError {
  return new UserError('invalid-reference', `"${text.slice(0, 300)}" is not ${what}`, { exitCode: 3 })
}
