// What a front does with the requests of registries' clients: which port of Nexus has them, and in what state.
import { type Echoed, text } from './echo.ts'
import type { Home, Place, Trial } from './front-trial.ts'
import { exchange, type RawAnswer, type RawRequest } from './raw-http.ts'
import { type Shape, shapes } from './shapes.ts'

/** One public name of a front under trial. */
interface Name {
  trial: Trial
  host: string
  port: number
  home: Home
}

interface Request {
  method: string
  path: string
  more?: Partial<RawRequest>
}

interface Seen extends Request {
  /** What is wrong. */
  says: string[]
}

/** All that is wrong with a front, a line each: `HEAD /v2/… at registry.example.com: went to 8082/v2/…`. Empty for a right one. */
export async function probe(trial: Trial): Promise<string[]> {
  const found: string[] = []
  for (const site of trial.sites) {
    for (const { method, path, says } of await probeName({ trial, ...site }))
      found.push(...says.map((what) => `${method} ${path} at ${site.host}: ${what}`))
  }
  return found
}

/** Those of the shapes that the wrong repository has, `METHOD PATH`. */
export async function misled(trial: Trial): Promise<string[]> {
  const lines = await probe(trial)
  return shapes
    .map(({ method, path }) => `${method} ${path}`)
    .filter((request) =>
      lines.some((line) => line.startsWith(`${request} at `) && line.includes(': went to ')),
    )
}

const main: Place = { port: 8081, prefix: '' }

async function probeName(name: Name): Promise<Seen[]> {
  const { home } = name
  if (home.web) return probeWeb(name)
  const seen: Seen[] = []
  for (const shape of shapes) seen.push(await probeShape(name, shape))
  seen.push(await redirects(name, '/v2', '/v2/'))
  for (const address of home.addresses) {
    for (const path of [`${address}token?account=me`, `${address}a/tags/list`])
      seen.push(await goesTo(name, { method: 'GET', path }, main))
    // Who asks by the address has it in Location, too.
    seen.push(await goesTo(name, { method: 'POST', path: `${address}a/blobs/uploads/` }, main))
  }
  const others = [
    '/',
    '/v2x',
    '/v1/search?q=nginx',
    '/service/rest/v1/status',
    '/v2/../service/rest/v1/status',
  ]
  for (const path of others) seen.push(await refuses(name, path))
  for (const path of climbing) seen.push(await refuses(name, path, [400, 404, 418]))
  return seen
}

/** What Jetty resolves to another place than whoever compares it as a path of the registry. */
const climbing = [
  '/v2/..%2fservice/rest/v1/status',
  '/v2/..%2Fservice/rest/v1/status',
  '/v2/a%2f..%2f..%2fservice/rest/v1/status',
  '/v2/%2e%2E%2fservice/rest/v1/status',
  '/v2/a%2f../../service/rest/v1/status',
  '/v2/..;/service/rest/v1/status',
  '/v2/..;x=/service/rest/v1/status',
  '/v2/;/../../service/rest/v1/status',
  '/repository/docker/v2/..%2f..%2f..%2fservice/rest/v1/status',
  '/repository/private////../../v2/app/tags/list',
]

async function probeWeb(name: Name): Promise<Seen[]> {
  const { contextPath } = name.trial
  const paths = [
    ['PUT', '/service/rest/v1/security/anonymous?x=%2F'],
    // npm asks like this: a slash that is not one.
    ['GET', '/repository/npm/@scope%2Fname'],
  ] as const
  const seen = [
    contextPath === ''
      ? await goesTo(name, { method: 'GET', path: '/' }, main)
      : await redirects(name, '/', `${contextPath}/`),
  ]
  for (const [method, path] of paths)
    seen.push(await goesTo(name, { method, path: contextPath + path }, main))
  return seen
}

async function refuses(name: Name, path: string, statuses = [404]): Promise<Seen> {
  const answer = await ask(name, { method: 'GET', path })
  const { 'x-echo': echo } = answer.headers
  // Who passes on what it has resolved leaves nothing to be understood in two ways.
  const isResolved =
    statuses.length > 1 && echo !== undefined && !/\.\.|%2e|\/\//i.test((JSON.parse(echo) as Echoed).target)
  const isRefused = isResolved || (statuses.includes(answer.status) && echo === undefined)
  return { method: 'GET', path, says: isRefused ? [] : [`went to somebody: ${answer.status}, not 404`] }
}

async function redirects(name: Name, path: string, to: string): Promise<Seen> {
  const { status, headers } = await ask(name, { method: 'GET', path })
  const { location = '' } = headers
  // Traefik has 301 for GET, and 308 for other methods.
  const isRight = [301, 308].includes(status) && [to, `${originOf(name)}${to}`].includes(location)
  return { method: 'GET', path, says: isRight ? [] : [`got ${status} to "${location}", not 308 to ${to}`] }
}

async function goesTo(name: Name, request: Request, place: Place): Promise<Seen> {
  const answer = await ask(name, request).catch((error: unknown) => error as Error)
  const says = answer instanceof Error ? [answer.message] : complaints(name, request, place, answer)
  return { ...request, says }
}

function placeOf(home: Home, shape: Shape): Place {
  if (home.by === undefined) return home.pull
  return home[home.by === 'method' ? shape.byMethod : shape.byNamespace]
}

function probeShape(name: Name, shape: Shape): Promise<Seen> {
  const place = placeOf(name.home, shape)
  return goesTo(name, { ...shape, more: extras(name.trial, shape) }, place)
}

/** What is peculiar to a request: its body, a header, or when its parts are sent. */
function extras({ echoes }: Trial, { send }: Shape): Partial<RawRequest> {
  const all = [...echoes.values()]
  switch (send) {
    case 'range':
      return { headers: { Range: 'bytes=100-199' } }
    case 'gzip':
      return { headers: { 'Accept-Encoding': 'gzip' } }
    case 'large':
      return { body: Buffer.alloc(2 * 1024 * 1024, 'x') }
    case 'chunked':
      // A front that buffers the whole request never gets the rest; Apache waits for 16 KiB of it.
      return {
        chunked: {
          first: 'x'.repeat(32_000),
          rest: 'the rest',
          when: Promise.race(all.map((echo) => echo.nextHead())),
        },
      }
    case 'halves':
      // A front that buffers the answer never gets the other half.
      return {
        onBody() {
          for (const echo of all) echo.release()
        },
      }
    default:
      return {}
  }
}

const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`

function ask(name: Name, { method, path, more = {} }: Request): Promise<RawAnswer> {
  const { ca, ends } = name.trial
  return exchange({
    port: name.port,
    ca,
    method,
    target: path,
    ...more,
    headers: {
      Host: hostOf(name),
      Authorization: authorization,
      // As a load balancer adds them, or somebody who means no good.
      'X-Forwarded-Host': 'elsewhere.example.com:5002',
      'X-Forwarded-Port': '5002',
      'X-Forwarded-Server': 'elsewhere.example.com',
      Forwarded: 'host=elsewhere.example.com:5002;for=192.0.2.1',
      'X-Forwarded-Proto': ends === 'here' ? 'http' : 'https',
      ...more.headers,
    },
  })
}

const hostOf = ({ host, port }: Name) => `${host}:${port}`
const schemeOf = ({ trial }: Name) => (trial.ends === 'plain' ? 'http' : 'https')
const originOf = (name: Name) => `${schemeOf(name)}://${hostOf(name)}`

/** What is wrong with the request as it arrived, and with the answer to it. */
function complaints(name: Name, request: Request, place: Place, answer: RawAnswer): string[] {
  const { 'x-echo': echo } = answer.headers
  if (echo === undefined) return [`nobody has it: ${answer.status}`]
  const seen = JSON.parse(echo) as Echoed
  const wanted = [place.prefix + request.path, place.prefix + normal(request.path)]
  if (seen.server !== String(place.port) || !wanted.includes(seen.target))
    return [`went to ${seen.server}${seen.target}, not ${place.port}${wanted[0]}`]
  const says = [
    ...requestComplaints(name, request, seen),
    ...answerComplaints(request, answer),
    ...locationComplaints(name, request, answer),
  ]
  return says
}

function requestComplaints(name: Name, { method, more }: Request, { headers, ...seen }: Echoed): string[] {
  const forwardedHost = String(headers['x-forwarded-host'] ?? '')
  const forwardedFor = String(headers['x-forwarded-for'])
  return [
    ...differs('method', seen.method, method),
    ...differs('Host', headers.host, hostOf(name)),
    ...differs('X-Forwarded-Proto', headers['x-forwarded-proto'], schemeOf(name)),
    ...['Forwarded', 'X-Forwarded-Port', 'X-Forwarded-Server'].flatMap((header) =>
      differs(header, headers[header.toLowerCase()], undefined),
    ),
    ...differs('Authorization', headers.authorization, authorization),
    // Who asks for a compressed answer by itself may send another one on than it got.
    ...(more?.headers?.['Accept-Encoding'] === undefined
      ? differs('Accept-Encoding', headers['accept-encoding'], undefined)
      : []),
    ...differs('bytes', seen.received, more?.chunked ? 32_008 : (more?.body?.length ?? 0)),
    ...(forwardedHost.includes(':') ? [`X-Forwarded-Host is ${forwardedHost}`] : []),
    ...(forwardedFor.includes('127.0.0.1') ? [] : [`X-Forwarded-For is ${forwardedFor}`]),
  ]
}

function answerComplaints({ method, more }: Request, { status, headers, body }: RawAnswer): string[] {
  const whole = method === 'GET' && !more?.headers?.['Range']
  return [
    ...differs('Content-Encoding', headers['content-encoding'], undefined),
    ...differs('API version', headers['docker-distribution-api-version'], 'registry/2.0'),
    ...(more?.headers?.['Range'] ? differs('range', `${status} ${body.length}`, '206 100') : []),
    ...(whole && body.toString('utf8') !== text ? ['the answer was changed'] : []),
  ]
}

function differs(what: string, is: unknown, should: unknown): string[] {
  return is === should ? [] : [`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`]
}

/** `Location` of an upload is what the client asked for, as a whole URL or a path: without what was laid before it. */
function locationComplaints(name: Name, { method, path }: Request, { headers }: RawAnswer): string[] {
  const [asked = ''] = path.split('?')
  if (!asked.includes('/uploads/')) return []
  const wanted = { POST: [`${originOf(name)}${asked}new`], PATCH: [asked, `${originOf(name)}${asked}`] }[
    method
  ]
  const { location = '' } = headers
  return !wanted || wanted.includes(location) ? [] : [`Location is ${location}, not ${wanted[0]}`]
}

/** The same path in its plain spelling: some fronts send it like that. */
function normal(path: string): string {
  const [plain = '', ...query] = path.split('?')
  const decoded = new URL(plain.replaceAll('%61', 'a').replaceAll('%62', 'b'), 'http://x').pathname
  return [decoded.replaceAll('//', '/'), ...query].join('?')
}
