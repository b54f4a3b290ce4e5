import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** What is pushed goes by this name, with a tag for each run: what a killed run leaves is found again by it. */
export const IMAGE_NAME = 'nexus-docker-verify/image'
/** Where a mount is tried. It gets no manifest. */
export const MOUNT_NAME = 'nexus-docker-verify/mounted'

export const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
const CONFIG = 'application/vnd.docker.container.image.v1+json'

/** The types that clients accept for an image, indexes included. */
export const MANIFEST_TYPES = [
  MANIFEST,
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
].join(', ')

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

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** An image of one file that nobody has: its bytes are random. `size` is that of the file. */
export function tinyImage(size: number): TinyImage {
  const tar = tarOf('nexus-docker-verify', randomBytes(size))
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

/** A tar archive of one file (POSIX ustar). */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512)
  const put = (text: string, at: number) => header.write(text, at, 'latin1')
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  put(name, 0)
  put(octal(0o644, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(content.length, 11), 124)
  put(octal(0, 11), 136)
  put('        0', 148)
  put('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([
    header,
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
    Buffer.alloc(1024),
  ])
}

/** `library/alpine:3` taken apart; the tag is `latest` where there is none. */
export function nameAndTag(text: string): { name: string; tag: string } {
  const colon = text.lastIndexOf(':')
  if (colon > text.lastIndexOf('/')) return { name: text.slice(0, colon), tag: text.slice(colon + 1) }
  return { name: text, tag: 'latest' }
}
