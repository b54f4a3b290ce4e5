// Uploads: in one request, in one piece, in parts that can be resumed, or none at all because the layer is there already.
import { isDigest } from '../../../core/oci/reference.ts'
import type { Reply } from '../../kernel/types.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { Call } from '../repository-handler.ts'
import { DigestMismatch, type Upload, UploadGone } from '../store/upload.ts'
import { checkBlob, checkChange } from '../write-policy.ts'
import { type Endpoint, type Exchange, param } from './exchange.ts'

/** The repository that the upload goes to. */
function target(exchange: Exchange): Call {
  const call = exchange.call.handler.writable(exchange.call)
  checkChange(call, `v2/${param(exchange, 'name')}/blobs/uploads/`)
  return call
}

/** How far an upload is (docker-evidence 47). */
function progress(exchange: Exchange, id: string, size: number, status: number): Reply {
  const location = `${exchange.place.prefix}/${param(exchange, 'name')}/blobs/uploads/${id}`
  const headers = { Location: location, Range: `0-${Math.max(0, size - 1)}`, 'Docker-Upload-UUID': id }
  return { status, headers }
}

function created(exchange: Exchange, digest: string): Reply {
  const location = `${exchange.place.prefix}/${param(exchange, 'name')}/blobs/${digest}`
  return { status: 201, headers: { Location: location, 'Docker-Content-Digest': digest } }
}

/** What the store says, in the registry's words. */
async function stored<T>(action: Promise<T>): Promise<T> {
  try {
    return await action
  } catch (error) {
    if (error instanceof DigestMismatch)
      throw new RegistryRefusal('DIGEST_INVALID', { detail: error.message })
    if (error instanceof UploadGone) throw new RegistryRefusal('BLOB_UPLOAD_UNKNOWN')
    throw error
  }
}

function wantedDigest({ request }: Exchange): string {
  const digest = request.query.get('digest') ?? ''
  if (!isDigest(digest)) throw new RegistryRefusal('DIGEST_INVALID', { detail: digest })
  return digest
}

/** `POST uploads/`: a layer that is there is mounted, whichever image it is from; `digest` sends it in this request. */
export const startUpload: Endpoint = async (exchange): Promise<Reply> => {
  const { request, body } = exchange
  const call = target(exchange)
  const { content } = call
  const mount = request.query.get('mount')
  if (mount !== null && content.blob(mount)) return created(exchange, mount)
  if (request.query.has('digest')) {
    const digest = wantedDigest(exchange)
    checkBlob(call, digest)
    await stored(content.writeBlob(body, digest, call.user))
    return created(exchange, digest)
  }
  return progress(exchange, content.startUpload(param(exchange, 'name')), 0, 202)
}

/** The open upload of the path. */
function found(exchange: Exchange, { content }: Call): { id: string; upload: Upload } {
  const id = param(exchange, 'id')
  const upload = content.upload(param(exchange, 'name'), id)
  if (!upload) throw new RegistryRefusal('BLOB_UPLOAD_UNKNOWN')
  return { id, upload }
}

/** Whether the part of a PATCH or PUT begins where the upload ends; one without Content-Range does. */
function isNext({ request }: Exchange, { size }: Upload): boolean {
  const range = request.headers['content-range']
  if (range === undefined) return true
  const [, start, end] = /^(?:bytes[= ])?(\d+)-(\d+)(?:\/.*)?$/.exec(range.trim()) ?? []
  if (start === undefined || end === undefined || Number(start) !== size) return false
  const length = request.headers['content-length']
  return length === undefined || Number(length) === Number(end) - Number(start) + 1
}

export const appendToUpload: Endpoint = async (exchange): Promise<Reply> => {
  const { id, upload } = found(exchange, target(exchange))
  if (!isNext(exchange, upload)) return progress(exchange, id, upload.size, 416)
  await stored(upload.append(exchange.body))
  return progress(exchange, id, upload.size, 202)
}

export const uploadStatus: Endpoint = (exchange): Reply => {
  const { id, upload } = found(exchange, target(exchange))
  return progress(exchange, id, upload.size, 204)
}

export const finishUpload: Endpoint = async (exchange): Promise<Reply> => {
  const call = target(exchange)
  const { id, upload } = found(exchange, call)
  const digest = wantedDigest(exchange)
  if (!isNext(exchange, upload)) return progress(exchange, id, upload.size, 416)
  await stored(upload.append(exchange.body))
  try {
    checkBlob(call, digest)
  } catch (error) {
    await call.content.discardUpload(id)
    throw error
  }
  if (!call.content.upload(param(exchange, 'name'), id)) throw new RegistryRefusal('BLOB_UPLOAD_UNKNOWN')
  await stored(call.content.finishUpload(id, digest, call.user))
  return created(exchange, digest)
}

export const cancelUpload: Endpoint = async (exchange): Promise<Reply> => {
  const call = target(exchange)
  const { id } = found(exchange, call)
  await call.content.discardUpload(id)
  return { status: 204 }
}
