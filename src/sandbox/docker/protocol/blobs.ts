// Layers and configurations: read whole or in part, deleted.
import type { Reply } from '../../kernel/types.ts'
import type { ByteRange } from '../content.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { ServedBlob } from '../repository-handler.ts'
import { checkChange } from '../write-policy.ts'
import { type Endpoint, param } from './exchange.ts'

/** The one range of bytes that is asked for; undefined = all of them, null = none that is there. */
function rangeOf(header: string | undefined, size: number): ByteRange | null | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from === '') {
    if (to === '') return undefined
    return Number(to) > 0 && size > 0 ? { start: Math.max(0, size - Number(to)), end: size - 1 } : null
  }
  const start = Number(from)
  if (to !== '' && Number(to) < start) return undefined
  return start < size ? { start, end } : null
}

/** As a 3.90.2 answered (docker-evidence 43): the ETag is the SHA-1. */
function headersOf({ digest, sha1, createdAt }: ServedBlob): Record<string, string> {
  return {
    'Accept-Ranges': 'bytes',
    'Docker-Content-Digest': digest,
    ...(sha1 !== undefined && { ETag: `"${sha1}"` }),
    'Last-Modified': new Date(createdAt).toUTCString(),
  }
}

export const getBlob: Endpoint = async (exchange): Promise<Reply> => {
  const { call, request } = exchange
  const digest = param(exchange, 'digest')
  const isHead = request.method === 'HEAD'
  const blob = await call.handler.blob(call, param(exchange, 'name'), digest, isHead)
  if (!blob) throw new RegistryRefusal('BLOB_UNKNOWN', { detail: { digest } })
  const { size } = blob
  const headers = headersOf(blob)
  const range = isHead ? undefined : rangeOf(request.headers['range'], size)
  if (range === null) return { status: 416, headers: { 'Content-Range': `bytes */${size}` } }
  const contentType = blob.mediaType ?? 'application/octet-stream'
  if (!range) return { status: 200, contentType, headers, stream: { length: size, open: () => blob.open() } }
  const { start, end } = range
  return {
    status: 206,
    contentType,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end}/${size}` },
    stream: { length: end - start + 1, open: () => blob.open(range) },
  }
}

export const deleteBlob: Endpoint = (exchange): Reply => {
  const call = exchange.call.handler.writable(exchange.call)
  const digest = param(exchange, 'digest')
  checkChange(call, `v2/-/blobs/${digest}`)
  if (!call.content.deleteBlob(digest)) throw new RegistryRefusal('BLOB_UNKNOWN', { detail: { digest } })
  return { status: 202 }
}
