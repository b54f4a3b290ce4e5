// A manifest as an upstream sends it: read whole, held against its digest, taken only when it is one.
import { isDigest } from '../../../core/oci/reference.ts'
import { readWhole } from '../../kernel/read-whole.ts'
import type { RemoteResponse } from '../../outbound/ask.ts'
import { digestOf } from '../content.ts'
import { RegistryRefusal } from '../refusal.ts'

export const manifestTypes = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
]

/**
 * The manifest in a 200 of an upstream; undefined for a body that is none (a web page, one that is too long or cut short). Throws
 * DIGEST_INVALID where the bytes are not those that were asked for, or that the answer announces.
 */
export async function readManifest(
  { headers, body }: RemoteResponse,
  reference: string,
): Promise<{ bytes: Buffer; mediaType: string } | undefined> {
  const bytes = await readWhole(body).catch(() => undefined)
  const mediaType = (headers['content-type'] ?? '').split(';', 1).join('').trim()
  if (!bytes || !manifestTypes.includes(mediaType)) return undefined
  const digest = digestOf(bytes)
  const announced = headers['docker-content-digest']
  const expected = isDigest(reference) ? reference : announced
  if (expected !== undefined && expected !== digest) throw new RegistryRefusal('DIGEST_INVALID')
  return { bytes, mediaType }
}
