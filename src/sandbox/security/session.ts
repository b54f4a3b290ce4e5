// Signing in and out as the web UI does (nexus-api 1.2 and 4): a cookie NXSESSIONID, and no anti-CSRF cookie.
import { randomUUID } from 'node:crypto'
import { authenticate, cookieOf, passwordAccepted } from '../kernel/authentication.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

function decoded(value: string | null): string {
  return Buffer.from(value ?? '', 'base64').toString('utf8')
}

function signIn({ state, profile, request }: Context): Reply {
  const form = new URLSearchParams(request.body)
  const user = decoded(form.get('username'))
  if (!passwordAccepted(state, user, decoded(form.get('password')))) return { status: 403 }
  const id = randomUUID()
  state.sessions.set(id, user)
  const cookie = `NXSESSIONID=${id}; Path=/; HttpOnly; SameSite=Lax`
  // from 3.62 to 3.77 the cookie is set twice, first to take a remembered one away
  const twice = profile.since('3.62') && !profile.since('3.78')
  return { status: 204, headers: { 'Set-Cookie': twice ? [cookie, cookie] : [cookie] } }
}

function signOut({ state, profile, request }: Context): Reply {
  const caller = authenticate(request, state, profile)
  if (caller.refused) return caller.refused
  state.sessions.delete(cookieOf(request, 'NXSESSIONID') ?? '')
  return { status: 204, headers: { 'Set-Cookie': ['NXSESSIONID=deleteMe; Path=/; Max-Age=0'] } }
}

export const sessionRoutes: readonly Route[] = [
  { method: 'POST', path: '/service/rapture/session', root: true, consumes: 'any', handler: signIn },
  { method: 'DELETE', path: '/service/rapture/session', root: true, handler: signOut },
]
