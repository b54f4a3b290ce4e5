import type { BackEnd, Edge, Rule } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { droppedHeaders, joinedSites, listeningOf } from './listening.ts'
import { block, token } from './text/caddy.ts'
import { held } from './text/held.ts'
import { lines } from './text/parts.ts'
import { climbing, pathExpression, prefixedLocation } from './text/pattern.ts'
import { upstreamNotes } from './text/upstream-tls.ts'

/** One `Caddyfile`, for Caddy 2.6 and later. */
export const caddy: Target = {
  name: 'caddy',
  group: 'front',
  about: 'Caddyfile, whole, for Caddy 2.6 and later',
  render(input) {
    const { edge } = input
    const blocks = [
      // `caddy fmt` wants no empty line between the two.
      lines(header(input, 'caddy').trimEnd(), globalOptions(edge)),
      passing(edge),
      ...edge.backEnds.map(snippet),
      ...joinedSites(edge).map((site) => siteBlock(site, edge)),
      otherNames(edge),
    ]
    const notes = [
      ...upstreamNotes(edge),
      'At /etc/caddy/Caddyfile it takes effect with: caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy',
    ]
    return { files: [{ name: 'Caddyfile', text: `${blocks.join('\n\n')}\n` }], notes }
  },
}

function globalOptions({ tls, sites }: Edge): string {
  const email = 'acme' in tls ? tls.acme.email : undefined
  const isOwn = 'certificate' in tls && !sites.some(({ port }) => port === 443)
  return block(
    '',
    email !== undefined && `email ${token(email)}`,
    isOwn && '# Nobody asks for https on 443.\nauto_https disable_redirects',
  )
}

/** How requests are passed on, whatever the back end. */
function passing({ tls, limits }: Edge): string {
  const rest = `${limits.timeoutSeconds}s`
  return block(
    '(passing) ',
    `# Nexus would take them for the host of the client; 3.78 to 3.80 write a port that is in one of them twice.
${droppedHeaders.map((name) => `header_up -${name}`).join('\n')}`,
    tls.ends === 'further-out' &&
      '# TLS ends before Caddy.\nheader_up X-Forwarded-Proto https\ntrusted_proxies private_ranges',
    'flush_interval -1',
    block(
      'transport http ',
      `# Else Caddy asks for gzip by itself, and unpacks it.
compression off
versions 1.1
# Not read_timeout: it would end an upload that takes longer.
response_header_timeout ${rest}
write_timeout ${rest}`,
    ),
  )
}

/** A back end, to be imported where a rule leads there. */
function snippet(one: BackEnd): string {
  const { name, host, port, tls, prefix } = one
  const address = token(`${tls ? 'https://' : ''}${host}:${port}`)
  const location = prefixedLocation([one])
  const proxy = block(
    `reverse_proxy ${address} `,
    location !== undefined &&
      `# The path as it was compared: /../ does not lead out of the prefix.
rewrite ${token(prefix, '{re.path.0}')}
# The docker engine sends its login only below the path that it knows.
header_down Location ${token(location)} $1$2`,
    tls &&
      '# Caddy 2.11 puts the name of the back end there; older ones call this unnecessary.\nheader_up Host {hostport}',
    'import passing',
  )
  return block(`(${name}) `, proxy)
}

function addressOf(host: string, { port, tls }: ReturnType<typeof listeningOf>): string {
  return token(`${tls ? 'https' : 'http'}://${host}${port === (tls ? 443 : 80) ? '' : `:${port}`}`)
}

/** None for port 80 beside https: it would come before Caddy's own redirects where the certificate is a file. */
function otherNames(edge: Edge): string {
  const addresses = new Set(edge.sites.map((site) => addressOf('', listeningOf(edge, site))))
  return block(
    `${[...addresses].join(', ')} `,
    '# Caddy would answer other names with 200, which clients take for a registry.\nrespond 404',
  )
}

function siteBlock(site: ReturnType<typeof joinedSites>[number], edge: Edge): string {
  const listening = listeningOf(edge, site)
  const addresses = site.hosts.map((host) => addressOf(host, listening))
  const { uploadBytes } = edge.limits
  const isRegistry = site.rules.some(({ path }) => 'prefix' in path && path.prefix === '/v2/')
  return block(
    `${addresses.join(', ')} `,
    'certificate' in edge.tls && `tls ${token(edge.tls.certificate)} ${token(edge.tls.key)}`,
    uploadBytes !== undefined && block('request_body ', `max_size ${uploadBytes}`),
    '# The first that fits. Nexus may resolve /v2/..%2f to another place. /v2/%61cme/, /v2//acme/ and /v2/x/../acme/ are compared as /v2/acme/.',
    block(
      'route ',
      `@climbing vars_regexp {http.request.orig_uri} ${token(`(?i)${climbing}`)}
respond @climbing 404`,
      isRegistry && odd,
      ...site.rules.map(ruleLines),
    ),
  )
}

const odd = `# No image has these in its name, and rewrite would decode them once more.
@odd path_regexp ${token(String.raw`(?s)^/v2/.*[%?\s]`)}
respond @odd 404`

function ruleLines({ methods, path, action, purpose }: Rule, index: number, rules: readonly Rule[]): string {
  // To its end: `re.path.0` is the whole path.
  const fits = `^${pathExpression(path)}${'exact' in path ? '' : '.*'}`
  const conditions = [
    ...(methods ? [`method ${methods.join(' ')}`] : []),
    ...(fits === '^/.*' ? [] : [`path_regexp path ${token(fits)}`]),
  ]
  const matcher = conditions.length === 0 ? '*' : `@rule${index + 1}`
  return lines(
    purpose !== rules[index - 1]?.purpose && `# ${held(purpose, 'Caddy', /[\p{Cc}{}]/u)}`,
    conditions.length === 1 ? `${matcher} ${conditions[0]}` : block(`${matcher} `, ...conditions),
    'to' in action && block(`handle ${matcher} `, `import ${action.to}`),
    'redirect' in action && `redir ${matcher} ${token(action.redirect)} 308`,
    'refuse' in action && `respond ${matcher} 404`,
  )
}
