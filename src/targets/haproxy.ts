import { UserError } from '../core/errors.ts'
import type { BackEnd, Edge, Limits, PathPattern, Rule, Site, Tls } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { header } from './header.ts'
import { forwardedProto, listeningOf, plainHosts } from './listening.ts'
import { expressionOf, prefixedLocation } from './text/expression.ts'
import { comment, plainFormat, section, word } from './text/haproxy.ts'

/** One `haproxy.cfg`, for HAProxy 2.6 and later. */
export const haproxy: Target = {
  name: 'haproxy',
  group: 'front',
  about: 'haproxy.cfg, whole, for HAProxy 2.6 and later',
  render(input) {
    const { edge } = input
    const sections = [
      header(input, 'haproxy').trimEnd(),
      globalSection(edge.tls),
      defaults(edge.limits),
      ...redirectToTls(edge),
      frontend(edge),
      ...edge.backEnds.map(backend),
      ...redirectsOf(edge).map((path) =>
        section(`backend ${backendOf({ redirect: path }, edge)}`, [
          `http-request redirect code 308 location ${word(plainFormat(path))}`,
        ]),
      ),
      section(`backend ${nothing}`, ['http-request return status 404']),
    ]
    return {
      files: [{ name: 'haproxy.cfg', text: `${sections.join('\n\n')}\n` }],
      notes: notesOn(edge),
    }
  },
}

const nothing = 'nothing-here'

function globalSection(tls: Tls): string {
  return section('global', [
    'log stdout format raw local0 info',
    'user haproxy',
    'group haproxy',
    comment(
      'Without a number HAProxy makes room for every file that the system allows: gigabytes in a container.',
    ),
    'maxconn 2000',
    comment('normalize-uri needs it, in 2.6 and in 3.x.'),
    'expose-experimental-directives',
    ...(keyIs(tls) === 'beside'
      ? [comment('registry.crt has its key in registry.key.'), 'ssl-load-extra-del-ext']
      : []),
  ])
}

function defaults({ timeoutSeconds }: Limits): string {
  // Times are milliseconds in 32 bits there.
  const rest = `${Math.min(timeoutSeconds, 2_147_483)}s`
  return section('defaults', [
    'mode http',
    'log global',
    'option httplog',
    'option forwardfor',
    'timeout connect 10s',
    comment('For the head of a request alone, and between two.'),
    'timeout http-request 60s',
    comment(
      'How long a request or its answer may rest; a transfer that goes on may take as long as it takes.',
    ),
    `timeout client ${rest}`,
    `timeout server ${rest}`,
  ])
}

/** Who comes by http to a site on 443 is sent to https. */
function redirectToTls(edge: Edge): string[] {
  const hosts = plainHosts(edge).map(word)
  if (hosts.length === 0) return []
  return [
    section('frontend plain-http', [
      'bind :80',
      `http-request redirect scheme https code 308 if { req.hdr(host),host_only -i -- ${hosts.join(' ')} } { method GET HEAD }`,
      `default_backend ${nothing}`,
    ]),
  ]
}

function frontend(edge: Edge): string {
  const { sites, tls, limits } = edge
  const ports = [...new Set(sites.map((site) => listeningOf(edge, site).port))]
  return section('frontend registry', [
    ...(tls.ends === 'here'
      ? [comment('HTTP/1.1 alone: over HTTP/2 an upload waits for its window again and again.')]
      : []),
    ...ports.map((port) => `bind :${port}${tlsOptions(tls)}`),
    comment(
      'Compared and passed on is the path that is meant: /v2/%61cme/, /v2//acme/ and /v2/x/../acme/ are /v2/acme/.',
    ),
    'http-request normalize-uri percent-decode-unreserved',
    'http-request normalize-uri path-merge-slashes',
    'http-request normalize-uri path-strip-dot',
    'http-request normalize-uri path-strip-dotdot full',
    comment(
      'Nexus builds Location and the realm of tokens from these; a port in one of them is doubled (3.78 to 3.80).',
    ),
    `http-request set-header X-Forwarded-Proto ${forwardedProto(edge)}`,
    'http-request del-header X-Forwarded-Host',
    'http-request del-header X-Forwarded-Port',
    ...(tls.ends === 'further-out' ? [] : ['http-request del-header X-Forwarded-For']),
    ...(limits.uploadBytes === undefined
      ? []
      : [`http-request deny deny_status 413 if { req.body_size gt ${limits.uploadBytes} }`]),
    'http-request set-var-fmt(txn.site) %[req.hdr(host),host_only,lower]:%[dst_port]',
    ...sites.flatMap((site) => ['', ...ruleLines(site, edge)]),
    '',
    `default_backend ${nothing}`,
  ])
}

function tlsOptions(tls: Tls): string {
  if (tls.ends !== 'here') return ''
  return ` ssl crt ${word(certificateOf(tls))} ssl-min-ver TLSv1.2 alpn http/1.1`
}

function certificateOf(tls: Extract<Tls, { ends: 'here' }>): string {
  if ('certificate' in tls) return tls.certificate
  throw new UserError('not-expressible', 'HAProxy fetches no certificates by ACME', {
    hint: 'render caddy or traefik, which do; or have another program fetch them and write tls.certificate and tls.key',
    exitCode: 3,
  })
}

function ruleLines(site: Site, edge: Edge): string[] {
  const place = word(`${site.host}:${listeningOf(edge, site).port}`)
  return site.rules.flatMap(({ methods, path, action, purpose }, index) => {
    const conditions = [
      `var(txn.site) -m str -- ${place}`,
      ...(methods ? [`method ${methods.join(' ')}`] : []),
      ...pathCondition(path),
    ]
    const fits = conditions.map((condition) => `{ ${condition} }`).join(' ')
    return [
      ...(purpose === site.rules[index - 1]?.purpose ? [] : [comment(purpose)]),
      `use_backend ${backendOf(action, edge)} if ${fits}`,
    ]
  })
}

function pathCondition(path: PathPattern): string[] {
  if ('exact' in path) return [`path -m str -- ${word(path.exact)}`]
  if ('prefix' in path) return path.prefix === '/' ? [] : [`path_beg -- ${word(path.prefix)}`]
  return [`path_reg -- ${word(expressionOf(path) ?? '')}`]
}

/** Redirects and refusals are back ends, too: `use_backend` keeps the order of the rules. */
function backendOf(action: Rule['action'], edge: Edge): string {
  if ('to' in action) return action.to
  return 'redirect' in action ? `redirect-${redirectsOf(edge).indexOf(action.redirect) + 1}` : nothing
}

function redirectsOf({ sites }: Edge): string[] {
  const paths = sites.flatMap(({ rules }) =>
    rules.flatMap(({ action }) => ('redirect' in action ? [action.redirect] : [])),
  )
  return [...new Set(paths)]
}

function backend({ name, host, port, tls, prefix }: BackEnd): string {
  return section(`backend ${name}`, [
    ...(prefix === ''
      ? []
      : [
          `http-request set-path ${word(`${plainFormat(prefix)}%[path]`)}`,
          comment('The docker engine sends its login only below the path that it knows.'),
          `http-response replace-header Location ${word(prefixedLocation(prefix))} ${word(String.raw`\1\2`)}`,
        ]),
    `server nexus ${word(`${host}:${port}`)}${tls ? serverTls(host) : ''}`,
  ])
}

function serverTls(host: string): string {
  const isName = /^(?!\d+(?:\.\d+){3}$)[\w.-]+$/.test(host)
  return ` ssl verify required ca-file @system-ca${isName ? ` sni str(${host})` : ''}`
}

/** Where the key is, as HAProxy looks for it: in the certificate's file, at `registry.crt.key`, or for `registry.crt` at `registry.key`. */
function keyIs(tls: Tls): 'found' | 'beside' | 'elsewhere' {
  if (tls.ends !== 'here' || !('certificate' in tls)) return 'found'
  const { certificate, key } = tls
  if (key === certificate || key === `${certificate}.key`) return 'found'
  return /\.crt$/.test(certificate) && key === certificate.replace(/crt$/, 'key') ? 'beside' : 'elsewhere'
}

function notesOn({ tls, limits, backEnds }: Edge): string[] {
  const notes: string[] = []
  if (keyIs(tls) === 'elsewhere' && 'certificate' in tls)
    notes.push(`HAProxy looks for the key beside the certificate: ln -s ${tls.key} ${tls.certificate}.key`)
  if (limits.uploadBytes !== undefined)
    notes.push(
      'HAProxy holds only those uploads to limits.upload that state their length: docker sends layers without.',
    )
  if (backEnds.some((one) => one.tls))
    notes.push("Nexus's own certificate has to be of a CA that the system trusts (update-ca-certificates).")
  return notes
}
