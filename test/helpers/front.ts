import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { listen } from './listen.ts'

export interface FrontRequest {
  method: string
  path: string
  body: string
}

export interface FrontAnswer {
  status: number
  body: string
  /** Default: JSON of a Nexus 3.90 Pro. */
  headers?: Record<string, string>
}

export interface Front {
  url: string
  username: string
  password: string
  /** Every request that came, in order, with the status that it got. */
  seen: (FrontRequest & { status: number })[]
}

interface Rules {
  /** An answer instead of the sandbox's. */
  instead?(request: FrontRequest): FrontAnswer | undefined
  /** Another body than the sandbox's: parsed JSON in, JSON out. */
  reword?(request: FrontRequest, json: unknown): unknown
}

/**
 * Something in front of a sandbox that answers differently: a cluster node that lags behind, a newer server with fields that
 * nobody here knows. Closed when the test ends.
 */
export async function frontOf(sandbox: Sandbox, rules: Rules): Promise<Front> {
  const seen: Front['seen'] = []
  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const request = {
      method: message.method ?? 'GET',
      path: message.url ?? '/',
      body: Buffer.concat(chunks).toString('utf8'),
    }
    const own = rules.instead?.(request)
    const { status, headers, body } = own
      ? { headers: { 'content-type': 'application/json', server: 'Nexus/3.90.0-01 (PRO)' }, ...own }
      : await forward(sandbox, request, message.headers, rules)
    seen.push({ ...request, status })
    response.writeHead(status, headers).end(body)
  }
  const server = createServer((message, response) => {
    answer(message, response).catch(() => message.socket.destroy())
  })
  const port = await listen(server)
  const { username, password } = sandbox
  return { url: `http://127.0.0.1:${port}`, username, password, seen }
}

async function forward(
  sandbox: Sandbox,
  request: FrontRequest,
  headers: Record<string, string | string[] | undefined>,
  rules: Rules,
) {
  const passed = ['authorization', 'accept', 'content-type', 'cookie', 'user-agent'].flatMap((name) =>
    typeof headers[name] === 'string' ? [[name, headers[name]] as const] : [],
  )
  const answer = await fetch(sandbox.url + request.path, {
    method: request.method,
    headers: Object.fromEntries(passed),
    ...(request.body !== '' && { body: request.body }),
  })
  const text = await answer.text()
  const kept = ['content-type', 'server', 'x-siesta-faultid', 'www-authenticate'].flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
  const body = isJson && rules.reword ? JSON.stringify(rules.reword(request, JSON.parse(text))) : text
  return { status: answer.status, headers: Object.fromEntries(kept), body }
}
