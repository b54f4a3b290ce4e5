// Small images whose bytes are known: as an OCI layout for the clients that copy, as a folder for those that build, and pushed with
// nothing but fetch for what has to be there before a client comes.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { tarOf } from '../../scripts/lib/tar.js'
import type { Workshop } from './workshop.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

export interface Blob {
  mediaType: string
  digest: string
  size: number
  bytes: Buffer
}

export interface Image {
  manifest: Blob
  config: Blob
  layers: Blob[]
}

/** An image on disk, in the two forms that clients take. */
export interface ImageSource extends Image {
  /** An OCI layout with one image, whose name in it is `app`. */
  layout: string
  /** A folder with a Dockerfile of the same files. */
  context: string
}

const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

function blob(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: sha256(bytes), size: bytes.length, bytes }
}

/** An image of one layer on top of those of `base`, whose file has `content`; default: 2 KB that nobody has seen before. */
export function makeImage(base?: Image, content = randomBytes(2048)): Image {
  const name = `file-${createHash('sha256').update(content).digest('hex').slice(0, 8)}`
  const tar = tarOf(name, content)
  const layer = blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar))
  const below = base === undefined ? [] : diffIdsOf(base)
  const config = blob(
    'application/vnd.oci.image.config.v1+json',
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: { Cmd: [`/${name}`] },
        rootfs: { type: 'layers', diff_ids: [...below, sha256(tar)] },
        history: [...below, ''].map(() => ({ created_by: 'test' })),
      }),
    ),
  )
  const layers = [...(base?.layers ?? []), layer]
  const bare = ({ mediaType, digest, size }: Blob) => ({ mediaType, digest, size })
  const manifest = blob(
    manifestType,
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: bare(config),
        layers: layers.map(bare),
      }),
    ),
  )
  return { manifest, config, layers }
}

const diffIdsOf = ({ config }: Image): string[] =>
  (JSON.parse(config.bytes.toString('utf8')) as { rootfs: { diff_ids: string[] } }).rootfs.diff_ids

/** An image on disk. */
export function writeImage(workshop: Workshop, image: Image = makeImage()): ImageSource {
  const layout = workshop.place('oci')
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true })
  for (const { digest, bytes } of [image.manifest, image.config, ...image.layers])
    writeFileSync(join(layout, 'blobs/sha256', digest.slice(7)), bytes)
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  const { mediaType, digest, size } = image.manifest
  const annotations = { 'org.opencontainers.image.ref.name': 'app' }
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ mediaType, digest, size, annotations }],
  }
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index))
  return { ...image, layout, context: buildContext(workshop, 'scratch') }
}

/** A folder with a Dockerfile that adds one new file to `base`. Nothing is run in it: a machine without namespaces can build it. */
export function buildContext(workshop: Workshop, base: string): string {
  const context = workshop.place('ctx')
  writeFileSync(join(context, 'content'), randomBytes(2048))
  writeFileSync(join(context, 'Dockerfile'), `FROM ${base}\nCOPY content /content\n`)
  return context
}

/** Where an image is: the registry's address (with the path of a repository where it has one), its name and tag, and who asks. */
export interface Place {
  base: string
  name: string
  tag: string
  access?: { username: string; password: string } | undefined
}

function headersOf({ access }: Place): Record<string, string> {
  if (access === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${access.username}:${access.password}`).toString('base64')}` }
}

/** Puts an image into a repository with one request for each blob. */
export async function seed(place: Place, image: Image): Promise<void> {
  const { base, name, tag } = place
  const headers = headersOf(place)
  for (const { digest, bytes } of [image.config, ...image.layers]) {
    const started = await expectStatus(202, `${base}/v2/${name}/blobs/uploads/`, { method: 'POST', headers })
    const location = new URL(started.headers.get('location') ?? '', started.url)
    location.searchParams.set('digest', digest)
    await expectStatus(201, location, { method: 'PUT', headers, body: new Uint8Array(bytes) })
  }
  const { mediaType, bytes } = image.manifest
  await expectStatus(201, `${base}/v2/${name}/manifests/${tag}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': mediaType },
    body: new Uint8Array(bytes),
  })
}

async function expectStatus(status: number, url: string | URL, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  const text = await response.text()
  if (response.status !== status)
    throw new Error(`${init.method} ${response.url}: ${response.status} instead of ${status} ${text}`)
  return response
}

/** What a repository has under a tag. */
export interface Stored {
  digest: string
  blobs: string[]
  /** Whether every blob that the manifest names is there. */
  complete: boolean
}

/** Asks for a manifest and its blobs; undefined: no such tag. */
export async function stored(place: Place): Promise<Stored | undefined> {
  const { base, name, tag } = place
  const headers = headersOf(place)
  const accept = `${manifestType}, application/vnd.docker.distribution.manifest.v2+json`
  const response = await fetch(`${base}/v2/${name}/manifests/${tag}`, { headers: { ...headers, accept } })
  const bytes = Buffer.from(await response.arrayBuffer())
  if (!response.ok) return undefined
  const { config, layers } = JSON.parse(bytes.toString('utf8')) as Record<'config', Blob> & { layers: Blob[] }
  const blobs = [config, ...layers].map(({ digest }) => digest)
  const found = await Promise.all(
    blobs.map(async (digest) => {
      const { status } = await fetch(`${base}/v2/${name}/blobs/${digest}`, { method: 'HEAD', headers })
      return status === 200
    }),
  )
  return { digest: sha256(bytes), blobs, complete: found.every(Boolean) }
}
