import { UserError } from '../../core/errors.ts'

/**
 * A token of a Caddyfile. Between backticks everything is as it is; but `{$NAME}` is replaced in the whole file before it is read, and
 * `{name}` in most values later, whatever the quotes: there is no way to write them. `placeholder` is one that is meant to be replaced, at the end.
 */
export function token(value: string, placeholder = ''): string {
  if (/[\0\r\n{}`]/.test(value))
    throw new UserError('not-renderable', `Caddy cannot be given ${JSON.stringify(value)}`, {
      hint: 'leave out braces, backticks, line breaks and NUL',
      exitCode: 3,
    })
  return /^[\w./:@^$-][\w./:@^$*=()?+-]*$/.test(value)
    ? `${value}${placeholder}`
    : `\`${value}${placeholder}\``
}

export function comment(text: string): string {
  return `# ${text.replaceAll(/[\p{Cc}{}]/gu, ' ')}`
}

/** `route {`, its lines, `}`; without lines nothing. */
export function block(head: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`${head} {`.trimStart(), ...lines.map((line) => (line === '' ? line : `\t${line}`)), '}']
}
