import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { digestOf } from '../registry/descriptor.ts'

/** What is pushed goes by one name, with a tag for each run: what a killed run leaves is found again by it. */
export interface ImageNames {
  image: string
  /** Where a mount is tried. It gets no manifest. */
  mounted: string
}

/** `namespace`: where the reverse proxy sends no other names to the hosted repository. */
export function imageNames(namespace?: string): ImageNames {
  const own = `${namespace === undefined ? '' : `${namespace}/`}nexus-docker-verify`
  return { image: `${own}/image`, mounted: `${own}/mounted` }
}

/** The type of the manifest that is pushed: the oldest one, which every version takes. */
export const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
const CONFIG = 'application/vnd.docker.container.image.v1+json'

export interface Blob {
  bytes: Buffer
  digest: string
}

export interface TinyImage {
  config: Blob
  layer: Blob
  manifest: Blob
  /** Another image of the same blobs: for a second push of the tag. */
  second: Blob
}

/** Two empty blocks: a tar archive that ends before it has a file (POSIX ustar). What follows nobody reads. */
const EMPTY_TAR = Buffer.alloc(1024)

/** An image without files that nobody has: behind the end of its layer are `size` random bytes. */
export function tinyImage(size: number): TinyImage {
  const tar = Buffer.concat([EMPTY_TAR, randomBytes(size)])
  const layer = blob(gzipSync(tar, { level: 1 }))
  const config = blob(
    json({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { 'io.nexus-docker.verify': randomBytes(8).toString('hex') } },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  )
  const manifest = (annotations?: object) =>
    blob(
      json({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: CONFIG, size: config.bytes.length, digest: config.digest },
        layers: [{ mediaType: LAYER, size: layer.bytes.length, digest: layer.digest }],
        ...annotations,
      }),
    )
  return { config, layer, manifest: manifest(), second: manifest({ annotations: { pushed: 'again' } }) }
}

function blob(bytes: Buffer): Blob {
  return { bytes, digest: digestOf(bytes) }
}

function json(document: object): Buffer {
  return Buffer.from(JSON.stringify(document))
}
