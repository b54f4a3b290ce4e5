import type { PathPattern } from '../../edge/edge.ts'

/** Text as a part of a regular expression that every engine reads alike, without a character that the format around it may mind. */
export function literally(text: string): string {
  return text.replaceAll(/[^\w/\u{80}-\u{10FFFF}-]/gu, (character) =>
    character === '.'
      ? String.raw`\.`
      : String.raw`\x` + (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0'),
  )
}

/** What a path is compared with, as a regular expression; undefined for one that fits every path. */
export function expressionOf(path: PathPattern): string | undefined {
  if ('exact' in path) return `^${literally(path.exact)}$`
  if ('inside' in path) return `^/v2/.+/blobs/${path.inside === 'uploads' ? 'uploads/' : ''}`
  return path.prefix === '/' ? undefined : `^${literally(path.prefix)}`
}

/** What `Location` begins with where a back end has a prefix: the origin, the prefix, and the path that clients are to see. */
export function prefixedLocation(prefix: string): string {
  return `^(https?://[^/]+)?${literally(prefix)}(/.*)$`
}
