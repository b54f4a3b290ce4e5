// What one Docker repository holds. As in Nexus, layers belong to the repository as a whole (`v2/-/blobs/sha256:…`), manifests to an
// image, and a manifest that was pushed with a tag is there twice: by tag and by digest (nexr's API notes, 3.71 and 3.96).
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Upload } from './store/upload.ts'

/** `sha256:` and 64 hexadecimal digits. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export interface StoredBlob {
  /** `sha256:…` */
  digest: string
  /** Hexadecimal; ETag. */
  sha1: string
  size: number
  mediaType: string
  /** ISO 8601. */
  createdAt: string
  /** Who sent it: user id. */
  uploader?: string
}

/** One manifest under one reference of an image. */
export interface StoredManifest extends StoredBlob {
  /** The image, e.g. `library/alpine`. */
  name: string
  /** A tag, or the digest itself. */
  reference: string
  /** ISO 8601: when it was last written, be it with the same bytes. */
  updatedAt: string
}

/** First and last byte, both included. */
export interface ByteRange {
  start: number
  end: number
}

/** What is written down of a manifest beside its bytes. */
export interface ManifestEntry {
  name: string
  reference: string
  mediaType: string
  uploader?: string | undefined
}

/** Layers and configurations, and those on their way. The list is sorted as text. */
export interface Blobs {
  blob(digest: string): StoredBlob | undefined
  blobs(): StoredBlob[]
  /** The bytes of a blob that is there. */
  openBlob(digest: string, range?: ByteRange): Readable
  /** Streams a blob to the disk; nothing is left of one that ends early. Rejects with DigestMismatch when `expected` is another digest. */
  writeBlob(source: AsyncIterable<Uint8Array>, expected?: string, uploader?: string): Promise<StoredBlob>
  /** Whether there was one. */
  deleteBlob(digest: string): boolean
  /** An upload in parts under its own id, for `upload` and `finishUpload`. */
  startUpload(name: string): string
  /** An open upload of the image. */
  upload(name: string, id: string): Upload | undefined
  /** Makes a blob of an open upload, which is over then; rejects as `writeBlob` does. */
  finishUpload(id: string, expected?: string, uploader?: string): Promise<StoredBlob>
  discardUpload(id: string): Promise<void>
}

/** Manifests by image and reference. Lists are sorted as text. */
export interface Manifests {
  /** A manifest by tag or digest. */
  manifest(name: string, reference: string): StoredManifest | undefined
  manifests(): StoredManifest[]
  manifestBytes(manifest: StoredManifest): Buffer
  /** Stores a manifest under its reference and under its digest; answers the one under the reference. */
  putManifest(entry: ManifestEntry, bytes: Uint8Array): StoredManifest
  /** Removes the manifest under this one reference; whether there was one. */
  deleteManifest(name: string, reference: string): boolean
  /** Images that have a manifest. */
  names(): string[]
  /** Tags of an image; empty for one that is not there. */
  tags(name: string): string[]
}

/** What one repository holds. */
export type RepositoryContent = Blobs & Manifests
