import type { PathPattern, Rule, Site } from '../../edge/edge.ts'

/** The language of rules: version 2 took several methods in one matcher and patterns in braces, version 3 has regular expressions. */
export type Syntax = 'v3' | 'v2'

/** ``Host(`registry.example.com`) && PathPrefix(`/v2/`)``: a site and one of its rules, as Traefik 2 and 3 read it (edge.md 1.5). */
export function ruleOf(site: Pick<Site, 'host'>, { methods, path }: Rule, syntax: Syntax): string {
  return [
    `Host(${quoted(site.host.replaceAll(/[[\]]/g, ''))})`,
    ...(methods ? [methodOf(methods, syntax)] : []),
    ...pathOf(path, syntax),
  ].join(' && ')
}

function methodOf(methods: readonly string[], syntax: Syntax): string {
  if (syntax === 'v2') return `Method(${methods.map(quoted).join(', ')})`
  const each = methods.map((method) => `Method(${quoted(method)})`)
  return each.length === 1 ? each.join() : `(${each.join(' || ')})`
}

function pathOf(path: PathPattern, syntax: Syntax): string[] {
  if ('exact' in path) return [`Path(${quoted(path.exact)})`]
  // What fits every path needs no matcher.
  if ('prefix' in path) return path.prefix === '/' ? [] : [`PathPrefix(${quoted(path.prefix)})`]
  const part = path.inside === 'uploads' ? 'blobs/uploads' : 'blobs'
  return [syntax === 'v2' ? `PathPrefix(\`/v2/{name:.+}/${part}/\`)` : `PathRegexp(\`^/v2/.+/${part}/\`)`]
}

/** A string of Go: as it stands between backquotes, else with escapes. */
function quoted(text: string): string {
  return /^[^`\p{C}]*$/u.test(text) ? `\`${text}\`` : JSON.stringify(text)
}
