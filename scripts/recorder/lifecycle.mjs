// usage: node lifecycle.mjs --base URL --data DIR --start "command" --out FILE [--mask from=to]
// Starts and stops a server several times. The command must start it in the background and honour these environment variables:
// FRESH=1 (empty data directory first), EXTRA ("key=value;key=value" server properties), DATA (data directory; the pid goes to $DATA/pid).

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Recorder, sleep } from './lib.mjs'

const args = {}
const masks = []
for (let i = 2; i < process.argv.length; i += 2) {
  const k = process.argv[i].replace(/^--/, '')
  const v = process.argv[i + 1]
  if (k === 'mask') {
    const j = v.lastIndexOf('=')
    masks.push([v.slice(0, j), v.slice(j + 1)])
  } else args[k] = v
}
masks.push([/https:\/\/(?!example\.org)[a-z0-9.]+\.(?:org|example)(?=\/maven2)/g, '<central>'])
const rec = new Recorder({ base: args.base, masks })
if (args.header) rec.common = { server: args.header, 'x-content-type-options': 'nosniff' }
const R = '/service/rest'
const titles = {}
const passwordFile = `${args.data}/admin.password`

async function watch(scenario, prefix, paths, done, limitMs) {
  const last = {}
  const t0 = Date.now()
  let n = 0
  for (;;) {
    for (const path of paths) {
      let d
      try {
        d = rec.describe(await rec.raw({ method: 'GET', path, headers: { accept: 'application/json' } }))
      } catch (e) {
        d = { error: e.code ?? e.message }
      }
      if (Array.isArray(d.body)) d.body = '<list>'
      const key = JSON.stringify(d)
      if (last[path] !== key) {
        last[path] = key
        rec.exchanges.push({
          id: `${scenario}/${prefix}-${++n}`,
          scenario,
          request: { method: 'GET', path, auth: 'none', headers: { accept: 'application/json' } },
          response: d,
          afterSeconds: Math.round((Date.now() - t0) / 100) / 10,
        })
      }
    }
    if (done(last)) return
    if (Date.now() - t0 > limitMs) throw new Error(`${scenario}: watch timed out`)
    await sleep(5)
  }
}
const paths = (ctx) => [`${ctx}${R}/v1/status`, `${ctx}${R}/v1/status/writable`, `${ctx}${R}/v1/repositories`]

async function start(
  scenario,
  { fresh = true, extra = '', env = {}, ctx = '', prepare, prefix = 'boot' } = {},
) {
  if (fresh) {
    rmSync(args.data, { recursive: true, force: true })
    mkdirSync(args.data, { recursive: true })
  }
  prepare?.()
  const r = spawnSync('bash', ['-c', args.start], {
    env: { ...process.env, DATA: args.data, EXTRA: extra, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (r.status !== 0) throw new Error('start failed')
  await watch(scenario, prefix, paths(ctx), (last) => last[paths(ctx)[0]]?.includes('"status":200'), 180000)
  await sleep(2500)
}
async function stop(scenario, prefix = 'shutdown') {
  const pid = Number(readFileSync(`${args.data}/pid`, 'utf8').trim())
  process.kill(pid, 'SIGTERM')
  await watch(
    scenario,
    prefix,
    paths(''),
    (last) => Object.values(last).every((v) => v.includes('ECONNREFUSED')),
    60000,
  )
  for (let i = 0; i < 200; i++) {
    try {
      process.kill(pid, 0)
    } catch {
      break
    }
    await sleep(100)
  }
}
function passwordState(scenario, label) {
  const there = existsSync(passwordFile)
  const text = there ? readFileSync(passwordFile, 'utf8') : null
  rec.observe(scenario, label, {
    adminPasswordFile: there,
    ...(there
      ? {
          isUuid: /^[0-9a-f-]{36}$/.test(text.trim()),
          endsWithNewline: text.endsWith('\n'),
          length: text.length,
        }
      : {}),
  })
  return text?.trim()
}
async function users(s, label, password, ctx = '') {
  rec.passwords.admin = password
  return s.get(label, `${ctx}${R}/v1/security/users?userId=admin`)
}
const scenario = async (id, title, fn) => {
  titles[id] = title
  const s = rec.session(id)
  try {
    await fn(s, id)
  } catch (e) {
    console.error(id, e.stack)
    rec.exchanges.push({ id: `${id}/BROKEN`, scenario: id, error: e.message })
  }
  console.log(id, rec.exchanges.filter((x) => x.scenario === id).length)
}

await scenario(
  'restart',
  'fresh start, changes, stop, start again: what persists, what the stop phase answers',
  async (s, id) => {
    await start(id)
    const pw = passwordState(id, 'password-file-fresh')
    await users(s, 'admin-fresh', pw)
    await s.post('raw-hosted', `${R}/v1/repositories/raw/hosted`, {
      body: {
        name: 'keep',
        online: true,
        storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow' },
      },
    })
    await s.post('freeze', `${R}/v1/read-only/freeze`)
    await stop(id)
    await start(id, { fresh: false, prefix: 'boot-again' })
    passwordState(id, 'password-file-restart')
    await users(s, 'admin-restart', pw)
    await s.get('read-only-restart', `${R}/v1/read-only`)
    await s.get('writable-restart', `${R}/v1/status/writable`, { auth: 'none' })
    await s.get('keep-restart', `${R}/v1/repositories/raw/hosted/keep`)
    await s.post('release', `${R}/v1/read-only/release`)
    await s.put('change', `${R}/v1/security/users/admin/change-password`, {
      type: 'text/plain',
      body: 'changed-1',
    })
    passwordState(id, 'password-file-changed')
    await stop(id, 'shutdown-again')
  },
)

await scenario('password-not-random', 'environment NEXUS_SECURITY_RANDOMPASSWORD=false', async (s, id) => {
  await start(id, { env: { NEXUS_SECURITY_RANDOMPASSWORD: 'false' } })
  passwordState(id, 'password-file')
  await users(s, 'admin', 'admin123')
  await s.get('onboarding', `${R}/internal/ui/onboarding`)
  await stop(id)
})
await scenario(
  'password-not-random-property',
  'property nexus.security.randompassword=false',
  async (s, id) => {
    await start(id, { extra: 'nexus.security.randompassword=false' })
    passwordState(id, 'password-file')
    await users(s, 'admin', 'admin123')
    await stop(id)
  },
)
await scenario('password-from-environment', 'environment NEXUS_SECURITY_INITIAL_PASSWORD', async (s, id) => {
  await start(id, { env: { NEXUS_SECURITY_INITIAL_PASSWORD: 'from-environment-1' } })
  passwordState(id, 'password-file')
  await users(s, 'admin', 'from-environment-1')
  await s.get('onboarding', `${R}/internal/ui/onboarding`)
  await stop(id)
})
await scenario(
  'password-file-given',
  'an admin.password file exists in the empty data directory before the first start',
  async (s, id) => {
    await start(id, { prepare: () => writeFileSync(passwordFile, 'from-file-1\n') })
    passwordState(id, 'password-file')
    await users(s, 'admin', 'from-file-1')
    rec.passwords.admin = 'from-file-1\n'
    await s.get('admin-with-newline', `${R}/v1/security/users?userId=admin`)
    await stop(id)
  },
)
await scenario(
  'properties',
  'nexus.skipDefaultRepositories, nexus.onboarding.enabled=false, nexus.security.default.anonymous=false, nexus.security.enableAuthorizationRealmManagement, nexus.scripts.allowCreation',
  async (s, id) => {
    await start(id, {
      extra:
        'nexus.skipDefaultRepositories=true;nexus.onboarding.enabled=false;nexus.security.default.anonymous=false;nexus.security.enableAuthorizationRealmManagement=true;nexus.scripts.allowCreation=true',
    })
    rec.passwords.admin = passwordState(id, 'password-file')
    await s.get('repositories', `${R}/v1/repositories`)
    await s.get('blobstores', `${R}/v1/blobstores`)
    await s.get('onboarding', `${R}/internal/ui/onboarding`)
    await s.get('anonymous', `${R}/v1/security/anonymous`)
    await s.get('repositories-none', `${R}/v1/repositories`, { auth: 'none' })
    await s.get('realms-available', `${R}/v1/security/realms/available`)
    await s.get('realms-active', `${R}/v1/security/realms/active`)
    await s.put('realms-same', `${R}/v1/security/realms/active`, {
      body: ['NexusAuthenticatingRealm', 'NexusAuthorizingRealm'],
    })
    await s.get('realms-after', `${R}/v1/security/realms/active`)
    const u = `${R}/v1/script`
    await s.post('script-create', u, { body: { name: 's1', type: 'groovy', content: 'return args + "!"' } })
    await s.post('script-create-again', u, { body: { name: 's1', type: 'groovy', content: 'return 1' } })
    await s.get('script-get', `${u}/s1`)
    await s.post('script-run', `${u}/s1/run`, { type: 'text/plain', body: 'hello' })
    await s.put('script-update', `${u}/s1`, {
      body: { name: 's1', type: 'groovy', content: 'throw new RuntimeException("boom")' },
    })
    await s.post('script-run-fails', `${u}/s1/run`, { type: 'text/plain', body: '' })
    await s.del('script-delete', `${u}/s1`)
    await s.post('first-blobstore-missing', `${R}/v1/repositories/raw/hosted`, {
      body: {
        name: 'a',
        online: true,
        storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow' },
      },
    })
    await stop(id)
  },
)
await scenario('context-path', 'nexus-context-path=/nexus', async (s, id) => {
  await start(id, { extra: 'nexus-context-path=/nexus', ctx: '/nexus' })
  rec.passwords.admin = passwordState(id, 'password-file')
  await s.get('root', '/', { auth: 'none', accept: null })
  await s.get('no-context', `${R}/v1/status`, { auth: 'none' })
  await s.get('no-context-bad', `${R}/v1/status`, { auth: 'bad' })
  await s.get('context-no-slash', '/nexus', { auth: 'none', accept: null })
  await s.get('context-slash', '/nexus/', { auth: 'none', accept: null })
  await s.get('status', `/nexus${R}/v1/status`, { auth: 'none' })
  await s.get('repositories', `/nexus${R}/v1/repositories`)
  await s.get('swagger', `/nexus${R}/swagger.json`, {
    pick: {
      note: 'info.version and basePath',
      fn: (b) => ({ version: b?.info?.version, basePath: b?.basePath }),
    },
  })
  await s.post('extdirect', '/nexus/service/extdirect', {
    body: { action: 'coreui_HttpSettings', method: 'read', data: null, type: 'rpc', tid: 1 },
  })
  await s.get('forwarded', `/nexus${R}/v1/repositories`, {
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'repo.example.org',
      host: 'inner.example.org',
    },
    pick: { note: 'url of each entry', fn: (b) => b.map((e) => e.url) },
  })
  const pid = Number(readFileSync(`${args.data}/pid`, 'utf8').trim())
  process.kill(pid, 'SIGTERM')
  for (let i = 0; i < 300; i++) {
    try {
      process.kill(pid, 0)
    } catch {
      break
    }
    await sleep(100)
  }
})

const probe = args.header
const m = /^Nexus\/(\S+) \((\w+)\)/.exec(probe ?? '')
const doc = {
  server: { version: m?.[1], edition: m?.[2], header: probe, database: args.database },
  recorded: new Date().toISOString().slice(0, 10),
  exchanges: rec.exchanges.length,
  commonResponseHeaders: rec.common,
  scenarios: Object.fromEntries(
    Object.entries(titles).map(([k, v]) => [
      k,
      { title: v, exchanges: rec.exchanges.filter((x) => x.scenario === k).length },
    ]),
  ),
  log: rec.exchanges,
}
writeFileSync(args.out, `${JSON.stringify(doc, null, 1)}\n`)
console.log('total', rec.exchanges.length)
