import { printable } from '../../core/printable.ts'
import type { PathPattern } from '../../edge/edge.ts'
import { held } from './held.ts'
import { indented } from './lines.ts'
import { pathExpression } from './pattern.ts'

/** One argument of a directive. Apache itself takes `\"` and `\\` for one character (util.c, `ap_getword_conf`), and `${…}` for a variable. */
export function argument(text: string): string {
  const plain = held(text, 'Apache', /\$\{|\p{Cc}/u)
  if (/^[\w./:@%+=*-]+$/.test(plain)) return plain
  return `"${plain.replaceAll(/\\(?=["\\]|$)/g, '\\\\').replaceAll('"', String.raw`\"`)}"`
}

/** The pattern of a RewriteRule. mod_rewrite reads its arguments by itself: a quotation mark ends them, and a backslash stays. */
export function rewritePattern(pattern: PathPattern): string {
  return `"^${held(pathExpression(pattern), 'Apache').replaceAll('"', String.raw`\x22`)}"`
}

/** Text in what a RewriteRule makes of a request, where `$1` and `%{…}` mean something. */
export function rewritten(text: string): string {
  return held(text, 'Apache', /\$\{|["\p{Cc}]/u).replaceAll(/[\\$%]/g, String.raw`\$&`)
}

/** A line for the reader. A backslash at its end would take the next line in. */
export function comment(text: string): string {
  return `# ${printable(text).replace(/\\+$/, '')}`
}

/** `<head> … </name>` */
export function section(head: string, ...body: (string | readonly string[])[]): string[] {
  return [`<${head}>`, ...indented(...body), `</${head.replace(/ .*$/s, '')}>`]
}
