import { MASK, type Stretch } from './redact.ts'

/** A sentence without the password of any `https://user:password@host` in it. It has to stay readable: what is no such URL stays. */
export function withoutUrlPasswords(sentence: string): string {
  if (!sentence.includes('@')) return sentence
  return sentence.replace(
    /(:\/\/[^\s/?#:@"'<>]*:)[^\s/?#"'<>]*(?=@)/g,
    (_, before: string) => `${before}${MASK}`,
  )
}

/**
 * Credentials in the URLs of a line that may be wrong, and so may they be. Of `https://user:password@host` the password, or what stands
 * there alone (`https://token@host`); of a URL that is none (`http:/user:password@host`, with spaces, without its @) whatever may be it.
 */
export function urlCredentials(line: string): Stretch[] {
  return [...authorities(line), ...brokenCredentials(line), ...noPorts(line)]
}

function authorities(line: string): Stretch[] {
  const ranges: Stretch[] = []
  for (const { 0: text, index } of line.matchAll(/\S+/g)) {
    const authority = text.indexOf('//') + 2
    const at = text.lastIndexOf('@')
    if (authority < 2 || at < authority) continue
    const colon = text.slice(authority, at).indexOf(':')
    ranges.push({ start: index + authority + colon + 1, end: index + at })
  }
  return ranges
}

/** From the first colon that ends no key, the scheme's left out, to the last @. */
function brokenCredentials(line: string): Stretch[] {
  const end = line.lastIndexOf('@')
  const first = line.search(/:(?!\s|$)/)
  if (first < 0 || first > end) return []
  const afterScheme = first + 1 + (/^[/\\]*/.exec(line.slice(first + 1, end))?.[0].length ?? 0)
  const colon = afterScheme > first + 1 ? line.slice(afterScheme, end).indexOf(':') : -1
  return [{ start: afterScheme + colon + 1, end }]
}

/** `https://user:password`, where the @ is missing: what stands in place of a port and is none. */
function noPorts(line: string): Stretch[] {
  return Array.from(
    line.matchAll(/(\/\/[^/\s:@[$]+:)(?!\d{1,5}(?:[/?#\s"',}\]]|$))[^\s"'@]+(?=[\s"']|$)/g),
    (found) => ({
      start: found.index + (found[1]?.length ?? 0),
      end: found.index + found[0].length,
    }),
  )
}
