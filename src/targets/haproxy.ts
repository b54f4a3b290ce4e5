import type { BackEnd, Edge, PathPattern, Rule, Tls } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { droppedHeaders, forwardedProto, joinedSites, listeningOf, plainHosts } from './listening.ts'
import { notExpressible } from './not-expressible.ts'
import { formatted, section, word } from './text/haproxy.ts'
import { held } from './text/held.ts'
import { climbing, pathExpression, prefixedLocation } from './text/pattern.ts'
import { upstreamName, upstreamNotes } from './text/upstream-tls.ts'

/** One `haproxy.cfg`, for HAProxy 2.6 and later. */
export const haproxy: Target = {
  name: 'haproxy',
  group: 'front',
  about: 'haproxy.cfg, whole, for HAProxy 2.6 and later',
  render(input) {
    const { edge } = input
    upstreamName(edge, 'HAProxy')
    const sections = [
      header(input, 'haproxy').trimEnd(),
      globalSection(edge.tls),
      defaults(edge.limits),
      ...redirectToTls(edge),
      frontend(edge),
      ...edge.backEnds.map(backEnd),
      ...redirectsOf(edge).map((path, index) =>
        section(
          `backend redirect-${index + 1}`,
          `http-request redirect code 308 location ${formatted(path)}`,
        ),
      ),
      section('backend nothing-here', 'http-request return status 404'),
    ]
    return {
      files: [{ name: 'haproxy.cfg', text: `${sections.join('\n\n')}\n` }],
      notes: notesOn(edge),
    }
  },
}

function globalSection(tls: Tls): string {
  return section(
    'global',
    `log stdout format raw local0 info
user haproxy
group haproxy
# Without a number HAProxy makes room for as many as the system allows: gigabytes in a container.
maxconn 2000
# For normalize-uri, in 2.6 and in 3.x.
expose-experimental-directives`,
    tls.ends === 'here' && '# The key of registry.crt is in registry.key.\nssl-load-extra-del-ext',
  )
}

function defaults({ timeoutSeconds }: Edge['limits']): string {
  return section(
    'defaults',
    `mode http
log global
option httplog
option forwardfor
timeout connect 10s
# For the head of a request, and between two.
timeout http-request 60s
# How long a request or its answer may rest, not how long it may take.
timeout client ${timeoutSeconds}s
timeout server ${timeoutSeconds}s`,
  )
}

/** Who comes by http to a site on 443 is sent to https. */
function redirectToTls(edge: Edge): string[] {
  const hosts = plainHosts(edge).map(word).join(' ')
  const fits = `{ req.hdr(host),host_only -i -- ${hosts} } { method GET HEAD }`
  const lines = ['bind :80,[::]:80 v6only', `http-request redirect scheme https code 308 if ${fits}`]
  return hosts === '' ? [] : [section('frontend plain-http', ...lines, 'default_backend nothing-here')]
}

function frontend(edge: Edge): string {
  const { sites, tls, limits } = edge
  const ports = new Set(sites.map((site) => listeningOf(edge, site).port))
  const rules = joinedSites(edge).map((site) => `\n${ruleLines(site, edge).join('\n')}`)
  return section(
    'frontend registry',
    tls.ends === 'here' && '# HTTP/1.1 alone: over HTTP/2 an upload waits for its window again and again.',
    ...[...ports].map((port) => `bind :${port},[::]:${port} v6only${tlsOptions(tls)}`),
    `# Nexus may resolve these to another place: /v2/..%2fservice/rest
http-request return status 404 if { path_reg -i -- ${word(climbing)} }
# /v2/%61cme/, /v2//acme/ and /v2/x/../acme/ are compared, and passed on, as /v2/acme/.
http-request normalize-uri percent-decode-unreserved
http-request normalize-uri path-merge-slashes
http-request normalize-uri path-strip-dot
http-request normalize-uri path-strip-dotdot full
# Nexus builds Location and the realm of tokens from these; 3.78 to 3.80 write a port that is in one of them twice.
http-request set-header X-Forwarded-Proto ${forwardedProto(edge)}
${droppedHeaders.map((name) => `http-request del-header ${name}`).join('\n')}`,
    tls.ends !== 'further-out' && 'http-request del-header X-Forwarded-For',
    limits.uploadBytes !== undefined &&
      `http-request deny deny_status 413 if { req.body_size gt ${limits.uploadBytes} }`,
    'http-request set-var-fmt(txn.site) %[req.hdr(host),host_only,lower]:%[dst_port]',
    ...rules,
    '\ndefault_backend nothing-here',
  )
}

function tlsOptions(tls: Tls): string {
  if (tls.ends !== 'here') return ''
  if ('certificate' in tls) return ` ssl crt ${word(tls.certificate)} ssl-min-ver TLSv1.2 alpn http/1.1`
  throw notExpressible(
    'HAProxy fetches no certificates by ACME',
    'Render caddy or traefik, or have certbot fetch them and write tls.certificate and tls.key.',
  )
}

function ruleLines(site: ReturnType<typeof joinedSites>[number], edge: Edge): string[] {
  const places = site.hosts.map((host) => word(`${host}:${listeningOf(edge, site).port}`)).join(' ')
  return site.rules.flatMap(({ methods, path, action, purpose }, index) => {
    const method = methods ? ` { method ${methods.join(' ')} }` : ''
    const fits = `{ var(txn.site) -m str -- ${places} }${method}${pathCondition(path)}`
    const comment = purpose === site.rules[index - 1]?.purpose ? [] : [`# ${held(purpose, 'HAProxy')}`]
    return [...comment, `use_backend ${placeOf(action, edge)} if ${fits}`]
  })
}

function pathCondition(path: PathPattern): string {
  if ('exact' in path) return ` { path -m str -- ${word(path.exact)} }`
  if ('inside' in path) return ` { path_reg -- ${word(`^${pathExpression(path)}`)} }`
  return path.prefix === '/' ? '' : ` { path_beg -- ${word(path.prefix)} }`
}

/** Redirects and refusals are back ends, too: `use_backend` keeps the order of the rules. */
function placeOf(action: Rule['action'], edge: Edge): string {
  if ('to' in action) return action.to
  return 'refuse' in action ? 'nothing-here' : `redirect-${redirectsOf(edge).indexOf(action.redirect) + 1}`
}

function redirectsOf({ sites }: Edge): string[] {
  const actions = sites.flatMap(({ rules }) => rules.map(({ action }) => action))
  return [...new Set(actions.flatMap((action) => ('redirect' in action ? [action.redirect] : [])))]
}

function backEnd(one: BackEnd): string {
  const { name, host, port, tls, prefix } = one
  const location = prefixedLocation([one])
  // The name that is asked for is compared, too.
  const secure = ` ssl verify required ca-file @system-ca sni str(${host})`
  return section(
    `backend ${name}`,
    location !== undefined &&
      `http-request set-path ${formatted(prefix, '%[path]')}
# The docker engine sends its login only below the path that it knows.
http-response replace-header Location ${word(location)} '\\1\\2'`,
    `server nexus ${word(`${host}:${port}`)}${tls ? secure : ''}`,
  )
}

function notesOn(edge: Edge): string[] {
  const { tls, limits } = edge
  const { certificate, key } = 'certificate' in tls ? tls : { certificate: '', key: '' }
  // In the certificate's own file it is found, too.
  const keyFile = `${certificate.replace(/\.crt$/, '')}.key`
  const notes = [
    key !== certificate && key !== keyFile && `HAProxy looks for the key elsewhere: ln -s ${key} ${keyFile}`,
    limits.uploadBytes !== undefined &&
      'HAProxy holds to limits.upload only what says its length beforehand; docker sends layers without.',
    ...upstreamNotes(edge),
    'At /etc/haproxy/haproxy.cfg it takes effect with: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy',
  ]
  return notes.filter((note) => note !== false)
}
