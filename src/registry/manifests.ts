import { parseObject, textOf } from '../core/json.ts'
import { isDigest } from '../core/oci/reference.ts'
import { type Answer, isHtml } from '../http/message.ts'
import { type Descriptor, digestOf, MANIFEST_TYPES, type Manifest, manifestPath } from './descriptor.ts'
import { RegistryError } from './errors.ts'
import { LONGEST_ANSWER } from './hosts.ts'
import type { Wire, WireRequest } from './wire.ts'

const headers = { accept: MANIFEST_TYPES }

/** Undefined: the registry does not have it. Asked with HEAD, and with GET where that says too little or is refused: no body says why. */
export async function headManifest(
  wire: Wire,
  name: string,
  reference: string,
): Promise<Descriptor | undefined> {
  const request: WireRequest = {
    method: 'HEAD',
    to: manifestPath(name, reference),
    headers,
    what: `read manifest ${shown(name, reference)}`,
  }
  const { answer } = await wire.exchange(request, { name })
  if (answer.status === 404) return undefined
  const digest = answer.headers['docker-content-digest'] ?? (isDigest(reference) ? reference : '')
  const mediaType = typeOf(answer)
  const length = answer.headers['content-length'] ?? ''
  if (answer.status === 200 && isDigest(digest) && mediaType !== '' && /^\d{1,10}$/.test(length))
    return { mediaType, digest, size: Number(length) }
  const found = await findManifest(wire, name, reference)
  return found && { mediaType: found.mediaType, digest: found.digest, size: found.bytes.length }
}

/** Throws RegistryError `digest-mismatch` where the bytes are not what the digest says. */
export async function findManifest(
  wire: Wire,
  name: string,
  reference: string,
): Promise<Manifest | undefined> {
  const to = manifestPath(name, reference)
  const request: WireRequest = {
    method: 'GET',
    to,
    headers,
    what: `read manifest ${shown(name, reference)}`,
  }
  const { answer } = await wire.expect(request, { name }, (status) => status === 200 || status === 404)
  if (answer.status === 404) return undefined
  assertNoPage(answer, request.what)
  const digest = digestOf(answer.bytes)
  const said = isDigest(reference) ? reference : answer.headers['docker-content-digest']
  if (said !== undefined && isDigest(said) && said !== digest) throw mismatch(request.what, digest, said)
  // The registry may say nothing of use about the type.
  const stated = textOf(parseObject(answer.text)?.['mediaType'])
  const mediaType = typeOf(answer) || stated || 'application/octet-stream'
  return { bytes: answer.bytes, mediaType, digest }
}

/** `subject`: what the registry says it has filed the manifest under for referrers (OCI-Subject). */
export async function putManifest(
  wire: Wire,
  target: { name: string; reference: string },
  bytes: Uint8Array,
  mediaType: string,
): Promise<{ digest: string; subject?: string }> {
  const { name, reference } = target
  const what = `push manifest ${shown(name, reference)}`
  const digest = digestOf(bytes)
  if (bytes.length > LONGEST_ANSWER)
    throw new RegistryError('too-large', `cannot ${what}: it is larger than 4 MiB`, { exitCode: 1 })
  if (isDigest(reference) && reference !== digest) throw mismatch(what, digest, reference)
  const { answer } = await wire.expect(
    {
      method: 'PUT',
      to: manifestPath(name, reference),
      body: bytes,
      headers: { 'content-type': mediaType },
      what,
    },
    { name, actions: ['pull', 'push'] },
    (status) => status === 201 || status === 200 || status === 202,
  )
  assertNoPage(answer, what)
  const said = answer.headers['docker-content-digest']
  if (said !== undefined && isDigest(said) && said !== digest) throw mismatch(what, digest, said)
  const subject = answer.headers['oci-subject']
  return { digest, ...(subject !== undefined && { subject }) }
}

/** What answers in place of a registry: a sign-in page, Nexus's own pages. */
function assertNoPage(answer: Answer, what: string): void {
  if (isHtml(answer))
    throw new RegistryError('invalid-answer', `cannot ${what}: a web page came back`, {
      status: answer.status,
    })
}

export function mismatch(what: string, is: string, said: string): RegistryError {
  return new RegistryError(
    'digest-mismatch',
    `cannot ${what}: its bytes have the digest ${is}, not ${said}`,
    {
      hint: 'Something between here and the registry changes what it carries, or the registry stores something else than it was given.',
      exitCode: 1,
    },
  )
}

/** `app:1`, `app@sha256:…`. */
export function shown(name: string, reference: string): string {
  return isDigest(reference) ? `${name}@${reference.slice(0, 19)}…` : `${name}:${reference}`
}

function typeOf({ headers }: Answer): string {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  return type === 'application/json' || type === 'application/octet-stream' ? '' : type
}
