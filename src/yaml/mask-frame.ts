import { joinStretches, type Stretch } from '../core/secrets/redact.ts'
import { looksSecret, remembering } from '../core/secrets/secret-words.ts'
import { urlCredentials } from '../core/secrets/url-credentials.ts'

// Which stretches of a file must not be shown, because they are or may be a secret. It works on lines and words, not on the
// parsed tree: the lines that are shown are those where the YAML is broken. Where it cannot know, it hides.

/** The value of a secret key that may go on on the following lines. */
interface OpenValue {
  /** Column of the key. What is indented deeper belongs to the value. */
  column: number
  /** The quote or bracket that is still to come. */
  closing: string
}

/** For each line the ranges to hide, in order, without overlaps. */
export function secretRanges(lines: readonly string[]): Stretch[][] {
  let open: OpenValue | undefined
  const isSecret = remembering(looksSecret)
  return lines.map((line, index) => {
    const indent = line.search(/\S/)
    if (indent < 0) return []
    if (open && continues(open, line, indent)) {
      if (open.closing !== '' && line.includes(open.closing)) open = { ...open, closing: '' }
      return isReferenceLine(line) ? [] : [{ start: indent, end: line.length }]
    }
    const scanned = scanLine(line, isSecret)
    if (scanned.open) open = withoutLostQuote(scanned.open, lines, index)
    else if (!isComment(line)) open = undefined
    return joinStretches([...scanned.ranges, ...urlCredentials(line)])
  })
}

function continues(open: OpenValue, line: string, indent: number): boolean {
  if (indent > open.column || isQuote(open.closing)) return true
  if (isComment(line)) return false
  return !hasOwnKey(line)
}

/** A quote that no later line closes was forgotten: it must not hide the rest of the file. */
function withoutLostQuote(open: OpenValue, lines: readonly string[], index: number): OpenValue {
  if (!isQuote(open.closing)) return open
  for (let later = index + 1; later < lines.length; later++) {
    if (lines[later]?.includes(open.closing)) return open
  }
  return { ...open, closing: '' }
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'"
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line)
}

/** `key: …`, `- key: …`, or a document marker. A key of several words is none: it may be a text that went astray. */
function hasOwnKey(line: string): boolean {
  return /^\s*(?:- +)*(?:---|\.\.\.|"[^"]*"|'[^']*'|[^\s"':#-][^\s:]*|-[^\s:]+)\s*(?::(?:\s|$)|$(?<=---|\.\.\.))/.test(
    line,
  )
}

/** `env: NAME` or `file: path` below `password:` says where the secret is, not what it is. */
function isReferenceLine(line: string): boolean {
  return /^\s*(?:env|file):\s+(?:"[^"]*"|'[^']*'|[^\s"'{}[\],]+)\s*$/.test(line)
}

interface Scanned {
  ranges: Stretch[]
  open: OpenValue | undefined
}

function scanLine(line: string, isSecret: (word: string) => boolean): Scanned {
  const ranges: Stretch[] = []
  const words = /[\p{L}\p{N}_.$-]+/gu
  const flow = { depth: 0, upTo: 0 }
  for (let match = words.exec(line); match; match = words.exec(line)) {
    if (!isSecret(match[0])) continue
    const key = { start: match.index, end: words.lastIndex }
    const valueAt = startOfValue(line, key)
    if (valueAt === undefined) continue
    flow.depth += flowDepth(line.slice(flow.upTo, key.start))
    flow.upTo = key.start
    const value = readValue(line, key, { valueAt, inFlow: flow.depth > 0 })
    if (value.hidden) ranges.push(value.hidden)
    if (value.open) return { ranges, open: value.open }
    words.lastIndex = value.end
  }
  return { ranges, open: undefined }
}

/** Where nginx passes requests on: `proxy_pass http://nexus;`. */
const nginxPass = /proxy_pass[ \t]+["']?(?:https?:\/\/|\$)/y

/** Where the value of a key begins, line.length for "on the next line", undefined for a word that is no key. */
function startOfValue(line: string, key: Stretch): number | undefined {
  const quoted = isQuote(line.charAt(key.start - 1)) && line[key.start - 1] === line[key.end]
  const after = key.end + (quoted ? 1 : 0)
  const separator = /[ \t]*(?:[:=][ \t]*)?/y
  separator.lastIndex = after
  const written = separator.exec(line)?.[0] ?? ''
  const valueAt = after + written.length
  if (/[:=]/.test(written)) return valueAt
  if (valueAt >= line.length)
    return line.slice(0, key.start).trim().replace(/^\?$/, '') === '' ? valueAt : undefined
  nginxPass.lastIndex = key.start
  if (nginxPass.test(line)) return undefined
  // Without a colon it is the mistake `password hunter2`, unless the word is a value itself: `[DockerToken]`, `/run/secrets/x`.
  return /[,}\])/#"']/.test(line.charAt(valueAt)) && !startsQuoted(line, valueAt) ? undefined : valueAt
}

function startsQuoted(line: string, at: number): boolean {
  return isQuote(line.charAt(at)) && line.indexOf(line.charAt(at), at + 1) > at
}

interface Value {
  hidden?: Stretch
  /** Where the line goes on after the value. */
  end: number
  open?: OpenValue
}

function readValue(
  line: string,
  key: Stretch,
  { valueAt, inFlow }: { valueAt: number; inFlow: boolean },
): Value {
  const shown = harmless(line, valueAt)
  if (shown !== undefined) return { end: shown }
  const end = inFlow ? endOfFlowValue(line, valueAt) : undefined
  // At the end of its line a value in a flow map may go on, too.
  if (end !== undefined && end < line.trimEnd().length) return { hidden: { start: valueAt, end }, end }
  const open = { column: key.start, closing: closingOf(line.slice(valueAt)) }
  if (valueAt >= line.length) return { end: line.length, open }
  return { hidden: { start: valueAt, end: line.length }, end: line.length, open }
}

/** End of a value that says where a secret is: `{env: NAME}`, `{file: path}`, `${NAME}`. */
function harmless(line: string, at: number): number | undefined {
  const reference =
    /\{\s*(?:env|file)\s*:\s*(?:"[^"{}]*"|'[^'{}]*'|[^\s{},"']+)\s*\}|\$\{[A-Za-z_]\w*\}|"\$\{[A-Za-z_]\w*\}"|'\$\{[A-Za-z_]\w*\}'/y
  reference.lastIndex = at
  if (!reference.test(line)) return undefined
  return isWellFormedTail(line.slice(reference.lastIndex)) ? reference.lastIndex : undefined
}

function endOfFlowValue(line: string, at: number): number | undefined {
  const value = /"[^"\\]*(?:\\.[^"\\]*)*"|'[^']*(?:''[^']*)*'|[^\s"'{}[\],|>][^{}[\],]*/y
  value.lastIndex = at
  const written = value.exec(line)?.[0]
  if (written === undefined) return undefined
  const end = at + written.trimEnd().length
  return isWellFormedTail(line.slice(at + written.length)) ? end : undefined
}

/**
 * Whether what follows a value reads as the rest of a flow map. In `{password: ab}cd, x: 1}` it does not: the file is
 * broken there, and `cd` belongs to the password.
 */
function isWellFormedTail(tail: string): boolean {
  const rest = tail.replace(/^[\s}\]]*/, '')
  if (rest === '') return true
  if (rest.startsWith('#')) return /\s/.test(tail.charAt(tail.length - rest.length - 1))
  return /^,\s*(?:$|[}\]{[]|(?:"[^"]*"|'[^']*'|[\w.-]+)\s*:(?:\s|$))/.test(rest)
}

function flowDepth(text: string): number {
  let depth = 0
  for (const character of text.replaceAll('${', '')) {
    if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
  }
  return depth
}

/** The character that ends a value which this line does not end, or ''. */
function closingOf(value: string): string {
  const bare = value.replace(/^(?:[&!]\S*\s+)+/, '')
  const first = bare.charAt(0)
  if (isQuote(first)) return bare.indexOf(first, 1) < 0 ? first : ''
  if (first === '{' || first === '[') return flowDepth(bare) > 0 ? (first === '{' ? '}' : ']') : ''
  return ''
}
