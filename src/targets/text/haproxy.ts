import { UserError } from '../../core/errors.ts'

/** A word of a line. In single quotes HAProxy takes everything as it is, so only the quote itself needs care (manual 2.2). */
export function word(value: string): string {
  if (/[\0\r\n]/.test(value))
    throw new UserError('not-renderable', `HAProxy cannot be given ${JSON.stringify(value)}`, {
      hint: 'leave out line breaks and NUL',
      exitCode: 3,
    })
  return /^[\w./:@=,*()^+[\]-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}

/** Text in a word that HAProxy takes for a format: `%[…]` in it would be evaluated (manual 8.2.6). */
export function plainFormat(value: string): string {
  return value.replaceAll('%', '%%')
}

export function comment(text: string): string {
  return `# ${text.replaceAll(/\p{Cc}/gu, ' ')}`
}

/** `frontend registry` with its lines below it. */
export function section(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => (line === '' ? line : `  ${line}`))].join('\n')
}
