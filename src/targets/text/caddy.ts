import { held } from './held.ts'
import { indented, lines, type Part } from './parts.ts'

/**
 * A token of a Caddyfile. Between backticks everything is as it is; but `{$NAME}` is replaced in the whole file before it is read, and
 * `{name}` in most values later, whatever the quotes: there is no way to write them. `placeholder` is one that is meant to be replaced, at
 * the end.
 */
export function token(value: string, placeholder = ''): string {
  held(value, 'Caddy', /[\p{Cc}{}`]/u)
  const isPlain = /^[\w./:@^$-][\w./:@^$*=()?+-]*$/.test(value)
  return isPlain ? `${value}${placeholder}` : `\`${value}${placeholder}\``
}

/** `route {`, its lines, `}`; nothing where there are none. */
export function block(head: string, ...parts: readonly Part[]): string {
  const text = indented(lines(...parts), '\t')
  return text === '' ? '' : `${head}{\n${text}\n}`
}
