import type { BackEnd, Edge, PathPattern, Rule, Site, Tls } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { listeningOf } from './listening.ts'
import { block, comment, token } from './text/caddy.ts'
import { expressionOf, prefixedLocation } from './text/expression.ts'

/** One `Caddyfile`, for Caddy 2.6 and later. */
export const caddy: Target = {
  name: 'caddy',
  group: 'front',
  about: 'Caddyfile, whole, for Caddy 2.6 and later',
  render(input) {
    const { edge } = input
    // `caddy fmt` wants no empty line before the global options.
    const head = [header(input, 'caddy').trimEnd(), ...globalOptions(edge)]
    const blocks = [
      head,
      passing(edge),
      ...edge.backEnds.map(snippet),
      ...edge.sites.map((site) => siteBlock(site, edge)),
    ]
    const text = blocks.map((lines) => lines.join('\n')).join('\n\n')
    return { files: [{ name: 'Caddyfile', text: `${text}\n` }], notes: [] }
  },
}

function globalOptions({ tls, sites }: Edge): string[] {
  const isOwn = tls.ends === 'here' && 'certificate' in tls && !sites.some(({ port }) => port === 443)
  const email = tls.ends === 'here' && 'acme' in tls ? tls.acme.email : undefined
  return block('', [
    ...(email === undefined ? [] : [`email ${token(email)}`]),
    ...(isOwn ? [comment('Nobody asks for https on 443.'), 'auto_https disable_redirects'] : []),
  ])
}

/** How requests are passed on, whatever the back end. */
function passing({ tls, limits }: Edge): string[] {
  return block('(passing)', [
    comment('A port in one of them is doubled in the realm of tokens (Nexus 3.78 to 3.80).'),
    'header_up -X-Forwarded-Host',
    'header_up -X-Forwarded-Port',
    ...(tls.ends === 'further-out'
      ? ['header_up X-Forwarded-Proto https', 'trusted_proxies private_ranges']
      : []),
    'flush_interval -1',
    ...block('transport http', [
      comment('Else Caddy asks for gzip by itself, and unpacks it.'),
      'compression off',
      'versions 1.1',
      comment('read_timeout would end an upload that takes longer.'),
      `response_header_timeout ${limits.timeoutSeconds}s`,
      `write_timeout ${limits.timeoutSeconds}s`,
    ]),
  ])
}

/** A back end, to be imported where a rule leads there. */
function snippet({ name, host, port, tls, prefix }: BackEnd): string[] {
  const address = token(`${tls ? 'https://' : ''}${host}:${port}`)
  return block(
    `(${name})`,
    block(`reverse_proxy ${address}`, [
      ...(prefix === ''
        ? []
        : [
            comment('The path as it was compared, so that /../ does not lead out of the prefix.'),
            `rewrite ${token(prefix, '{re.path.0}')}`,
            comment('The docker engine sends its login only below the path that it knows.'),
            `header_down Location ${token(prefixedLocation(prefix))} $1$2`,
          ]),
      ...(tls ? [comment('Caddy 2.11 puts its own name there.'), 'header_up Host {hostport}'] : []),
      'import passing',
    ]),
  )
}

function siteBlock(site: Site, edge: Edge): string[] {
  const { tls, limits } = edge
  const { port, tls: isSecure } = listeningOf(edge, site)
  const own = port === (isSecure ? 443 : 80) ? '' : `:${port}`
  const address = `${isSecure ? 'https' : 'http'}://${site.host}${own}`
  return block(token(address), [
    ...certificateLines(tls),
    ...(limits.uploadBytes === undefined ? [] : block('request_body', [`max_size ${limits.uploadBytes}`])),
    comment('The first that fits; paths are compared as they are meant, without %61, // and /../'),
    ...block('route', [
      ...(site.rules.some((rule) => prefixOf(rule, edge) !== '') ? undecodable : []),
      ...site.rules.flatMap((rule, index) => ruleLines(rule, index, site, edge)),
    ]),
  ])
}

/** `rewrite` decodes what a matcher has decoded before. */
const undecodable = [
  comment('No image has these in its name, and below they would be read twice.'),
  `@odd path_regexp ${token(String.raw`(?s)^/v2/.*[%?\s]`)}`,
  'respond @odd 404',
]

function prefixOf({ action }: Rule, { backEnds }: Edge): string {
  return backEnds.find(({ name }) => 'to' in action && name === action.to)?.prefix ?? ''
}

function certificateLines(tls: Tls): string[] {
  return tls.ends === 'here' && 'certificate' in tls
    ? [`tls ${token(tls.certificate)} ${token(tls.key)}`]
    : []
}

function ruleLines(rule: Rule, index: number, { rules }: Site, edge: Edge): string[] {
  const { methods, path, action, purpose } = rule
  const conditions = [
    ...(methods ? [`method ${methods.join(' ')}`] : []),
    ...pathCondition(path, prefixOf(rule, edge) !== ''),
  ]
  const matcher = conditions.length === 0 ? '*' : `@rule${index + 1}`
  return [
    ...(purpose === rules[index - 1]?.purpose ? [] : [comment(purpose)]),
    ...(conditions.length === 1 ? [`${matcher} ${conditions[0]}`] : block(matcher, conditions)),
    ...actionLines(action, matcher),
  ]
}

/** `keep`: as the placeholder `re.path.0`. */
function pathCondition(path: PathPattern, keep: boolean): string[] {
  const expression = expressionOf(path)
  if (keep && 'exact' in path) return [`path_regexp path ${token(expression ?? '')}`]
  if (keep) return [`path_regexp path ${token(`${expression ?? '^/'}.*`)}`]
  return expression === undefined ? [] : [`path_regexp ${token(expression)}`]
}

function actionLines(action: Rule['action'], matcher: string): string[] {
  if ('to' in action) return block(`handle ${matcher}`, [`import ${action.to}`])
  return 'redirect' in action
    ? [`redir ${matcher} ${token(action.redirect)} 308`]
    : [`respond ${matcher} 404`]
}
