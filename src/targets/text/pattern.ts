import type { PathPattern } from '../../edge/edge.ts'

/** The text as a regular expression of Perl's kind that fits nothing else. */
export function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** A path pattern as a regular expression, without the `^` before it (edge.md 0.2). */
export function pathExpression(pattern: PathPattern): string {
  if ('exact' in pattern) return `${literal(pattern.exact)}$`
  if ('prefix' in pattern) return literal(pattern.prefix)
  return pattern.inside === 'uploads' ? '/v2/.+/blobs/uploads/' : '/v2/.+/blobs/'
}
