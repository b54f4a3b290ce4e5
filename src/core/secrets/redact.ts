import { viewsOf } from './spellings.ts'

/** A stretch of a text in UTF-16 units, `end` exclusive. */
export interface Stretch {
  start: number
  end: number
}

/** Knows the secret values of this run and takes them out of text before anybody sees it. */
export interface Redactor {
  /** Registers a secret value, as it is used. Register `user:password` too where it travels as Basic credentials. */
  add(secret: string): void
  /**
   * The text with every registered secret of 8 characters or more, in every spelling it may travel in, replaced by `***`; also what
   * the text ends with, where that is the beginning of one.
   */
  redact(text: string): string
  /** Where `redact` would put `***`: in order, without overlaps. */
  find(text: string): Stretch[]
  /** Whether the text as a whole is a secret, however short: for places that hold values, not sentences. */
  isSecret(text: string): boolean
}

/** Instead of a secret. It says nothing of it, not even how long it is. */
export const MASK = '***'

/**
 * Shorter values are left alone in free text: a password `1` or `docker` would blacken every port and most words, and what is
 * blackened would tell the secret. Places that are known to hold a secret are masked by whoever prints the place, whatever its length.
 */
const SHORTEST_SECRET = 8

/**
 * A fresh registry. Covers the value with the escapes of JSON, URLs, forms, HTML and Markdown in any mixture, and base64 and
 * base64url wherever in a longer base64 text the value begins.
 */
export function createRedactor(): Redactor {
  const values = new Set<string>()
  const index = createIndex()
  let unindexed: string[] = []
  const find = (text: string): Stretch[] => {
    if (text.length < SHORTEST_SECRET || values.size === 0) return []
    for (const value of unindexed) for (const spelling of spellingsOf(value)) index.add(spelling)
    unindexed = []
    return index.isEmpty() ? [] : joinStretches(index.find(text), text)
  }
  return {
    add(secret) {
      for (const value of partsOf(secret)) {
        if (values.has(value)) continue
        values.add(value)
        if (value.length >= SHORTEST_SECRET) unindexed.push(value)
      }
    },
    find,
    redact: (text) => masked(text, find(text)),
    isSecret: (text) => values.has(text),
  }
}

/** The text with `***` in place of each stretch. */
export function masked(text: string, stretches: readonly Stretch[]): string {
  let result = ''
  let shownUpTo = 0
  for (const { start, end } of stretches) {
    result += text.slice(shownUpTo, start) + MASK
    shownUpTo = end
  }
  return result + text.slice(shownUpTo)
}

/** The value, without the space around it, and line by line (a private key): output may indent lines. */
function partsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim())
  const parts = new Set([secret, secret.trim(), ...lines.filter((line) => line.length >= SHORTEST_SECRET)])
  return [...parts].filter((part) => part !== '')
}

/** What is looked for after escapes have been undone. */
function spellingsOf(value: string): string[] {
  const wellFormed = Buffer.from(value).toString() // encodeURIComponent throws on half a surrogate pair
  const forms = new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed)])
  return [value, ...[...forms].flatMap(base64Spellings)].filter((text) => text.length >= SHORTEST_SECRET)
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

/** Spellings by their beginnings, then by their lengths: the time to look for them does not depend on how many there are. */
function createIndex() {
  const byBeginning = new Map<string, Map<number, Set<string>>>()
  const beginnings = new Uint8Array(4096)
  const slot = (text: string, at: number) =>
    (text.charCodeAt(at) * 61 + text.charCodeAt(at + 1)) % beginnings.length
  const longestAt = (text: string, at: number): number => {
    let longest = 0
    if (beginnings[slot(text, at)] === 0) return longest
    const rest = text.length - at
    for (const [length, spellings] of byBeginning.get(text.slice(at, at + SHORTEST_SECRET)) ?? []) {
      const found = Math.min(length, rest)
      if (found <= longest) continue
      const written = text.slice(at, at + found)
      // What was cut, an answer that is too long for one, may end inside a secret.
      const isThere = length > rest ? beginsOne(spellings, written) : spellings.has(written)
      if (isThere) longest = found
    }
    return longest
  }
  return {
    isEmpty: () => byBeginning.size === 0,
    add(spelling: string) {
      const beginning = spelling.slice(0, SHORTEST_SECRET)
      const byLength = byBeginning.get(beginning) ?? new Map<number, Set<string>>()
      byBeginning.set(beginning, byLength)
      byLength.set(spelling.length, (byLength.get(spelling.length) ?? new Set()).add(spelling))
      beginnings[slot(spelling, 0)] = 1
    },
    /** Every position is tried: so secrets that overlap each other are all found. */
    find(text: string): Stretch[] {
      const found: Stretch[] = []
      for (const view of viewsOf(text)) {
        for (let at = 0; at + SHORTEST_SECRET <= view.text.length; at++) {
          const length = longestAt(view.text, at)
          if (length === 0) continue
          const last = at + length - 1
          found.push({ start: view.start?.[at] ?? at, end: view.end?.[last] ?? last + 1 })
        }
      }
      return found
    },
  }
}

function beginsOne(spellings: ReadonlySet<string>, written: string): boolean {
  for (const spelling of spellings) if (spelling.startsWith(written)) return true
  return false
}

/** A line break, as it is or escaped, between lines of one secret: how many there are would tell how long it is. */
const betweenLines = /^[ \t]*(?:\r|\n|\\[rn])(?:\s|\\[rnt])*$/

/** In order, without overlaps; within `text` also without the line breaks between them. */
export function joinStretches(stretches: readonly Stretch[], text = ''): Stretch[] {
  const result: Stretch[] = []
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    const touches = last && (start <= last.end || betweenLines.test(text.slice(last.end, start)))
    if (touches) last.end = Math.max(last.end, end)
    else if (end > start) result.push({ start, end })
  }
  return result
}
