// Which route answers a request, and what an unknown path, method or media type answers (E12).
import type { Profile } from './profile.ts'
import { emptyFault, unexpected500 } from './replies.ts'
import type { Reply, Route, SandboxRequest } from './types.ts'

/** Finds the route of a request: the route with its parameters, or the answer that refuses it, or nothing at all. */
export type Router = (request: SandboxRequest) => RouteMatch | undefined
type RouteMatch = { route: Route; params: Record<string, string>; refused?: undefined } | { refused: Reply }

function compile(route: Route) {
  const path = route.root === true ? route.path : `/service/rest${route.path}`
  const source = path
    .replaceAll('.', '\\.')
    .replace(/:(\w+)/g, '(?<$1>[^/]+)')
    .replace(/\/\*$/, '(?:/(?<rest>.*))?')
  const segments = path.split('/')
  const literals = segments.filter((segment) => !/^[:*]/.test(segment)).length
  return { route, pattern: new RegExp(`^${source}$`), literals, length: segments.length }
}

/** A path without its matrix parameters (`;x=1`) and without a slash at the end, which does not count. */
function matchedPath(path: string): string {
  return path.replace(/;[^/]*/g, '').replace(/(?<=.)\/$/, '')
}

function decodedParams({ rest = '', ...named }: Record<string, string>): Record<string, string> {
  const params: Record<string, string> = { '*': rest }
  for (const [name, value] of Object.entries(named)) params[name] = decodeURIComponent(value)
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
    .sort((left, right) => right.literals - left.literals || right.length - left.length)

  return (request) => {
    const path = matchedPath(request.path)
    const candidates = compiled.filter(({ pattern }) => pattern.test(path))
    if (candidates.length === 0) return undefined
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const match = candidates.find(({ route }) => route.method === method)
    if (!match) return { refused: refusedMethod(request, profile, candidates) }
    const { route, pattern } = match
    if (!takesBody(route, request)) return { refused: emptyFault(415) }
    if (route.root !== true && !acceptsJson(request)) return { refused: emptyFault(406) }
    return { route, params: decodedParams(pattern.exec(path)?.groups ?? {}) }
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
