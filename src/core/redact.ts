/** Knows the secret values of this run and takes them out of text before anybody sees it. */
export interface Redactor {
  /** Registers a secret value, as it is used. Register `user:password` too where it travels as Basic credentials. */
  add(secret: string): void
  /** The text with every registered secret, in every spelling it may travel in, replaced by `***`. */
  redact(text: string): string
}

const MASK = '***'

/**
 * Shorter values are left alone in free text: a password `1` or `no` would blacken every port and most words, and what is
 * blackened would tell the secret. Fields known to be secret are masked by whoever prints the field, whatever their length.
 */
const SHORTEST_SECRET = 4

/** Lines of a multi-line secret (a private key) are secrets of their own from this length on: output may indent them. */
const SHORTEST_LINE = 8

/**
 * A fresh registry. Covers the value as it is, URL-encoded (component, whole URL and form style, either case of the hex digits),
 * JSON-escaped, and base64 and base64url wherever in a longer base64 text the value begins.
 */
export function createRedactor(): Redactor {
  const spellings = new Set<string>()
  let pattern: RegExp | undefined
  return {
    add(secret) {
      for (const value of partsOf(secret)) for (const spelling of spellingsOf(value)) spellings.add(spelling)
      pattern = undefined
    },
    redact(text) {
      if (spellings.size === 0) return text
      pattern ??= patternOf(spellings)
      return mask(text, pattern)
    },
  }
}

function partsOf(secret: string): string[] {
  const lines = /[\r\n]/.test(secret) ? secret.split(/[\r\n]+/).map((line) => line.trim()) : []
  const parts = [secret, secret.trim(), ...lines.filter((line) => line.length >= SHORTEST_LINE)]
  return parts.filter((part) => part.length >= SHORTEST_SECRET)
}

function spellingsOf(value: string): string[] {
  const wellFormed = Buffer.from(value).toString() // encodeURIComponent throws on half a surrogate pair
  const component = encodeURIComponent(wellFormed)
  const strict = component.replace(/[!'()*]/g, percentEncoded)
  const form = new URLSearchParams([['', wellFormed]]).toString().slice(1)
  const escaped = JSON.stringify(value).slice(1, -1)
  const encoded = [component, strict, form, encodeURI(wellFormed)]
  return [
    value,
    ...encoded,
    ...encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())),
    escaped,
    escaped.replaceAll('/', '\\/'),
    escaped.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ...base64Spellings(value),
  ].filter((text) => text.length >= SHORTEST_SECRET)
}

function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}

/**
 * Base64 writes three bytes as four characters, so a value inside a longer text looks different for each of the three places it
 * can begin at. Of each, only the characters that no neighbouring byte has a share in are certain.
 */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value)
  const spellings = [bytes.toString('base64')]
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    spellings.push(text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)))
  }
  return [
    ...spellings,
    ...spellings.map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')),
  ]
}

/** Longest first, inside a lookahead: so every position is tried, and secrets that overlap each other are all found. */
function patternOf(spellings: Set<string>): RegExp {
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length)
  return new RegExp(
    `(?=(${longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')}))`,
    'g',
  )
}

function mask(text: string, pattern: RegExp): string {
  let result = ''
  let shownUpTo = 0
  let hiddenUpTo = 0
  for (const match of text.matchAll(pattern)) {
    const end = match.index + (match[1]?.length ?? 0)
    if (match.index > hiddenUpTo || hiddenUpTo === 0) {
      result += text.slice(shownUpTo, match.index) + MASK
    }
    hiddenUpTo = Math.max(hiddenUpTo, end)
    shownUpTo = hiddenUpTo
  }
  return result + text.slice(shownUpTo)
}
