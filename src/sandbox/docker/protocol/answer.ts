// Answers one registry request: who calls → may they → licence terms → online → path and method → the repository.
import { createPermissionCheck } from '../../kernel/permissions.ts'
import type { Profile } from '../../kernel/profile.ts'
import { htmlPage } from '../../kernel/replies.ts'
import type { StreamedRequest } from '../../kernel/server.ts'
import type { Repository, State } from '../../kernel/state.ts'
import type { Reply } from '../../kernel/types.ts'
import { callerOf, challenge, type Tokens } from '../access.ts'
import type { Place } from '../place.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { Call, Handlers } from '../repository-handler.ts'
import type { ContentStore } from '../store.ts'
import { checkParams, protocolPaths } from './endpoints.ts'
import { refusalReply, withRegistryHeaders } from './exchange.ts'

/** What all registry requests of a server share. */
export interface RegistryServer {
  state: State
  profile: Profile
  tokens: Tokens
  store: ContentStore
  handlers: Handlers
}

type Action = Parameters<Call['may']>[0]

/** What a method needs, as in every format (np@ SecurityFacetSupport). */
function actionOf(method: string): Action {
  if (method === 'POST' || method === 'PATCH') return 'add'
  if (method === 'PUT') return 'edit'
  return method === 'DELETE' ? 'delete' : 'read'
}

/**
 * Community Edition serves no images before its licence terms are accepted: one 3.91.1 was seen to answer 403 to an administrator, and
 * that the open terms were the reason is a guess (nexus-api 2.10).
 */
function isClosed({ state, profile }: RegistryServer): boolean {
  return profile.edition === 'community' && profile.since('3.77') && !state.eulaAccepted
}

/** The answer of a servlet that does not know the method; 400 over HTTP/1.0, as nginx asks when it is not told otherwise. */
function unsupportedMethod(profile: Profile, { request, body }: StreamedRequest): Reply {
  const [status, reason] = body.httpVersion === '1.0' ? [400, 'Bad Request'] : [405, 'Method Not Allowed']
  return htmlPage(profile, status, reason, `HTTP method ${request.method} is not supported by this URL`)
}

/** The request at a repository, and through it at others. */
function callAt(
  repository: Repository,
  server: RegistryServer,
  caller: { user: string | undefined; signal: AbortSignal },
): Call {
  const { state, profile, store, handlers } = server
  const { name, type } = repository
  const check = createPermissionCheck(state, profile, caller.user)
  return {
    repository,
    content: store.of(name),
    handler: handlers[type],
    state,
    profile,
    ...caller,
    may: (action) => check(`nexus:repository-view:docker:${name}:${action}`),
    at: (other) => callAt(other, server, caller),
  }
}

/** Refuses who may not: nobody is asked who they are, a user is told. */
function checkAccess(call: Call, action: Action, refused: RegistryRefusal): void {
  if (call.may(action)) return
  throw call.user === undefined ? refused : new RegistryRefusal('UNAUTHORIZED', { status: 403 })
}

async function dispatch(
  place: Place,
  streamed: StreamedRequest,
  call: Call,
  server: RegistryServer,
): Promise<Reply> {
  const { request, body } = streamed
  const { profile, state, tokens } = server
  const path = decodeURIComponent(place.path)
  const match = protocolPaths.find(({ pattern }) => pattern.test(path))
  if (!match) return htmlPage(profile, 404, 'Not Found', 'Not Found')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const endpoint = match.methods[method]
  if (!endpoint) return unsupportedMethod(profile, streamed)
  if (state.frozen && method !== 'GET') return { status: profile.since('3.77') ? 500 : 503 }
  const params = { ...match.pattern.exec(path)?.groups }
  checkParams(params)
  // an answer before the end of the body leaves the connection as it is
  const parts = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  return endpoint({ call, place, request, body: parts, params, tokens })
}

async function answerAt(place: Place, streamed: StreamedRequest, server: RegistryServer): Promise<Reply> {
  const { request, body } = streamed
  const { profile } = server
  const caller = callerOf(request, server)
  if ('refused' in caller) return caller.refused
  const gone = new AbortController()
  const end = (): void => gone.abort()
  // a message that has been cut off knows its socket no more
  const { socket } = body
  socket.once('close', end)
  try {
    const call = callAt(place.repository, server, { user: caller.user, signal: gone.signal })
    const unknown = challenge(place, request, profile)
    if (!caller.hasCredentials && place.path !== '/token') throw unknown
    checkAccess(call, actionOf(request.method), unknown)
    if (isClosed(server)) return { status: 403 }
    if (place.repository.attributes['online'] === false)
      return htmlPage(profile, 503, 'Service Unavailable', 'Repository offline')
    return await dispatch(place, streamed, call, server)
  } finally {
    socket.off('close', end)
  }
}

/** Answers a request whose repository is known. */
export async function answerRegistry(
  place: Place,
  streamed: StreamedRequest,
  server: RegistryServer,
): Promise<Reply> {
  try {
    return withRegistryHeaders(await answerAt(place, streamed, server), server.profile)
  } catch (error) {
    if (error instanceof RegistryRefusal) return withRegistryHeaders(refusalReply(error), server.profile)
    throw error
  }
}
