// One row for each cause: the evidence that tells it, and what is to be changed. That no other cause takes it is part of the test.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { causes } from '../../src/verify/causes/index.ts'
import { diagnose } from '../../src/verify/diagnose.ts'
import type { Case } from '../../src/verify/evidence.ts'
import {
  api,
  atEndpoint,
  basic,
  bearer,
  caseOf,
  exchange,
  failure,
  page,
  registryError,
  subject,
} from './cases.ts'

const edge = 'https://registry.example.com/v2/'
const atEdge = { subject: subject({ address: atEndpoint() }) }
const upload = `${edge}nexus-docker-verify/image/blobs/uploads/1`
const hub = {
  type: 'proxy',
  name: 'hub',
  path: ['repositories', 'hub'],
  image: { name: 'library/hello-world', tag: 'latest', named: false },
  address: { url: 'http://nexus:8081/repository/hub', prefix: '', way: 'repository' },
} as const
const proxy = (values = {}, more = {}) =>
  subject({ ...hub, wanted: { remoteUrl: 'https://registry-1.docker.io', ...values }, ...more })
const group = (values = {}, more = {}) =>
  subject({
    type: 'group',
    name: 'docker',
    wanted: { httpPort: 8082, members: ['ours', 'hub'], forceBasicAuth: false, ...values },
    ...more,
  })
const open = { anonymous: 'let-in' } as const
const notFound = exchange('get-manifest', {
  status: 404,
  ...registryError('MANIFEST_UNKNOWN', 'manifest unknown'),
})
const upstreamOk = [
  exchange('upstream', { status: 200, url: 'https://registry-1.docker.io/v2/' }),
  exchange('upstream-image', { status: 200 }),
]
const unauthorized = {
  status: 401,
  ...registryError('UNAUTHORIZED', 'access to the requested resource is not authorized'),
}
const server = { url: 'http://nexus:8081', version: '3.90.0', edition: 'community', offline: [] }
const refusedPort = exchange('ping', { as: 'nobody', ...failure('refused', 'ECONNREFUSED') })
const pull = (exchanges: ReturnType<typeof exchange>[], one = proxy()) =>
  caseOf('pull-through', [notFound, ...exchanges], { subject: one, wrong: notFound })

/** Code, evidence, and what has to be changed: a field of the file, or the kind of the other places. */
const rows: [code: string, evidence: Case, change: string][] = [
  [
    'repository-missing',
    caseOf('reach', [refusedPort], { subject: subject({ missing: true }) }),
    'repositories.ours',
  ],
  [
    'repository-offline',
    caseOf('reach', [exchange('ping', { status: 503 })], { subject: subject({ actual: { online: false } }) }),
    'repositories.ours.online',
  ],
  [
    'connector-not-applied',
    caseOf('reach', [refusedPort], { subject: subject({ actual: { httpPort: null } }) }),
    'repositories.ours.httpPort',
  ],
  [
    'https-without-key-store',
    caseOf('reach', [refusedPort], {
      subject: subject({
        wanted: { httpsPort: 8443 },
        address: { url: 'https://nexus:8443', prefix: '', way: 'port' },
      }),
    }),
    'repositories.ours.httpsPort',
  ],
  [
    'port-not-published',
    caseOf('reach', [refusedPort, exchange('own-path', { status: 401 })], { wrong: refusedPort }),
    'server',
  ],
  [
    'not-listening',
    caseOf('reach', [refusedPort, exchange('own-path', failure('refused'))], { wrong: refusedPort }),
    'server',
  ],
  ['not-listening', caseOf('reach', [refusedPort], atEdge), 'proxy'],
  [
    'host-unknown',
    caseOf('reach', [exchange('ping', failure('name-not-found', 'ENOTFOUND'))], atEdge),
    'command',
  ],
  [
    'clock',
    caseOf('reach', [exchange('ping', failure('certificate', 'CERT_NOT_YET_VALID'))], atEdge),
    'server',
  ],
  [
    'certificate-expired',
    caseOf('reach', [exchange('ping', failure('certificate', 'CERT_HAS_EXPIRED'))], atEdge),
    'proxy',
  ],
  [
    'certificate-name',
    caseOf('reach', [exchange('ping', failure('certificate', 'ERR_TLS_CERT_ALTNAME_INVALID'))], atEdge),
    'proxy',
  ],
  [
    'private-authority',
    caseOf('reach', [exchange('ping', failure('certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'))], atEdge),
    'command',
  ],
  [
    'private-authority',
    caseOf('reach', [exchange('ping', failure('certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'))], {
      subject: subject({
        address: { url: 'https://registry.example.com', prefix: '', way: 'endpoint', caCert: 'PEM' },
      }),
    }),
    'edge.tls.ca',
  ],
  [
    'scheme-mixed',
    caseOf('reach', [exchange('ping', failure('plain-http-on-tls-url', 'EPROTO'))], atEdge),
    'proxy',
  ],
  [
    'scheme-mixed',
    caseOf('reach', [
      exchange('ping', { status: 400, ...page('The plain HTTP request was sent to HTTPS port') }),
    ]),
    'repositories.ours.httpPort',
  ],
  [
    'redirected-elsewhere',
    caseOf('reach', [exchange('ping', { status: 301, headers: { location: edge } })], {
      subject: subject({ address: atEndpoint('http://registry.example.com') }),
    }),
    'proxy',
  ],
  ['no-answer', caseOf('reach', [exchange('ping', failure('timeout', 'ETIMEDOUT'))], atEdge), 'server'],
  [
    'realm-null',
    caseOf(
      'reach',
      [
        exchange('ping', {
          status: 401,
          url: edge,
          challenges: [bearer('null://registry.example.com/v2/token')],
        }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'realm-port-doubled',
    caseOf(
      'reach',
      [
        exchange('ping', {
          status: 401,
          url: 'https://registry.example.com:5002/v2/',
          challenges: [bearer('https://registry.example.com:5002:5002/v2/token')],
        }),
      ],
      { subject: subject({ address: atEndpoint('https://registry.example.com:5002') }) },
    ),
    'proxy',
  ],
  [
    'blind-prefix',
    caseOf('login', [exchange('login', { status: 400, text: 'Not a docker request' })], atEdge),
    'proxy',
  ],
  [
    'forwarded-proto',
    caseOf(
      'reach',
      [
        exchange('ping', {
          status: 401,
          url: edge,
          challenges: [bearer('http://registry.example.com/v2/token')],
        }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'forwarded-proto',
    caseOf(
      'push',
      [
        exchange('start-upload', {
          status: 202,
          method: 'POST',
          url: upload,
          headers: { location: upload.replace('https', 'http') },
        }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'wrong-host',
    caseOf(
      'reach',
      [exchange('ping', { status: 401, url: edge, challenges: [bearer('https://nexus:8082/v2/token')] })],
      atEdge,
    ),
    'proxy',
  ],
  [
    'wrong-host',
    caseOf(
      'push',
      [
        exchange('start-upload', {
          status: 202,
          method: 'POST',
          url: 'https://registry.example.com:8443/v2/x/blobs/uploads/',
          headers: { location: 'https://registry.example.com/v2/x/blobs/uploads/1' },
        }),
      ],
      { subject: subject({ address: atEndpoint('https://registry.example.com:8443') }) },
    ),
    'proxy',
  ],
  [
    'gateway-unreachable',
    caseOf('reach', [exchange('ping', { status: 502, ...page('502 Bad Gateway') })], atEdge),
    'proxy',
  ],
  [
    'gateway-timeout',
    caseOf(
      'push',
      [exchange('patch-blob', { method: 'PATCH', url: upload, ...failure('reset', 'ECONNRESET') })],
      atEdge,
    ),
    'proxy',
  ],
  [
    'gateway-timeout',
    caseOf(
      'push',
      [exchange('close-upload', { method: 'PUT', url: upload, status: 504, ...page('504') })],
      atEdge,
    ),
    'proxy',
  ],
  [
    'body-limit',
    caseOf('push', [exchange('patch-blob', { method: 'PATCH', status: 413, ...page('413') })], atEdge),
    'proxy',
  ],
  ['web-interface-answers', caseOf('reach', [exchange('ping', { status: 404, ...page() })], atEdge), 'proxy'],
  [
    'web-interface-answers',
    caseOf('reach', [exchange('ping', { status: 404, ...page() })], {
      subject: subject({ address: { url: 'http://nexus:8081', prefix: 'ours/', way: 'path' } }),
    }),
    'repositories.ours.pathEnabled',
  ],
  [
    'api-version-header',
    caseOf('reach', [exchange('ping', { status: 401, headers: {}, challenges: [basic] })], atEdge),
    'proxy',
  ],
  [
    'head-manifest-to-hosted',
    caseOf('routing', [exchange('proxied-head', { method: 'HEAD', status: 404 })], atEdge),
    'proxy',
  ],
  [
    'head-blob-to-group',
    caseOf('routing', [exchange('proxied-blob', { method: 'HEAD', status: 200 })], atEdge),
    'proxy',
  ],
  [
    'head-blob-to-group',
    caseOf(
      'push',
      [
        exchange('put-manifest', {
          method: 'PUT',
          status: 400,
          ...registryError('MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry'),
        }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'upload-session-split',
    caseOf(
      'routing',
      [exchange('upload-status', { status: 404, ...registryError('BLOB_UPLOAD_UNKNOWN') })],
      atEdge,
    ),
    'proxy',
  ],
  [
    'upload-session-split',
    caseOf(
      'push',
      [
        exchange('patch-blob', {
          method: 'PATCH',
          status: 403,
          ...registryError('DENIED', 'Deploying to groups is a PRO-licensed feature.'),
        }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'query-lost',
    caseOf(
      'push',
      [exchange('put-blob', { method: 'PUT', status: 400, ...registryError('DIGEST_INVALID') })],
      atEdge,
    ),
    'proxy',
  ],
  [
    'writes-to-group',
    caseOf(
      'push',
      [
        exchange('start-upload', {
          method: 'POST',
          status: 403,
          ...registryError(
            'DENIED',
            'Deploying to groups is a PRO-licensed feature. See https://links.sonatype.com/product-nexus-repository',
          ),
        }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'writes-to-proxy',
    caseOf('push', [exchange('start-upload', { method: 'POST', status: 405 })], atEdge),
    'proxy',
  ],
  [
    'tags-elsewhere',
    caseOf('pull', [exchange('list-tags', { status: 200, fault: 'not-listed' })], atEdge),
    'proxy',
  ],
  [
    'headers-lost',
    caseOf('push', [exchange('patch-blob', { method: 'PATCH', status: 202, fault: 'no-range' })], atEdge),
    'proxy',
  ],
  [
    'headers-lost',
    caseOf('push', [exchange('put-manifest', { method: 'PUT', status: 201, fault: 'no-digest' })], atEdge),
    'proxy',
  ],
  [
    'length-required',
    caseOf('push', [exchange('patch-blob', { method: 'PATCH', status: 411, ...page('411') })], atEdge),
    'proxy',
  ],
  [
    'layers-cached',
    caseOf('anonymous', [exchange('anonymous-blob', { as: 'nobody', status: 200 })], {
      subject: subject({ address: atEndpoint(), anonymous: 'refused' }),
    }),
    'proxy',
  ],
  [
    'pushed-elsewhere',
    caseOf('push', [exchange('pushed-at-home', { method: 'HEAD', status: 404 })], atEdge),
    'proxy',
  ],
  [
    'pushed-elsewhere',
    caseOf('push', [exchange('pushed-at-home', { method: 'HEAD', status: 404 })]),
    'repositories.ours.httpPort',
  ],
  [
    'methods-filtered',
    caseOf('push', [exchange('patch-blob', { method: 'PATCH', status: 405, ...page('405') })], atEdge),
    'proxy',
  ],
  [
    'encoded-slash',
    caseOf('push', [exchange('mount', { method: 'POST', status: 404, ...page('404') })], atEdge),
    'proxy',
  ],
  [
    'bytes-changed',
    caseOf('pull', [exchange('get-blob', { status: 200, fault: 'bytes-differ' })], atEdge),
    'proxy',
  ],
  [
    'eula-open',
    caseOf('login', [exchange('login', { status: 403 })], { server: { ...server, eulaAccepted: false } }),
    'bootstrap.acceptEula',
  ],
  [
    'sign-in-locked',
    caseOf('login', [exchange('login', { status: 429, headers: { 'retry-after': '900' } })]),
    'server',
  ],
  [
    'path-token-of-another',
    caseOf(
      'anonymous',
      [
        exchange('anonymous-pull', {
          as: 'nobody',
          ...unauthorized,
          challenges: [bearer('http://nexus:8081/repository/other/v2/token')],
        }),
      ],
      {
        subject: subject({
          ...open,
          wanted: { pathEnabled: true, forceBasicAuth: false },
          address: { url: 'http://nexus:8081', prefix: 'ours/', way: 'path' },
        }),
      },
    ),
    'repositories.ours.pathEnabled',
  ],
  [
    'force-basic-auth',
    caseOf(
      'anonymous',
      [exchange('anonymous-pull', { as: 'nobody', ...unauthorized, challenges: [basic] })],
      { subject: subject(open) },
    ),
    'repositories.ours.forceBasicAuth',
  ],
  [
    'realm-inactive',
    caseOf(
      'login',
      [
        exchange('ping', { status: 401, challenges: [bearer('http://nexus:8083/v2/token')] }),
        exchange('login', unauthorized),
        exchange('login-basic', { status: 200 }),
      ],
      { wrong: exchange('login', unauthorized) },
    ),
    'server',
  ],
  [
    'realm-inactive',
    caseOf(
      'anonymous',
      [
        exchange('anonymous-pull', {
          as: 'nobody',
          ...unauthorized,
          challenges: [bearer('http://nexus:8082/v2/token')],
        }),
      ],
      {
        subject: group({}, open),
        server: { ...server, realms: ['NexusAuthenticatingRealm'] },
      },
    ),
    'server',
  ],
  [
    'anonymous-off',
    caseOf('anonymous', [exchange('anonymous-pull', { as: 'nobody', ...unauthorized })], {
      subject: group({}, open),
      server: { ...server, anonymous: { enabled: false } },
    }),
    'anonymousPull',
  ],
  [
    'anonymous-user',
    caseOf('anonymous', [exchange('anonymous-pull', { as: 'nobody', ...unauthorized })], {
      subject: group({}, open),
      server: { ...server, anonymous: { enabled: true, userId: 'guest' } },
    }),
    'anonymous.userId',
  ],
  [
    'anonymous-rights',
    caseOf('anonymous', [exchange('anonymous-pull', { as: 'nobody', status: 403 })], {
      subject: group({}, open),
      server: { ...server, anonymous: { enabled: true, userId: 'anonymous' } },
    }),
    'server',
  ],
  [
    'anonymous-open',
    caseOf('anonymous', [exchange('anonymous-pull', { as: 'nobody', status: 200 })], {
      subject: subject({ anonymous: 'refused' }),
    }),
    'anonymousPull',
  ],
  [
    'push-open',
    caseOf('push', [exchange('anonymous-push', { as: 'nobody', method: 'POST', status: 202 })]),
    'server',
  ],
  [
    'ping-does-not-challenge',
    caseOf(
      'push',
      [
        exchange('ping', { status: 200 }),
        exchange('anonymous-push', { as: 'nobody', method: 'POST', ...unauthorized }),
      ],
      atEdge,
    ),
    'proxy',
  ],
  [
    'password-unchecked',
    caseOf('wrong-password', [exchange('wrong-password', { as: 'stranger', status: 200 })], atEdge),
    'proxy',
  ],
  ['credentials-refused', caseOf('login', [exchange('login', unauthorized)]), 'server'],
  [
    'write-policy',
    caseOf('push', [
      exchange('start-upload', {
        method: 'POST',
        status: 400,
        ...registryError('BLOB_UPLOAD_INVALID', 'blob upload invalid', 'Repository is read only: ours'),
      }),
    ]),
    'repositories.ours.writePolicy',
  ],
  [
    'write-policy',
    caseOf('push-again', [exchange('put-again', { method: 'PUT', status: 201 })], {
      subject: subject({ wanted: { writePolicy: 'allow-once' } }),
    }),
    'repositories.ours.writePolicy',
  ],
  [
    'quota',
    caseOf(
      'push',
      [
        exchange('close-upload', { method: 'PUT', status: 500 }),
        exchange('quota-status', { text: '{"isViolation" : true}' }),
      ],
      { wrong: exchange('close-upload', { method: 'PUT', status: 500 }) },
    ),
    'blobStores.images',
  ],
  ['head-digest-500', caseOf('pull', [exchange('head-digest', { method: 'HEAD', status: 500 })]), 'server'],
  [
    'group-lacks-member',
    caseOf('pull-member', [notFound], {
      subject: group({}, { actual: { members: ['hub'] } }),
      memberName: 'ours',
    }),
    'repositories.docker.members',
  ],
  ['not-in-group', caseOf('pull-member', [notFound], { subject: group(), memberName: 'ours' }), 'server'],
  [
    'group-takes-push',
    caseOf('refuse-push', [exchange('group-push', { method: 'POST', status: 202 })], { subject: group() }),
    'repositories.docker.writableMember',
  ],
  [
    'upstream-blocked',
    pull([], proxy({ 'httpClient.blocked': true })),
    'repositories.hub.httpClient.blocked',
  ],
  [
    'routing-rule',
    caseOf('pull-through', [exchange('get-manifest', { status: 403 })], {
      subject: proxy({ routingRule: 'ours-only' }),
    }),
    'repositories.hub.routingRule',
  ],
  [
    'rate-limit',
    pull([
      exchange('upstream', { status: 200 }),
      exchange('upstream-image', { status: 429, ...registryError('TOOMANYREQUESTS') }),
    ]),
    'repositories.hub.authentication',
  ],
  [
    'upstream-certificate',
    pull([exchange('upstream', failure('certificate'))]),
    'repositories.hub.httpClient.useTrustStore',
  ],
  [
    'upstream-no-registry',
    pull([exchange('upstream', { status: 200, ...page('<html>Docker Hub') })]),
    'repositories.hub.remoteUrl',
  ],
  [
    'upstream-auto-blocked',
    pull([exchange('repository-status', { text: 'Remote Auto Blocked and Unavailable' }), ...upstreamOk]),
    'repositories.hub.httpClient.autoBlock',
  ],
  [
    'upstream-unreachable',
    pull([exchange('upstream', failure('refused', 'ECONNREFUSED'))]),
    'repositories.hub.remoteUrl',
  ],
  [
    'upstream-credentials',
    pull(
      [exchange('upstream', { status: 200 }), exchange('upstream-image', { status: 401 })],
      proxy({ 'authentication.username': 'acme-ci' }),
    ),
    'repositories.hub.authentication.username',
  ],
  [
    'library-missing',
    pull(
      [
        exchange('upstream', { status: 200 }),
        exchange('upstream-image', { status: 404 }),
        exchange('with-library', { status: 200 }),
      ],
      proxy({}, { image: { name: 'alpine', tag: '3', named: true } }),
    ),
    'command',
  ],
  ['index-type', pull(upstreamOk, proxy({ index: 'registry' })), 'repositories.hub.index'],
  [
    'image-missing',
    pull([exchange('upstream', { status: 200 }), exchange('upstream-image', { status: 404 })]),
    'command',
  ],
  [
    'negative-cache',
    pull([...upstreamOk, exchange('by-digest', { status: 200 })]),
    'repositories.hub.negativeCache.timeToLive',
  ],
  ['no-way-out', pull([...upstreamOk, exchange('by-digest', { status: 404 })]), 'httpProxy'],
  ['upstream-unexplained', pull([]), 'server'],
  ['rights-missing', caseOf('push', [exchange('start-upload', { method: 'POST', status: 403 })]), 'server'],
  ['unexplained', caseOf('push', [exchange('put-manifest', { method: 'PUT', status: 418 })]), 'server'],
]

it.each(rows)('%s', (code, evidence, change) => {
  const { where, message, hint, code: found } = diagnose(evidence)
  expect(found).toBe(code)
  expect(where.kind === 'file' ? where.path.join('.') : where.kind).toBe(change)
  expect(message).not.toMatch(/undefined|\.$|\n/)
  expect(hint).toMatch(/^[A-Z].*[.?]$|\.$/)
})

it('has a row for every cause', () => {
  expect(new Set(rows.map(([code]) => code))).toEqual(new Set(causes.map(({ code }) => code)))
})

it('documents every cause', () => {
  const text = readFileSync(new URL('../../docs/reference/verify.md', import.meta.url), 'utf8')
  expect(
    causes
      .filter(({ code, title }) => !text.includes(`\`${code}\``) || !text.includes(title))
      .map(({ code }) => code),
  ).toEqual([])
})

it('the addresses of a registry that knows its name are no cause', () => {
  // relative, and the same origin with the port that the scheme implies
  for (const location of ['/v2/x/blobs/uploads/1', 'https://registry.example.com:443/v2/x/blobs/uploads/1']) {
    const evidence = caseOf(
      'push',
      [exchange('start-upload', { status: 418, url: upload, headers: { ...api, location } })],
      atEdge,
    )
    expect(diagnose(evidence).code).toBe('unexplained')
  }
})
