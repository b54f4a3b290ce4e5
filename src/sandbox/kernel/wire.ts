// Turns a Reply into bytes: common headers, indented JSON, the content type of validation lists, fault ids.
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
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

/** Text of a body: strings as they are, everything else as JSON indented by two, in Jackson's spelling. */
function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2)
}

/** Only the siesta type accepted: a validation list then has no type left that the client takes. */
function unacceptable(reply: Reply, accept: string | undefined): boolean {
  if (reply.contentType !== validationType) return false
  return !acceptedTypes(accept).some((type) => ['*/*', 'application/*', 'application/json'].includes(type))
}

/** Sends a reply. Resolves when the bytes are handed over. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  profile: Profile,
  request: Pick<SandboxRequest, 'method' | 'headers'>,
): Promise<void> {
  const accept = request.headers['accept']
  const sent = unacceptable(reply, accept) ? { status: 406, faultId: true } : reply
  const faultId = randomUUID()
  response.statusCode = sent.status
  response.setHeader('Server', profile.serverHeader)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (sent.faultId === true) response.setHeader('X-Siesta-FaultId', faultId)
  let bytes = Buffer.alloc(0)
  if (sent.body !== undefined && sent.body !== '') {
    bytes = Buffer.from(bodyText(sent.body).replaceAll('{fault-id}', faultId))
    response.setHeader('Content-Type', contentTypeOf(sent, accept))
  }
  for (const [name, value] of Object.entries(sent.headers ?? {})) response.setHeader(name, value)
  if (sent.status !== 204) response.setHeader('Content-Length', bytes.length)
  await new Promise<void>((resolve) => {
    response.on('close', resolve)
    response.end(request.method === 'HEAD' ? undefined : bytes, resolve)
  })
}
