// Turns a Reply into bytes: common headers, indented JSON, the content type of validation lists, fault ids.
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Profile } from './profile.ts'
import { validationType } from './replies.ts'
import { acceptedTypes } from './routing.ts'
import type { Reply, SandboxRequest } from './types.ts'

function contentTypeOf(reply: Reply, accept: string | undefined): string {
  const type = reply.contentType ?? (typeof reply.body === 'string' ? 'text/plain' : 'application/json')
  if (type !== validationType) return type
  const accepted = acceptedTypes(accept)
  return accepted.includes(validationType) || accepted.includes('*/*') ? type : 'application/json'
}

function bytesOf({ body, faultId: hasFaultId }: Reply, faultId: string): Buffer {
  if (body === undefined || body === '') return Buffer.alloc(0)
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
  return Buffer.from(hasFaultId === true ? text.replaceAll('{fault-id}', faultId) : text)
}

/** Sends a reply. Resolves when the bytes are handed over. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  profile: Profile,
  request: SandboxRequest,
): Promise<void> {
  if (response.destroyed) return
  const accept = request.headers['accept']
  const faultId = randomUUID()
  response.statusCode = reply.status
  response.setHeader('Server', profile.serverHeader)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (reply.faultId === true) response.setHeader('X-Siesta-FaultId', faultId)
  const bytes = bytesOf(reply, faultId)
  if (bytes.length > 0 || reply.stream) response.setHeader('Content-Type', contentTypeOf(reply, accept))
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if (reply.status !== 204) response.setHeader('Content-Length', reply.stream?.length ?? bytes.length)
  if (reply.stream && request.method !== 'HEAD') {
    await pipeline(reply.stream.open(), response)
    return
  }
  await new Promise<void>((resolve) => {
    response.on('close', resolve)
    response.end(request.method === 'HEAD' ? undefined : bytes, resolve)
  })
}
