import type { Edge, Rule } from '../edge/edge.ts'
import type { Target } from './contract.ts'
import { droppedHeaders, forwardedProto, joinedSites, listeningOf, plainHosts } from './listening.ts'
import { notExpressible } from './not-expressible.ts'
import { argument, comment, rewritePattern, rewritten, section } from './text/apache.ts'
import { certificateOf } from './text/certificate.ts'
import { sheet } from './text/lines.ts'
import { backEndsOf, climbing, hostExpression, prefixedLocation } from './text/pattern.ts'
import { systemCertificates } from './text/upstream-tls.ts'

export const apache: Target = {
  name: 'apache',
  group: 'front',
  about: 'Apache httpd 2.4.39 or later: a file for sites-available or conf.d',
  render(input) {
    const { edge } = input
    // LimitRequestBody is not applied to requests that are proxied (its documentation, and tried with 2.4.71).
    if (edge.limits.uploadBytes !== undefined)
      throw notExpressible(
        'Apache has no limit for uploads that it passes on',
        'Leave edge.limits.upload out, or render nginx or haproxy.',
      )
    const parts = [
      listens(edge),
      ...joinedSites(edge).map((site) => virtualHost(site, edge)),
      plainHost(edge),
    ]
    const ssl = edge.tls.ends === 'here' || isEncrypted(edge) ? ' ssl' : ''
    const notes = [
      ...certificateOf(edge, 'apache2').notes,
      ...(isEncrypted(edge)
        ? [
            'The certificate of Nexus has to come from a CA that the system trusts, and to have the public names: Apache compares it with Host.',
          ]
        : []),
      `Enable the modules: a2enmod headers proxy proxy_http rewrite${ssl}`,
      'In /etc/apache2/sites-available it takes effect with: a2ensite nexus-docker && apachectl configtest && systemctl reload apache2',
    ]
    return { files: [{ name: 'nexus-docker.conf', text: sheet(input, 'apache', parts) }], notes }
  },
}

function isEncrypted({ backEnds }: Edge): boolean {
  return backEnds.some(({ tls }) => tls)
}

/** The ports that no file of the distribution opens: Debian's ports.conf and Red Hat's ssl.conf listen on 80 and 443. */
function listens(edge: Edge): string[] {
  const ports = new Set(edge.sites.map((site) => listeningOf(edge, site).port))
  return [...ports].filter((port) => port !== 80 && port !== 443).map((port) => `Listen ${port}`)
}

function virtualHost(site: ReturnType<typeof joinedSites>[number], edge: Edge): string[] {
  const { port, tls } = listeningOf(edge, site)
  const { certificate, key } = certificateOf(edge, 'apache2')
  const encrypted = [
    'SSLEngine On',
    `SSLCertificateFile ${argument(certificate)}`,
    `SSLCertificateKeyFile ${argument(key)}`,
    'SSLProtocol -all +TLSv1.2 +TLSv1.3',
  ]
  const location = prefixedLocation(backEndsOf(site.rules, edge))
  const edit = `Header edit Location ${argument(location ?? '')} "$1$2" "expr=%{REQUEST_URI} =~ m#^/v2/#"`
  return section(
    `VirtualHost *:${port}`,
    names(site.hosts),
    tls ? encrypted : [],
    passing(edge),
    '',
    'RewriteEngine On',
    comment('The path as the client wrote it goes on; the rules see it without %61, // and ..'),
    String.raw`RewriteCond "%{THE_REQUEST}" "^\S+ (?:https?://[^/\s]+)?(/[^?\s]*)" [NC]`,
    'RewriteRule "^" "-" [E=NEXUS_DOCKER_PATH:%1]',
    comment('Apache gives requests with other names to the first host of the port.'),
    `RewriteCond "%{HTTP_HOST}" "!${hostExpression(site.hosts)}" [NC,OR]`,
    comment('Nexus may resolve these to another place: /v2/..%2fservice/rest'),
    'RewriteCond "%{ENV:NEXUS_DOCKER_PATH}" "^$" [OR]',
    `RewriteCond "%{ENV:NEXUS_DOCKER_PATH}" "${climbing}" [NC]`,
    'RewriteRule "^" "-" [R=404,L]',
    site.rules.flatMap((rule) => ruleLines(rule, edge)),
    location ? [comment('docker signs in only below /v2/'), edit] : [],
  )
}

/** ServerName takes no IPv6 address, ServerAlias takes it without its brackets. */
function names(hosts: readonly string[]): string[] {
  return hosts.map((host, index) =>
    host.startsWith('[')
      ? `ServerAlias ${host.slice(1, -1)}`
      : `${index === 0 ? 'ServerName' : 'ServerAlias'} ${host}`,
  )
}

/** What a registry needs that is not Apache's default. */
function passing(edge: Edge): string[] {
  const { limits, tls } = edge
  return [
    '',
    comment('1 GiB otherwise, where a body has to be spooled: docker prints "error parsing HTTP 413".'),
    'LimitRequestBody 0',
    `Timeout ${limits.timeoutSeconds}`,
    ...section(
      'IfModule reqtimeout_module',
      comment('A layer may take its time.'),
      'RequestReadTimeout body=0',
    ),
    comment('npm asks for @scope%2Fname.'),
    'AllowEncodedSlashes NoDecode',
    comment('Layers go on as they come, without a length, and are compressed already.'),
    ...['proxy-sendchunked', 'no-gzip', 'no-brotli'].map((name) => `SetEnv ${name} 1`),
    '',
    comment('Nexus makes Location and the token realm of these two.'),
    'ProxyPreserveHost On',
    `RequestHeader set X-Forwarded-Proto ${forwardedProto({ tls })}`,
    comment('Nexus would take these for the host of the client; 3.78 to 3.80 have a port in them twice.'),
    'ProxyAddHeaders Off',
    'RequestHeader append X-Forwarded-For "expr=%{REMOTE_ADDR}"',
    ...droppedHeaders.map((name) => `RequestHeader unset ${name}`),
    ...(isEncrypted(edge)
      ? [
          comment(
            'ProxyPreserveHost makes Apache compare the certificate with Host, not with the name below.',
          ),
          'SSLProxyEngine On',
          'SSLProxyVerify require',
          'SSLProxyVerifyDepth 3',
          comment('Red Hat: /etc/pki/tls/certs/ca-bundle.crt'),
          `SSLProxyCACertificateFile ${systemCertificates}`,
        ]
      : []),
  ]
}

function ruleLines(rule: Rule, edge: Edge): string[] {
  const { methods, path, purpose } = rule
  return [
    comment(purpose),
    ...(methods ? [`RewriteCond "%{REQUEST_METHOD}" "^(?:${methods.join('|')})$"`] : []),
    `RewriteRule ${rewritePattern(path)} ${actionText(rule, edge)}`,
  ]
}

function actionText(rule: Rule, edge: Edge): string {
  if ('refuse' in rule.action) return '"-" [R=404,L]'
  if ('redirect' in rule.action)
    return `"${forwardedProto(edge)}://%{HTTP_HOST}${rewritten(rule.action.redirect)}" [R=308,L]`
  const address = backEndsOf([rule], edge).map(
    ({ host, port, tls, prefix }) => `${tls ? 'https' : 'http'}://${host}:${port}${rewritten(prefix)}`,
  )
  return `"${address.join('')}%{ENV:NEXUS_DOCKER_PATH}" [P,NE]`
}

function plainHost(edge: Edge): string[] {
  const hosts = plainHosts(edge)
  const { webRoot } = certificateOf(edge, 'apache2')
  const challenges = String.raw`RewriteRule "^/\.well-known/acme-challenge/" "-" [L]`
  if (hosts.length === 0) return []
  return section(
    'VirtualHost *:80',
    names(hosts),
    'RewriteEngine On',
    webRoot === undefined ? [] : [`DocumentRoot ${webRoot}`, challenges],
    'RewriteRule "^" "https://%{SERVER_NAME}%{REQUEST_URI}" [R=308,L]',
  )
}
