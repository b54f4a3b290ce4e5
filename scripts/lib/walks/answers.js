// How an answer is told from another: its form, and whether it depends on anything but the request.

/** @typedef {import('./send.js').Answer} Answer */

function shapeOf(body) {
  if (body === '' || body === undefined) return 'empty'
  if (typeof body === 'string') return /<html/i.test(body) ? 'html' : 'text'
  if (Array.isArray(body)) return body.every((entry) => entry?.id !== undefined) ? 'list' : 'array'
  if (body.html !== undefined) return 'html'
  return 'id' in body && 'message' in body ? 'message' : 'object'
}

const mediaType = (headers) => headers?.['content-type']?.split(';')[0]?.trim() ?? 'none'

/**
 * Status, shape of the body, media type, fault id. Recorded headers stand beside a body that is parsed already.
 * @param {Answer} answer
 */
export function formOf({ status, headers, body }) {
  const shape = status < 400 ? '' : shapeOf(body)
  // The list's own media type depends on what the client accepts.
  const type = mediaType(headers).replace(
    'application/vnd.siesta-validation-errors-v1+json',
    'application/json',
  )
  const fault = headers?.['x-siesta-faultid'] === undefined ? '' : 'fault id'
  return [status, shape, type, fault].join(' ')
}

/** Which part of the server answers. */
export function areaOf(path) {
  if (/^\/(?:repository|v2)(?:\/|$)/.test(path)) return 'content'
  return /^\/(service\/rest|service\/extdirect)/.exec(path)?.[1] ?? 'pages'
}

/**
 * The violations of a list; undefined for every other answer.
 * @param {Answer} answer
 */
export function violationsIn({ status, body }) {
  const isList = status === 400 && Array.isArray(body)
  return isList ? body.filter((entry) => typeof entry?.id === 'string') : undefined
}

const isUniqueness = ({ message }) => /already (?:used|exists)/.test(message ?? '')

/**
 * Whether a violation says that a name is taken.
 * @param {Answer} answer
 */
export function tellsOfTakenName(answer) {
  return violationsIn(answer)?.some(isUniqueness) ?? false
}

/**
 * Whether the body could not be read at all: not JSON, or a value of the wrong type.
 * @param {Answer} answer
 */
export function isUnreadable({ status, body }) {
  const text = JSON.stringify(body ?? '')
  // What the facets can't read of a stored repository comes later (nexus-api 2.4).
  if (text.includes('Failed to validate facets')) return false
  return status === 400 && /Cannot (?:deserialize|construct)|Could not process the input/.test(text)
}

/**
 * Answers that come of the request alone, whatever the server holds: routing, media types, reading and validating the body.
 * @param {Answer} answer
 */
export function isStateless(answer) {
  if ([405, 406, 415].includes(answer.status) || isUnreadable(answer)) return true
  const found = violationsIn(answer)
  if (found === undefined || found.length === 0 || found.some(isUniqueness)) return false
  return found.every(({ id }) => id.startsWith('PARAMETER '))
}

/**
 * Status and ids: what two answers of the same meaning share.
 * @param {Answer} answer
 */
export function meaningOf(answer) {
  const ids = violationsIn(answer)?.map(({ id }) => id)
  return `${answer.status} ${ids?.toSorted().join(', ') ?? ''}`
}

/**
 * Whether nothing can have changed: an error, also one that ExtDirect puts into a success.
 * @param {Answer} answer
 */
export function isRefused({ status, body }) {
  if (status >= 400) return true
  const results = [body].flat().map((entry) => entry?.result)
  return (
    results.some((result) => result?.success === false) && results.every((result) => result?.success !== true)
  )
}
