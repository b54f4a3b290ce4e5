import type { BackEnd, Edge, PathPattern, Rule } from '../../edge/edge.ts'

/** The text as a regular expression of Perl's kind that fits nothing else. */
function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** A path pattern as a regular expression, without the `^` before it (edge.md 0.2). */
export function pathExpression(pattern: PathPattern): string {
  if ('exact' in pattern) return `${literal(pattern.exact)}$`
  if ('prefix' in pattern) return literal(pattern.prefix)
  return pattern.inside === 'uploads' ? '/v2/.+/blobs/uploads/' : '/v2/.+/blobs/'
}

const dots = String.raw`(?:\.|%2e)(?:\.|%2e)`

/**
 * Paths, as a client writes them, that Nexus may resolve to another place than the rules see: `..` beside an encoded slash or a path
 * parameter, or behind an empty element. Jetty 9.4 makes /service/rest of `/v2/..%2fservice/rest`. No client of a registry writes them.
 * Without regard to case.
 */
export const climbing = `^[^?]*(?:${[
  `(?:/|%2f)${dots}(?:;|%2f)`,
  `%2f${dots}`,
  `(?:/(?:/[^?]*)?/|(?:%2f|;)[^?]*/)${dots}(?:[/?]|$)`,
].join('|')})`

/** What a `Host` header has that asks for one of these, with or without a final dot and a port. Without regard to case. */
export function hostExpression(hosts: readonly string[]): string {
  return String.raw`^(?:${hosts.map(literal).join('|')})\.?(?::\d*)?$`
}

/** Where rules lead to. */
export function backEndsOf(rules: readonly Rule[], { backEnds }: Edge): BackEnd[] {
  return backEnds.filter(({ name }) => rules.some(({ action }) => 'to' in action && action.to === name))
}

/**
 * `Location` as Nexus answers it where a prefix was laid before the path; what stays of it is `$1$2`. The Docker engine sends its login
 * only below the path of the ping: an upload that went on elsewhere would be refused (edge.md 1.3).
 */
export function prefixedLocation(backEnds: readonly BackEnd[]): string | undefined {
  const prefixes = backEnds.flatMap(({ prefix }) => (prefix === '' ? [] : [literal(prefix)]))
  return prefixes.length === 0 ? undefined : `^(https?://[^/]+)?(?:${prefixes.join('|')})(/v2/.*)$`
}
