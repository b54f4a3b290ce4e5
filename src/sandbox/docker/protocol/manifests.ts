// Manifests: read by tag or digest, pushed after everything they name, deleted.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { parseObject } from '../../../core/json.ts'
import { isDigest, isTag } from '../../../core/oci/reference.ts'
import { readWhole, TooLong } from '../../kernel/read-whole.ts'
import { acceptedTypes } from '../../kernel/routing.ts'
import type { Reply } from '../../kernel/types.ts'
import { digestOf } from '../content.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { Call } from '../repository-handler.ts'
import { checkChange, checkTag } from '../write-policy.ts'
import { type Endpoint, type Exchange, param } from './exchange.ts'

const image = new Set([
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
])
const index = new Set([
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
])
const signed = new Set([
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
])

/** Seen are the detail of a digest (3.64) and the length of the answer for a tag (3.90, docker-evidence 43); the rest follows from them. */
function unknown(name: string, reference: string): RegistryRefusal {
  const detail = isDigest(reference)
    ? [{ Name: name }, { Revision: reference }]
    : { Name: name, Tag: reference }
  return new RegistryRefusal('MANIFEST_UNKNOWN', { detail })
}

function isAccepted(type: string, accept: string | undefined): boolean {
  const accepted = acceptedTypes(accept)
  return accepted.some((wanted) => [type, '*/*', 'application/*'].includes(wanted))
}

/** 3.96.0 fails when it is asked for a digest (docker-evidence 46, edge.md 4). */
function failsOnHead({ request, call }: Exchange, reference: string): boolean {
  return request.method === 'HEAD' && isDigest(reference) && /^3\.96\.[01]$/.test(call.profile.version)
}

export const getManifest: Endpoint = async (exchange): Promise<Reply> => {
  const { call, request } = exchange
  const name = param(exchange, 'name')
  const reference = param(exchange, 'reference')
  if (failsOnHead(exchange, reference)) return { status: 500 }
  const found = await call.handler.manifest(call, name, reference, request.method === 'HEAD')
  if (!found || !isAccepted(found.mediaType, request.headers['accept'])) throw unknown(name, reference)
  const { digest, mediaType, bytes, updatedAt } = found
  return {
    status: 200,
    // as they came: text that is decoded and encoded again may have another digest
    stream: { length: bytes.length, open: () => Readable.from([bytes]) },
    contentType: mediaType,
    headers: {
      'Docker-Content-Digest': digest,
      ETag: `"${createHash('sha1').update(bytes).digest('hex')}"`,
      'Last-Modified': new Date(updatedAt).toUTCString(),
    },
  }
}

function invalid(detail: string): RegistryRefusal {
  return new RegistryRefusal('MANIFEST_INVALID', { detail })
}

/** One entry of a list in a manifest, as somebody sent it. */
type Entry = { digest?: unknown; blobSum?: unknown; urls?: unknown } | null

function entries(value: unknown, field: string): Entry[] {
  if (!Array.isArray(value)) throw invalid(`${field} is missing`)
  return value as Entry[]
}

function digestIn(entry: Entry | undefined, field: string): string {
  const digest = field === 'fsLayers' ? entry?.blobSum : entry?.digest
  if (typeof digest !== 'string' || !isDigest(digest)) throw invalid(`${field} has no digest`)
  return digest
}

interface Named {
  blobs: string[]
  manifests: string[]
}

/** What a manifest names: layers by digest and, for an index, other manifests. Layers with URLs of their own need not be there. */
function namedBy(manifest: Record<string, unknown>, type: string): Named {
  if (index.has(type)) {
    const children = entries(manifest['manifests'], 'manifests')
    return { blobs: [], manifests: children.map((entry) => digestIn(entry, 'manifests')) }
  }
  if (signed.has(type)) {
    const layers = entries(manifest['fsLayers'], 'fsLayers')
    return { blobs: layers.map((entry) => digestIn(entry, 'fsLayers')), manifests: [] }
  }
  const layers = entries(manifest['layers'], 'layers')
  const own = layers.filter((entry) => !Array.isArray(entry?.urls) || entry.urls.length === 0)
  const configuration = digestIn(manifest['config'] as Entry | undefined, 'config')
  return { blobs: [configuration, ...own.map((entry) => digestIn(entry, 'layers'))], manifests: [] }
}

function checkNamed({ content }: Call, name: string, { blobs, manifests }: Named): void {
  const missing = [
    ...blobs.filter((digest) => !content.blob(digest)),
    ...manifests.filter((digest) => !content.manifest(name, digest)),
  ]
  if (missing.length > 0) throw new RegistryRefusal('MANIFEST_BLOB_UNKNOWN', { each: missing })
}

/** The type that the request names, or else the manifest itself. */
function typeOf({ request }: Exchange, manifest: Record<string, unknown>): string {
  const sent = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const type = sent ?? manifest['mediaType']
  const isKnown = typeof type === 'string' && [image, index, signed].some((types) => types.has(type))
  if (!isKnown) throw invalid(`unsupported manifest media type: ${String(type)}`)
  return type
}

export const putManifest: Endpoint = async (exchange): Promise<Reply> => {
  const call = exchange.call.handler.writable(exchange.call)
  const name = param(exchange, 'name')
  const reference = param(exchange, 'reference')
  if (isTag(reference)) checkTag(call, name, reference)
  else checkChange(call, `v2/${name}/manifests/${reference}`)
  const bytes = await readWhole(exchange.body).catch((error: unknown) => {
    throw error instanceof TooLong ? invalid('manifest is too large') : error
  })
  const digest = digestOf(bytes)
  if (isDigest(reference) && reference !== digest) throw new RegistryRefusal('DIGEST_INVALID')
  const manifest = parseObject(bytes.toString('utf8'))
  if (!manifest) throw invalid('not a JSON object')
  const mediaType = typeOf(exchange, manifest)
  const named = namedBy(manifest, mediaType)
  await exchange.call.handler.gather?.(exchange.call, name, named.blobs)
  checkNamed(call, name, named)
  // another push may have come first while this one was read
  if (isTag(reference)) checkTag(call, name, reference)
  call.content.putManifest({ name, reference, mediaType, uploader: call.user }, bytes)
  const location = `${exchange.place.prefix}/${name}/manifests/${digest}`
  return { status: 201, headers: { Location: location, 'Docker-Content-Digest': digest } }
}

/** By digest all tags go with it, by tag that tag alone (nexr, 3.71 and 3.96); about 3.89 the tags stayed (nexus-public issue 925). */
export const deleteManifest: Endpoint = (exchange): Reply => {
  const call = exchange.call.handler.writable(exchange.call)
  const name = param(exchange, 'name')
  const reference = param(exchange, 'reference')
  checkChange(call, `v2/${name}/manifests/${reference}`)
  const { content, profile } = call
  if (!content.deleteManifest(name, reference)) throw unknown(name, reference)
  const keepsTags = profile.since('3.89') && !profile.since('3.96')
  if (isDigest(reference) && !keepsTags) {
    for (const tag of content.tags(name))
      if (content.manifest(name, tag)?.digest === reference) content.deleteManifest(name, tag)
  }
  return { status: 202 }
}
