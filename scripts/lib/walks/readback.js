// What was written and what is read afterwards: every value that was sent and that the answer shows has to be the same.

/** What the server makes itself; and the name of a rule, which requests before 3.89 give in another field. */
const own = new Set(['url', 'format', 'type', 'routingRuleName'])

const secrets = /password|bearerToken|secretAccessKey|sessionToken/i

/**
 * Where the object of a successful write is read; undefined where no read belongs to it.
 * @param {import('./send.js').Request} request
 */
export function readPathOf({ method, path, body }) {
  if (/\/v1\/security\/(?:anonymous|realms\/active)$/.test(path)) return path
  const isOne = /\/v1\/(?:repositories\/\w+\/\w+|blobstores\/file|routing-rules)(\/[^/]+)?$/.exec(path)
  if (!isOne) return undefined
  if (method === 'POST' && isOne[1] === undefined && typeof body?.name === 'string')
    return `${path}/${encodeURIComponent(body.name)}`
  if (method !== 'PUT' || isOne[1] === undefined) return undefined
  // A rule may get another name; a repository and a blob store keep the one in the path.
  return path.includes('/routing-rules/') ? path.replace(/[^/]+$/, encodeURIComponent(body?.name)) : path
}

function same(sent, shown) {
  if (Array.isArray(sent) || Array.isArray(shown))
    return JSON.stringify([sent].flat().map(String)) === JSON.stringify([shown].flat().map(String))
  // Jackson reads "true" and 1 as true, "5" as 5; words of an enum may come back in upper case.
  if (typeof shown === 'boolean')
    return shown === (sent === true || sent === 'true' || (typeof sent === 'number' && sent !== 0))
  return String(sent).toLowerCase() === String(shown).toLowerCase()
}

/**
 * What differs, as sentences; what was not sent, sent as nothing, or is not shown does not count.
 * @param {any} sent
 * @param {any} shown
 * @param {string} path
 * @returns {string[]}
 */
export function differences(sent, shown, path = '') {
  if (
    Array.isArray(sent) ||
    sent === null ||
    typeof sent !== 'object' ||
    shown === null ||
    typeof shown !== 'object'
  ) {
    const isNothing = sent === null || sent === undefined || sent === ''
    return isNothing || same(sent, shown)
      ? []
      : [`${path}: sent ${JSON.stringify(sent)}, read ${JSON.stringify(shown)}`]
  }
  const told = Object.keys(shown).filter((key) => secrets.test(key) && shown[key] !== null)
  return [
    ...told.map((key) => `${path}.${key} is a secret and is answered`),
    ...Object.entries(sent)
      .filter(([key]) => Object.hasOwn(shown, key) && !own.has(key))
      .flatMap(([key, value]) => differences(value, shown[key], `${path}.${key}`)),
  ]
}
