import { UserError } from '../../core/errors.ts'
import { printableJson } from '../../core/printable.ts'
import type { PathPattern, Rule, Site } from '../../edge/edge.ts'
import { climbing } from '../text/pattern.ts'

/** The language of rules of each version (edge.md 1.5). */
export type Syntax = 'v3' | 'v2' | 'v1'

/** ``Host(`registry.example.com`) && PathPrefix(`/v2/`)``, or `Host:registry.example.com;PathPrefix:/v2/`. */
export function ruleOf(site: Pick<Site, 'host'>, { methods = [], path }: Rule, syntax: Syntax): string {
  const host = matcher('Host', [site.host.replaceAll(/[[\]]/g, '')], syntax)
  const parts = [host, ...methodsOf(methods, syntax), ...pathOf(path, syntax)]
  return parts.join(syntax === 'v1' ? ';' : ' && ')
}

/** What no back end is to see; Traefik 1, which has no service that answers for nobody, cannot tell it apart. */
export function climbingRule({ host }: Pick<Site, 'host'>, syntax: Exclude<Syntax, 'v1'>): string {
  // Version 2 sees %2f as a slash, and what else has `..` in it has been resolved by then.
  const path =
    syntax === 'v3' ? `PathRegexp(\`(?i)${climbing}\`)` : 'PathPrefix(`/{climbing:(?:.*/)?\\.\\.(?:[/;]|$)}`)'
  return `${matcher('Host', [host.replaceAll(/[[\]]/g, '')], syntax)} && ${path}`
}

function methodsOf(methods: readonly string[], syntax: Syntax): string[] {
  if (methods.length < 2 || syntax !== 'v3')
    return methods.length === 0 ? [] : [matcher('Method', methods, syntax)]
  return [`(${methods.map((method) => matcher('Method', [method], syntax)).join(' || ')})`]
}

function pathOf(path: PathPattern, syntax: Syntax): string[] {
  if ('prefix' in path) return path.prefix === '/' ? [] : [matcher('PathPrefix', [path.prefix], syntax)]
  if ('exact' in path)
    // `Path:/v2` of 1.7 would lead /v2/ back to /v2 for ever: it takes slashes off (server.go, StrictSlash).
    return [
      syntax === 'v1'
        ? `${matcher('PathPrefix', [path.exact], syntax)}{end:$}`
        : matcher('Path', [path.exact], syntax),
    ]
  const part = path.inside === 'uploads' ? 'blobs/uploads' : 'blobs'
  if (syntax === 'v3') return [`PathRegexp(\`^/v2/.+/${part}/\`)`]
  return [syntax === 'v2' ? `PathPrefix(\`/v2/{name:.+}/${part}/\`)` : `PathPrefix:/v2/{name:.+}/${part}/`]
}

function matcher(name: string, values: readonly string[], syntax: Syntax): string {
  if (syntax === 'v1') return `${name}:${values.map(plain).join(',')}`
  // A string of Go: as it stands between backquotes, else with escapes.
  const quoted = values.map((value) =>
    /^[^`\p{C}\u2028\u2029]*$/u.test(value) ? `\`${value}\`` : printableJson(value),
  )
  return `${name}(${quoted.join(', ')})`
}

/** 1.7 splits at `;`, then at the first `:`, then at `,`, and loses a colon of two (rules/rules.go). It has no quotes. */
function plain(text: string): string {
  if (!/[;,{}\s\p{C}]|::/u.test(text)) return text
  const hint = 'Render swarm and move to Traefik 3, or change the name.'
  const message = `${JSON.stringify(text)} cannot stand in a rule of Traefik 1`
  throw new UserError('not-renderable', message, { hint, exitCode: 3 })
}
