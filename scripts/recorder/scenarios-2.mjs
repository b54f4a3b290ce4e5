// Blob stores and repositories.
import { namesOnly, only } from './lib.mjs'

const R = '/service/rest'
export const list = []
const scenario = (id, title, fn) => list.push({ id, title, fn })

scenario('blobstores-file', 'file blob stores, quotas, deletion', async (s) => {
  const u = `${R}/v1/blobstores`
  const f = `${u}/file`
  await s.get('list-fresh', u)
  await s.get('list-none', u, { auth: 'none' })
  await s.get('default', `${f}/default`)
  await s.post('create', f, { body: { name: 'bs-a', path: 'bs-a' } })
  await s.get('get', `${f}/bs-a`)
  await s.get('get-other-case', `${f}/BS-A`)
  await s.get('list-one', u)
  await s.get('quota-status', `${u}/bs-a/quota-status`)
  await s.post('create-again', f, { body: { name: 'bs-a', path: 'bs-a' } })
  await s.post('create-other-case', f, { body: { name: 'BS-A', path: 'bs-other' } })
  await s.post('create-same-path', f, { body: { name: 'bs-same-path', path: 'bs-a' } })
  await s.post('create-sub-path', f, { body: { name: 'bs-sub-path', path: 'bs-a/sub' } })
  await s.post('create-quota', f, {
    body: { name: 'bs-q', path: 'bs-q', softQuota: { type: 'spaceUsedQuota', limit: 1000000 } },
  })
  await s.get('get-quota', `${f}/bs-q`)
  await s.get('quota-status-quota', `${u}/bs-q/quota-status`)
  await s.get('list-quota', u, { pick: only(['bs-q']) })
  await s.post('create-remaining-quota', f, {
    body: { name: 'bs-r', path: 'bs-r', softQuota: { type: 'spaceRemainingQuota', limit: 9000000000000000 } },
  })
  await s.get('quota-status-violated', `${u}/bs-r/quota-status`, { mask: true })
  await s.post('create-quota-unknown', f, {
    body: { name: 'bs-x1', path: 'bs-x1', softQuota: { type: 'nosuchQuota', limit: 1000000 } },
  })
  await s.post('create-quota-zero', f, {
    body: { name: 'bs-x2', path: 'bs-x2', softQuota: { type: 'spaceUsedQuota', limit: 0 } },
  })
  await s.post('create-quota-negative', f, {
    body: { name: 'bs-x3', path: 'bs-x3', softQuota: { type: 'spaceUsedQuota', limit: -5 } },
  })
  await s.post('create-quota-no-limit', f, {
    body: { name: 'bs-x4', path: 'bs-x4', softQuota: { type: 'spaceUsedQuota' } },
  })
  await s.post('create-quota-no-type', f, {
    body: { name: 'bs-x5', path: 'bs-x5', softQuota: { limit: 1000000 } },
  })
  await s.post('create-quota-empty', f, { body: { name: 'bs-x6', path: 'bs-x6', softQuota: {} } })
  await s.post('create-quota-null', f, { body: { name: 'bs-x7', path: 'bs-x7', softQuota: null } })
  await s.post('create-quota-string-limit', f, {
    body: { name: 'bs-x8', path: 'bs-x8', softQuota: { type: 'spaceUsedQuota', limit: '1000000' } },
  })
  await s.get('list-after-quotas', u, {
    pick: { note: 'name and softQuota', fn: (b) => b.map((e) => [e.name, e.softQuota]) },
  })
  await s.post('create-no-name', f, { body: { path: 'x' } })
  await s.post('create-no-path', f, { body: { name: 'bs-nopath' } })
  await s.post('create-empty', f, { body: {} })
  await s.post('create-blank', f, { body: { name: '', path: '' } })
  await s.post('create-bad-name', f, { body: { name: '_bad name/x', path: 'bs-bad' } })
  await s.get('list-after-bad-name', u, { pick: namesOnly() })
  await s.post('create-unknown-field', f, { body: { name: 'bs-u', path: 'bs-u', surprise: { a: 1 } } })
  await s.post('create-path-dotdot', f, { body: { name: 'bs-dd', path: '../outside' } })
  await s.post('create-none', f, { auth: 'none', body: { name: 'bs-none', path: 'bs-none' } })
  await s.post('create-malformed', f, { body: '{"name": "x", ' })
  await s.post('create-array', f, { body: [] })
  await s.post('create-no-body', f, { type: 'application/json' })
  await s.post('create-wrong-type', f, { body: '{"name":"bs-t","path":"bs-t"}', type: 'text/plain' })
  await s.post('create-no-type', f, { body: '{"name":"bs-t","path":"bs-t"}', type: null })
  await s.post('create-no-accept', f, { body: { name: 'bs-na' }, accept: null })
  await s.post('create-accept-html', f, { body: { name: 'bs-na' }, accept: 'text/html' })
  await s.put('put-same', `${f}/bs-q`, {
    body: { path: 'bs-q', softQuota: { type: 'spaceUsedQuota', limit: 1000000 } },
  })
  await s.put('put-quota-change', `${f}/bs-q`, {
    body: { path: 'bs-q', softQuota: { type: 'spaceRemainingQuota', limit: 2000000 } },
  })
  await s.get('get-quota-change', `${f}/bs-q`)
  await s.put('put-quota-omit', `${f}/bs-q`, { body: { path: 'bs-q' } })
  await s.get('get-quota-omit', `${f}/bs-q`)
  await s.get('quota-status-omit', `${u}/bs-q/quota-status`)
  await s.put('put-bad-quota', `${f}/bs-q`, { body: { path: 'bs-q', softQuota: { type: 'x', limit: 1 } } })
  await s.put('put-path-change', `${f}/bs-q`, { body: { path: 'bs-q-moved' } })
  await s.get('get-path-change', `${f}/bs-q`)
  await s.put('put-no-path', `${f}/bs-q`, { body: { softQuota: null } })
  await s.get('get-no-path', `${f}/bs-q`)
  await s.put('put-other-name-in-body', `${f}/bs-q`, { body: { name: 'bs-zzz', path: 'bs-q' } })
  await s.get('get-other-name', `${f}/bs-zzz`)
  await s.put('put-path-of-other-store', `${f}/bs-q`, { body: { path: 'bs-a' } })
  await s.put('put-missing', `${f}/nosuch`, { body: { path: 'x' } })
  await s.put('put-none', `${f}/bs-q`, { auth: 'none', body: { path: 'x' } })
  await s.get('get-missing', `${f}/nosuch`)
  await s.get('quota-status-missing', `${u}/nosuch/quota-status`)
  await s.post('repo', `${R}/v1/repositories/raw/hosted`, {
    body: {
      name: 'raw-on-bs-a',
      online: true,
      storage: { blobStoreName: 'bs-a', strictContentTypeValidation: true, writePolicy: 'allow' },
    },
  })
  await s.del('delete-in-use', `${u}/bs-a`)
  await s.del('delete-in-use-other-case', `${u}/BS-A`)
  await s.del('repo-delete', `${R}/v1/repositories/raw-on-bs-a`)
  await s.del('delete-none', `${u}/bs-a`, { auth: 'none' })
  await s.del('delete', `${u}/bs-a`)
  await s.del('delete-again', `${u}/bs-a`)
  await s.get('get-deleted', `${f}/bs-a`)
  await s.post('recreate', f, { body: { name: 'bs-a', path: 'bs-a' } })
  await s.del('delete-default', `${u}/default`, {
    note: 'the default store is used by the default repositories',
  })
  const names = await s.rec.raw({
    method: 'GET',
    path: u,
    headers: { authorization: s.rec.authHeader('admin'), accept: 'application/json' },
  })
  for (const b of JSON.parse(names.text))
    if (b.name !== 'default')
      await s.rec.raw({
        method: 'DELETE',
        path: `${u}/${encodeURIComponent(b.name)}`,
        headers: { authorization: s.rec.authHeader('admin'), 'content-length': 0 },
      })
  await s.get('list-end', u, { pick: namesOnly() })
})

scenario('blobstores-other', 'group and S3 blob stores: which requests are understood at all', async (s) => {
  const u = `${R}/v1/blobstores`
  await s.post('file', `${u}/file`, { body: { name: 'bs-f', path: 'bs-f' } })
  await s.post('group-create', `${u}/group`, {
    body: { name: 'bs-group', members: ['bs-f'], fillPolicy: 'writeToFirst' },
  })
  await s.get('group-get', `${u}/group/bs-group`)
  await s.post('s3-empty', `${u}/s3`, { body: {} })
  await s.post('s3-no-bucket', `${u}/s3`, { body: { name: 'bs-s3', bucketConfiguration: {} } })
  await s.post('s3-empty-bucket', `${u}/s3`, { body: { name: 'bs-s3', bucketConfiguration: { bucket: {} } } })
  await s.post('s3-duplicate', `${u}/s3`, {
    body: {
      name: 'bs-f',
      bucketConfiguration: { bucket: { region: 'us-east-1', name: 'bucket', expiration: 3 } },
    },
  })
  await s.get('s3-missing', `${u}/s3/nosuch`)
  await s.get('s3-on-file', `${u}/s3/bs-f`)
  await s.put('s3-put-missing', `${u}/s3/nosuch`, {
    body: {
      name: 'nosuch',
      bucketConfiguration: { bucket: { region: 'us-east-1', name: 'bucket', expiration: 3 } },
    },
  })
  await s.post('azure', `${u}/azure`, { body: {} })
  await s.post('google', `${u}/google`, { body: {} })
  await s.del('cleanup', `${u}/bs-f`)
})

const hosted = (name, extra = {}) => ({
  name,
  online: true,
  storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow_once' },
  ...extra,
})
const proxy = (name, extra = {}) => ({
  name,
  online: true,
  storage: { blobStoreName: 'default', strictContentTypeValidation: true },
  proxy: { remoteUrl: 'http://127.0.0.1:18889/', contentMaxAge: 1440, metadataMaxAge: 1440 },
  negativeCache: { enabled: true, timeToLive: 1440 },
  httpClient: { blocked: false, autoBlock: true },
  ...extra,
})
const group = (name, memberNames, extra = {}) => ({
  name,
  online: true,
  storage: { blobStoreName: 'default', strictContentTypeValidation: true },
  group: { memberNames },
  ...extra,
})

scenario('raw-hosted', 'hosted repositories', async (s) => {
  const u = `${R}/v1/repositories/raw/hosted`
  await s.post('create', u, { body: hosted('raw-h') })
  await s.get('get', `${u}/raw-h`)
  await s.get('get-short', `${R}/v1/repositories/raw-h`)
  await s.get('get-in-settings', `${R}/v1/repositorySettings`, { pick: only(['raw-h']) })
  await s.get('get-in-list', `${R}/v1/repositories`, { pick: only(['raw-h']) })
  await s.get('get-other-case', `${u}/RAW-H`)
  await s.get('get-short-other-case', `${R}/v1/repositories/RAW-H`)
  await s.get('get-none', `${u}/raw-h`, { auth: 'none' })
  await s.get('get-short-none', `${R}/v1/repositories/raw-h`, { auth: 'none' })
  await s.post('create-again', u, { body: hosted('raw-h') })
  await s.post('create-again-other-blobstore', u, {
    body: hosted('raw-h', {
      storage: { blobStoreName: 'nosuch', strictContentTypeValidation: true, writePolicy: 'allow' },
    }),
  })
  await s.post('create-name-of-other-type', `${R}/v1/repositories/raw/proxy`, { body: proxy('raw-h') })
  await s.post('create-name-of-other-format', u, { body: hosted('maven-public') })
  await s.post('create-full', u, {
    body: hosted('raw-full', {
      storage: { blobStoreName: 'default', strictContentTypeValidation: false, writePolicy: 'ALLOW' },
      cleanup: { policyNames: [] },
      component: { proprietaryComponents: true },
      raw: { contentDisposition: 'INLINE' },
    }),
  })
  await s.get('get-full', `${u}/raw-full`)
  await s.put('put-omit-optional', `${u}/raw-full`, { body: hosted('raw-full') })
  await s.get('get-omit-optional', `${u}/raw-full`)
  await s.put('put-offline', `${u}/raw-full`, { body: hosted('raw-full', { online: false }) })
  await s.get('get-offline', `${u}/raw-full`)
  await s.get('content-offline', '/repository/raw-full/a.txt', { accept: null })
  await s.put('put-no-online', `${u}/raw-full`, { body: hosted('raw-full', { online: undefined }) })
  await s.get('get-no-online', `${u}/raw-full`)
  await s.put('put-no-write-policy', `${u}/raw-full`, {
    body: hosted('raw-full', { storage: { blobStoreName: 'default', strictContentTypeValidation: true } }),
  })
  await s.put('put-no-storage', `${u}/raw-full`, { body: hosted('raw-full', { storage: undefined }) })
  await s.put('put-no-strict', `${u}/raw-full`, {
    body: hosted('raw-full', { storage: { blobStoreName: 'default', writePolicy: 'deny' } }),
  })
  await s.get('get-no-strict', `${u}/raw-full`)
  await s.put('put-empty-blobstore', `${u}/raw-full`, {
    body: hosted('raw-full', {
      storage: { blobStoreName: '', strictContentTypeValidation: true, writePolicy: 'allow' },
    }),
  })
  for (const n of ['raw-bs1', 'raw-bs2']) await s.post(`create-${n}`, u, { body: hosted(n) })
  const on = (n, blobStoreName) => ({
    body: hosted(n, { storage: { blobStoreName, strictContentTypeValidation: true, writePolicy: 'allow' } }),
  })
  await s.put('put-unknown-blobstore', `${u}/raw-bs1`, on('raw-bs1', 'nosuch'))
  await s.get('get-put-unknown-blobstore', `${u}/raw-bs1`)
  await s.put('put-after-unknown-blobstore', `${u}/raw-bs1`, on('raw-bs1', 'default'))
  await s.get('get-after-unknown-blobstore', `${u}/raw-bs1`)
  await s.post('second-blobstore', `${R}/v1/blobstores/file`, { body: { name: 'bs-two', path: 'bs-two' } })
  await s.put('put-change-blobstore', `${u}/raw-bs2`, on('raw-bs2', 'bs-two'))
  await s.get('get-change-blobstore', `${u}/raw-bs2`)
  await s.put('put-blobstore-other-case', `${u}/raw-bs2`, on('raw-bs2', 'DEFAULT'))
  await s.get('get-blobstore-other-case', `${u}/raw-bs2`)
  await s.post('post-existing-other-blobstore', u, on('raw-bs2', 'bs-two'))
  for (const n of ['raw-bs1', 'raw-bs2']) await s.del(`delete-${n}`, `${R}/v1/repositories/${n}`)
  await s.put('put-bad-write-policy', `${u}/raw-full`, {
    body: hosted('raw-full', {
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'sometimes' },
    }),
  })
  await s.put('put-empty-write-policy', `${u}/raw-full`, {
    body: hosted('raw-full', {
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: '' },
    }),
  })
  await s.put('put-mixed-case-write-policy', `${u}/raw-full`, {
    body: hosted('raw-full', {
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'Allow_Once' },
    }),
  })
  await s.get('get-mixed-case-write-policy', `${u}/raw-full`)
  await s.put('put-string-online', `${u}/raw-full`, { body: hosted('raw-full', { online: 'yes' }) })
  await s.put('put-string-true-online', `${u}/raw-full`, { body: hosted('raw-full', { online: 'true' }) })
  await s.put('put-number-online', `${u}/raw-full`, { body: hosted('raw-full', { online: 1 }) })
  await s.put('put-storage-string', `${u}/raw-full`, { body: hosted('raw-full', { storage: 'default' }) })
  await s.put('put-bad-disposition', `${u}/raw-full`, {
    body: hosted('raw-full', { raw: { contentDisposition: 'SIDEWAYS' } }),
  })
  await s.put('put-null-raw', `${u}/raw-full`, { body: hosted('raw-full', { raw: null }) })
  await s.get('get-null-raw', `${u}/raw-full`)
  await s.put('put-cleanup-null-names', `${u}/raw-full`, {
    body: hosted('raw-full', { cleanup: { policyNames: null } }),
  })
  await s.put('put-cleanup-empty-object', `${u}/raw-full`, { body: hosted('raw-full', { cleanup: {} }) })
  await s.put('put-cleanup-empty', `${u}/raw-full`, {
    body: hosted('raw-full', { cleanup: { policyNames: [] } }),
  })
  await s.get('get-cleanup-empty', `${u}/raw-full`)
  await s.put('put-cleanup-unknown', `${u}/raw-full`, {
    body: hosted('raw-full', { cleanup: { policyNames: ['no-such-policy'] } }),
  })
  await s.get('get-cleanup-unknown', `${u}/raw-full`)
  await s.put('put-cleanup-null', `${u}/raw-full`, { body: hosted('raw-full', { cleanup: null }) })
  await s.get('get-cleanup-null', `${u}/raw-full`)
  await s.put('put-component-null', `${u}/raw-full`, { body: hosted('raw-full', { component: null }) })
  await s.put('put-component-empty', `${u}/raw-full`, { body: hosted('raw-full', { component: {} }) })
  await s.get('get-component-empty', `${u}/raw-full`)
  await s.put('put-unknown-fields', `${u}/raw-full`, {
    body: hosted('raw-full', {
      nonsense: true,
      docker: { httpPort: 1 },
      storage: {
        blobStoreName: 'default',
        strictContentTypeValidation: true,
        writePolicy: 'allow',
        latestPolicy: true,
        typo: 1,
      },
    }),
  })
  await s.get('get-unknown-fields', `${u}/raw-full`)
  await s.put('put-response-of-get', `${u}/raw-full`, {
    body: {
      ...JSON.parse(
        (
          await s.rec.raw({
            method: 'GET',
            path: `${u}/raw-full`,
            headers: { authorization: s.rec.authHeader('admin'), accept: 'application/json' },
          })
        ).text,
      ),
    },
  })
  await s.put('put-rename', `${u}/raw-full`, { body: hosted('raw-renamed') })
  await s.put('put-rename-case', `${u}/raw-full`, { body: hosted('RAW-FULL') })
  await s.put('put-path-other-case', `${u}/RAW-FULL`, { body: hosted('RAW-FULL') })
  await s.get('get-path-other-case', `${u}/raw-full`)
  await s.put('put-path-other-case-body-real', `${u}/RAW-FULL`, { body: hosted('raw-full') })
  await s.put('put-no-name', `${u}/raw-full`, { body: hosted(undefined) })
  await s.put('put-missing', `${u}/nosuch`, { body: hosted('nosuch') })
  await s.put('put-missing-other-name', `${u}/nosuch`, { body: hosted('nosuch2') })
  await s.put('put-none', `${u}/raw-full`, { auth: 'none', body: hosted('raw-full') })
  await s.put('put-bad', `${u}/raw-full`, { auth: 'bad', body: hosted('raw-full') })
  await s.get('get-missing', `${u}/nosuch`)
  await s.get('get-short-missing', `${R}/v1/repositories/nosuch`)
  await s.get('get-wrong-type', `${R}/v1/repositories/raw/proxy/raw-h`)
  await s.get('get-wrong-format', `${R}/v1/repositories/maven/hosted/raw-h`)
  await s.put('put-wrong-type-proxy', `${R}/v1/repositories/raw/proxy/raw-h`, { body: proxy('raw-h') })
  await s.put('put-wrong-type-group', `${R}/v1/repositories/raw/group/raw-h`, {
    body: group('raw-h', ['raw-full']),
  })
  await s.put('put-wrong-format', `${R}/v1/repositories/maven/hosted/raw-h`, {
    body: { ...hosted('raw-h'), maven: { versionPolicy: 'RELEASE', layoutPolicy: 'STRICT' } },
  })
  await s.get('get-after-wrong-puts', `${u}/raw-h`)
  await s.post('invalid-names-space', u, { body: hosted('bad name') })
  await s.post('invalid-names-underscore', u, { body: hosted('_bad') })
  await s.post('invalid-names-dot', u, { body: hosted('.bad') })
  await s.post('invalid-names-slash', u, { body: hosted('a/b') })
  await s.post('invalid-names-empty', u, { body: hosted('') })
  await s.post('invalid-names-null', u, { body: hosted(null) })
  await s.post('invalid-names-number', u, { body: hosted(17) })
  await s.post('invalid-names-long', u, { body: hosted('n'.repeat(201)) })
  await s.del('delete-long', `${R}/v1/repositories/${'n'.repeat(201)}`)
  await s.post('invalid-names-hyphen-first', u, { body: hosted('-ok') })
  await s.del('delete-hyphen-first', `${R}/v1/repositories/-ok`)
  await s.post('violations-many', u, {
    body: { name: '_x y', storage: { strictContentTypeValidation: null }, component: 5 },
  })
  await s.post('violations-many-typed', u, {
    body: { name: '_x y', storage: { blobStoreName: '' }, cleanup: {} },
  })
  await s.post('violations-empty-object', u, { body: {} })
  await s.post('violations-no-accept', u, { body: {}, accept: null })
  await s.post('violations-accept-any', u, { body: {}, accept: '*/*' })
  await s.post('violations-accept-html', u, { body: {}, accept: 'text/html' })
  await s.post('violations-accept-siesta', u, {
    body: {},
    accept: 'application/vnd.siesta-validation-errors-v1+json',
  })
  await s.post('violations-accept-both', u, {
    body: {},
    accept: 'application/json, application/vnd.siesta-validation-errors-v1+json',
  })
  await s.post('e4-accept-html', u, {
    body: hosted('raw-z', {
      storage: { blobStoreName: 'nosuch', strictContentTypeValidation: true, writePolicy: 'allow' },
    }),
    accept: 'text/html',
  })
  await s.post('e4-accept-none', u, {
    body: hosted('raw-z', {
      storage: { blobStoreName: 'nosuch', strictContentTypeValidation: true, writePolicy: 'allow' },
    }),
    accept: null,
  })
  await s.post('malformed-json', u, { body: '{"name": "x"' })
  await s.post('malformed-json-comma', u, { body: '{"name": "x",}' })
  await s.post('malformed-text', u, { body: 'hello' })
  await s.post('empty-body', u, { body: '' })
  await s.post('null-body', u, { body: 'null' })
  await s.post('array-body', u, { body: '[]' })
  await s.post('wrong-content-type', u, { body: JSON.stringify(hosted('raw-z')), type: 'text/plain' })
  await s.post('no-content-type', u, { body: JSON.stringify(hosted('raw-z')), type: null })
  await s.post('charset-content-type', u, {
    body: JSON.stringify(hosted('raw-z')),
    type: 'application/json; charset=utf-8',
  })
  await s.del('delete-z', `${R}/v1/repositories/raw-z`)
  await s.post('create-unknown-blobstore', u, {
    body: hosted('raw-z', {
      storage: { blobStoreName: 'nosuch', strictContentTypeValidation: true, writePolicy: 'allow' },
    }),
  })
  await s.get('get-unknown-blobstore', `${u}/raw-z`)
  await s.del('delete-unknown-blobstore', `${R}/v1/repositories/raw-z`)
  await s.post('cache-hosted', `${R}/v1/repositories/raw-h/invalidate-cache`)
  await s.post('index-hosted', `${R}/v1/repositories/raw-h/rebuild-index`)
  await s.post('cache-missing', `${R}/v1/repositories/nosuch/invalidate-cache`)
  await s.del('delete-none', `${R}/v1/repositories/raw-h`, { auth: 'none' })
  await s.del('delete-number', `${R}/v1/repositories/17`)
  await s.del('delete-other-case', `${R}/v1/repositories/RAW-H`)
  await s.get('get-deleted-other-case', `${u}/raw-h`)
  await s.del('delete', `${R}/v1/repositories/raw-full`)
  await s.del('delete-again', `${R}/v1/repositories/raw-full`)
  await s.get('get-deleted', `${u}/raw-full`)
  await s.post('recreate', u, { body: hosted('raw-full') })
  await s.del('delete-recreated', `${R}/v1/repositories/raw-full`)
  await s.del('cleanup-blobstore', `${R}/v1/blobstores/bs-two`)
  await s.del('delete-path-format', `${u}/raw-h`, { note: 'DELETE on the format path' })
})

scenario('case-variants', 'repository names that differ only in case', async (s) => {
  const u = `${R}/v1/repositories/raw/hosted`
  await s.post('create-lower', u, {
    body: hosted('case-x', {
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow' },
    }),
  })
  await s.post('create-upper', u, {
    body: hosted('CASE-X', {
      storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'deny' },
    }),
  })
  const pick = {
    note: 'entries named case-x in any case',
    fn: (b) => b.filter((e) => e.name.toLowerCase() === 'case-x'),
  }
  await s.get('list', `${R}/v1/repositories`, { pick })
  await s.get('settings', `${R}/v1/repositorySettings`, { pick })
  await s.get('get-lower', `${u}/case-x`)
  await s.get('get-upper', `${u}/CASE-X`)
  await s.put('put-lower', `${u}/case-x`, { body: hosted('case-x') })
  await s.get('get-lower-after-put', `${u}/case-x`)
  await s.get('get-upper-after-put', `${u}/CASE-X`)
  await s.del('delete-lower', `${R}/v1/repositories/case-x`)
  await s.get('get-lower-after-delete', `${u}/case-x`)
  await s.get('get-upper-after-delete', `${u}/CASE-X`)
  await s.get('list-after-delete', `${R}/v1/repositories`, { pick })
  await s.post('recreate-lower', u, { body: hosted('case-x') })
  await s.post('recreate-upper', u, { body: hosted('CASE-X') })
  await s.del('delete-mixed', `${R}/v1/repositories/Case-X`)
  await s.del('delete-upper', `${R}/v1/repositories/CASE-X`)
  await s.del('delete-lower-2', `${R}/v1/repositories/case-x`)
  await s.get('list-end', `${R}/v1/repositories`, { pick })
  await s.post('after-create-lower', u, { body: hosted('case-x') })
  await s.del('after-delete-lower', `${R}/v1/repositories/case-x`)
})

scenario('raw-proxy', 'proxy repositories', async (s) => {
  const u = `${R}/v1/repositories/raw/proxy`
  await s.post('create', u, { body: proxy('raw-p') })
  await s.get('get', `${u}/raw-p`)
  await s.get('get-short', `${R}/v1/repositories/raw-p`)
  await s.get('get-in-settings', `${R}/v1/repositorySettings`, { pick: only(['raw-p']) })
  await s.post('create-again', u, { body: proxy('raw-p') })
  const full = proxy('raw-pf', {
    proxy: { remoteUrl: 'https://127.0.0.1:18443/base', contentMaxAge: -1, metadataMaxAge: 10 },
    negativeCache: { enabled: false, timeToLive: 5 },
    httpClient: {
      blocked: false,
      autoBlock: false,
      connection: {
        retries: 3,
        userAgentSuffix: 'suffix',
        timeout: 30,
        enableCircularRedirects: true,
        enableCookies: true,
        useTrustStore: true,
      },
      authentication: { type: 'username', username: 'user1', password: 'secret1' },
    },
    cleanup: { policyNames: [] },
    raw: { contentDisposition: 'INLINE' },
  })
  await s.post('create-full', u, { body: full })
  await s.get('get-full', `${u}/raw-pf`)
  await s.get('get-full-settings', `${R}/v1/repositorySettings`, { pick: only(['raw-pf']) })
  await s.put('put-same', `${u}/raw-pf`, { body: full })
  const noPw = structuredClone(full)
  delete noPw.httpClient.authentication.password
  await s.put('put-no-password', `${u}/raw-pf`, { body: noPw })
  await s.get('get-no-password', `${u}/raw-pf`)
  for (const [n, v] of [
    ['empty', ''],
    ['null', null],
    ['placeholder', '#~NXRM~PLACEHOLDER~PASSWORD~#'],
  ]) {
    const b = structuredClone(full)
    b.httpClient.authentication.password = v
    await s.put(`put-password-${n}`, `${u}/raw-pf`, { body: b })
  }
  const noUser = structuredClone(full)
  delete noUser.httpClient.authentication.username
  await s.put('put-no-username', `${u}/raw-pf`, { body: noUser })
  const emptyUser = structuredClone(full)
  emptyUser.httpClient.authentication.username = ''
  await s.put('put-empty-username', `${u}/raw-pf`, { body: emptyUser })
  const noType = structuredClone(full)
  delete noType.httpClient.authentication.type
  await s.put('put-no-auth-type', `${u}/raw-pf`, { body: noType })
  const badType = structuredClone(full)
  badType.httpClient.authentication.type = 'kerberos'
  await s.put('put-bad-auth-type', `${u}/raw-pf`, { body: badType })
  const emptyAuth = structuredClone(full)
  emptyAuth.httpClient.authentication = {}
  await s.put('put-empty-auth', `${u}/raw-pf`, { body: emptyAuth })
  const ntlm = structuredClone(full)
  ntlm.httpClient.authentication = {
    type: 'ntlm',
    username: 'u',
    password: 'p',
    ntlmHost: 'h',
    ntlmDomain: 'd',
  }
  await s.put('put-ntlm', `${u}/raw-pf`, { body: ntlm })
  await s.get('get-ntlm', `${u}/raw-pf`)
  const ntlmMin = structuredClone(full)
  ntlmMin.httpClient.authentication = { type: 'ntlm', username: 'u', password: 'p' }
  await s.put('put-ntlm-no-host', `${u}/raw-pf`, { body: ntlmMin })
  const bearer = structuredClone(full)
  bearer.httpClient.authentication = { type: 'bearerToken', bearerToken: 'tok' }
  await s.put('put-bearer', `${u}/raw-pf`, { body: bearer })
  await s.get('get-bearer', `${u}/raw-pf`)
  const bearerNone = structuredClone(full)
  bearerNone.httpClient.authentication = { type: 'bearerToken' }
  await s.put('put-bearer-no-token', `${u}/raw-pf`, { body: bearerNone })
  const preempt = structuredClone(full)
  preempt.httpClient.authentication = { type: 'username', username: 'u', password: 'p', preemptive: true }
  await s.put('put-preemptive', `${u}/raw-pf`, { body: preempt })
  await s.get('get-preemptive', `${u}/raw-pf`)
  const noAuth = structuredClone(full)
  delete noAuth.httpClient.authentication
  await s.put('put-omit-authentication', `${u}/raw-pf`, { body: noAuth })
  await s.get('get-omit-authentication', `${u}/raw-pf`)
  await s.put('put-minimal', `${u}/raw-pf`, { body: proxy('raw-pf') })
  await s.get('get-minimal', `${u}/raw-pf`)
  const conn = (c) => proxy('raw-pf', { httpClient: { blocked: false, autoBlock: true, connection: c } })
  await s.put('put-connection-null', `${u}/raw-pf`, { body: conn(null) })
  await s.put('put-connection-empty', `${u}/raw-pf`, { body: conn({}) })
  await s.get('get-connection-empty', `${u}/raw-pf`)
  await s.put('put-connection-nulls', `${u}/raw-pf`, {
    body: conn({
      retries: null,
      userAgentSuffix: null,
      timeout: null,
      enableCircularRedirects: null,
      enableCookies: null,
      useTrustStore: null,
    }),
  })
  await s.get('get-connection-nulls', `${u}/raw-pf`)
  await s.put('put-connection-partial', `${u}/raw-pf`, { body: conn({ retries: 2 }) })
  await s.get('get-connection-partial', `${u}/raw-pf`)
  await s.put('put-timeout-zero', `${u}/raw-pf`, { body: conn({ timeout: 0 }) })
  await s.put('put-timeout-3601', `${u}/raw-pf`, { body: conn({ timeout: 3601 }) })
  await s.put('put-retries-11', `${u}/raw-pf`, { body: conn({ retries: 11 }) })
  await s.put('put-retries-negative', `${u}/raw-pf`, { body: conn({ retries: -1 }) })
  await s.put('put-timeout-string', `${u}/raw-pf`, { body: conn({ timeout: '30' }) })
  await s.put('put-truststore-http', `${u}/raw-pf`, { body: conn({ useTrustStore: true }) })
  const px = (p) => proxy('raw-pf', { proxy: p })
  await s.put('put-no-proxy', `${u}/raw-pf`, { body: proxy('raw-pf', { proxy: undefined }) })
  await s.put('put-empty-proxy', `${u}/raw-pf`, { body: px({}) })
  await s.put('put-only-url', `${u}/raw-pf`, { body: px({ remoteUrl: 'http://127.0.0.1:18889/' }) })
  await s.get('get-only-url', `${u}/raw-pf`)
  await s.put('put-age-minus-two', `${u}/raw-pf`, {
    body: px({ remoteUrl: 'http://127.0.0.1:18889/', contentMaxAge: -2, metadataMaxAge: -2 }),
  })
  for (const [n, v] of [
    ['empty', ''],
    ['no-scheme', 'example.org'],
    ['ftp', 'ftp://example.org/'],
    ['space', 'http://exa mple.org/'],
    ['credentials', 'http://user:pw@example.org/'],
    ['no-host', 'http://'],
    ['port', 'http://example.org:99999/'],
    ['query', 'http://example.org/?a=b'],
    ['unresolvable', 'http://no-such-host.invalid/'],
    ['upper', 'HTTP://EXAMPLE.org'],
    ['no-slash', 'http://example.org/path'],
  ]) {
    await s.put(`put-url-${n}`, `${u}/raw-pf`, {
      body: px({ remoteUrl: v, contentMaxAge: 1, metadataMaxAge: 1 }),
    })
  }
  await s.get('get-after-urls', `${u}/raw-pf`)
  await s.put('put-no-negative-cache', `${u}/raw-pf`, { body: proxy('raw-pf', { negativeCache: undefined }) })
  await s.put('put-empty-negative-cache', `${u}/raw-pf`, { body: proxy('raw-pf', { negativeCache: {} }) })
  await s.put('put-negative-ttl', `${u}/raw-pf`, {
    body: proxy('raw-pf', { negativeCache: { enabled: true, timeToLive: -1 } }),
  })
  await s.get('get-negative-ttl', `${u}/raw-pf`)
  await s.put('put-no-http-client', `${u}/raw-pf`, { body: proxy('raw-pf', { httpClient: undefined }) })
  await s.put('put-empty-http-client', `${u}/raw-pf`, { body: proxy('raw-pf', { httpClient: {} }) })
  await s.put('put-blocked', `${u}/raw-pf`, {
    body: proxy('raw-pf', { httpClient: { blocked: true, autoBlock: true } }),
  })
  await s.get('get-blocked', `${u}/raw-pf`)
  await s.put('put-all-wrong', `${u}/raw-pf`, {
    body: {
      name: 'raw-pf',
      online: null,
      storage: {},
      proxy: { remoteUrl: 'x', contentMaxAge: null },
      negativeCache: { timeToLive: null },
      httpClient: { connection: { retries: 99, timeout: 99999 } },
    },
  })
  // routing rules
  await s.post('rule', `${R}/v1/routing-rules`, {
    body: { name: 'rule-p', description: '', mode: 'BLOCK', matchers: ['.*secret.*'] },
  })
  await s.put('put-rule', `${u}/raw-pf`, { body: proxy('raw-pf', { routingRule: 'rule-p' }) })
  await s.get('get-rule', `${u}/raw-pf`)
  await s.get('get-rule-settings', `${R}/v1/repositorySettings`, { pick: only(['raw-pf']) })
  await s.put('put-rule-name-field', `${u}/raw-pf`, { body: proxy('raw-pf', { routingRuleName: 'rule-p' }) })
  await s.get('get-rule-name-field', `${u}/raw-pf`)
  await s.put('put-rule-both', `${u}/raw-pf`, {
    body: proxy('raw-pf', { routingRule: 'rule-p', routingRuleName: 'rule-p' }),
  })
  await s.get('get-rule-both', `${u}/raw-pf`)
  await s.del('rule-delete-in-use', `${R}/v1/routing-rules/rule-p`)
  await s.put('put-rule-unknown', `${u}/raw-pf`, { body: proxy('raw-pf', { routingRule: 'no-such-rule' }) })
  await s.get('get-rule-unknown', `${u}/raw-pf`)
  await s.put('put-rule-empty', `${u}/raw-pf`, { body: proxy('raw-pf', { routingRule: '' }) })
  await s.put('put-rule-null', `${u}/raw-pf`, { body: proxy('raw-pf', { routingRule: null }) })
  await s.post('create-rule-unknown', u, { body: proxy('raw-pr', { routingRule: 'no-such-rule' }) })
  await s.get('get-create-rule-unknown', `${u}/raw-pr`)
  await s.del('delete-pr', `${R}/v1/repositories/raw-pr`)
  await s.del('rule-delete', `${R}/v1/routing-rules/rule-p`)
  await s.put('put-replication', `${u}/raw-pf`, {
    body: proxy('raw-pf', { replication: { preemptivePullEnabled: true, assetPathRegex: '.*' } }),
  })
  await s.get('get-replication', `${u}/raw-pf`)
  await s.put('put-wrong-type-hosted', `${R}/v1/repositories/raw/hosted/raw-pf`, { body: hosted('raw-pf') })
  await s.post('cache', `${R}/v1/repositories/raw-p/invalidate-cache`)
  await s.post('index', `${R}/v1/repositories/raw-p/rebuild-index`)
  await s.put('put-missing', `${u}/nosuch`, { body: proxy('nosuch') })
  await s.post('create-no-optional', u, {
    body: {
      name: 'raw-min',
      online: true,
      storage: { blobStoreName: 'default' },
      proxy: { remoteUrl: 'http://127.0.0.1:18889/' },
      negativeCache: { enabled: true },
      httpClient: { blocked: false },
    },
  })
  await s.get('get-no-optional', `${u}/raw-min`)
  for (const n of ['raw-p', 'raw-pf', 'raw-min']) await s.del(`delete-${n}`, `${R}/v1/repositories/${n}`)
})

scenario(
  'proxy-credentials',
  'which credentials reach the remote after each way of sending the password (a loopback upstream reports the Authorization header it saw)',
  async (s) => {
    const u = `${R}/v1/repositories/raw/proxy`
    const up = s.rec.upstream
    const mk = (auth) =>
      proxy('raw-cred', {
        negativeCache: { enabled: false, timeToLive: 1 },
        httpClient: { blocked: false, autoBlock: false, ...(auth ? { authentication: auth } : {}) },
      })
    let n = 0
    const seen = async (label) => {
      up.requests.length = 0
      await s.rec.raw({
        method: 'GET',
        path: `/repository/raw-cred/auth/f${n++}`,
        headers: { authorization: s.rec.authHeader('admin') },
      })
      s.observe(label, {
        upstreamSaw: up.requests.map((r) => ({
          method: r.method,
          path: r.path.replace(/f\d+$/, 'f<n>'),
          authorization: r.authorization,
        })),
      })
    }
    await s.post('create', u, { body: mk({ type: 'username', username: 'u1', password: 'p1' }) })
    await seen('seen-create')
    await s.put('put-same', `${u}/raw-cred`, {
      body: mk({ type: 'username', username: 'u1', password: 'p1' }),
    })
    await seen('seen-put-same')
    await s.put('put-no-password', `${u}/raw-cred`, { body: mk({ type: 'username', username: 'u1' }) })
    await seen('seen-put-no-password')
    await s.put('put-empty-password', `${u}/raw-cred`, {
      body: mk({ type: 'username', username: 'u1', password: '' }),
    })
    await seen('seen-put-empty-password')
    await s.put('put-placeholder', `${u}/raw-cred`, {
      body: mk({ type: 'username', username: 'u1', password: '#~NXRM~PLACEHOLDER~PASSWORD~#' }),
    })
    await seen('seen-put-placeholder')
    await s.put('put-new-password', `${u}/raw-cred`, {
      body: mk({ type: 'username', username: 'u1', password: 'p2' }),
    })
    await seen('seen-put-new-password')
    await s.put('put-bearer', `${u}/raw-cred`, { body: mk({ type: 'bearerToken', bearerToken: 'tok1' }) })
    await seen('seen-put-bearer')
    await s.put('put-bearer-omit', `${u}/raw-cred`, { body: mk({ type: 'bearerToken' }) })
    await seen('seen-put-bearer-omit')
    await s.put('put-none', `${u}/raw-cred`, { body: mk(null) })
    await seen('seen-put-none')
    await s.get('get-end', `${u}/raw-cred`)
    await s.del('delete', `${R}/v1/repositories/raw-cred`)
  },
)

scenario('raw-group', 'group repositories', async (s) => {
  const u = `${R}/v1/repositories/raw/group`
  for (const n of ['m1', 'm2', 'm3'])
    await s.post(`member-${n}`, `${R}/v1/repositories/raw/hosted`, { body: hosted(n) })
  await s.post('create', u, { body: group('raw-g', ['m3', 'm1', 'm2']) })
  await s.get('get', `${u}/raw-g`)
  await s.get('get-in-settings', `${R}/v1/repositorySettings`, { pick: only(['raw-g']) })
  await s.get('get-in-list', `${R}/v1/repositories`, { pick: only(['raw-g', 'm1']) })
  await s.post('create-again', u, { body: group('raw-g', ['m3', 'm1', 'm2']) })
  await s.put('put-order', `${u}/raw-g`, { body: group('raw-g', ['m2', 'm1']) })
  await s.get('get-order', `${u}/raw-g`)
  await s.put('put-duplicates', `${u}/raw-g`, { body: group('raw-g', ['m2', 'm1', 'm2']) })
  await s.get('get-duplicates', `${u}/raw-g`)
  await s.put('put-member-case', `${u}/raw-g`, { body: group('raw-g', ['M1']) })
  await s.get('get-member-case', `${u}/raw-g`)
  await s.put('put-empty', `${u}/raw-g`, { body: group('raw-g', []) })
  await s.put('put-no-members', `${u}/raw-g`, { body: group('raw-g', undefined) })
  await s.put('put-no-group', `${u}/raw-g`, { body: { ...group('raw-g', []), group: undefined } })
  await s.put('put-string-members', `${u}/raw-g`, { body: group('raw-g', 'm1') })
  await s.put('put-null-member', `${u}/raw-g`, { body: group('raw-g', ['m1', null]) })
  await s.put('put-empty-member', `${u}/raw-g`, { body: group('raw-g', ['m1', '']) })
  await s.put('put-missing-member', `${u}/raw-g`, { body: group('raw-g', ['m1', 'nosuch']) })
  await s.put('put-missing-members', `${u}/raw-g`, { body: group('raw-g', ['nosuch1', 'nosuch2']) })
  await s.put('put-wrong-format', `${u}/raw-g`, { body: group('raw-g', ['m1', 'maven-releases']) })
  await s.put('put-mixed-errors', `${u}/raw-g`, { body: group('raw-g', ['nosuch', 'maven-releases']) })
  await s.put('put-self', `${u}/raw-g`, { body: group('raw-g', ['raw-g']) })
  await s.post('create-self', u, { body: group('raw-self', ['raw-self']) })
  await s.post('create-empty', u, { body: group('raw-e', []) })
  await s.post('create-missing-member', u, { body: group('raw-e', ['nosuch']) })
  await s.post('create-missing-member-and-blobstore', u, {
    body: group('raw-e', ['nosuch'], {
      storage: { blobStoreName: 'nosuch', strictContentTypeValidation: true },
    }),
  })
  await s.put('put-missing-group', `${u}/nosuch`, { body: group('nosuch', ['m1']) })
  await s.put('put-missing-group-missing-member', `${u}/nosuch`, { body: group('nosuch', ['nosuch2']) })
  await s.put('put-none', `${u}/raw-g`, { auth: 'none', body: group('raw-g', ['nosuch']) })
  await s.put('put-writable-member', `${u}/raw-g`, {
    body: group('raw-g', ['m1'], { group: { memberNames: ['m1'], writableMember: 'm1' } }),
  })
  await s.get('get-writable-member', `${u}/raw-g`)
  await s.put('put-omit-optional', `${u}/raw-g`, {
    body: group('raw-g', ['m1', 'm2', 'm3'], { raw: { contentDisposition: 'INLINE' } }),
  })
  await s.get('get-optional', `${u}/raw-g`)
  await s.put('put-omit-optional-2', `${u}/raw-g`, { body: group('raw-g', ['m1', 'm2', 'm3']) })
  await s.get('get-omit-optional', `${u}/raw-g`)
  await s.post('outer-create', u, { body: group('raw-g2', ['raw-g', 'm1']) })
  await s.put('cycle', `${u}/raw-g`, { body: group('raw-g', ['m1', 'raw-g2']) })
  await s.get('get-after-cycle', `${u}/raw-g`)
  await s.put('nested-change', `${u}/raw-g`, { body: group('raw-g', ['m2']) })
  await s.del('delete-member', `${R}/v1/repositories/m1`)
  await s.get('get-after-delete-member', `${u}/raw-g2`)
  await s.del('delete-inner-group', `${R}/v1/repositories/raw-g`)
  await s.get('get-after-delete-inner', `${u}/raw-g2`, { note: 'all members are gone' })
  await s.get('content-empty-group', '/repository/raw-g2/a', { accept: null })
  await s.put('put-response-of-get-empty', `${u}/raw-g2`, { body: group('raw-g2', []) })
  await s.put('offline', `${u}/raw-g2`, { body: group('raw-g2', ['m2'], { online: false }) })
  await s.get('get-offline', `${u}/raw-g2`)
  await s.post('cache', `${R}/v1/repositories/raw-g2/invalidate-cache`)
  for (const n of ['raw-g2', 'm2', 'm3', 'raw-self']) await s.del(`delete-${n}`, `${R}/v1/repositories/${n}`)
})

scenario(
  'maven',
  'maven2 repositories (a format with its own required section, as docker has)',
  async (s) => {
    const h = `${R}/v1/repositories/maven/hosted`
    const maven = { versionPolicy: 'RELEASE', layoutPolicy: 'STRICT' }
    await s.post('hosted-create', h, { body: hosted('mvn-h', { maven }) })
    await s.get('hosted-get', `${h}/mvn-h`)
    await s.post('hosted-no-section', h, { body: hosted('mvn-x') })
    await s.post('hosted-empty-section', h, { body: hosted('mvn-x', { maven: {} }) })
    await s.post('hosted-bad-value', h, {
      body: hosted('mvn-x', { maven: { versionPolicy: 'NEVER', layoutPolicy: 'STRICT' } }),
    })
    await s.post('hosted-lower-value', h, {
      body: hosted('mvn-l', {
        maven: { versionPolicy: 'release', layoutPolicy: 'strict', contentDisposition: 'inline' },
      }),
    })
    await s.get('hosted-lower-get', `${h}/mvn-l`)
    await s.put('hosted-put-change-immutable', `${h}/mvn-h`, {
      body: hosted('mvn-h', { maven: { versionPolicy: 'SNAPSHOT', layoutPolicy: 'PERMISSIVE' } }),
    })
    await s.get('hosted-get-change-immutable', `${h}/mvn-h`)
    const p = `${R}/v1/repositories/maven/proxy`
    await s.post('proxy-create', p, {
      body: proxy('mvn-p', {
        maven,
        proxy: { remoteUrl: 'https://example.org/maven2/', contentMaxAge: -1, metadataMaxAge: 1440 },
        httpClient: {
          blocked: false,
          autoBlock: true,
          authentication: { type: 'username', username: 'u', password: 'p', preemptive: true },
        },
      }),
    })
    await s.get('proxy-get', `${p}/mvn-p`)
    await s.put('proxy-put-no-section', `${p}/mvn-p`, { body: proxy('mvn-p') })
    await s.put('proxy-put-preemptive-http', `${p}/mvn-p`, {
      body: proxy('mvn-p', {
        maven,
        proxy: { remoteUrl: 'http://example.org/', contentMaxAge: 1, metadataMaxAge: 1 },
        httpClient: {
          blocked: false,
          autoBlock: true,
          authentication: { type: 'username', username: 'u', password: 'p', preemptive: true },
        },
      }),
    })
    const g = `${R}/v1/repositories/maven/group`
    await s.post('group-create', g, { body: group('mvn-g', ['mvn-h', 'mvn-p']) })
    await s.get('group-get', `${g}/mvn-g`)
    await s.post('index-group', `${R}/v1/repositories/mvn-g/rebuild-index`)
    await s.get('path-maven2', `${R}/v1/repositories/maven2/hosted/mvn-h`, {
      note: 'the path says maven, the format maven2',
    })
    for (const n of ['mvn-g', 'mvn-h', 'mvn-p', 'mvn-l', 'mvn-x'])
      await s.del(`delete-${n}`, `${R}/v1/repositories/${n}`)
  },
)

scenario('apt', 'apt hosted repository (has a write-only secret, aptSigning)', async (s) => {
  const u = `${R}/v1/repositories/apt/hosted`
  const body = hosted('apt-h', {
    apt: { distribution: 'bookworm' },
    aptSigning: { keypair: 'not a real key', passphrase: 'pp' },
  })
  await s.post('create', u, { body })
  await s.get('get', `${u}/apt-h`)
  await s.put('put-no-signing', `${u}/apt-h`, { body: { ...body, aptSigning: undefined } })
  await s.put('put-no-keypair', `${u}/apt-h`, { body: { ...body, aptSigning: { passphrase: 'x' } } })
  await s.del('delete', `${R}/v1/repositories/apt-h`)
})

scenario('repositories-general', 'lists, unknown recipes, DELETE', async (s) => {
  await s.get('list', `${R}/v1/repositories`)
  await s.get('settings', `${R}/v1/repositorySettings`)
  await s.get('list-trailing-slash', `${R}/v1/repositories/`, { pick: namesOnly() })
  await s.get('list-no-accept', `${R}/v1/repositories`, { accept: null, pick: namesOnly() })
  await s.get('list-accept-html', `${R}/v1/repositories`, { accept: 'text/html' })
  await s.get('list-accept-xml', `${R}/v1/repositories`, { accept: 'application/xml' })
  await s.get('settings-query', `${R}/v1/repositorySettings?format=raw`, { pick: namesOnly() })
  for (const t of ['hosted', 'proxy', 'group']) {
    await s.post(`docker-${t}-post`, `${R}/v1/repositories/docker/${t}`, {
      body: { ...hosted('d'), docker: { v1Enabled: false, forceBasicAuth: true } },
    })
    await s.get(`docker-${t}-get`, `${R}/v1/repositories/docker/${t}/d`)
    await s.put(`docker-${t}-put`, `${R}/v1/repositories/docker/${t}/d`, {
      body: { ...hosted('d'), docker: { v1Enabled: false, forceBasicAuth: true } },
    })
  }
  await s.post('docker-post-none', `${R}/v1/repositories/docker/hosted`, { auth: 'none', body: {} })
  await s.post('docker-post-bad', `${R}/v1/repositories/docker/hosted`, { auth: 'bad', body: {} })
  await s.get('get-list-of-format', `${R}/v1/repositories/raw/hosted`)
  await s.get('get-list-of-format-no-accept', `${R}/v1/repositories/raw/hosted`, { accept: null })
  await s.del('delete-list-of-format', `${R}/v1/repositories/raw/hosted`)
  await s.post('post-list', `${R}/v1/repositories`, { body: {} })
  await s.put('put-short', `${R}/v1/repositories/maven-releases`, { body: {} })
  await s.send('patch', 'PATCH', `${R}/v1/repositories/raw/hosted/x`, { body: {} })
  await s.get('beta-list', `${R}/beta/repositories`, { pick: namesOnly() })
  await s.get('beta-get', `${R}/beta/repositories/maven/group/maven-public`)
  await s.del('delete-builtin-member', `${R}/v1/repositories/maven-snapshots`)
  await s.get('public-after-delete', `${R}/v1/repositories/maven/group/maven-public`)
  await s.post('recreate-builtin', `${R}/v1/repositories/maven/hosted`, {
    body: hosted('maven-snapshots', { maven: { versionPolicy: 'SNAPSHOT', layoutPolicy: 'STRICT' } }),
  })
  await s.get('public-after-recreate', `${R}/v1/repositories/maven/group/maven-public`)
  await s.put('public-restore', `${R}/v1/repositories/maven/group/maven-public`, {
    body: group('maven-public', ['maven-releases', 'maven-snapshots', 'maven-central']),
  })
  await s.get('list-end', `${R}/v1/repositories`, { pick: namesOnly() })
})
