import { printable } from '../core/printable.ts'
import type { BackEnd, Edge, Rule } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { droppedHeaders, forwardedProto, joinedSites, listeningOf, ownName, plainHosts } from './listening.ts'
import { certificateOf } from './text/certificate.ts'
import { sheet } from './text/lines.ts'
import { block, expression, fitting, word } from './text/nginx.ts'
import { backEndsOf, climbing, hostExpression, pathExpression, prefixedLocation } from './text/pattern.ts'
import { systemCertificates, upstreamName, upstreamNotes } from './text/upstream-tls.ts'

export const nginx: Target = {
  name: 'nginx',
  group: 'front',
  about: 'nginx 1.15.3 or later: a file for conf.d or sites-enabled',
  render(input) {
    const { edge } = input
    const servers = joinedSites(edge).map((site, index) => ({ ...site, variable: variableOf(edge, index) }))
    const parts = [
      ...upstreams(edge),
      ...servers.map((server) => map(server, edge)),
      ...servers.map((server) => serverBlock(server, edge)),
      plainServer(edge),
    ]
    const notes = [
      ...certificateOf(edge, 'nginx').notes,
      ...upstreamNotes(edge),
      ...longNames(edge),
      'In /etc/nginx/conf.d it takes effect with: nginx -t && systemctl reload nginx',
    ]
    return { files: [{ name: 'nexus-docker.conf', text: sheet(input, 'nginx', parts) }], notes }
  },
}

/** nginx has room for 46 characters where a line of the CPU's cache has 64 bytes. A second directive of this kind would be an error. */
function longNames({ sites }: Edge): string[] {
  const long = sites.find(({ host }) => host.length > 46)?.host
  if (long === undefined) return []
  return [
    `For names as long as ${long} nginx.conf needs, once, in its block http: server_names_hash_bucket_size 512;`,
  ]
}

/** `registry_example_com`: names of variables have no hyphens. */
function ownWord(edge: Edge): string {
  return ownName(edge).replaceAll('-', '_')
}

/** It has 46 characters at most (variables_hash_bucket_size). Of two maps with one name nginx takes the last, and says nothing. */
function variableOf(edge: Edge, index: number): string {
  const own = ownWord(edge)
  const short = `${own.slice(0, 22)}_${checksum(own)}`
  return `$nexus_${own.length > 30 ? short : own}_${index + 1}`
}

/** Seven characters at most. */
function checksum(text: string): string {
  let sum = 0
  for (let index = 0; index < text.length; index += 1)
    sum = (Math.imul(sum, 31) + text.charCodeAt(index)) >>> 0
  return sum.toString(36)
}

type Server = ReturnType<typeof joinedSites>[number] & { variable: string }

function upstreams(edge: Edge): string[][] {
  const ports = [...new Map(edge.backEnds.map((one) => [one.port, one])).values()]
  const kept = ['keepalive 16;', 'keepalive_timeout 20s;  # Nexus closes connections that rest for 30 s']
  return ports.map(({ host, port }) =>
    block(`upstream ${upstreamFor(port, edge)}`, `server ${word(`${host}:${port}`)};`, kept),
  )
}

function upstreamFor(port: number, edge: Edge): string {
  return `nexus_${ownWord(edge)}_${port}`
}

/** `http://nexus_registry_example_com_8081/repository/docker`: the name of an upstream, the prefix, and a variable. */
function addressOf({ port, tls, prefix }: BackEnd, edge: Edge, variable = ''): string {
  return word(`${tls ? 'https' : 'http'}://${upstreamFor(port, edge)}${prefix}`, variable)
}

/** Whether the order of the rules matters: those below `/v2/` lie within each other, of the others no two fit the same path but `/`. */
function isOfRegistry({ path }: Rule): boolean {
  return 'inside' in path || ('exact' in path ? path.exact : path.prefix).startsWith('/v2/')
}

function map({ rules, variable }: Server, edge: Edge): string[] {
  const own = rules.filter(isOfRegistry)
  if (backEndsOf(own, edge).length < 2) return []
  const lines = own.map((rule) => {
    const asked = rule.methods ? `(?:${rule.methods.join('|')})` : String.raw`\S+`
    const to = backEndsOf([rule], edge).map((one) => addressOf(one, edge))
    return `${expression(`^${asked} ${pathExpression(rule.path)}`)} ${to.join('')};  # ${printable(rule.purpose)}`
  })
  const first = '# The first line that fits decides. $uri is the path without %61, // and ..'
  return [first, ...block(`map "$request_method $uri" ${variable}`, lines)]
}

function serverBlock(server: Server, edge: Edge): string[] {
  const { port, tls } = listeningOf(edge, server)
  const { certificate, key } = certificateOf(edge, 'nginx')
  const encrypted = [
    `ssl_certificate ${word(certificate)};`,
    `ssl_certificate_key ${word(key)};`,
    'ssl_protocols TLSv1.2 TLSv1.3;',
    '# HTTP/2 is left out: nginx 1.22 and 1.25 spell it differently, and no client needs it.',
  ]
  const own = server.rules.filter(isOfRegistry)
  const others = server.rules.filter((rule) => !isOfRegistry(rule))
  return block(
    'server',
    [port, `[::]:${port}`].map((where) => `listen ${where}${tls ? ' ssl' : ''};`),
    `server_name ${server.hosts.map((host) => word(host)).join(' ')};`,
    tls ? encrypted : [],
    passing(edge),
    ['', '# nginx gives requests with other names to the first server that listens.'],
    block(`if ($http_host !${fitting(hostExpression(server.hosts))})`, 'return 404;'),
    ['', '# Nexus may resolve these to another place: /v2/..%2fservice/rest'],
    block(`if ($request_uri ${fitting(climbing)})`, 'return 404;'),
    own.length > 0 ? ['', ...block('location /v2/', proxied(own, server, edge))] : [],
    others.flatMap((rule) => ['', ...location(rule, server, edge)]),
  )
}

/** What a registry needs that is not nginx's default. */
function passing(edge: Edge): string[] {
  const { limits, tls } = edge
  const rests = ['client_body_timeout', 'send_timeout', 'proxy_send_timeout', 'proxy_read_timeout']
  const encrypted = upstreamName(edge, 'nginx')
  return [
    '',
    `client_max_body_size ${limits.uploadBytes ?? 0};  # 1m otherwise: docker prints "error parsing HTTP 413"`,
    'proxy_request_buffering off;  # layers are not written to the disk first',
    'proxy_buffering off;',
    'gzip off;',
    ...rests.map((name) => `${name} ${limits.timeoutSeconds}s;`),
    'absolute_redirect off;  # they would have the port that nginx listens on',
    '',
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    'proxy_set_header Host $http_host;  # with the port: $host has none',
    `proxy_set_header X-Forwarded-Proto ${forwardedProto({ tls })};  # Nexus makes Location and the token realm of it`,
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    '# Nexus would take them for the host of the client; 3.78 to 3.80 have a port in them twice.',
    ...droppedHeaders.map((name) => `proxy_set_header ${name} "";`),
    ...(encrypted === undefined
      ? []
      : [
          `proxy_ssl_name ${word(encrypted)};`,
          'proxy_ssl_server_name on;',
          'proxy_ssl_verify on;',
          'proxy_ssl_verify_depth 3;',
          `proxy_ssl_trusted_certificate ${systemCertificates};  # Red Hat: /etc/pki/tls/certs/ca-bundle.crt`,
        ]),
  ]
}

function location(rule: Rule, server: Server, edge: Edge): string[] {
  const { path, action, purpose } = rule
  const where = 'exact' in path ? `= ${word(path.exact)}` : 'prefix' in path ? word(path.prefix) : '/v2/'
  if ('to' in action) return block(`location ${where}`, proxied([rule], server, edge))
  const code = 'redirect' in action ? `308 ${word(action.redirect)}` : '404'
  return block(`location ${where}`, `return ${code};  # ${printable(purpose)}`)
}

function proxied(rules: readonly Rule[], { variable }: Server, edge: Edge): string[] {
  const backEnds = backEndsOf(rules, edge)
  const addresses = backEnds.map((one) => addressOf(one, edge, '$request_uri'))
  const location = prefixedLocation(backEnds)
  return [
    ...(rules.length === 1 ? rules.map(({ purpose }) => `# ${printable(purpose)}`) : []),
    `proxy_pass ${addresses.length > 1 ? `${variable}$request_uri` : addresses.join('')};`,
    ...(location ? [`proxy_redirect ${expression(location)} $1$2;  # docker signs in only below /v2/`] : []),
  ]
}

function plainServer(edge: Edge): string[] {
  const hosts = plainHosts(edge)
  const { webRoot } = certificateOf(edge, 'nginx')
  if (hosts.length === 0) return []
  return block(
    'server',
    ['listen 80;', 'listen [::]:80;', `server_name ${hosts.map((host) => word(host)).join(' ')};`],
    webRoot === undefined ? [] : block('location /.well-known/acme-challenge/', `root ${webRoot};`),
    block('location /', 'return 308 https://$host$request_uri;'),
  )
}
