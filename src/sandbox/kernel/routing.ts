// Which route answers a request, and what an unknown path, method or media type answers (E12).
import type { Profile } from './profile.ts'
import { emptyFault, unexpected500 } from './replies.ts'
import type { Reply, Route, SandboxRequest } from './types.ts'

interface Compiled {
  route: Route
  segments: string[]
  literals: number
}

/** Finds the route of a request: the route with its parameters, or the answer that refuses it, or nothing at all. */
export type Router = (request: SandboxRequest) => RouteMatch | undefined
type RouteMatch = { route: Route; params: Record<string, string>; refused?: undefined } | { refused: Reply }

const restPrefix = ['service', 'rest']

function splitPath(path: string): string[] {
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replace(/;.*$/, ''))
  if (segments.length > 1 && segments.at(-1) === '') segments.pop() // a trailing slash does not count
  return segments
}

function compile(route: Route): Compiled {
  const segments = splitPath(route.path)
  const whole = route.root === true ? segments : [...restPrefix, ...segments]
  return {
    route,
    segments: whole,
    literals: whole.filter((segment) => !segment.startsWith(':') && segment !== '*').length,
  }
}

function matchSegments(pattern: string[], actual: string[]): Record<string, string> | undefined {
  const open = pattern.at(-1) === '*'
  if (open ? actual.length < pattern.length - 1 : actual.length !== pattern.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    if (expected === '*') {
      params['*'] = actual.slice(index).join('/')
      return params
    }
    const given = actual[index] ?? ''
    if (!expected.startsWith(':')) {
      if (expected !== given) return undefined
    } else if (given === '') return undefined
    else params[expected.slice(1)] = decodeURIComponent(given)
  }
  return params
}

/** Media types of an Accept header, lower case, without parameters; `*​/*` when the header is missing. */
export function acceptedTypes(accept: string | undefined): string[] {
  return (accept ?? '*/*').split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase())
}

function acceptsJson(request: SandboxRequest): boolean {
  return acceptedTypes(request.headers['accept']).some((type) =>
    ['*/*', 'application/*', 'application/json'].includes(type),
  )
}

function takesBody(route: Route, request: SandboxRequest): boolean {
  const consumes = route.consumes ?? (route.method === 'POST' || route.method === 'PUT' ? 'json' : 'any')
  if (consumes === 'any') return true
  const given = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  return given === (consumes === 'json' ? 'application/json' : 'text/plain')
}

/** Compiles the routes that a server offers. HEAD is answered by GET routes. */
export function createRouter(routes: readonly Route[], profile: Profile): Router {
  const compiled = routes
    .map(compile)
    .sort((left, right) => right.literals - left.literals || right.segments.length - left.segments.length)

  return (request) => {
    const actual = splitPath(request.path)
    const candidates = compiled.flatMap((entry) => {
      const params = matchSegments(entry.segments, actual)
      return params ? [{ route: entry.route, params, literals: entry.literals }] : []
    })
    if (candidates.length === 0) return undefined
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const match = candidates.find((candidate) => candidate.route.method === method)
    if (!match) return { refused: refusedMethod(request, profile, candidates) }
    if (!takesBody(match.route, request)) return { refused: emptyFault(415) }
    const checked = (match.route.produces ?? (match.route.root === true ? 'any' : 'json')) === 'json'
    if (checked && !acceptsJson(request)) return { refused: emptyFault(406) }
    return { route: match.route, params: match.params }
  }
}

// `Allow` is sent by 3.28 only, in the order of a Java hash set
const allowOrder = ['HEAD', 'POST', 'DELETE', 'GET', 'OPTIONS', 'PUT']

function refusedMethod(request: SandboxRequest, profile: Profile, candidates: { route: Route }[]): Reply {
  const methods: string[] = candidates.map((candidate) => candidate.route.method)
  if (request.method === 'OPTIONS') {
    return unexpected500(
      'org.jboss.resteasy.spi.DefaultOptionsMethodException: RESTEASY003655: No resource method found for options, return OK with Allow header',
    )
  }
  const reply = emptyFault(405)
  if (profile.since('3.41')) return reply
  const offered = (name: string): boolean =>
    name === 'OPTIONS' || methods.includes(name === 'HEAD' ? 'GET' : name)
  return { ...reply, headers: { Allow: allowOrder.filter(offered).join(', ') } }
}
