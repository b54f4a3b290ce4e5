import { held } from './held.ts'
import { indented, lines, type Part } from './parts.ts'

/** A word of a line. In single quotes HAProxy takes everything as it is, so only the quote itself needs care (manual 2.2). */
export function word(value: string): string {
  held(value, 'HAProxy')
  return /^[\w./:@=,*()^+[\]-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}

/** A word that HAProxy takes for a format, where `%[…]` is evaluated (manual 8.2.6): only `then` is meant so. */
export function formatted(value: string, then = ''): string {
  return word(value.replaceAll('%', '%%') + then)
}

/** `frontend registry` with its lines below it. */
export function section(head: string, ...parts: readonly Part[]): string {
  return lines(head, indented(lines(...parts), '  '))
}
