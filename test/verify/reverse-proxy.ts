// A reverse proxy as people write them: right, or wrong in one way.
import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecure } from 'node:https'
import { listen } from '../helpers/listen.ts'

interface Asked {
  method: string
  path: string
}

export interface Rules {
  /** Key and certificate: TLS ends here. */
  tls?: { key: string; cert: string }
  /** Base URL that a request goes to. */
  to(asked: Asked): string
  /** What the server is told, over what the client sent. Default: the host and scheme that the client used. */
  tells?(headers: IncomingHttpHeaders, scheme: string): Record<string, string | string[] | undefined>
  /** Answers by itself, and says whether it has. */
  raw?(asked: Asked, response: ServerResponse): boolean
  /** An answer in place of the server's. */
  instead?(
    asked: Asked,
    length: number,
    headers: IncomingHttpHeaders,
  ): { status: number; headers?: Record<string, string>; body?: string; cut?: boolean } | undefined
  /** What clients are told, in place of the server's headers. */
  answers?(headers: IncomingHttpHeaders, asked: Asked, status: number): IncomingHttpHeaders
  /** In place of the server's body. */
  rewrites?(body: Buffer, asked: Asked): Buffer
}

const PAGE = '<html><head><title>nginx</title></head><body>no</body></html>'

/** Its URL. Closed when the test ends. */
export async function reverseProxy(rules: Rules): Promise<string> {
  const listener: RequestListener = (message, response) => {
    pass(message, response, rules).catch(() => message.socket.destroy())
  }
  const server = rules.tls ? createSecure(rules.tls, listener) : createServer(listener)
  const port = await listen(server)
  return `${rules.tls ? 'https' : 'http'}://localhost:${port}`
}

async function pass(message: IncomingMessage, response: ServerResponse, rules: Rules): Promise<void> {
  const asked = { method: message.method ?? 'GET', path: message.url ?? '/' }
  const body = await bytesOf(message)
  if (rules.raw?.(asked, response)) return
  const own = rules.instead?.(asked, body.length, message.headers)
  if (own?.cut) message.socket.destroy()
  else if (own)
    response.writeHead(own.status, { 'content-type': 'text/html', ...own.headers }).end(own.body ?? PAGE)
  else await forward({ asked, message, body }, response, rules)
}

async function forward(
  { asked, message, body }: { asked: Asked; message: IncomingMessage; body: Buffer },
  response: ServerResponse,
  rules: Rules,
): Promise<void> {
  const { method, path } = asked
  const scheme = rules.tls ? 'https' : 'http'
  const told = rules.tells?.(message.headers, scheme) ?? { 'x-forwarded-proto': scheme }
  const { hostname, port, pathname } = new URL(rules.to(asked))
  const headers = withoutUndefined({ ...message.headers, ...told })
  const sent = httpRequest({ hostname, port, method, path: pathname.replace(/\/$/, '') + path, headers })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const original = await bytesOf(answer)
  const shown = rules.rewrites?.(original, asked) ?? original
  const {
    'content-length': length = '0',
    'transfer-encoding': _,
    ...others
  } = rules.answers?.(answer.headers, asked, answer.statusCode ?? 500) ?? answer.headers
  response.writeHead(answer.statusCode ?? 500, {
    ...others,
    'content-length': method === 'HEAD' ? length : shown.length,
  })
  response.end(shown)
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function withoutUndefined(headers: Record<string, string | string[] | undefined>): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
}

/** The rule in three parts that passes with every client (edge.md 0): one name for pushes and pulls. */
export function threeParts(hosted: string, group: string): Rules['to'] {
  return ({ method, path }) => {
    if (path.startsWith('/repository/')) return new URL(group).origin
    if (!['GET', 'HEAD'].includes(method) || path.includes('/blobs/uploads/')) return hosted
    return method === 'HEAD' && path.includes('/blobs/') ? hosted : group
  }
}
