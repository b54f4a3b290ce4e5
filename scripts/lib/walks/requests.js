// The requests that random walks are made of: what real servers were asked, and variations of it.

import { scenarios } from '../scenarios.js'

/** @typedef {import('./send.js').Request} Request */

/** Scenarios whose requests may come in any order. first-login and lockout change how everything after them is asked. */
const inOrder = ['first-login', 'concurrency', 'lockout']
export const walkedScenarios = new Set(scenarios.filter((name) => !inOrder.includes(name)))

// Nothing listens there: a proxy repository gets no answer, and at once.
const nowhere = 'http://127.0.0.1:9'

/** A recorded text as it can be sent: placeholders are made addresses that lead nowhere. */
function sendable(text) {
  return text.replaceAll('<upstream>', nowhere).replaceAll('<central>', nowhere)
}

const format = '(?:raw|maven|maven2|docker|apt)'
const type = '(?:hosted|proxy|group)'

/**
 * What is asked of which kind of object, whatever its name, format and type: `PUT /service/rest/v1/repositories/<recipe>/*`.
 * @param {Request} request
 */
export function kindOf({ method, path }) {
  const [plain = ''] = path.split('?')
  const kind = plain
    .replace(new RegExp(`(/repositories/)${format}/${type}(?=/|$)`), '$1<recipe>')
    .replace(/(\/repositories\/<recipe>\/)[^/]+$/, '$1*')
    .replace(/(\/v1\/repositories\/)(?!<recipe>)[^/]+/, '$1*')
    .replace(/(\/blobstores\/file\/)[^/]+/, '$1*')
    .replace(/(\/blobstores\/)(?!file(?:\/|$))[^/]+/, '$1*')
    .replace(/(\/routing-rules\/)[^/]+/, '$1*')
    .replace(/(\/users\/)[^/]+(\/change-password)/, '$1*$2')
    .replace(/^(\/repository\/)[^/]+\/.+/, '$1*')
  return `${method} ${kind}`
}

/** Kinds that the sandbox has no API for yet, and content that it does not store. */
const left = /\/v1\/security\/(?:roles|privileges|content-selectors|users(?!\/.*change-password))/

/** The requests of a recording with their answers. Sessions and masked secrets can't be sent again. */
export function requestsOf(recording) {
  return recording.log
    .filter(({ scenario, request }) => walkedScenarios.has(scenario) && request !== undefined)
    .filter(({ request }) => !left.test(request.path) && kindOf(request) !== 'PUT /repository/*')
    .filter(({ request }) => !JSON.stringify(request).match(/<secret>|NXSESSIONID|<initial-password>/))
    .map(({ scenario, request, response }) => ({
      scenario,
      request: JSON.parse(sendable(JSON.stringify(request))),
      response,
    }))
}

/** Names that walks give to objects, so that they meet again. */
const names = ['walk-a', 'walk-b', 'WALK-A', 'default']
/** What fields are changed into; undefined leaves them out. */
const values = [undefined, null, '', 'nosuch', -1, 'true', true, [], {}, ['nosuch'], ['walk-a'], 'walk-b']

/**
 * Every place in a body, as the list of keys that lead there.
 * @param {any} value
 * @param {string[]} path
 * @returns {string[][]}
 */
function placesIn(value, path = []) {
  if (value === null || typeof value !== 'object') return [path]
  const inner = Object.entries(value).flatMap(([key, entry]) => placesIn(entry, [...path, key]))
  return path.length === 0 ? inner : [path, ...inner]
}

/**
 * @param {any} body
 * @param {string[]} path
 * @param {any} value
 */
function withValue(body, [key = '', ...rest], value) {
  const copy = Array.isArray(body) ? [...body] : { ...body }
  // JSON leaves out what is undefined, and makes it null in a list.
  copy[key] = rest.length > 0 ? withValue(copy[key], rest, value) : value
  return copy
}

function renamed(request, name) {
  const last = /\/[^/?]+$/.exec(request.path)?.[0]
  const isNamed = kindOf(request).includes('/*') && last !== undefined
  const path = isNamed ? `${request.path.slice(0, -last.length)}/${name}` : request.path
  const hasName = typeof request.body?.name === 'string'
  return { ...request, path, ...(hasName ? { body: { ...request.body, name } } : {}) }
}

/**
 * A request with one thing changed: who asks, the name, or a field.
 * @param {Request} request
 * @param {{ what: 'none' | 'bad' | 'name' | 'field', place: number, value: number }} variation
 */
export function vary(request, { what, place, value }) {
  if (what === 'none' || what === 'bad') {
    const { authorization, ...headers } = request.headers ?? {}
    return { ...request, auth: what, headers }
  }
  if (what === 'name') return renamed(request, names[value % names.length])
  if (request.body === null || typeof request.body !== 'object') return request
  const places = placesIn(request.body)
  const path = places[place % places.length]
  return path ? { ...request, body: withValue(request.body, path, values[value % values.length]) } : request
}
