import { held } from './held.ts'
import { indented } from './lines.ts'

/** One word of a directive, with quotes where it needs them. A `$` would begin a variable, and nothing takes that away. */
export function word(text: string, variable = ''): string {
  const plain = held(text, 'nginx', /[$\p{Cc}]/u) + variable
  return /^[\w./:@%+=-]+$/.test(text) ? plain : quoted(plain)
}

/** What a text fits that has the expression in it, without regard to case: `~* "^/v2/"`. */
export function fitting(source: string): string {
  return `~* ${quoted(held(source, 'nginx'))}`
}

/** A regular expression as the first word of a line of a map: `"~^GET /v2/$"`. */
export function expression(source: string): string {
  return quoted(`~${held(source, 'nginx')}`)
}

/** nginx itself takes `\"`, `\'`, `\\`, `\t`, `\r` and `\n` for one character, and leaves every other backslash (ngx_conf_file.c). */
function quoted(text: string): string {
  return `"${text.replaceAll(/\\(?=["'\\trn]|$)/g, '\\\\').replaceAll('"', '\\"')}"`
}

/** `head { … }` */
export function block(head: string, ...body: (string | readonly string[])[]): string[] {
  return [`${head} {`, ...indented(...body), '}']
}
