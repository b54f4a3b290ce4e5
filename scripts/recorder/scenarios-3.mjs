// Routing rules, cleanup policies, HTTP settings, ExtDirect, trust store, read-only mode, other endpoints, permissions, routes, concurrency.
import { readFileSync } from 'node:fs'
import { namesOnly } from './lib.mjs'

const R = '/service/rest'
export const list = []
const scenario = (id, title, fn) => list.push({ id, title, fn })
const hosted = (name, extra = {}) => ({
  name,
  online: true,
  storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow_once' },
  ...extra,
})
const proxy = (name, url, extra = {}) => ({
  name,
  online: true,
  storage: { blobStoreName: 'default', strictContentTypeValidation: true },
  proxy: { remoteUrl: url, contentMaxAge: 1440, metadataMaxAge: 1440 },
  negativeCache: { enabled: false, timeToLive: 1 },
  httpClient: { blocked: false, autoBlock: false },
  ...extra,
})
const PLACEHOLDER = '#~NXRM~PLACEHOLDER~PASSWORD~#'

scenario('routing-rules', 'routing rules', async (s) => {
  const u = `${R}/v1/routing-rules`
  await s.get('list-fresh', u)
  await s.get('list-none', u, { auth: 'none' })
  const rule = { name: 'rule-a', description: 'first', mode: 'BLOCK', matchers: ['^/b/.*', '^/a/.*'] }
  await s.post('create', u, { body: rule })
  await s.get('get', `${u}/rule-a`)
  await s.post('create-again', u, { body: rule })
  await s.post('create-other-case', u, { body: { ...rule, name: 'RULE-A' } })
  await s.get('get-other-case', `${u}/RULE-A`)
  await s.post('create-lower-mode', u, {
    body: { name: 'rule-b', description: '', mode: 'allow', matchers: ['.*'] },
  })
  await s.get('get-lower-mode', `${u}/rule-b`)
  await s.post('create-bad-mode', u, { body: { ...rule, name: 'rule-c', mode: 'MAYBE' } })
  await s.post('create-no-mode', u, { body: { ...rule, name: 'rule-c', mode: undefined } })
  await s.post('create-no-matchers', u, { body: { ...rule, name: 'rule-c', matchers: undefined } })
  await s.post('create-empty-matchers', u, { body: { ...rule, name: 'rule-c', matchers: [] } })
  await s.post('create-blank-matcher', u, { body: { ...rule, name: 'rule-c', matchers: [''] } })
  await s.post('create-bad-regex', u, { body: { ...rule, name: 'rule-c', matchers: ['ok', '['] } })
  await s.post('create-bad-name', u, { body: { ...rule, name: 'bad name' } })
  await s.post('create-empty', u, { body: {} })
  await s.post('create-null-description', u, { body: { ...rule, name: 'rule-n', description: null } })
  await s.get('get-null-description', `${u}/rule-n`)
  await s.post('create-duplicate-matchers', u, { body: { ...rule, name: 'rule-d', matchers: ['x', 'x'] } })
  await s.post('create-no-description', u, { body: { name: 'rule-nd', mode: 'BLOCK', matchers: ['x'] } })
  await s.get('get-duplicate-matchers', `${u}/rule-d`)
  await s.post('create-none', u, { auth: 'none', body: { ...rule, name: 'rule-z' } })
  await s.get('list', u)
  await s.put('update', `${u}/rule-a`, {
    body: { ...rule, description: 'second', mode: 'ALLOW', matchers: ['^/c/.*'] },
  })
  await s.get('get-updated', `${u}/rule-a`)
  await s.put('update-no-description', `${u}/rule-a`, {
    body: { name: 'rule-a', mode: 'ALLOW', matchers: ['^/c/.*'] },
  })
  await s.get('get-no-description', `${u}/rule-a`)
  await s.put('update-no-name', `${u}/rule-a`, { body: { mode: 'ALLOW', matchers: ['^/c/.*'] } })
  await s.put('update-rename', `${u}/rule-a`, { body: { ...rule, name: 'rule-renamed' } })
  await s.get('get-old-name', `${u}/rule-a`)
  await s.get('get-new-name', `${u}/rule-renamed`)
  await s.put('update-rename-to-existing', `${u}/rule-renamed`, { body: { ...rule, name: 'rule-d' } })
  await s.get('list-after-rename-to-existing', u)
  await s.put('update-missing', `${u}/nosuch`, { body: { ...rule, name: 'nosuch' } })
  await s.put('update-bad-regex', `${u}/rule-b`, { body: { ...rule, name: 'rule-b', matchers: ['('] } })
  await s.get('get-missing', `${u}/nosuch`)
  await s.post('repo', `${R}/v1/repositories/raw/proxy`, {
    body: proxy('raw-rule', 'http://127.0.0.1:18889/', { routingRule: 'rule-b' }),
  })
  await s.del('delete-in-use', `${u}/rule-b`)
  await s.put('rename-in-use', `${u}/rule-b`, {
    body: { name: 'rule-b2', description: '', mode: 'ALLOW', matchers: ['.*'] },
  })
  await s.get('repo-after-rename', `${R}/v1/repositories/raw/proxy/raw-rule`)
  await s.get('content-allowed', '/repository/raw-rule/plain/x', { accept: null })
  await s.put('block-all', `${u}/rule-b2`, {
    body: { name: 'rule-b2', description: '', mode: 'BLOCK', matchers: ['.*'] },
  })
  await s.get('content-blocked', '/repository/raw-rule/plain/y', { accept: null })
  await s.del('repo-delete', `${R}/v1/repositories/raw-rule`)
  await s.del('delete', `${u}/rule-b2`)
  await s.del('delete-again', `${u}/rule-b2`)
  for (const n of ['rule-renamed', 'rule-a', 'RULE-A', 'rule-b', 'rule-n', 'rule-d', 'rule-c'])
    await s.del(`cleanup-${n}`, `${u}/${n}`)
  await s.get('list-end', u)
})

scenario(
  'cleanup-policies',
  'cleanup policies through the internal API (and whether the public one exists)',
  async (s) => {
    const u = `${R}/internal/cleanup-policies`
    await s.get('v1-list', `${R}/v1/cleanup-policies`)
    await s.get('v1-list-none', `${R}/v1/cleanup-policies`, { auth: 'none' })
    await s.post('v1-create', `${R}/v1/cleanup-policies`, { body: { name: 'x', format: 'raw' } })
    await s.get('list-fresh', u)
    await s.get('list-none', u, { auth: 'none' })
    await s.get('formats', `${u}/criteria/formats`)
    const p = {
      name: 'pol-a',
      format: 'raw',
      notes: 'first',
      criteriaLastBlobUpdated: 30,
      criteriaLastDownloaded: null,
      criteriaReleaseType: null,
      criteriaAssetRegex: null,
    }
    await s.post('create', u, { body: p })
    await s.get('get', `${u}/pol-a`)
    await s.post('create-again', u, { body: p })
    await s.post('create-other-case', u, { body: { ...p, name: 'POL-A' } })
    await s.get('get-other-case', `${u}/POL-A`)
    await s.post('create-all-formats', u, {
      body: { name: 'pol-all', format: '*', criteriaLastDownloaded: 10 },
    })
    await s.get('get-all-formats', `${u}/pol-all`)
    await s.post('create-maven', u, {
      body: { name: 'pol-mvn', format: 'maven2', criteriaReleaseType: 'RELEASES', criteriaAssetRegex: '.*' },
    })
    await s.get('get-maven', `${u}/pol-mvn`)
    await s.post('create-retain', u, {
      body: {
        name: 'pol-ret',
        format: 'maven2',
        criteriaReleaseType: 'RELEASES',
        retain: 5,
        sortBy: 'version',
      },
    })
    await s.post('create-no-criteria', u, { body: { name: 'pol-none', format: 'raw' } })
    await s.get('get-no-criteria', `${u}/pol-none`)
    await s.post('create-unknown-format', u, { body: { ...p, name: 'pol-x', format: 'docker' } })
    await s.post('create-no-format', u, { body: { ...p, name: 'pol-x', format: undefined } })
    await s.post('create-bad-name', u, { body: { ...p, name: 'bad name' } })
    await s.post('create-empty', u, { body: {} })
    await s.post('create-zero', u, { body: { ...p, name: 'pol-z', criteriaLastBlobUpdated: 0 } })
    await s.post('create-negative', u, { body: { ...p, name: 'pol-y', criteriaLastBlobUpdated: -1 } })
    await s.post('create-huge', u, { body: { ...p, name: 'pol-h', criteriaLastBlobUpdated: 99999 } })
    await s.post('create-bad-regex', u, { body: { ...p, name: 'pol-r', criteriaAssetRegex: '[' } })
    await s.post('create-bad-release', u, { body: { ...p, name: 'pol-s', criteriaReleaseType: 'SOME' } })
    await s.get('list', u)
    await s.get('list-format', `${u}?format=raw`, { pick: namesOnly() })
    await s.put('update', `${u}/pol-a`, { body: { ...p, notes: 'second', criteriaLastBlobUpdated: 60 } })
    await s.get('get-updated', `${u}/pol-a`)
    await s.put('update-omit', `${u}/pol-a`, {
      body: { name: 'pol-a', format: 'raw', criteriaLastDownloaded: 3 },
    })
    await s.get('get-omit', `${u}/pol-a`)
    await s.put('update-other-name', `${u}/pol-a`, { body: { ...p, name: 'pol-b' } })
    await s.get('get-other-name', `${u}/pol-a`)
    await s.put('update-missing', `${u}/nosuch`, { body: { ...p, name: 'nosuch' } })
    await s.get('get-missing', `${u}/nosuch`)
    await s.post('repo', `${R}/v1/repositories/raw/hosted`, {
      body: hosted('raw-clean', { cleanup: { policyNames: ['pol-a', 'pol-all'] } }),
    })
    await s.get('repo-get', `${R}/v1/repositories/raw/hosted/raw-clean`)
    await s.get('get-in-use', `${u}/pol-a`)
    await s.put('update-format-in-use', `${u}/pol-a`, { body: { ...p, format: 'maven2' } })
    await s.put('repo-wrong-format-policy', `${R}/v1/repositories/raw/hosted/raw-clean`, {
      body: hosted('raw-clean', { cleanup: { policyNames: ['pol-mvn'] } }),
    })
    await s.put('repo-second-wrong-format-policy', `${R}/v1/repositories/raw/hosted/raw-clean`, {
      body: hosted('raw-clean', { cleanup: { policyNames: ['pol-a', 'pol-mvn'] } }),
    })
    await s.get('repo-get-second-wrong', `${R}/v1/repositories/raw/hosted/raw-clean`)
    await s.put('repo-unknown-policy', `${R}/v1/repositories/raw/hosted/raw-clean`, {
      body: hosted('raw-clean', { cleanup: { policyNames: ['nosuch', 'pol-a'] } }),
    })
    await s.get('repo-get-unknown-policy', `${R}/v1/repositories/raw/hosted/raw-clean`)
    await s.post('repo-create-wrong-format-policy', `${R}/v1/repositories/raw/hosted`, {
      body: hosted('raw-clean-2', { cleanup: { policyNames: ['pol-mvn'] } }),
    })
    await s.get('repo-get-wrong-format-policy', `${R}/v1/repositories/raw/hosted/raw-clean-2`)
    await s.del('delete-in-use', `${u}/pol-a`)
    await s.get('repo-after-delete', `${R}/v1/repositories/raw/hosted/raw-clean`)
    await s.del('delete-again', `${u}/pol-a`)
    await s.del('delete-none', `${u}/pol-all`, { auth: 'none' })
    for (const n of ['raw-clean', 'raw-clean-2']) await s.del(`delete-${n}`, `${R}/v1/repositories/${n}`)
    const all = await s.rec.raw({
      method: 'GET',
      path: u,
      headers: { authorization: s.rec.authHeader('admin'), accept: 'application/json' },
    })
    const left = all.status === 200 ? JSON.parse(all.text) : []
    for (const x of left)
      await s.rec.raw({
        method: 'DELETE',
        path: `${u}/${encodeURIComponent(x.name)}`,
        headers: { authorization: s.rec.authHeader('admin'), 'content-length': 0 },
      })
    await s.get('list-end', u)
  },
)

const rpc = (action, method, data, tid = 1) => ({ action, method, data, type: 'rpc', tid })
const X = '/service/extdirect'

scenario(
  'http-settings',
  'HTTP settings: /v1/http if present, and coreui_HttpSettings over ExtDirect',
  async (s) => {
    const read = (label, opts) =>
      s.post(label, X, { body: rpc('coreui_HttpSettings', 'read', null), ...opts })
    const update = (label, xo, opts) =>
      s.post(label, X, { body: rpc('coreui_HttpSettings', 'update', [xo]), ...opts })
    await s.get('v1-get', `${R}/v1/http`)
    await s.get('v1-get-none', `${R}/v1/http`, { auth: 'none' })
    await s.put('v1-put', `${R}/v1/http`, { body: { timeout: 20 } })
    await s.del('v1-delete', `${R}/v1/http`)
    await read('read-fresh')
    await read('read-none', { auth: 'none' })
    await read('read-bad', { auth: 'bad' })
    await s.post('read-empty-array', X, { body: rpc('coreui_HttpSettings', 'read', []) })
    await s.post('read-no-data', X, {
      body: { action: 'coreui_HttpSettings', method: 'read', type: 'rpc', tid: 7 },
    })
    await s.post('read-string-tid', X, {
      body: { action: 'coreui_HttpSettings', method: 'read', data: null, type: 'rpc', tid: 'abc' },
    })
    await s.post('read-no-tid', X, {
      body: { action: 'coreui_HttpSettings', method: 'read', data: null, type: 'rpc' },
    })
    await s.post('read-no-type', X, {
      body: { action: 'coreui_HttpSettings', method: 'read', data: null, tid: 1 },
    })
    await update('update-none', { httpEnabled: false }, { auth: 'none' })
    const base = {
      userAgentSuffix: null,
      timeout: null,
      retries: null,
      httpEnabled: true,
      httpHost: '127.0.0.1',
      httpPort: 18888,
      httpAuthEnabled: false,
      httpAuthUsername: null,
      httpAuthPassword: null,
      httpAuthNtlmHost: null,
      httpAuthNtlmDomain: null,
      httpsEnabled: false,
      httpsHost: null,
      httpsPort: null,
      httpsAuthEnabled: false,
      httpsAuthUsername: null,
      httpsAuthPassword: null,
      httpsAuthNtlmHost: null,
      httpsAuthNtlmDomain: null,
      nonProxyHosts: ['localhost', '*.corp'],
    }
    await update('update-http-only', base)
    await read('read-http-only')
    await update('update-same', base)
    await update('update-minimal', { httpEnabled: true, httpHost: '127.0.0.1', httpPort: 18888 })
    await read('read-minimal')
    await update('update-minimal-auth-false', {
      httpEnabled: true,
      httpHost: '127.0.0.1',
      httpPort: 18888,
      httpAuthEnabled: false,
    })
    await read('read-minimal-auth-false')
    await update('update-both-auth', {
      ...base,
      timeout: 33,
      retries: 4,
      userAgentSuffix: 'suf',
      httpAuthEnabled: true,
      httpAuthUsername: 'pu',
      httpAuthPassword: 'pp',
      httpsEnabled: true,
      httpsHost: '127.0.0.1',
      httpsPort: 18888,
      httpsAuthEnabled: true,
      httpsAuthUsername: 'su',
      httpsAuthPassword: 'sp',
      httpsAuthNtlmHost: 'nh',
      httpsAuthNtlmDomain: 'nd',
    })
    await read('read-both-auth')
    const withAuth = (pw) => ({
      ...base,
      httpAuthEnabled: true,
      httpAuthUsername: 'pu',
      httpAuthPassword: pw,
      nonProxyHosts: [],
    })
    await s.post('probe-repo', `${R}/v1/repositories/raw/proxy`, {
      body: proxy('raw-via', 'http://remote.example:8080/'),
    })
    let n = 0
    const seen = async (label, path = '/repository/raw-via/thing') => {
      s.rec.forward.requests.length = 0
      await s.rec.raw({
        method: 'GET',
        path: `${path}${n++}`,
        headers: { authorization: s.rec.authHeader('admin') },
      })
      s.observe(label, {
        proxySaw: s.rec.forward.requests
          .map((r) => ({
            method: r.method,
            target: r.url.replace(/thing\d+/, 'thing<n>'),
            proxyAuthorization: r.auth ?? null,
          }))
          .slice(0, 4),
      })
    }
    for (const [k, v] of [
      ['set', 'pp'],
      ['placeholder', PLACEHOLDER],
      ['null', null],
      ['empty', ''],
      ['new', 'pp2'],
    ]) {
      await update(`update-password-${k}`, withAuth(v))
      await seen(`seen-password-${k}`)
    }
    const omit = withAuth('x')
    delete omit.httpAuthPassword
    await update('update-password-omitted', omit)
    await seen('seen-password-omitted')
    await update('update-no-auth', { ...base, nonProxyHosts: [] })
    await seen('seen-no-auth')
    await update('update-placeholder-without-stored', withAuth(PLACEHOLDER))
    await read('read-placeholder-without-stored')
    await seen('seen-placeholder-without-stored')
    await update('update-reset-auth', { ...base, nonProxyHosts: [] })
    // which hosts bypass the proxy
    for (const [k, hosts] of [
      ['exact', ['remote.example']],
      ['suffix', ['*.example']],
      ['prefix', ['remote.*']],
      ['port', ['remote.example:8080']],
      ['case', ['REMOTE.EXAMPLE']],
      ['bare-suffix', ['.example']],
      ['parent', ['example']],
    ]) {
      const r = await update(`update-bypass-${k}`, { ...base, nonProxyHosts: hosts })
      if (r.json?.result?.success) await seen(`seen-bypass-${k}`)
    }
    await update('update-bypass-reset', { ...base, nonProxyHosts: [] })
    await s.post('probe-repo-https', `${R}/v1/repositories/raw/proxy`, {
      body: proxy('raw-via-tls', 'https://secure.example/'),
    })
    await seen('seen-https-through-http-proxy', '/repository/raw-via-tls/thing')
    await update('update-https-only', {
      ...base,
      httpEnabled: false,
      httpHost: null,
      httpPort: null,
      httpsEnabled: true,
      httpsHost: '127.0.0.1',
      httpsPort: 18888,
      httpsAuthEnabled: false,
      nonProxyHosts: [],
    })
    await read('read-https-only')
    await seen('seen-https-only-http-remote')
    await seen('seen-https-only-https-remote', '/repository/raw-via-tls/thing')
    for (const x of ['raw-via', 'raw-via-tls']) await s.del(`delete-${x}`, `${R}/v1/repositories/${x}`)
    // validation
    for (const [k, v] of [
      ['host-url', { httpHost: 'http://proxy' }],
      ['host-empty', { httpHost: '' }],
      ['host-null', { httpHost: null }],
      ['host-underscore', { httpHost: 'my_proxy' }],
      ['host-ipv6', { httpHost: '::1' }],
      ['host-ipv6-brackets', { httpHost: '[::1]' }],
      ['port-null', { httpPort: null }],
      ['port-zero', { httpPort: 0 }],
      ['port-65536', { httpPort: 65536 }],
      ['port-string', { httpPort: '3128' }],
      ['port-text', { httpPort: 'abc' }],
      ['port-float', { httpPort: 3128.5 }],
      ['port-double', { httpPort: 3128.0 }],
      ['timeout-zero', { timeout: 0 }],
      ['timeout-3601', { timeout: 3601 }],
      ['retries-11', { retries: 11 }],
      ['retries-negative', { retries: -1 }],
      ['nonproxy-star', { nonProxyHosts: ['*'] }],
      ['nonproxy-cidr', { nonProxyHosts: ['10.0.0.0/8'] }],
      ['nonproxy-mid-star', { nonProxyHosts: ['a*b'] }],
      ['nonproxy-pipe', { nonProxyHosts: ['a|b'] }],
      ['nonproxy-blank', { nonProxyHosts: [''] }],
      ['nonproxy-ip-star', { nonProxyHosts: ['10.*', '[::1]', '*.corp', 'x_y'] }],
      ['nonproxy-duplicates', { nonProxyHosts: ['a', 'a'] }],
      ['nonproxy-null', { nonProxyHosts: null }],
      ['nonproxy-string', { nonProxyHosts: 'a,b' }],
      ['nonproxy-null-element', { nonProxyHosts: [null] }],
      ['two-errors', { httpHost: 'http://x', httpPort: 0, retries: 99 }],
      ['auth-no-user', { httpAuthEnabled: true }],
      ['auth-no-password', { httpAuthEnabled: true, httpAuthUsername: 'u' }],
      ['enabled-null', { httpEnabled: null }],
      ['enabled-string', { httpEnabled: 'true' }],
      ['unknown-field', { surprise: 1 }],
      ['disabled-with-host', { httpEnabled: false }],
      ['disabled-bad-host', { httpEnabled: false, httpHost: 'http://x' }],
      ['disabled-empty-host', { httpEnabled: false, httpHost: '', httpPort: 0 }],
      ['https-without-http', { httpEnabled: false, httpsEnabled: true, httpsHost: 'p', httpsPort: 1 }],
    ]) {
      await update(`validate-${k}`, { ...base, ...v })
      await read(`validate-${k}-read`)
    }
    await s.post('update-no-data', X, { body: rpc('coreui_HttpSettings', 'update', []) })
    await s.post('update-null-data', X, { body: rpc('coreui_HttpSettings', 'update', null) })
    await s.post('update-null-element', X, { body: rpc('coreui_HttpSettings', 'update', [null]) })
    await s.post('update-object-data', X, { body: rpc('coreui_HttpSettings', 'update', base) })
    await s.post('update-two-arguments', X, { body: rpc('coreui_HttpSettings', 'update', [base, base]) })
    await update('disable', { httpEnabled: false, httpsEnabled: false })
    await read('read-disabled')
    await update('empty-object', {})
    await read('read-empty-object')
  },
)

scenario('extdirect', 'ExtDirect transport and the calls that have REST equivalents', async (s) => {
  await s.get('get', X)
  await s.post('unknown-action', X, { body: rpc('coreui_Nothing', 'read', null) })
  await s.post('unknown-method', X, { body: rpc('coreui_HttpSettings', 'nothing', null) })
  await s.post('unknown-action-none', X, { auth: 'none', body: rpc('coreui_Nothing', 'read', null) })
  await s.post('batch', X, {
    body: [
      rpc('coreui_HttpSettings', 'read', null, 1),
      rpc('coreui_AnonymousSettings', 'read', null, 2),
      rpc('coreui_Nothing', 'x', null, 3),
    ],
  })
  await s.post('batch-empty', X, { body: [] })
  await s.post('malformed', X, { body: '{"action":' })
  await s.post('empty', X, { body: '' })
  await s.post('text-plain', X, {
    body: JSON.stringify(rpc('coreui_HttpSettings', 'read', null)),
    type: 'text/plain',
  })
  await s.post('no-type', X, { body: JSON.stringify(rpc('coreui_HttpSettings', 'read', null)), type: null })
  await s.post('accept-html', X, { body: rpc('coreui_HttpSettings', 'read', null), accept: 'text/html' })
  await s.post('trailing-slash', `${X}/`, { body: rpc('coreui_HttpSettings', 'read', null) })
  await s.post('csrf-mismatch-no-session', X, {
    body: rpc('coreui_HttpSettings', 'read', null),
    headers: { cookie: 'NX-ANTI-CSRF-TOKEN=a', 'nx-anti-csrf-token': 'b' },
  })
  await s.post('anonymous-read', X, { body: rpc('coreui_AnonymousSettings', 'read', null) })
  await s.post('anonymous-read-none', X, {
    auth: 'none',
    body: rpc('coreui_AnonymousSettings', 'read', null),
  })
  await s.post('realms-read', X, { body: rpc('coreui_RealmSettings', 'read', null) })
  await s.post('realms-types', X, { body: rpc('coreui_RealmSettings', 'readRealmTypes', null) })
  await s.post('realms-update', X, {
    body: rpc('coreui_RealmSettings', 'update', [
      { realms: ['NexusAuthenticatingRealm', 'NexusAuthorizingRealm'] },
    ]),
  })
  await s.post('blobstore-read', X, { body: rpc('coreui_Blobstore', 'read', null) })
  await s.post('blobstore-create', X, {
    body: rpc('coreui_Blobstore', 'create', [
      { name: 'xd-bs', type: 'File', isQuotaEnabled: false, attributes: { file: { path: 'xd-bs' } } },
    ]),
  })
  await s.del('blobstore-delete', `${R}/v1/blobstores/xd-bs`)
  const xo = {
    name: 'xd-raw',
    format: '',
    type: '',
    url: '',
    online: true,
    recipe: 'raw-hosted',
    routingRuleId: '',
    attributes: {
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' },
      cleanup: { policyName: [] },
    },
  }
  await s.post('repository-create', X, { body: rpc('coreui_Repository', 'create', [xo]) })
  await s.get('repository-create-rest', `${R}/v1/repositories/raw/hosted/xd-raw`)
  await s.post('repository-create-again', X, { body: rpc('coreui_Repository', 'create', [xo]) })
  await s.post('repository-create-unknown-recipe', X, {
    body: rpc('coreui_Repository', 'create', [{ ...xo, name: 'xd-docker', recipe: 'docker-hosted' }]),
  })
  await s.post('repository-create-bad-name', X, {
    body: rpc('coreui_Repository', 'create', [{ ...xo, name: '_bad name' }]),
  })
  await s.post('repository-create-bad-policy', X, {
    body: rpc('coreui_Repository', 'create', [
      {
        ...xo,
        name: 'xd-bad',
        attributes: {
          storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'x' },
        },
      },
    ]),
  })
  await s.post('repository-remove-none', X, {
    auth: 'none',
    body: rpc('coreui_Repository', 'remove', ['xd-raw']),
  })
  await s.post('repository-remove', X, { body: rpc('coreui_Repository', 'remove', ['xd-raw']) })
  await s.post('repository-remove-again', X, { body: rpc('coreui_Repository', 'remove', ['xd-raw']) })
})

scenario('truststore', 'trusted certificates', async (s) => {
  const u = `${R}/v1/security/ssl/truststore`
  const pem1 = readFileSync(new URL('./test-ca-1.pem', import.meta.url), 'utf8')
  const pem2 = readFileSync(new URL('./test-ca-2.pem', import.meta.url), 'utf8')
  await s.get('list-fresh', u)
  await s.get('list-none', u, { auth: 'none' })
  const r = await s.post('create', u, { type: 'text/plain', body: pem1 })
  const id = r.json?.id ?? 'x'
  await s.get('list', u)
  await s.post('create-again', u, { type: 'text/plain', body: pem1 })
  await s.post('create-json-type', u, { type: 'application/json', body: JSON.stringify(pem2) })
  await s.post('create-json-raw', u, { type: 'application/json', body: pem2 })
  await s.get('list-two', u, { pick: namesOnly('subjectCommonName') })
  await s.post('create-crlf', u, { type: 'text/plain', body: pem1.replace(/\n/g, '\r\n') })
  await s.post('create-two-in-one', u, { type: 'text/plain', body: pem2 + pem1 })
  await s.post('create-invalid', u, { type: 'text/plain', body: 'not a certificate' })
  await s.post('create-invalid-base64', u, {
    type: 'text/plain',
    body: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  })
  await s.post('create-empty', u, { type: 'text/plain', body: '' })
  await s.post('create-key', u, {
    type: 'text/plain',
    body: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  })
  await s.post('create-none', u, { auth: 'none', type: 'text/plain', body: pem1 })
  await s.get('get-one', `${u}/${id}`, { note: 'is there a GET for one certificate?' })
  await s.get('retrieve-refused', `${R}/v1/security/ssl?host=127.0.0.1&port=1`)
  await s.get('retrieve-no-host', `${R}/v1/security/ssl`)
  await s.del('delete-none', `${u}/${id}`, { auth: 'none' })
  await s.del('delete-encoded', `${u}/${encodeURIComponent(id)}`)
  await s.del('delete-again', `${u}/${id}`)
  for (const c of JSON.parse(
    (
      await s.rec.raw({
        method: 'GET',
        path: u,
        headers: { authorization: s.rec.authHeader('admin'), accept: 'application/json' },
      })
    ).text || '[]',
  ))
    await s.rec.raw({
      method: 'DELETE',
      path: `${u}/${c.id}`,
      headers: { authorization: s.rec.authHeader('admin'), 'content-length': 0 },
    })
  await s.get('list-end', u)
})

scenario('read-only', 'read-only (frozen) mode and what each kind of request answers in it', async (s) => {
  const u = `${R}/v1/read-only`
  await s.get('get', u)
  await s.get('get-none', u, { auth: 'none' })
  const before = JSON.parse(
    (
      await s.rec.raw({
        method: 'GET',
        path: `${R}/v1/security/realms/active`,
        headers: { authorization: s.rec.authHeader('admin'), accept: 'application/json' },
      })
    ).text,
  )
  await s.post('release-not-frozen', `${u}/release`)
  await s.post('freeze-none', `${u}/freeze`, { auth: 'none' })
  await s.post('freeze', `${u}/freeze`)
  await s.get('get-frozen', u)
  await s.post('freeze-again', `${u}/freeze`)
  await s.get('status', `${R}/v1/status`, { auth: 'none' })
  await s.get('writable', `${R}/v1/status/writable`, { auth: 'none' })
  await s.get('list', `${R}/v1/repositories`, { pick: namesOnly() })
  await s.post('create-repo', `${R}/v1/repositories/raw/hosted`, { body: hosted('raw-frozen') })
  await s.get('create-repo-get', `${R}/v1/repositories/raw/hosted/raw-frozen`)
  await s.post('create-repo-invalid', `${R}/v1/repositories/raw/hosted`, { body: {} })
  await s.put('update-repo', `${R}/v1/repositories/maven/hosted/maven-releases`, {
    body: hosted('maven-releases', { maven: { versionPolicy: 'RELEASE', layoutPolicy: 'STRICT' } }),
  })
  await s.put('update-repo-missing', `${R}/v1/repositories/raw/hosted/nosuch`, { body: hosted('nosuch') })
  await s.del('delete-repo', `${R}/v1/repositories/maven-releases`)
  await s.del('delete-repo-missing', `${R}/v1/repositories/nosuch`)
  await s.post('create-blobstore', `${R}/v1/blobstores/file`, {
    body: { name: 'bs-frozen', path: 'bs-frozen' },
  })
  await s.get('create-blobstore-get', `${R}/v1/blobstores/file/bs-frozen`)
  await s.post('create-role', `${R}/v1/security/roles`, { body: { id: 'r-frozen', name: 'x' } })
  await s.post('create-user', `${R}/v1/security/users`, {
    body: {
      userId: 'u-frozen',
      firstName: 'a',
      lastName: 'b',
      emailAddress: 'a@example.org',
      password: 'x',
      status: 'active',
      roles: ['nx-anonymous'],
    },
  })
  await s.post('create-privilege', `${R}/v1/security/privileges/wildcard`, {
    body: { name: 'p-frozen', pattern: 'nexus:*' },
  })
  await s.post('create-selector', `${R}/v1/security/content-selectors`, {
    body: { name: 's-frozen', expression: 'path =~ ".*"' },
  })
  await s.post('create-rule', `${R}/v1/routing-rules`, {
    body: { name: 'rr-frozen', description: '', mode: 'BLOCK', matchers: ['x'] },
  })
  await s.put('realms', `${R}/v1/security/realms/active`, {
    body: ['NexusAuthenticatingRealm', 'DefaultRole'],
  })
  await s.put('anonymous', `${R}/v1/security/anonymous`, { body: { enabled: true } })
  await s.put('change-password', `${R}/v1/security/users/anonymous/change-password`, {
    type: 'text/plain',
    body: 'x',
  })
  await s.post('extdirect-update', X, {
    body: rpc('coreui_HttpSettings', 'update', [{ httpEnabled: false, httpAuthEnabled: false }]),
  })
  await s.post('eula', `${R}/v1/system/eula`, { body: { accepted: true, disclaimer: 'x' } })
  await s.put('content', '/repository/maven-releases/a/b/1/b-1.txt', {
    accept: null,
    type: 'text/plain',
    body: 'x',
  })
  await s.post('release-none', `${u}/release`, { auth: 'none' })
  await s.post('release', `${u}/release`)
  await s.post('release-again', `${u}/release`)
  await s.post('force-release', `${u}/force-release`)
  await s.get('get-released', u)
  await s.get('writable-released', `${R}/v1/status/writable`, { auth: 'none' })
  for (const [k, p] of [
    ['repo', 'repositories/raw-frozen'],
    ['bs', 'blobstores/bs-frozen'],
    ['role', 'security/roles/r-frozen'],
    ['user', 'security/users/u-frozen'],
    ['priv', 'security/privileges/p-frozen'],
    ['sel', 'security/content-selectors/s-frozen'],
    ['rule', 'routing-rules/rr-frozen'],
  ])
    await s.del(`cleanup-${k}`, `${R}/v1/${p}`)
  await s.put('cleanup-realms', `${R}/v1/security/realms/active`, { body: before })
})

scenario('other', 'further endpoints a provisioning client may meet', async (s) => {
  await s.get('node', `${R}/v1/system/node`)
  await s.get('node-none', `${R}/v1/system/node`, { auth: 'none' })
  await s.get('tasks', `${R}/v1/tasks`, {
    pick: {
      note: "keys and the first entry's fields",
      fn: (b) => (b?.items ? { ...b, items: b.items.slice(0, 2) } : b),
    },
  })
  await s.get('tasks-type', `${R}/v1/tasks?type=nosuch`)
  await s.get('task-missing', `${R}/v1/tasks/nosuch`)
  await s.post('task-run-missing', `${R}/v1/tasks/nosuch/run`)
  await s.get('tasks-none', `${R}/v1/tasks`, { auth: 'none' })
  await s.get('scripts', `${R}/v1/script`)
  await s.get('scripts-none', `${R}/v1/script`, { auth: 'none' })
  await s.post('script-create', `${R}/v1/script`, {
    body: { name: 'x', type: 'groovy', content: 'return 1' },
  })
  await s.get('script-missing', `${R}/v1/script/nosuch`)
  await s.post('script-run-missing', `${R}/v1/script/nosuch/run`, { type: 'text/plain', body: '' })
  await s.get('email', `${R}/v1/email`)
  await s.get('capabilities', `${R}/v1/capabilities`)
  await s.get('capabilities-internal', `${R}/internal/capabilities/active`)
  await s.get('ssrf', `${R}/v1/security/ssrf-protection`)
  await s.get('lifecycle', `${R}/v1/lifecycle/phase`)
  await s.get('formats-upload', `${R}/v1/formats/upload-specs`, { pick: namesOnly('format') })
  await s.get('docker-suggest-port', `${R}/internal/ui/docker/suggest-port`)
  await s.get('ui-repositories', `${R}/internal/ui/repositories`, {
    pick: { note: 'first two entries', fn: (b) => (Array.isArray(b) ? b.slice(0, 2) : b) },
  })
  await s.get('ui-repository-recipes', `${R}/internal/ui/repositories/recipes`)
  await s.get('swagger-none', `${R}/swagger.json`, {
    auth: 'none',
    pick: {
      note: 'info.version, basePath, path → methods',
      fn: (b) => ({
        swagger: b.swagger,
        info: { title: b.info?.title, version: b.info?.version },
        basePath: b.basePath,
        paths: Object.fromEntries(
          Object.entries(b.paths)
            .sort(([a], [c]) => (a < c ? -1 : 1))
            .map(([p, m]) => [p, Object.keys(m).sort().join(' ')]),
        ),
      }),
    },
  })
  await s.get('swagger-bad', `${R}/swagger.json`, { auth: 'bad' })
  await s.get('openapi', `${R}/openapi.json`, { auth: 'none' })
})

scenario('permissions', 'a user with few privileges: what is hidden, what is forbidden', async (s) => {
  const rec = s.rec
  for (const n of ['perm-a', 'perm-b'])
    await s.post(`repo-${n}`, `${R}/v1/repositories/raw/hosted`, { body: hosted(n) })
  await s.post('group', `${R}/v1/repositories/raw/group`, {
    body: {
      name: 'perm-g',
      online: true,
      storage: { blobStoreName: 'default', strictContentTypeValidation: true },
      group: { memberNames: ['perm-a', 'perm-b'] },
    },
  })
  await s.get('auto-privileges', `${R}/v1/security/privileges`, {
    pick: {
      note: 'entries whose name contains raw-perm-a',
      fn: (b) => b.filter((e) => e.name.includes('raw-perm-a')),
    },
  })
  const mkUser = async (id, privileges) => {
    await s.post(`role-${id}`, `${R}/v1/security/roles`, {
      body: { id: `role-${id}`, name: `role-${id}`, privileges, roles: [] },
    })
    await s.post(`user-${id}`, `${R}/v1/security/users`, {
      body: {
        userId: id,
        firstName: id,
        lastName: id,
        emailAddress: `${id}@example.org`,
        password: `${id}-pw`,
        status: 'active',
        roles: [`role-${id}`],
      },
    })
    rec.passwords[id] = `${id}-pw`
  }
  await mkUser('reader', ['nx-repository-admin-raw-perm-a-read', 'nx-repository-view-raw-perm-a-browse'])
  await mkUser('editor', [
    'nx-repository-admin-raw-perm-a-edit',
    'nx-repository-admin-raw-perm-a-read',
    'nx-repository-admin-raw-perm-g-edit',
    'nx-repository-admin-raw-perm-g-read',
  ])
  await mkUser('adder', ['nx-repository-admin-*-*-add'])
  await s.post('privilege-rawadmin', `${R}/v1/security/privileges/repository-admin`, {
    body: { name: 'perm-raw-all', description: '', actions: ['ALL'], format: 'raw', repository: '*' },
  })
  await mkUser('rawadmin', ['perm-raw-all'])
  await mkUser('bsuser', ['nx-blobstores-read', 'nx-settings-read'])
  await mkUser('nothing', [])
  const h = `${R}/v1/repositories/raw/hosted`
  for (const id of ['reader', 'editor', 'adder', 'rawadmin', 'bsuser', 'nothing']) {
    const a = { auth: `user:${id}` }
    await s.get(`${id}-list`, `${R}/v1/repositories`, { ...a, pick: namesOnly() })
    await s.get(`${id}-settings`, `${R}/v1/repositorySettings`, { ...a, pick: namesOnly() })
    await s.get(`${id}-get-a`, `${h}/perm-a`, a)
    await s.get(`${id}-get-b`, `${h}/perm-b`, a)
    await s.get(`${id}-get-group`, `${R}/v1/repositories/raw/group/perm-g`, a)
    await s.get(`${id}-short-a`, `${R}/v1/repositories/perm-a`, a)
    await s.get(`${id}-short-b`, `${R}/v1/repositories/perm-b`, a)
    await s.get(`${id}-short-missing`, `${R}/v1/repositories/nosuch`, a)
    await s.put(`${id}-put-a`, `${h}/perm-a`, { ...a, body: hosted('perm-a') })
    await s.put(`${id}-put-b`, `${h}/perm-b`, { ...a, body: hosted('perm-b') })
    await s.put(`${id}-put-missing`, `${h}/nosuch`, { ...a, body: hosted('nosuch') })
    await s.put(`${id}-put-invalid`, `${h}/perm-b`, { ...a, body: {} })
    await s.put(`${id}-put-group`, `${R}/v1/repositories/raw/group/perm-g`, {
      ...a,
      body: {
        name: 'perm-g',
        online: true,
        storage: { blobStoreName: 'default', strictContentTypeValidation: true },
        group: { memberNames: ['perm-a', 'perm-b'] },
      },
    })
    await s.post(`${id}-post`, h, { ...a, body: hosted(`perm-${id}`) })
    await s.post(`${id}-post-existing`, h, { ...a, body: hosted('perm-b') })
    await s.post(`${id}-post-unknown-blobstore`, h, {
      ...a,
      body: hosted('perm-x', {
        storage: { blobStoreName: 'nosuch', strictContentTypeValidation: true, writePolicy: 'allow' },
      }),
    })
    await s.del(`${id}-delete-b`, `${R}/v1/repositories/perm-b`, a)
    await s.del(`${id}-delete-missing`, `${R}/v1/repositories/nosuch`, a)
    await s.get(`${id}-blobstores`, `${R}/v1/blobstores`, { ...a, pick: namesOnly() })
    await s.get(`${id}-blobstore`, `${R}/v1/blobstores/file/default`, a)
    await s.get(`${id}-realms`, `${R}/v1/security/realms/active`, a)
    await s.get(`${id}-rules`, `${R}/v1/routing-rules`, a)
    await s.get(`${id}-users`, `${R}/v1/security/users`, { ...a, pick: namesOnly('userId') })
    await s.get(`${id}-roles`, `${R}/v1/security/roles`, { ...a, pick: namesOnly('id') })
    await s.get(`${id}-check`, `${R}/v1/status/check`, {
      ...a,
      pick: { note: 'keys only', fn: (b) => Object.keys(b) },
    })
    await s.post(`${id}-extdirect-http`, X, { ...a, body: rpc('coreui_HttpSettings', 'read', null) })
    await s.post(`${id}-extdirect-http-update`, X, {
      ...a,
      body: rpc('coreui_HttpSettings', 'update', [{ httpEnabled: false, httpAuthEnabled: false }]),
    })
    await s.get(`${id}-cleanup`, `${R}/internal/cleanup-policies`, a)
    await s.get(`${id}-truststore`, `${R}/v1/security/ssl/truststore`, a)
    await s.del(`cleanup-perm-${id}`, `${R}/v1/repositories/perm-${id}`)
    const b = await rec.raw({
      method: 'GET',
      path: `${h}/perm-b`,
      headers: { authorization: rec.authHeader('admin') },
    })
    if (b.status === 404) await s.post(`${id}-recreate-b`, h, { body: hosted('perm-b') })
  }
  for (const id of ['reader', 'editor', 'adder', 'rawadmin', 'bsuser', 'nothing']) {
    await s.del(`user-delete-${id}`, `${R}/v1/security/users/${id}`)
    await s.del(`role-delete-${id}`, `${R}/v1/security/roles/role-${id}`)
  }
  await s.del('privilege-delete-rawadmin', `${R}/v1/security/privileges/perm-raw-all`)
  for (const n of ['perm-g', 'perm-a', 'perm-b']) await s.del(`delete-${n}`, `${R}/v1/repositories/${n}`)
})

scenario(
  'dangling-references',
  'what happens to privileges, roles and users when the things they name are deleted',
  async (s) => {
    const h = `${R}/v1/repositories/raw/hosted`
    const sec = `${R}/v1/security`
    const role = {
      id: 'dang-role',
      name: 'dang-role',
      description: 'd',
      privileges: ['nx-repository-view-raw-dang-read', 'dang-view', 'nx-search-read'],
      roles: [],
    }
    await s.post('repo', h, { body: hosted('dang') })
    await s.post('privilege', `${sec}/privileges/repository-view`, {
      body: { name: 'dang-view', description: '', actions: ['READ'], format: 'raw', repository: 'dang' },
    })
    await s.post('role', `${sec}/roles`, { body: role })
    await s.post('outer-role', `${sec}/roles`, {
      body: { id: 'dang-outer', name: 'x', roles: ['dang-role'] },
    })
    const user = {
      userId: 'dang-user',
      firstName: 'a',
      lastName: 'b',
      emailAddress: 'd@example.org',
      status: 'active',
      roles: ['dang-role', 'nx-anonymous'],
    }
    await s.post('user', `${sec}/users`, { body: { ...user, password: 'x' } })
    await s.del('repo-delete', `${R}/v1/repositories/dang`)
    await s.get('auto-privilege-after-repo', `${sec}/privileges/nx-repository-view-raw-dang-read`)
    await s.get('own-privilege-after-repo', `${sec}/privileges/dang-view`)
    await s.get('role-after-repo', `${sec}/roles/dang-role`)
    await s.put('role-put-same-after-repo', `${sec}/roles/dang-role`, { body: role })
    await s.put('own-privilege-put-same', `${sec}/privileges/repository-view/dang-view`, {
      body: { name: 'dang-view', description: '', actions: ['READ'], format: 'raw', repository: 'dang' },
    })
    await s.post('repo-recreate', h, { body: hosted('dang') })
    await s.put('role-put-same-after-recreate', `${sec}/roles/dang-role`, { body: role })
    await s.get('role-after-recreate', `${sec}/roles/dang-role`)
    await s.del('privilege-delete', `${sec}/privileges/dang-view`)
    await s.get('role-after-privilege', `${sec}/roles/dang-role`)
    await s.del('role-delete', `${sec}/roles/dang-role`)
    await s.get('user-after-role', `${sec}/users?userId=dang-user`)
    await s.get('outer-after-role', `${sec}/roles/dang-outer`)
    await s.put('user-put-same', `${sec}/users/dang-user`, { body: { ...user, source: 'default' } })
    await s.del('outer-delete', `${sec}/roles/dang-outer`)
    await s.del('user-delete', `${sec}/users/dang-user`)
    await s.del('repo-delete-end', `${R}/v1/repositories/dang`)
  },
)

scenario('routes', 'unknown routes and methods', async (s) => {
  for (const [k, m, p] of [
    ['unknown-v1', 'GET', `${R}/v1/nosuch`],
    ['unknown-v1-post', 'POST', `${R}/v1/nosuch`],
    ['unknown-v2', 'GET', `${R}/v2/repositories`],
    ['unknown-rest', 'GET', `${R}/nosuch`],
    ['unknown-service', 'GET', '/service/nosuch'],
    ['unknown-root', 'GET', '/nosuch'],
    ['siesta', 'GET', '/service/siesta/v1/status'],
    ['method-status-delete', 'DELETE', `${R}/v1/status`],
    ['method-blobstores-post', 'POST', `${R}/v1/blobstores`],
    ['method-blobstores-put', 'PUT', `${R}/v1/blobstores`],
    ['method-realms-post', 'POST', `${R}/v1/security/realms/active`],
    ['method-realms-delete', 'DELETE', `${R}/v1/security/realms/active`],
    ['method-anonymous-post', 'POST', `${R}/v1/security/anonymous`],
    ['method-anonymous-delete', 'DELETE', `${R}/v1/security/anonymous`],
    ['method-repo-post-named', 'POST', `${R}/v1/repositories/raw/hosted/x`],
    ['method-file-delete', 'DELETE', `${R}/v1/blobstores/file/x`],
    ['blobstore-get-short', 'GET', `${R}/v1/blobstores/default`],
    ['encoded-slash', 'GET', `${R}/v1/repositories/raw/hosted/a%2Fb`],
    ['encoded-percent', 'GET', `${R}/v1/repositories/raw/hosted/%zz`],
    ['dotdot', 'GET', `${R}/v1/../v1/status`],
    ['semicolon', 'GET', `${R}/v1/status;a=b`],
    ['case', 'GET', `${R}/V1/status`],
    ['repository-root', 'GET', '/repository/maven-public/'],
    ['repository-none', 'GET', '/repository/'],
    ['v2-root', 'GET', '/v2/'],
    ['robots', 'GET', '/robots.txt'],
  ]) {
    const body = m === 'POST' || m === 'PUT' ? { body: {} } : {}
    await s.send(k, m, p, body)
    await s.send(`${k}-none`, m, p, { auth: 'none', ...body })
  }
  await s.get('unknown-v1-html', `${R}/v1/nosuch`, { accept: 'text/html' })
  await s.get('unknown-v1-bad', `${R}/v1/nosuch`, { auth: 'bad' })
  await s.get('unknown-root-bad', '/nosuch', { auth: 'bad' })
})

scenario(
  'concurrency',
  'parallel requests (the order of the responses is not deterministic; they are sorted by status)',
  async (s) => {
    const rec = s.rec
    const h = `${R}/v1/repositories/raw/hosted`
    const call = async (method, path, body) => {
      const payload = body === undefined ? undefined : JSON.stringify(body)
      const t = performance.now()
      const r = await rec.raw({
        method,
        path,
        body: payload,
        headers: {
          authorization: rec.authHeader('admin'),
          accept: 'application/json',
          ...(payload
            ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }
            : { 'content-length': 0 }),
        },
      })
      return { ...rec.describe(r), ms: performance.now() - t }
    }
    const sorted = (rs) =>
      rs
        .map(({ status, body, headers }) => ({
          status,
          contentType: headers?.['content-type'] ?? null,
          body,
        }))
        .sort((a, b) => a.status - b.status || JSON.stringify(a).localeCompare(JSON.stringify(b)))
    for (let round = 1; round <= 3; round++) {
      const rs = await Promise.all([
        call('POST', h, hosted(`race-${round}`)),
        call('POST', h, hosted(`race-${round}`)),
      ])
      s.observe(`same-repository-twice-${round}`, {
        request: 'POST /service/rest/v1/repositories/raw/hosted, same body, twice in parallel',
        responses: sorted(rs),
      })
      s.observe(`same-repository-twice-${round}-after`, sorted([await call('GET', `${h}/race-${round}`)]))
      s.observe(
        `same-repository-twice-${round}-delete`,
        sorted(
          await Promise.all([
            call('DELETE', `${R}/v1/repositories/race-${round}`),
            call('DELETE', `${R}/v1/repositories/race-${round}`),
          ]),
        ),
      )
    }
    const names = Array.from({ length: 10 }, (_, i) => `par-${i}`)
    const rs = await Promise.all(names.map((n) => call('POST', h, hosted(n))))
    s.observe('ten-creates', {
      request: 'POST ten different raw hosted repositories in parallel',
      responses: sorted(rs),
    })
    rec.timings['create ten raw hosted in parallel, each'] = rs.map((r) => Math.round(r.ms))
    const put = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        call(
          'PUT',
          `${h}/par-0`,
          hosted('par-0', {
            storage: {
              blobStoreName: 'default',
              strictContentTypeValidation: i % 2 === 0,
              writePolicy: 'allow',
            },
          }),
        ),
      ),
    )
    s.observe('same-repository-six-puts', {
      request: 'PUT the same repository six times in parallel',
      responses: sorted(put),
    })
    const del = await Promise.all(names.map((n) => call('DELETE', `${R}/v1/repositories/${n}`)))
    s.observe('ten-deletes', { request: 'DELETE the ten repositories in parallel', responses: sorted(del) })
    rec.timings['delete ten raw hosted in parallel, each'] = del.map((r) => Math.round(r.ms))
    const bs = await Promise.all(
      [1, 2].map(() => call('POST', `${R}/v1/blobstores/file`, { name: 'race-bs', path: 'race-bs' })),
    )
    s.observe('same-blobstore-twice', {
      request: 'POST the same file blob store twice in parallel',
      responses: sorted(bs),
    })
    await call('DELETE', `${R}/v1/blobstores/race-bs`)
    const roles = await Promise.all(
      [1, 2].map(() => call('POST', `${R}/v1/security/roles`, { id: 'race-role', name: 'x' })),
    )
    s.observe('same-role-twice', {
      request: 'POST the same role twice in parallel',
      responses: sorted(roles),
    })
    await call('DELETE', `${R}/v1/security/roles/race-role`)
    const users = await Promise.all(
      [1, 2].map(() =>
        call('POST', `${R}/v1/security/users`, {
          userId: 'race-user',
          firstName: 'a',
          lastName: 'b',
          emailAddress: 'r@example.org',
          password: 'x',
          status: 'active',
          roles: ['nx-anonymous'],
        }),
      ),
    )
    s.observe('same-user-twice', {
      request: 'POST the same user twice in parallel',
      responses: sorted(users),
    })
    await call('DELETE', `${R}/v1/security/users/race-user`)
    const t = []
    for (let i = 0; i < 10; i++) t.push(Math.round((await call('POST', h, hosted(`seq-${i}`))).ms))
    rec.timings['create ten raw hosted one after the other'] = t
    const p = []
    for (let i = 0; i < 10; i++)
      p.push(Math.round((await call('PUT', `${h}/seq-${i}`, hosted(`seq-${i}`))).ms))
    rec.timings['update ten raw hosted one after the other'] = p
    const d = []
    for (let i = 0; i < 10; i++)
      d.push(Math.round((await call('DELETE', `${R}/v1/repositories/seq-${i}`)).ms))
    rec.timings['delete ten raw hosted one after the other'] = d
  },
)

scenario(
  'lockout',
  'a realm list that locks everybody out (recorded last: it cannot be undone over HTTP)',
  async (s) => {
    const a = `${R}/v1/security/realms/active`
    const active = (await s.get('before', a)).json
    if (active.includes('NexusAuthorizingRealm')) {
      await s.put('put-without-authorizing', a, { body: ['NexusAuthenticatingRealm'] })
      await s.get('get-without-authorizing', a)
      await s.put('put-authorizing-back', a, { body: active })
      return
    }
    await s.put('put-empty-list', a, { body: [] })
    await s.get('get', a)
    await s.get('get-none', a, { auth: 'none' })
    await s.put('put-back', a, { body: ['NexusAuthenticatingRealm'] })
    await s.get('status-admin', `${R}/v1/status`)
    await s.get('status-none', `${R}/v1/status`, { auth: 'none' })
  },
)
