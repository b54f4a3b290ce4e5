// usage: node record.mjs --base http://127.0.0.1:PORT --password-file FILE --out FILE.json [--start "shell command"] [--only a,b] [--header 'Nexus/… (…)'] [--mask 'from=to' ...]
// Expects a freshly installed server whose admin user still has its initial password. With --start the command is run first
// (it must return at once and leave the server starting) and the answers of the boot phase are recorded.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { Recorder, sleep } from './lib.mjs'
import { NEW_PASSWORD, list as one } from './scenarios-1.mjs'
import { list as two } from './scenarios-2.mjs'
import { list as three } from './scenarios-3.mjs'

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
masks.push(
  [/https:\/\/(?!example\.org)[a-z0-9.]+\.(?:org|example)(?=\/maven2)/g, '<central>'],
  ['http://127.0.0.1:18889', '<upstream>'],
  ['127.0.0.1:18889', '<upstream-host>'],
)
const rec = new Recorder({ base: args.base, masks })

// loopback upstream: /auth/* answers 401 without credentials; everything else 200
const up = { requests: [] }
const upstream = http
  .createServer((q, r) => {
    up.requests.push({ method: q.method, path: q.url, authorization: q.headers.authorization ?? null })
    if (q.url.startsWith('/auth/') && !q.headers.authorization) {
      r.writeHead(401, { 'www-authenticate': 'Basic realm="upstream"' })
      return r.end()
    }
    r.writeHead(200, { 'content-type': 'text/plain' })
    r.end('content')
  })
  .listen(18889, '127.0.0.1')
rec.upstream = up
// loopback forward proxy: reports what reaches it; asks for credentials only when none came and a path says so
const fw = { requests: [] }
const forward = http
  .createServer((q, r) => {
    fw.requests.push({ method: q.method, url: q.url, auth: q.headers['proxy-authorization'] ?? null })
    if (!q.headers['proxy-authorization'] && fw.requests.length === 1) {
      r.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' })
      return r.end()
    }
    r.writeHead(200, { 'content-type': 'text/plain' })
    r.end('content')
  })
  .listen(18888, '127.0.0.1')
forward.on('connect', (q, socket) => {
  fw.requests.push({ method: 'CONNECT', url: q.url, auth: q.headers['proxy-authorization'] ?? null })
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
})
rec.forward = fw

async function boot() {
  const paths = [
    '/service/rest/v1/status',
    '/service/rest/v1/status/writable',
    '/service/rest/v1/repositories',
    '/',
  ]
  const last = {}
  const started = Date.now()
  const r = spawnSync('bash', ['-c', args.start], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (r.status !== 0) throw new Error('start command failed')
  let n = 0
  for (;;) {
    for (const path of paths) {
      let res
      try {
        res = await rec.raw({
          method: 'GET',
          path,
          headers: { accept: path === '/' ? 'text/html' : 'application/json' },
        })
      } catch (e) {
        res = { error: e.code ?? e.message }
      }
      const d = rec.describe(res, path === '/v1/repositories' ? {} : {})
      if (path.endsWith('repositories') && Array.isArray(d.body)) d.body = '<list>'
      const key = JSON.stringify(d)
      if (last[path] !== key) {
        last[path] = key
        rec.exchanges.push({
          id: `boot/${path.split('/').pop() || 'root'}-${++n}`,
          scenario: 'boot',
          request: {
            method: 'GET',
            path,
            auth: 'none',
            headers: { accept: path === '/' ? 'text/html' : 'application/json' },
          },
          response: d,
          afterSeconds: Math.round((Date.now() - started) / 100) / 10,
        })
      }
    }
    if (last[paths[1]]?.includes('"status":200') && Date.now() - started > 3000) break
    if (Date.now() - started > 240000) throw new Error('server did not start')
    await sleep(20)
  }
  await sleep(3000)
}

const titles = {}
if (args.header) rec.common = { server: args.header, 'x-content-type-options': 'nosniff' }
if (args.start) {
  titles.boot = 'boot phase: every change of the answer of four paths between start and ready'
  await boot()
}
const only = args.only?.split(',')
const passwordFile = args['password-file']
rec.passwords.admin =
  passwordFile && existsSync(passwordFile) ? readFileSync(passwordFile, 'utf8').trim() : NEW_PASSWORD
masks.push([rec.passwords.admin, rec.passwords.admin === NEW_PASSWORD ? NEW_PASSWORD : '<initial-password>'])
for (const sc of [...one, ...two, ...three]) {
  if (only && !only.includes(sc.id)) continue
  titles[sc.id] = sc.title
  const t = Date.now()
  try {
    await sc.fn(rec.session(sc.id))
  } catch (e) {
    console.error(`scenario ${sc.id} broke: ${e.stack}`)
    rec.exchanges.push({ id: `${sc.id}/BROKEN`, scenario: sc.id, error: e.message })
  }
  console.log(sc.id, rec.exchanges.filter((x) => x.scenario === sc.id).length, `${Date.now() - t} ms`)
}
const server = (await rec.raw({ method: 'GET', path: '/service/rest/v1/status' })).headers.server
const m = /^Nexus\/(\S+) \((\w+)\)/.exec(server)
const doc = {
  server: { version: m?.[1], edition: m?.[2], header: server, database: args.database },
  recorded: new Date().toISOString().slice(0, 10),
  exchanges: rec.exchanges.length,
  commonResponseHeaders: rec.common,
  scenarios: Object.fromEntries(
    Object.entries(titles).map(([k, v]) => [
      k,
      { title: v, exchanges: rec.exchanges.filter((x) => x.scenario === k).length },
    ]),
  ),
  timingsMs: rec.timings,
  log: rec.exchanges,
}
writeFileSync(args.out, `${JSON.stringify(doc, null, 1)}\n`)
console.log('total', rec.exchanges.length, args.out)
upstream.close()
forward.close()
process.exit(0)
