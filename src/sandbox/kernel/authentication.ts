// Who is calling: Basic credentials, the web session with its anti-CSRF token, and the sign-in limit of 3.96 (nexus-api 1.2).
import type { Profile } from './profile.ts'
import { unauthorized } from './replies.ts'
import type { State } from './state.ts'
import type { Reply, SandboxRequest } from './types.ts'

/** The caller: a user id, nobody (undefined), or the answer that turns the request away. */
export type Caller = { user: string | undefined; refused?: undefined } | { refused: Reply }

const maxFailures = 3 // nexus.auth.ratelimit.max-attempts
const limitMilliseconds = 15 * 60 * 1000

/** User name and password of a Basic header; undefined when there is none, null when it is malformed. */
export function basicCredentials(
  header: string | undefined,
): { name: string; password: string } | null | undefined {
  const encoded = /^basic\s+(.*)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [, name, password] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  return name === undefined || password === undefined ? null : { name, password }
}

/** Whether the password is right and the user may sign in. */
export function passwordAccepted(state: State, name: string, password: string): boolean {
  if (password === '' || !state.realms.includes('NexusAuthenticatingRealm')) return false
  const user = state.users.find((entry) => entry.userId === name)
  return user?.password === password && (user.status === 'active' || user.status === 'changepassword')
}

/** 3.96 answers 429 for a name after three failures, and each further request prolongs it. */
function limited(state: State, profile: Profile, name: string): boolean {
  const failures = state.signInFailures.get(name)
  if (!profile.since('3.96') || !failures) return false
  const now = Date.now()
  if (now - failures.lastRequest >= limitMilliseconds) {
    state.signInFailures.delete(name)
    return false
  }
  if (failures.count < maxFailures) return false
  failures.lastRequest = now
  return true
}

const tooManyAttempts: Reply = {
  status: 429,
  body: 'Too many authentication attempts',
  contentType: 'text/html',
  headers: { 'Retry-After': '30' },
}

const tokenMismatch: Reply = {
  status: 401,
  body: 'Anti cross-site request forgery token mismatch',
  contentType: 'text/plain;charset=iso-8859-1',
}

/** Value of one cookie of the request. */
export function cookieOf(request: SandboxRequest, name: string): string | undefined {
  const cookies = (request.headers['cookie'] ?? '').split(/;\s*/)
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** From 3.29.1 the token is asked for when a valid session is sent; before, when a browser's User-Agent is. */
function forgeryRefused(request: SandboxRequest, profile: Profile, session: boolean): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false
  if (request.headers['content-type']?.startsWith('multipart/') === true) return false
  const guarded = profile.since('3.29.1')
    ? session
    : (request.headers['user-agent'] ?? '').startsWith('Mozilla/')
  if (!guarded) return false
  const token = cookieOf(request, 'NX-ANTI-CSRF-TOKEN')
  return token === undefined || token !== request.headers['nx-anti-csrf-token']
}

function withCredentials(
  credentials: { name: string; password: string } | null,
  state: State,
  profile: Profile,
): Caller {
  if (credentials === null) return { refused: unauthorized() }
  const { name, password } = credentials
  if (limited(state, profile, name)) return { refused: tooManyAttempts }
  if (passwordAccepted(state, name, password)) {
    state.signInFailures.delete(name)
    return { user: name }
  }
  const count = (state.signInFailures.get(name)?.count ?? 0) + 1
  state.signInFailures.set(name, { count, lastRequest: Date.now() })
  return { refused: unauthorized() }
}

/** Says who is calling. Bearer tokens count as no credentials. */
export function authenticate(request: SandboxRequest, state: State, profile: Profile): Caller {
  const sessionUser = state.sessions.get(cookieOf(request, 'NXSESSIONID') ?? '')
  if (forgeryRefused(request, profile, sessionUser !== undefined)) return { refused: tokenMismatch }
  const credentials = basicCredentials(request.headers['authorization'])
  // 3.96: wrong credentials do not matter on this one path (nexus-api 1.2)
  const lenient = profile.since('3.96') && request.path === '/service/rest/v1/status/writable'
  if (credentials !== undefined && !lenient) return withCredentials(credentials, state, profile)
  return { user: sessionUser }
}
