import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import type { Paint } from '../core/paint.ts'
import { masked } from '../core/secrets/redact.ts'
import { secretRanges } from '../yaml/mask-frame.ts'

/** What differs in more lines is another file. */
const maxEditLength = 10_000

/**
 * The change of a file as `diff -u` shows it; `before` is undefined for a new one. What looks like a secret is hidden, but nothing in lines
 * that are `ours`: of a file that has only those to begin with, the lines that somebody else wrote are left.
 */
export function unifiedDiff(
  name: string,
  { before, text: after, ours }: { before?: string | undefined; text: string; ours?: true | undefined },
  paint: Paint,
): string {
  const known = new Set(ours && after.split('\n'))
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : name,
    name,
    withoutSecrets(before ?? '', known),
    withoutSecrets(after, known),
    undefined,
    undefined,
    { context: 3, maxEditLength, headerOptions: FILE_HEADERS_ONLY },
  )
  const told = patch?.trimEnd().split('\n') ?? [`--- ${name}`, `+++ ${name}`, '(nearly every line differs)']
  const lines = patch?.includes('\n@@ ') === false ? [...told, '(what differs looks like a secret)'] : told
  return lines.map((line) => paintLine(line, paint)).join('\n')
}

function withoutSecrets(text: string, known: ReadonlySet<string>): string {
  const lines = text.split('\n')
  const ranges = secretRanges(lines.filter((line) => !known.has(line))).values()
  return lines.map((line) => (known.has(line) ? line : masked(line, ranges.next().value ?? []))).join('\n')
}

function paintLine(line: string, { red, green, cyan }: Paint): string {
  const colours: Record<string, (text: string) => string> = { '-': red, '+': green, '@': cyan }
  return colours[line.charAt(0)]?.(line) ?? line
}
