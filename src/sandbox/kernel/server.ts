// One request from the socket to the answer: fault → phase → context path → authentication → routing → permission →
// handler (nexus-api section 9).
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { authenticate, basicCredentials } from './authentication.ts'
import { type Fault, takeFault } from './faults.ts'
import { malformedUrl, outsideContext, redirectToContext, stopping } from './jetty.ts'
import { createPermissionCheck } from './permissions.ts'
import type { Profile } from './profile.ts'
import { emptyFault, htmlPage, unauthorized, unexpected500 } from './replies.ts'
import type { Router } from './routing.ts'
import type { State } from './state.ts'
import type { Reply, SandboxRequest } from './types.ts'
import { sendReply } from './wire.ts'

/** A request as an observer sees it. */
export interface SeenRequest {
  number: number
  method: string
  /** With the query. */
  path: string
  body: string
  /** User name of the Basic credentials, right or wrong. */
  user: string | undefined
}

/** The body of a request that is not read at once. */
export interface StreamedRequest {
  request: SandboxRequest
  body: IncomingMessage
}

/** What answers a request whose body is streamed. */
export type StreamedAnswer = (streamed: StreamedRequest) => Promise<Reply>

/** What the HTTP side of a sandbox needs. */
export interface ServerParts {
  state: State
  profile: Profile
  router: Router
  /** What answers this request with its body streamed; undefined for one that the router answers. `path` is the whole one. */
  streamed?: (request: SandboxRequest) => StreamedAnswer | undefined
  /** Called before the answer to a request that may have changed the state. */
  changed?: () => Promise<void>
  /** What observers and faults see before the path: a connector's requests are logged as `/repository/<name>/v2/…` (docker-evidence 42). */
  shownBelow?: string
  faults: readonly Fault[]
  contextPath: string
  latencyMs: number
  /** Requests are counted over all ports of a server, from 1. */
  nextNumber(): number
  beforeRequest(request: SeenRequest): void | Promise<void>
  afterResponse(request: SeenRequest, reply: Reply): void | Promise<void>
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** The web server's file area answers without looking at credentials. */
function isGuarded(path: string): boolean {
  return /^\/(service\/(rest|extdirect)|repository|v2)(\/|$)/.test(path)
}

function unknownPath(path: string, profile: Profile): Reply {
  const bare = path === '/service/rest' && !profile.since('3.78')
  if (path.startsWith('/service/rest') && !bare) return emptyFault(404)
  return htmlPage(profile, 404, 'Not Found', 'Not Found')
}

/** 3.96 asks for credentials wherever anonymous access is off; before, the single permissions decide (nexus-api 1.2). */
function credentialsMissing(parts: ServerParts, request: SandboxRequest): boolean {
  if (!parts.profile.since('3.96') || request.user !== undefined || parts.state.anonymous.enabled)
    return false
  return /^\/service\/(rest\/(v1\/(?!status)|internal)|extdirect)/.test(request.path)
}

/** The server's own address as the client sees it; a reverse proxy's headers count (lifecycle `context-path/forwarded`). */
export function baseUrlOf({ headers }: SandboxRequest, contextPath: string): string {
  const host = headers['x-forwarded-host'] ?? headers['host'] ?? 'localhost'
  return `${headers['x-forwarded-proto'] ?? 'http'}://${host}${contextPath}`
}

interface Arrival {
  request: SandboxRequest
  message: IncomingMessage
  streamed: StreamedAnswer | undefined
}

async function answer({ request: arrived, message, streamed }: Arrival, parts: ServerParts): Promise<Reply> {
  const { profile, state } = parts
  if (state.phase === 'stopping') return stopping(profile)
  if (!isDecodable(arrived.path)) return malformedUrl(profile)
  if (streamed) return streamed({ request: arrived, body: message })
  return answerBuffered(arrived, parts)
}

/** The answer to a request whose body is there: of Jetty outside of the context path, of a route below it. */
async function answerBuffered(arrived: SandboxRequest, parts: ServerParts): Promise<Reply> {
  const { profile, state, contextPath } = parts
  const { path } = arrived
  const baseUrl = baseUrlOf(arrived, contextPath)
  if (contextPath !== '' && path === contextPath) return redirectToContext(profile, baseUrl)
  if (!path.startsWith(`${contextPath}/`)) return outsideContext(profile, path, arrived.headers['accept'])
  const request = { ...arrived, path: path.slice(contextPath.length) }
  if (isGuarded(request.path)) {
    const caller = authenticate(request, state, profile)
    if (caller.refused) return caller.refused
    request.user = caller.user
    if (credentialsMissing(parts, request)) return unauthorized()
  }
  const match = parts.router(request)
  if (!match) return unknownPath(request.path, profile)
  if (match.refused) return match.refused
  const { route, params } = match
  const may = createPermissionCheck(state, profile, request.user)
  if (route.permission !== undefined && !may(route.permission)) return emptyFault(403)
  const reply = await route.handler({ request, params, state, profile, baseUrl, may })
  if (request.method !== 'GET' && request.method !== 'HEAD') await parts.changed?.()
  return reply
}

/** The answer with faults and phases applied, `request.path` being the whole one; undefined = the connection is dropped without one. */
async function answerOrFault(arrival: Arrival, parts: ServerParts): Promise<Reply | undefined> {
  const { request, message } = arrival
  const { socket } = message
  const fault = takeFault(parts.faults, request.method, `${parts.shownBelow ?? ''}${request.path}`)
  if (parts.state.phase === 'refused' || fault?.kind === 'reset') return undefined
  if (fault?.kind === 'reply') return fault.reply
  if (fault?.kind === 'hang') {
    await once(socket, 'close')
    return undefined
  }
  if (fault?.kind === 'slow') await delay(fault.milliseconds)
  const reply = await answer(arrival, parts).catch((error: unknown) => unexpected500(String(error)))
  return fault?.kind === 'lost' ? undefined : reply
}

async function serve(message: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const number = parts.nextNumber()
  const { method = 'GET', url = '/', socket } = message
  const [path = '/', search = ''] = url.split(/\?(.*)/s)
  // Node joins what is sent twice; a list comes of set-cookie alone, which no client sends
  const headers = message.headers as SandboxRequest['headers']
  const query = new URLSearchParams(search)
  const request: SandboxRequest = { method, path, query, headers, body: '', user: undefined }
  const streamed = isDecodable(path) ? parts.streamed?.(request) : undefined
  if (!streamed) request.body = (await buffer(message)).toString('utf8')
  const user = basicCredentials(headers['authorization'])?.name
  const seen = { number, method, path: `${parts.shownBelow ?? ''}${url}`, body: request.body, user }
  await parts.beforeRequest(seen)
  if (parts.latencyMs > 0) await delay(parts.latencyMs)
  const reply = await answerOrFault({ request, message, streamed }, parts)
  if (!reply) {
    socket.destroy()
    return
  }
  await sendReply(response, reply, parts.profile, request)
  await parts.afterResponse(seen, reply)
}

// Idle connections live as long as on the real server, so that clients meet the same races
const jettyIdleMs = 30_000

/** Creates the HTTP server (not listening yet) and a count of the most requests that were open at one time. */
export function createSandboxServer(parts: ServerParts): { server: Server; maxInFlight: () => number } {
  let inFlight = 0
  let most = 0
  const server = createServer((message, response) => {
    inFlight += 1
    most = Math.max(most, inFlight)
    const { socket } = message
    serve(message, response, parts)
      .catch(() => socket.destroy())
      .finally(() => {
        inFlight -= 1
      })
  })
  server.keepAliveTimeout = jettyIdleMs
  server.requestTimeout = 0 // a layer takes as long as it takes
  server.on('connection', (socket) => {
    if (parts.state.phase === 'refused') socket.destroy()
  })
  return { server, maxInFlight: () => most }
}
