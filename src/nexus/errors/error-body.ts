/** One thing that the server did not like. */
export interface ServerComplaint {
  /** As sent: `PARAMETER blobStoreName`, `HelperBean.attributes.docker.httpPort`, `*`. */
  id?: string
  /** The id without its wrapping: `blobStoreName`, `docker.httpPort`; absent for `*`. */
  field?: string
  /** In words. */
  message: string
}

/** Nexus from 3.89 on sends some of its own messages as untranslated keys (nexus-api section 1.3). */
const KNOWN_KEYS: Readonly<Record<string, string>> = {
  'org.sonatype.nexus.validation.constraint.name':
    'only letters, digits, underscores, hyphens and dots are allowed, and it may not start with an underscore or dot',
  'org.sonatype.nexus.validation.constraint.hostname': 'must be a valid host name',
  'org.sonatype.nexus.validation.constraint.portnumber': 'must be a port from 1 to 65535',
}

const LONGEST_TEXT = 500

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
const BINARY = /[\u0000-\u0007\u000e-\u001a\ufffd]/

/** Tried in this order; the first that knows the shape decides (nexus-api section 1.3, "robust parser order"). */
const READERS: readonly ((text: string) => ServerComplaint[] | undefined)[] = [
  readJson,
  readQuotedText,
  readValidationErrorXO,
  readHtml,
  readText,
]

/**
 * What an error answer complains about: every body shape of Nexus 3.28 to 3.96 and the pages of what stands in front. Empty for an
 * empty body and for `[]`, which says no more. `contentType` is not trusted: some versions send text as application/json.
 */
export function readComplaints(contentType: string | undefined, body: string): ServerComplaint[] {
  const text = body.trim()
  if (text === '') return []
  if (contentType !== undefined && /html/i.test(contentType)) return readHtml(text) ?? []
  for (const read of READERS) {
    const complaints = read(text)
    if (complaints) return complaints
  }
  return []
}

function readJson(text: string): ServerComplaint[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return Array.isArray(value) ? unique(value.flatMap(fromJson)) : fromJson(value)
}

function fromJson(value: unknown): ServerComplaint[] {
  if (typeof value === 'string') return [complaint(undefined, value)]
  if (typeof value !== 'object' || value === null) return []
  const { id, message, error } = value as Record<string, unknown>
  const text = typeof message === 'string' ? message : error
  return typeof text === 'string' ? [complaint(typeof id === 'string' ? id : undefined, text)] : []
}

/** Until 3.48 a message is put between quotes without being escaped, so that it is not JSON (E4). */
function readQuotedText(text: string): ServerComplaint[] | undefined {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"')
    ? [complaint(undefined, text)]
    : undefined
}

/** From 3.49 on a text/plain answer is the `toString` of an object (E5). */
function readValidationErrorXO(text: string): ServerComplaint[] | undefined {
  const id = between(text, "ValidationErrorXO{id='", "', message='")
  if (!id) return undefined
  const end = text.lastIndexOf("'}")
  return end < id.end ? undefined : [complaint(id.text, text.slice(id.end, end))]
}

/** What stands between two texts, and where the second one ends. A lazy pattern would look for it from each place on. */
function between(text: string, before: string, after: string): { text: string; end: number } | undefined {
  const begin = text.indexOf(before)
  if (begin < 0) return undefined
  const start = begin + before.length
  const end = text.indexOf(after, start)
  return end < 0 ? undefined : { text: text.slice(start, end), end: end + after.length }
}

function readHtml(text: string): ServerComplaint[] | undefined {
  if (!/^\s*(<!doctype|<html|<head|<body|<center|<h1|<title)/i.test(text)) return undefined
  const words = (contentOf('title', text) ?? contentOf('h1', text) ?? '')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words === '' ? [] : [complaint(undefined, words)]
}

/** What the first element of that name holds. */
function contentOf(name: string, html: string): string | undefined {
  const begin = new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'i').exec(html)
  if (!begin) return undefined
  const rest = html.slice(begin.index + begin[0].length)
  const end = rest.search(new RegExp(`</${name}>`, 'i'))
  return end < 0 ? undefined : rest.slice(0, end)
}

/** Bytes that are no text say nothing. */
function readText(text: string): ServerComplaint[] {
  return BINARY.test(text) ? [] : [complaint(undefined, text)]
}

function complaint(id: string | undefined, message: string): ServerComplaint {
  const field = id === undefined ? undefined : fieldOf(id)
  return { ...(id !== undefined && { id }), ...(field !== undefined && { field }), message: inWords(message) }
}

/** What the official web UI strips too; `[httpclient]` is another spelling of `.httpclient`. */
function fieldOf(id: string): string | undefined {
  const field = id
    .replace(/^(PARAMETER|FIELD) /, '')
    .replace(/^.*?\battributes(?=[.[])/, '')
    .replace(/\[([A-Za-z]\w*)\]/g, '.$1')
    .replace(/^HelperBean\./, '')
    .replace(/^\.+/, '')
  return ['', '*', 'arg0'].includes(field) ? undefined : field // arg0 is the body as a whole
}

/** A server's message as one line, without its wrapping quotes, its known `{keys}` turned into words. */
export function inWords(message: string): string {
  const inner = /^"(.*)"$/s.exec(message)?.[1] ?? message
  const known = inner.replace(/\{([\w.]+)\}/g, (whole, key: string) => KNOWN_KEYS[key] ?? whole)
  const line = oneLine(known)
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line
}

/** A text of several lines as one. */
export function oneLine(text: string): string {
  return text
    .split(/[\r\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('; ')
}

/** A type mismatch comes once for each element of its path, with the same message each time (E8). */
function unique(complaints: ServerComplaint[]): ServerComplaint[] {
  const seen = new Set<string>()
  return complaints.filter(({ message, field }) => {
    const key = field === undefined ? message : `${field} ${message}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
