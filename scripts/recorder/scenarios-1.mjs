// Status, first login, EULA, onboarding, authentication, sessions, realms, anonymous, selectors, privileges, roles, users.
import { basic, namesOnly } from './lib.mjs'

const R = '/service/rest'
export const NEW_PASSWORD = 'sandbox-Admin-1'
export const list = []
const scenario = (id, title, fn) => list.push({ id, title, fn })

scenario(
  'status',
  'status endpoints, Server header, bad credentials, Accept handling (admin still has its initial password)',
  async (s) => {
    for (const p of ['', '/writable', '/check']) {
      const n = p.slice(1) || 'status'
      const checks =
        p === '/check'
          ? {
              pick: {
                note: 'keys and two entries only',
                fn: (b) =>
                  b && typeof b === 'object' && !Array.isArray(b) && !b.id
                    ? { keys: Object.keys(b), sample: Object.fromEntries(Object.entries(b).slice(0, 2)) }
                    : b,
              },
            }
          : {}
      await s.get(`${n}-none`, `${R}/v1/status${p}`, { auth: 'none', ...checks })
      await s.get(`${n}-admin`, `${R}/v1/status${p}`, checks)
      await s.get(`${n}-bad`, `${R}/v1/status${p}`, { auth: 'bad' })
      await s.get(`${n}-unknown-user`, `${R}/v1/status${p}`, { auth: 'unknown-user' })
    }
    await s.get('no-accept', `${R}/v1/status`, { auth: 'none', accept: null })
    await s.get('accept-html', `${R}/v1/status`, { auth: 'none', accept: 'text/html' })
    await s.head('head', `${R}/v1/status`, { auth: 'none' })
    await s.send('options', 'OPTIONS', `${R}/v1/status`, { auth: 'none' })
    await s.post('post', `${R}/v1/status`, { auth: 'none' })
    await s.get('trailing-slash', `${R}/v1/status/`, { auth: 'none' })
    await s.get('double-slash', `${R}//v1/status`, { auth: 'none' })
    await s.get('root', '/', { auth: 'none', accept: 'text/html' })
    await s.get('service-rest', R, { auth: 'none' })
    await s.get('service-rest-slash', `${R}/`, { auth: 'none' })
    await s.get('static-unknown', '/no/such/page', { auth: 'none' })
  },
)

scenario('first-login', 'initial admin password, change-password, old password afterwards', async (s) => {
  const rec = s.rec
  const initial = rec.passwords.admin
  await s.get('initial-login', `${R}/v1/security/users?userId=admin`, {})
  await s.get('onboarding-before', `${R}/internal/ui/onboarding`, {})
  await s.get('onboarding-none', `${R}/internal/ui/onboarding`, { auth: 'none' })
  await s.put('change-none', `${R}/v1/security/users/admin/change-password`, {
    auth: 'none',
    type: 'text/plain',
    body: 'x',
  })
  await s.put('change-bad', `${R}/v1/security/users/admin/change-password`, {
    auth: 'bad',
    type: 'text/plain',
    body: 'x',
  })
  await s.put('change-json-type', `${R}/v1/security/users/admin/change-password`, {
    type: 'application/json',
    body: '"x"',
  })
  await s.put('change-no-type', `${R}/v1/security/users/admin/change-password`, {
    type: null,
    body: 'x',
    headers: {},
  })
  rec.passwords.admin = initial
  const after = await rec.raw({
    method: 'GET',
    path: `${R}/v1/security/users?userId=admin`,
    headers: { authorization: basic('admin', 'x'), accept: 'application/json' },
  })
  if (after.status === 200) {
    rec.passwords.admin = 'x'
    s.observe('change-no-type-effect', { passwordChanged: true })
  } else s.observe('change-no-type-effect', { passwordChanged: false })
  await s.put('change-blank', `${R}/v1/security/users/admin/change-password`, {
    type: 'text/plain',
    body: '  ',
  })
  await s.put('change-empty', `${R}/v1/security/users/admin/change-password`, {
    type: 'text/plain',
    body: '',
  })
  await s.put('change-missing-user', `${R}/v1/security/users/nosuch/change-password`, {
    type: 'text/plain',
    body: 'x',
  })
  await s.put('change', `${R}/v1/security/users/admin/change-password`, {
    type: 'text/plain',
    body: NEW_PASSWORD,
  })
  const old = rec.passwords.admin
  rec.passwords.admin = old
  await s.get('old-password', `${R}/v1/security/users?userId=admin`, {
    auth: 'admin',
    note: 'still sends the old password',
  })
  rec.passwords.admin = NEW_PASSWORD
  await s.get('new-password', `${R}/v1/security/users?userId=admin`, {})
  await s.put('change-again-same', `${R}/v1/security/users/admin/change-password`, {
    type: 'text/plain',
    body: NEW_PASSWORD,
  })
  await s.put('change-accept-none', `${R}/v1/security/users/admin/change-password`, {
    type: 'text/plain',
    accept: null,
    body: NEW_PASSWORD,
  })
  await s.put('change-utf8', `${R}/v1/security/users/admin/change-password`, {
    type: 'text/plain; charset=utf-8',
    body: 'pässwörd:1',
  })
  await s.get('change-utf8-login', `${R}/v1/security/users?userId=admin`, {
    auth: 'admin:pässwörd:1',
    note: 'Basic credentials encoded as UTF-8',
  })
  const back = await rec.raw({
    method: 'PUT',
    path: `${R}/v1/security/users/admin/change-password`,
    headers: {
      authorization: basic('admin', 'pässwörd:1'),
      'content-type': 'text/plain',
      'content-length': Buffer.byteLength(NEW_PASSWORD),
    },
    body: NEW_PASSWORD,
  })
  if (back.status !== 204) {
    const latin = `Basic ${Buffer.from('admin:pässwörd:1', 'latin1').toString('base64')}`
    const b2 = await rec.raw({
      method: 'PUT',
      path: `${R}/v1/security/users/admin/change-password`,
      headers: {
        authorization: latin,
        'content-type': 'text/plain',
        'content-length': Buffer.byteLength(NEW_PASSWORD),
      },
      body: NEW_PASSWORD,
    })
    s.observe('change-utf8-reset', { utf8: back.status, latin1: b2.status })
    if (b2.status !== 204) throw new Error('cannot restore admin password')
  }
  await s.get('onboarding-after', `${R}/internal/ui/onboarding`, {})
  await s.put('onboarding-change-empty', `${R}/internal/ui/onboarding/change-admin-password`, {
    type: 'text/plain',
    body: '',
  })
  await s.put('onboarding-change', `${R}/internal/ui/onboarding/change-admin-password`, {
    type: 'text/plain',
    body: NEW_PASSWORD,
  })
  await s.get('onboarding-change-login', `${R}/v1/status`, {})
})

scenario('eula', 'end user licence endpoint', async (s) => {
  const u = `${R}/v1/system/eula`
  await s.get('get-none', u, { auth: 'none' })
  await s.get('get-bad', u, { auth: 'bad' })
  const g = await s.get('get', u)
  const disclaimer = g.json?.disclaimer ?? 'x'
  await s.post('post-none', u, { auth: 'none', body: { accepted: true, disclaimer } })
  await s.post('post-wrong-text', u, { body: { accepted: true, disclaimer: 'I agree' } })
  await s.post('post-no-text', u, { body: { accepted: true } })
  await s.post('post-empty-object', u, { body: {} })
  await s.post('post-no-body', u, { type: 'application/json' })
  await s.post('post-accept-false', u, { body: { accepted: false, disclaimer } })
  await s.get('get-after-false', u)
  await s.post('post-extra-field', u, { body: { accepted: true, disclaimer, extra: 1 } })
  await s.get('get-after', u)
  await s.post('post-again', u, { body: { accepted: true, disclaimer } })
  await s.post('post-revoke', u, { body: { accepted: false, disclaimer } })
  await s.get('get-after-revoke', u)
  await s.post('post-restore', u, { body: { accepted: true, disclaimer } })
  await s.put('put', u, { body: { accepted: true, disclaimer } })
  await s.get('onboarding', `${R}/internal/ui/onboarding`)
})

scenario('auth', 'authentication failures, sessions and cross-site request forgery tokens', async (s) => {
  const u = `${R}/v1/blobstores`
  await s.get('none', u, { auth: 'none' })
  await s.get('bad', u, { auth: 'bad' })
  await s.get('bad-no-accept', u, { auth: 'bad', accept: null })
  await s.get('unknown-user', u, { auth: 'unknown-user' })
  await s.get('malformed-basic', u, { auth: 'none', headers: { authorization: 'Basic !!!' } })
  await s.get('basic-no-colon', u, {
    auth: 'none',
    headers: { authorization: `Basic ${Buffer.from('admin').toString('base64')}` },
  })
  await s.get('basic-empty-password', u, { auth: 'none', headers: { authorization: basic('admin', '') } })
  await s.get('bearer', u, { auth: 'none', headers: { authorization: 'Bearer abc' } })
  await s.get('uppercase-user', u, {
    auth: `ADMIN:${NEW_PASSWORD}`,
    note: 'user id in another case, right password',
  })
  for (let i = 1; i <= 12; i++)
    await s.rec.raw({ method: 'GET', path: u, headers: { authorization: basic('admin', `no-${i}`) } })
  await s.get('bad-after-12-failures', u, { auth: 'bad' })
  await s.get('good-after-12-failures', u, { pick: namesOnly() })
  await s.post('none-post-invalid-body', `${R}/v1/repositories/raw/hosted`, {
    auth: 'none',
    body: {},
    note: 'order of authentication and validation',
  })
  await s.post('none-post-valid-body', `${R}/v1/repositories/raw/hosted`, {
    auth: 'none',
    body: {
      name: 'a',
      online: true,
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow' },
    },
  })
  await s.post('bad-post', `${R}/v1/repositories/raw/hosted`, { auth: 'bad', body: {} })
  await s.del('none-delete', `${R}/v1/repositories/maven-public`, { auth: 'none' })
  await s.put('none-put', `${R}/v1/security/realms/active`, { auth: 'none', body: [] })
  await s.get('none-repositories', `${R}/v1/repositories`, { auth: 'none' })
  await s.get('none-repository-settings', `${R}/v1/repositorySettings`, { auth: 'none' })
  await s.get('none-repository-get', `${R}/v1/repositories/maven/group/maven-public`, { auth: 'none' })

  // session login as the web UI does it
  const b64 = (x) => Buffer.from(x).toString('base64')
  const form = `username=${encodeURIComponent(b64('admin'))}&password=${encodeURIComponent(b64(NEW_PASSWORD))}`
  await s.post('session-bad', '/service/rapture/session', {
    auth: 'none',
    type: 'application/x-www-form-urlencoded',
    body: `username=${b64('admin')}&password=${b64('wrong')}`,
  })
  const login = await s.rec.raw({
    method: 'POST',
    path: '/service/rapture/session',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(form),
    },
    body: form,
  })
  s.rec.exchanges.push({
    id: 'auth/session-good',
    scenario: 'auth',
    request: {
      method: 'POST',
      path: '/service/rapture/session',
      auth: 'none',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=<base64 of admin>&password=<base64 of the password>',
    },
    response: s.rec.describe(login),
  })
  s.rec.ids.add('auth/session-good')
  const cookies = (login.headers['set-cookie'] ?? []).map((c) => c.split(';')[0])
  const session = cookies.find((c) => c.startsWith('NXSESSIONID='))
  if (session) {
    const first = await s.rec.raw({
      method: 'GET',
      path: u,
      headers: { cookie: session, accept: 'application/json' },
    })
    const token = (first.headers['set-cookie'] ?? cookies)
      .map((c) => c.split(';')[0])
      .find((c) => c.startsWith('NX-ANTI-CSRF-TOKEN='))
      ?.split('=')[1]
    s.observe('session-cookies', {
      loginSets: cookies.map((c) => c.split('=')[0]),
      firstGetSets: (first.headers['set-cookie'] ?? []).map((c) => c.split('=')[0]),
      tokenIssued: Boolean(token),
    })
    await s.get('session-get', u, { auth: 'none', headers: { cookie: session }, pick: namesOnly() })
    await s.del('session-delete-no-token', `${R}/v1/repositories/nosuch`, {
      auth: 'none',
      headers: { cookie: session },
    })
    await s.del('session-delete-own-token', `${R}/v1/repositories/nosuch`, {
      auth: 'none',
      headers: { cookie: `${session}; NX-ANTI-CSRF-TOKEN=abc`, 'nx-anti-csrf-token': 'abc' },
    })
    await s.del('session-delete-token-mismatch', `${R}/v1/repositories/nosuch`, {
      auth: 'none',
      headers: { cookie: `${session}; NX-ANTI-CSRF-TOKEN=abc`, 'nx-anti-csrf-token': 'abd' },
    })
    await s.del('session-and-basic-no-token', `${R}/v1/repositories/nosuch`, { headers: { cookie: session } })
    await s.post('session-extdirect-no-token', '/service/extdirect', {
      auth: 'none',
      headers: { cookie: session },
      body: { action: 'coreui_HttpSettings', method: 'read', data: null, type: 'rpc', tid: 1 },
    })
    await s.post('session-extdirect-token', '/service/extdirect', {
      auth: 'none',
      headers: { cookie: `${session}; NX-ANTI-CSRF-TOKEN=abc`, 'nx-anti-csrf-token': 'abc' },
      body: { action: 'coreui_HttpSettings', method: 'read', data: null, type: 'rpc', tid: 1 },
    })
    await s.del('session-logout', '/service/rapture/session', {
      auth: 'none',
      headers: { cookie: `${session}; NX-ANTI-CSRF-TOKEN=abc`, 'nx-anti-csrf-token': 'abc' },
    })
    await s.get('session-get-after-logout', u, { auth: 'none', headers: { cookie: session } })
  }
  await s.del('basic-stale-session-cookie', `${R}/v1/repositories/nosuch`, {
    headers: { cookie: 'NXSESSIONID=00000000-0000-0000-0000-000000000000' },
  })
  await s.del('basic-csrf-pair', `${R}/v1/repositories/nosuch`, {
    headers: { cookie: 'NX-ANTI-CSRF-TOKEN=abc', 'nx-anti-csrf-token': 'abc' },
  })
  await s.del('basic-csrf-mismatch', `${R}/v1/repositories/nosuch`, {
    headers: { cookie: 'NX-ANTI-CSRF-TOKEN=abc', 'nx-anti-csrf-token': 'xyz' },
  })
  await s.del('basic-browser-ua', `${R}/v1/repositories/nosuch`, { headers: { 'user-agent': 'Mozilla/5.0' } })
  await s.post('basic-text-plain-simple-request', `${R}/v1/repositories/raw/hosted`, {
    type: 'text/plain',
    body: '{}',
    headers: { origin: 'http://evil.example', referer: 'http://evil.example/' },
  })
})

scenario('realms', 'security realms', async (s) => {
  const a = `${R}/v1/security/realms/active`
  await s.get('available', `${R}/v1/security/realms/available`)
  await s.get('available-none', `${R}/v1/security/realms/available`, { auth: 'none' })
  const fresh = (await s.get('active-fresh', a)).json
  await s.get('active-none', a, { auth: 'none' })
  await s.put('put-same', a, { body: fresh })
  await s.get('get-same', a)
  await s.put('put-add-other', a, { body: [...fresh, 'DefaultRole'] })
  await s.get('get-add-other', a)
  await s.put('put-reorder', a, { body: ['DefaultRole', ...fresh] })
  await s.get('get-reorder', a)
  await s.put('put-duplicates', a, {
    body: [
      'NexusAuthenticatingRealm',
      'DefaultRole',
      'DefaultRole',
      'NexusAuthenticatingRealm',
      ...fresh.filter((r) => r !== 'NexusAuthenticatingRealm'),
    ],
  })
  await s.get('get-duplicates', a)
  await s.put('put-authorizing', a, { body: ['NexusAuthenticatingRealm', 'NexusAuthorizingRealm'] })
  await s.get('get-authorizing', a)
  await s.put('put-unknown', a, { body: ['NexusAuthenticatingRealm', 'DockerToken'] })
  await s.put('put-unknown-two', a, { body: ['NexusAuthenticatingRealm', 'Nope1', 'Nope2'] })
  await s.put('put-unknown-no-accept', a, { body: ['Nope1'], accept: null })
  await s.put('put-lowercase', a, { body: ['nexusauthenticatingrealm'] })
  await s.put('put-empty-string', a, { body: ['NexusAuthenticatingRealm', ''] })
  await s.put('put-null-element', a, { body: ['NexusAuthenticatingRealm', null] })
  await s.put('put-object', a, { body: { realms: ['NexusAuthenticatingRealm'] } })
  await s.put('put-string', a, { body: 'NexusAuthenticatingRealm' })
  await s.put('put-no-body', a, { type: 'application/json' })
  await s.get('get-after-errors', a)
  const r = await s.put('put-restore', a, { body: fresh })
  if (r.status !== 204) s.observe('locked-out', { restoreStatus: r.status })
  await s.get('get-restored', a)
})

scenario('anonymous', 'anonymous access', async (s) => {
  const u = `${R}/v1/security/anonymous`
  await s.get('get-fresh', u)
  await s.get('get-none', u, { auth: 'none' })
  await s.get('repos-fresh', `${R}/v1/repositories`, { auth: 'none', pick: namesOnly() })
  await s.put('put-disable', u, {
    body: { enabled: false, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' },
  })
  await s.get('get-disabled', u)
  await s.get('repos-disabled', `${R}/v1/repositories`, { auth: 'none' })
  await s.get('status-disabled', `${R}/v1/status`, { auth: 'none' })
  await s.get('swagger-disabled', `${R}/swagger.json`, {
    auth: 'none',
    pick: { note: 'info.version only', fn: (b) => ({ version: b?.info?.version }) },
  })
  await s.get('blobstores-disabled', `${R}/v1/blobstores`, { auth: 'none' })
  await s.post('post-disabled', `${R}/v1/repositories/raw/hosted`, { auth: 'none', body: {} })
  await s.get('content-disabled', '/repository/maven-releases/a/b.txt', { auth: 'none', accept: null })
  await s.get('content-disabled-browser', '/repository/maven-releases/a/b.txt', {
    auth: 'none',
    accept: 'text/html',
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0' },
  })
  await s.get('content-disabled-unknown-repo', '/repository/nosuch/a', { auth: 'none', accept: null })
  await s.put('put-enable', u, {
    body: { enabled: true, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' },
  })
  await s.put('put-enable-again', u, {
    body: { enabled: true, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' },
  })
  await s.get('get-enabled', u)
  await s.get('repos-enabled', `${R}/v1/repositories`, { auth: 'none', pick: namesOnly() })
  await s.get('content-enabled', '/repository/maven-releases/a/b.txt', { auth: 'none', accept: null })
  await s.put('content-write-anonymous', '/repository/maven-releases/a/b.txt', {
    auth: 'none',
    accept: null,
    type: 'text/plain',
    body: 'x',
  })
  await s.get('content-enabled-bad-credentials', '/repository/maven-releases/a/b.txt', {
    auth: 'bad',
    accept: null,
  })
  await s.get('content-unknown-repo', '/repository/nosuch/a', { auth: 'none', accept: null })
  await s.put('put-empty-object', u, { body: {} })
  await s.get('get-empty-object', u)
  await s.put('put-only-enabled', u, { body: { enabled: true } })
  await s.get('get-only-enabled', u)
  await s.put('put-other-user', u, {
    body: { enabled: true, userId: 'nosuch', realmName: 'NexusAuthorizingRealm' },
  })
  await s.get('repos-other-user', `${R}/v1/repositories`, { auth: 'none', pick: namesOnly() })
  await s.put('put-empty-user', u, {
    body: { enabled: true, userId: '', realmName: 'NexusAuthorizingRealm' },
  })
  await s.put('put-local-realm', u, {
    body: { enabled: true, userId: 'anonymous', realmName: 'NexusAuthenticatingRealm' },
  })
  await s.get('get-local-realm', u)
  await s.put('put-bad-realm', u, { body: { enabled: true, userId: 'anonymous', realmName: 'NoRealm' } })
  await s.put('put-empty-realm', u, { body: { enabled: true, userId: 'anonymous', realmName: '' } })
  await s.put('put-string-enabled', u, { body: { enabled: 'yes' } })
  await s.put('put-none', u, { auth: 'none', body: { enabled: true } })
  await s.put('put-no-body', u, { type: 'application/json' })
  await s.put('put-restore', u, {
    body: { enabled: true, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' },
  })
  await s.get('onboarding', `${R}/internal/ui/onboarding`)
})

scenario('content-selectors', 'content selectors', async (s) => {
  const u = `${R}/v1/security/content-selectors`
  await s.get('list-fresh', u)
  await s.get('list-none', u, { auth: 'none' })
  await s.post('create', u, {
    body: { name: 'sel-a', description: 'first', expression: 'format == "raw" and path =^ "/a/"' },
  })
  await s.get('get', `${u}/sel-a`)
  await s.post('create-duplicate', u, { body: { name: 'sel-a', expression: 'path =^ "/b/"' } })
  await s.post('create-duplicate-case', u, { body: { name: 'SEL-A', expression: 'path =^ "/b/"' } })
  await s.post('create-no-description', u, { body: { name: 'sel-b', expression: 'path =~ ".*"' } })
  await s.get('get-no-description', `${u}/sel-b`)
  await s.post('create-bad-expression', u, { body: { name: 'sel-c', expression: 'path ===' } })
  await s.post('create-bad-variable', u, { body: { name: 'sel-c', expression: 'nonsense == "x"' } })
  await s.post('create-bad-regex', u, { body: { name: 'sel-c', expression: 'path =~ "["' } })
  await s.post('create-jexl-method', u, { body: { name: 'sel-c', expression: 'path.startsWith("/a")' } })
  await s.post('create-empty-expression', u, { body: { name: 'sel-c', expression: '' } })
  await s.post('create-missing-fields', u, { body: {} })
  await s.post('create-bad-name', u, { body: { name: '_bad name', expression: 'path =~ ".*"' } })
  await s.post('create-bad-name-and-expression', u, { body: { name: '_bad name', expression: '' } })
  await s.post('create-typed', u, { body: { name: 'sel-d', type: 'jexl', expression: 'path =~ ".*"' } })
  await s.get('list', u)
  await s.put('update', `${u}/sel-a`, {
    body: { description: 'second', expression: 'format == "raw" and path =^ "/z/"' },
  })
  await s.get('get-updated', `${u}/sel-a`)
  await s.put('update-omit-description', `${u}/sel-a`, {
    body: { expression: 'format == "raw" and path =^ "/z/"' },
  })
  await s.get('get-omit-description', `${u}/sel-a`)
  await s.put('update-with-other-name', `${u}/sel-a`, {
    body: { name: 'sel-x', expression: 'path =^ "/q/"' },
  })
  await s.get('get-with-other-name', `${u}/sel-a`)
  await s.put('update-missing', `${u}/nosuch`, { body: { expression: 'path =~ ".*"' } })
  await s.put('update-bad-expression', `${u}/sel-a`, { body: { expression: 'x y z' } })
  await s.put('update-none', `${u}/sel-a`, { auth: 'none', body: { expression: 'path =~ ".*"' } })
  await s.get('get-missing', `${u}/nosuch`)
  await s.get('get-other-case', `${u}/SEL-B`)
  await s.post('privilege', `${R}/v1/security/privileges/repository-content-selector`, {
    body: {
      name: 'priv-sel-a',
      description: '',
      actions: ['READ'],
      format: 'raw',
      repository: '*',
      contentSelector: 'sel-a',
    },
  })
  await s.del('delete-in-use', `${u}/sel-a`)
  await s.del('privilege-delete', `${R}/v1/security/privileges/priv-sel-a`)
  await s.del('delete', `${u}/sel-a`)
  await s.del('delete-again', `${u}/sel-a`)
  await s.del('delete-none', `${u}/sel-b`, { auth: 'none' })
  await s.del('cleanup-b', `${u}/sel-b`)
  await s.del('cleanup-d', `${u}/sel-d`)
  await s.del('cleanup-SEL-A', `${u}/SEL-A`)
  await s.get('list-end', u)
})

scenario('privileges', 'privileges of every type', async (s) => {
  const u = `${R}/v1/security/privileges`
  const c = (t) => `${u}/${t}`
  await s.get('list-names', u, {
    pick: {
      note: 'number of entries, distinct types, first three entries',
      fn: (b) =>
        Array.isArray(b)
          ? { count: b.length, types: [...new Set(b.map((e) => e.type))].sort(), first: b.slice(0, 3) }
          : b,
    },
  })
  await s.get('list-none', u, { auth: 'none' })
  await s.get('builtin', `${u}/nx-all`)
  await s.get('builtin-view', `${u}/nx-repository-view-*-*-read`)
  await s.get('builtin-view-encoded', `${u}/nx-repository-view-%2A-%2A-read`)
  await s.get('builtin-repo', `${u}/nx-repository-admin-maven2-maven-releases-*`)
  await s.get('missing', `${u}/nosuch`)
  await s.post('selector', `${R}/v1/security/content-selectors`, {
    body: { name: 'sel-p', expression: 'path =~ ".*"' },
  })
  const bodies = {
    application: { name: 'p-application', description: 'd', actions: ['READ', 'EDIT'], domain: 'settings' },
    wildcard: { name: 'p-wildcard', description: 'd', pattern: 'nexus:settings:read' },
    'repository-view': {
      name: 'p-repository-view',
      description: 'd',
      actions: ['BROWSE', 'READ'],
      format: 'maven2',
      repository: 'maven-releases',
    },
    'repository-admin': {
      name: 'p-repository-admin',
      description: 'd',
      actions: ['READ'],
      format: 'maven2',
      repository: '*',
    },
    'repository-content-selector': {
      name: 'p-repository-content-selector',
      description: 'd',
      actions: ['READ'],
      format: '*',
      repository: '*',
      contentSelector: 'sel-p',
    },
  }
  for (const [type, body] of Object.entries(bodies)) {
    await s.post(`${type}-create`, c(type), { body })
    await s.get(`${type}-get`, `${u}/${body.name}`)
    await s.post(`${type}-create-again`, c(type), { body })
    await s.put(`${type}-put-same`, `${c(type)}/${body.name}`, { body })
    await s.put(`${type}-put-no-description`, `${c(type)}/${body.name}`, {
      body: { ...body, description: undefined },
    })
    await s.get(`${type}-get-no-description`, `${u}/${body.name}`)
    await s.put(`${type}-put-name-mismatch`, `${c(type)}/${body.name}`, {
      body: { ...body, name: 'p-other' },
    })
    await s.put(`${type}-put-missing`, `${c(type)}/p-none`, { body: { ...body, name: 'p-none' } })
    await s.post(`${type}-create-empty`, c(type), { body: {} })
    await s.post(`${type}-create-bad-name`, c(type), { body: { ...body, name: 'bad name!' } })
    await s.post(`${type}-create-none`, c(type), { auth: 'none', body: { ...body, name: 'p-none' } })
  }
  await s.post('application-all-actions', c('application'), {
    body: { name: 'p-app-all', actions: ['ALL'], domain: 'blobstores' },
  })
  await s.get('application-all-actions-get', `${u}/p-app-all`)
  await s.post('application-crud-actions', c('application'), {
    body: { name: 'p-app-crud', actions: ['create', 'read', 'update', 'delete'], domain: 'blobstores' },
  })
  await s.get('application-crud-actions-get', `${u}/p-app-crud`)
  await s.post('application-lowercase-actions', c('application'), {
    body: { name: 'p-app-lower', actions: ['read', 'edit'], domain: 'blobstores' },
  })
  await s.get('application-lowercase-actions-get', `${u}/p-app-lower`)
  await s.post('application-unknown-action', c('application'), {
    body: { name: 'p-app-x', actions: ['FLY'], domain: 'blobstores' },
  })
  await s.post('application-bad-action-for-type', c('application'), {
    body: { name: 'p-app-y', actions: ['BROWSE'], domain: 'blobstores' },
  })
  await s.post('application-empty-actions', c('application'), {
    body: { name: 'p-app-z', actions: [], domain: 'blobstores' },
  })
  await s.post('application-unknown-domain', c('application'), {
    body: { name: 'p-app-dom', actions: ['READ'], domain: 'nonsense' },
  })
  await s.get('application-unknown-domain-get', `${u}/p-app-dom`)
  await s.post('view-run-action', c('repository-view'), {
    body: { name: 'p-view-run', actions: ['RUN'], format: 'raw', repository: '*' },
  })
  await s.post('view-unknown-format', c('repository-view'), {
    body: { name: 'p-view-fmt', actions: ['READ'], format: 'docker', repository: '*' },
  })
  await s.post('view-unknown-repository', c('repository-view'), {
    body: { name: 'p-view-repo', actions: ['READ'], format: 'raw', repository: 'nosuch' },
  })
  await s.post('view-format-mismatch', c('repository-view'), {
    body: { name: 'p-view-mis', actions: ['READ'], format: 'raw', repository: 'maven-releases' },
  })
  await s.post('view-all', c('repository-view'), {
    body: { name: 'p-view-all', actions: ['ALL'], format: '*', repository: '*' },
  })
  await s.get('view-all-get', `${u}/p-view-all`)
  await s.post('view-many', c('repository-view'), {
    body: {
      name: 'p-view-many',
      actions: ['READ', 'BROWSE', 'EDIT', 'ADD', 'DELETE'],
      format: 'maven2',
      repository: '*',
    },
  })
  await s.get('view-many-get', `${u}/p-view-many`)
  await s.post('selector-unknown', c('repository-content-selector'), {
    body: { name: 'p-sel-none', actions: ['READ'], format: '*', repository: '*', contentSelector: 'nosuch' },
  })
  await s.post('script-create', c('script'), {
    body: { name: 'p-script', actions: ['RUN'], scriptName: 'nosuch-script' },
  })
  await s.get('script-get', `${u}/p-script`)
  await s.post('unknown-type', c('nosuch'), { body: { name: 'x' } })
  await s.post('duplicate-other-type', c('wildcard'), { body: { name: 'p-application', pattern: 'nexus:*' } })
  await s.put('put-other-type', `${c('wildcard')}/p-application`, {
    body: { name: 'p-application', pattern: 'nexus:*' },
  })
  await s.get('put-other-type-get', `${u}/p-application`)
  await s.post('duplicate-builtin', c('wildcard'), { body: { name: 'nx-all', pattern: 'nexus:*' } })
  await s.put('put-builtin', `${c('wildcard')}/nx-all`, { body: { name: 'nx-all', pattern: 'nexus:*' } })
  await s.del('delete-builtin', `${u}/nx-all`)
  await s.del('delete-missing', `${u}/nosuch`)
  await s.del('delete-none', `${u}/p-wildcard`, { auth: 'none' })
  for (const n of [
    'p-application',
    'p-wildcard',
    'p-repository-view',
    'p-repository-admin',
    'p-repository-content-selector',
    'p-app-all',
    'p-app-crud',
    'p-app-lower',
    'p-app-dom',
    'p-app-y',
    'p-view-run',
    'p-view-fmt',
    'p-view-repo',
    'p-view-mis',
    'p-view-all',
    'p-view-many',
    'p-script',
  ])
    await s.del(`delete-${n}`, `${u}/${n}`)
  await s.del('delete-again', `${u}/p-wildcard`)
  await s.del('selector-delete', `${R}/v1/security/content-selectors/sel-p`)
})

scenario('roles', 'roles', async (s) => {
  const u = `${R}/v1/security/roles`
  await s.get('list-fresh', u)
  await s.get('list-none', u, { auth: 'none' })
  await s.get('list-source-default', `${u}?source=default`, { pick: namesOnly('id') })
  await s.get('list-source-unknown', `${u}?source=LDAP`)
  await s.get('builtin', `${u}/nx-admin`)
  await s.get('missing', `${u}/nosuch`)
  const body = {
    id: 'role-a',
    name: 'Role A',
    description: 'first',
    privileges: ['nx-search-read', 'nx-settings-read'],
    roles: ['nx-anonymous'],
  }
  await s.post('create', u, { body })
  await s.get('get', `${u}/role-a`)
  await s.get('get-source', `${u}/role-a?source=default`)
  await s.post('create-again', u, { body })
  await s.post('create-other-case', u, { body: { ...body, id: 'ROLE-A' } })
  await s.get('get-other-case', `${u}/ROLE-A`)
  await s.del('delete-other-case', `${u}/ROLE-A`)
  await s.post('create-minimal', u, { body: { id: 'role-min', name: 'role-min' } })
  await s.get('get-minimal', `${u}/role-min`)
  await s.post('create-empty', u, { body: {} })
  await s.post('create-no-name', u, { body: { id: 'role-x' } })
  await s.post('create-blank', u, { body: { id: '', name: '' } })
  await s.post('create-unknown-privilege', u, { body: { id: 'role-x', name: 'x', privileges: ['nosuch'] } })
  await s.post('create-unknown-role', u, { body: { id: 'role-x', name: 'x', roles: ['nosuch'] } })
  await s.post('create-unknown-both', u, {
    body: { id: 'role-x', name: 'x', privileges: ['nosuch1', 'nosuch2'], roles: ['nosuch3'] },
  })
  await s.get('get-after-unknown', `${u}/role-x`)
  await s.post('create-self', u, { body: { id: 'role-self', name: 'x', roles: ['role-self'] } })
  await s.post('create-null-lists', u, {
    body: { id: 'role-null', name: 'x', privileges: null, roles: null },
  })
  await s.get('get-null-lists', `${u}/role-null`)
  await s.post('create-duplicates', u, {
    body: { id: 'role-dup', name: 'x', privileges: ['nx-search-read', 'nx-search-read'] },
  })
  await s.post('create-same-name', u, { body: { id: 'role-b', name: 'Role A' } })
  await s.post('create-odd-id', u, { body: { id: 'role with space/slash', name: 'odd' } })
  await s.get('get-odd-id', `${u}/${encodeURIComponent('role with space/slash')}`)
  await s.put('update', `${u}/role-a`, {
    body: { ...body, name: 'Role A2', description: 'second', privileges: ['nx-search-read'] },
  })
  await s.get('get-updated', `${u}/role-a`)
  await s.put('update-omit', `${u}/role-a`, { body: { id: 'role-a', name: 'Role A3' } })
  await s.get('get-omit', `${u}/role-a`)
  await s.put('update-id-mismatch', `${u}/role-a`, { body: { ...body, id: 'role-z' } })
  await s.put('update-no-id', `${u}/role-a`, { body: { name: 'x' } })
  await s.put('update-missing', `${u}/nosuch`, { body: { ...body, id: 'nosuch' } })
  await s.put('update-unknown-privilege', `${u}/role-a`, { body: { ...body, privileges: ['nosuch'] } })
  await s.put('update-self', `${u}/role-a`, { body: { ...body, roles: ['role-a'] } })
  await s.put('update-b-contains-a', `${u}/role-b`, { body: { id: 'role-b', name: 'b', roles: ['role-a'] } })
  await s.put('update-cycle', `${u}/role-a`, { body: { ...body, roles: ['role-b'] } })
  await s.put('update-builtin', `${u}/nx-admin`, {
    body: { id: 'nx-admin', name: 'nx-admin', privileges: ['nx-all'], roles: [] },
  })
  await s.put('update-none', `${u}/role-a`, { auth: 'none', body })
  await s.del('delete-builtin', `${u}/nx-admin`)
  await s.del('delete-missing', `${u}/nosuch`)
  await s.del('delete-none', `${u}/role-a`, { auth: 'none' })
  await s.del('delete-contained', `${u}/role-a`, { note: 'role-a is contained in role-b' })
  await s.get('get-container', `${u}/role-b`)
  for (const n of ['role-b', 'role-min', 'role-null', 'role-dup', 'role-x', 'role-self'])
    await s.del(`delete-${n}`, `${u}/${n}`)
  await s.del('delete-odd', `${u}/${encodeURIComponent('role with space/slash')}`)
  await s.get('list-end', u, { pick: namesOnly('id') })
})

scenario('users', 'users', async (s) => {
  const u = `${R}/v1/security/users`
  const rec = s.rec
  await s.get('list-fresh', u)
  await s.get('list-none', u, { auth: 'none' })
  await s.get('list-filter', `${u}?userId=adm`)
  await s.get('list-source-default', `${u}?source=default`, { pick: namesOnly('userId') })
  await s.get('list-source-unknown', `${u}?source=LDAP`)
  await s.get('sources', `${R}/v1/security/user-sources`)
  await s.get('single-get', `${u}/admin`, { note: 'is there a GET for one user?' })
  const body = {
    userId: 'alice',
    firstName: 'Alice',
    lastName: 'A',
    emailAddress: 'alice@example.org',
    password: 'alice-pw-1',
    status: 'active',
    roles: ['nx-anonymous'],
  }
  await s.post('create', u, { body })
  rec.passwords.alice = 'alice-pw-1'
  await s.get('get', `${u}?userId=alice`)
  await s.get('login', `${R}/v1/status`, { auth: 'user:alice' })
  await s.get('login-forbidden', u, { auth: 'user:alice' })
  await s.post('create-again', u, { body })
  await s.post('create-other-case', u, {
    body: { ...body, userId: 'ALICE', emailAddress: 'alice2@example.org' },
  })
  await s.get('get-other-case', `${u}?userId=ALICE`)
  await s.del('delete-other-case', `${u}/ALICE`)
  await s.get('get-after-other-case', `${u}?userId=alice`)
  await s.post('recreate', u, {
    body,
    note: '200 when the delete above removed alice, otherwise a duplicate',
  })
  await s.post('create-same-email', u, { body: { ...body, userId: 'alice3' } })
  await s.del('delete-same-email', `${u}/alice3`)
  await s.post('create-blank-password', u, { body: { ...body, userId: 'bob', password: ' ' } })
  await s.post('create-no-password', u, { body: { ...body, userId: 'bob', password: undefined } })
  await s.post('create-empty', u, { body: {} })
  await s.post('create-empty-but-password', u, { body: { password: 'x' } })
  await s.post('create-bad-email', u, { body: { ...body, userId: 'bob', emailAddress: 'not-an-email' } })
  await s.post('create-bad-status', u, { body: { ...body, userId: 'bob', status: 'sleeping' } })
  await s.post('create-upper-status', u, { body: { ...body, userId: 'bob', status: 'ACTIVE' } })
  await s.get('get-upper-status', `${u}?userId=bob`)
  await s.del('delete-bob', `${u}/bob`)
  await s.post('create-no-status', u, { body: { ...body, userId: 'bob', status: undefined } })
  await s.post('create-no-roles', u, { body: { ...body, userId: 'carol', roles: undefined } })
  await s.post('create-empty-roles', u, { body: { ...body, userId: 'carol', roles: [] } })
  await s.post('create-unknown-role', u, {
    body: { ...body, userId: 'carol', roles: ['nosuch', 'nx-admin'] },
  })
  await s.post('create-odd-id', u, { body: { ...body, userId: 'a b/c' } })
  await s.post('create-space-id', u, { body: { ...body, userId: ' pad ' } })
  await s.post('create-disabled', u, {
    body: { ...body, userId: 'dora', password: 'dora-pw', status: 'disabled' },
  })
  rec.passwords.dora = 'dora-pw'
  await s.get('login-disabled', `${R}/v1/status`, { auth: 'user:dora' })
  await s.post('create-locked', u, {
    body: { ...body, userId: 'lena', password: 'lena-pw', status: 'locked' },
  })
  rec.passwords.lena = 'lena-pw'
  await s.get('login-locked', `${R}/v1/status`, { auth: 'user:lena' })
  await s.post('create-changepassword', u, {
    body: { ...body, userId: 'chad', password: 'chad-pw', status: 'changepassword' },
  })
  rec.passwords.chad = 'chad-pw'
  await s.get('login-changepassword', `${R}/v1/status`, { auth: 'user:chad' })
  await s.get('list-statuses', u, {
    pick: {
      note: 'userId and status of each entry',
      fn: (b) => (Array.isArray(b) ? b.map((e) => [e.userId, e.status]) : b),
    },
  })
  const api = {
    userId: 'alice',
    firstName: 'Alice2',
    lastName: 'A2',
    emailAddress: 'alice2@example.org',
    source: 'default',
    status: 'active',
    readOnly: false,
    roles: ['nx-anonymous', 'nx-admin'],
    externalRoles: [],
  }
  await s.put('update', `${u}/alice`, { body: api })
  await s.get('get-updated', `${u}?userId=alice`)
  await s.get('login-after-update', u, { auth: 'user:alice', pick: namesOnly('userId') })
  await s.put('update-no-source', `${u}/alice`, { body: { ...api, source: undefined } })
  await s.put('update-unknown-source', `${u}/alice`, { body: { ...api, source: 'LDAP' } })
  await s.put('update-minimal', `${u}/alice`, { body: { userId: 'alice', source: 'default' } })
  await s.put('update-no-status', `${u}/alice`, { body: { ...api, status: undefined } })
  await s.put('update-with-password', `${u}/alice`, { body: { ...api, password: 'other-pw' } })
  await s.get('login-old-password', `${R}/v1/status`, {
    auth: 'user:alice',
    note: 'password field in PUT is ignored when this is 200',
  })
  await s.put('update-id-mismatch', `${u}/alice`, { body: { ...api, userId: 'bob' } })
  await s.put('update-missing', `${u}/nosuch`, { body: { ...api, userId: 'nosuch' } })
  await s.put('update-unknown-role', `${u}/alice`, { body: { ...api, roles: ['nosuch'] } })
  await s.put('update-empty-roles', `${u}/alice`, { body: { ...api, roles: [] } })
  await s.put('update-null-roles', `${u}/alice`, { body: { ...api, roles: null } })
  await s.get('get-after-errors', `${u}?userId=alice`)
  await s.put('update-none', `${u}/alice`, { auth: 'none', body: api })
  await s.put('update-restore', `${u}/alice`, { body: { ...api, roles: ['nx-anonymous'] } })
  await s.put('change-password', `${u}/alice/change-password`, { type: 'text/plain', body: 'alice-pw-2' })
  await s.get('login-changed-old', `${R}/v1/status`, { auth: 'user:alice:alice-pw-1' })
  await s.get('login-changed-new', `${R}/v1/status`, { auth: 'user:alice:alice-pw-2' })
  rec.passwords.alice = 'alice-pw-2'
  await s.put('change-password-self', `${u}/alice/change-password`, {
    auth: 'user:alice',
    type: 'text/plain',
    body: 'alice-pw-3',
    note: 'a user without nexus:* changes its own password',
  })
  await s.put('change-password-chad', `${u}/chad/change-password`, { type: 'text/plain', body: 'chad-pw-2' })
  await s.get('get-chad', `${u}?userId=chad`)
  await s.put('change-password-dora', `${u}/dora/change-password`, { type: 'text/plain', body: 'dora-pw-2' })
  await s.get('get-dora', `${u}?userId=dora`)
  await s.del('delete-none', `${u}/alice`, { auth: 'none' })
  await s.del('delete', `${u}/alice`)
  await s.del('delete-again', `${u}/alice`)
  await s.get('login-deleted', `${R}/v1/status`, { auth: 'user:alice' })
  await s.del('delete-anonymous', `${u}/anonymous`)
  await s.get('list-after-anonymous', u, { pick: namesOnly('userId') })
  await s.post('recreate-anonymous', u, {
    body: {
      userId: 'anonymous',
      firstName: 'Anonymous',
      lastName: 'User',
      emailAddress: 'anonymous@example.org',
      password: 'anonymous',
      status: 'active',
      roles: ['nx-anonymous'],
    },
  })
  await s.del('delete-admin', `${u}/admin`)
  for (const n of ['bob', 'carol', 'dora', 'lena', 'chad', 'a b/c', ' pad '])
    await s.del(`cleanup-${n.trim().replace(/\W/g, '_')}`, `${u}/${encodeURIComponent(n)}`)
  await s.get('list-end', u, { pick: namesOnly('userId') })
})
