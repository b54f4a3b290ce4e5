import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

/** What came in. */
export interface Received {
  method: string
  path: string
  headers: http.IncomingHttpHeaders
  body: string
}

/** What goes out. `raw` is written to the socket as it is, `reset` and `hang` answer nothing. */
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown; delayMs?: number }
  | { raw: string }
  | 'reset'
  | 'hang'

export interface ScriptedServer {
  url: string
  port: number
  received: Received[]
  /** Highest number of requests that were waiting for their answer at the same time. */
  maxInFlight(): number
  /** Connections accepted so far. */
  connections(): number
  close(): Promise<void>
}

export const NEXUS = { server: 'Nexus/3.90.0-01 (COMMUNITY)' }

/** A real server on a free port of 127.0.0.1 that answers as it is told. Plain values of `body` go out as JSON, strings as they are. */
export async function startServer(
  reply: (request: Received, index: number) => Reply | Promise<Reply>,
  options: { tls?: https.ServerOptions; port?: number } = {},
): Promise<ScriptedServer> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  let inFlight = 0
  let connections = 0
  let maxInFlight = 0
  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    inFlight += 1
    maxInFlight = Math.max(maxInFlight, inFlight)
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    const index = received.push(seen) - 1
    const answer = await reply(seen, index)
    await send(answer, request, response)
    inFlight -= 1
  }
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  }
  const server = options.tls ? https.createServer(options.tls, listener) : http.createServer(listener)
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    received,
    maxInFlight: () => maxInFlight,
    connections: () => connections,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

async function send(
  reply: Reply,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  if (reply === 'hang') return
  if (reply === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  if ('raw' in reply) {
    request.socket.end(reply.raw)
    return
  }
  if (reply.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.delayMs))
  const isText = typeof reply.body === 'string' || reply.body === undefined
  response.writeHead(reply.status, {
    ...(!isText && { 'content-type': 'application/json' }),
    ...reply.headers,
  })
  response.end(isText ? reply.body : JSON.stringify(reply.body))
}
