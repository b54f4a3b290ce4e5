// `verify` on what is as it has to be: every example is applied to a sandbox of its own, with upstreams on loopback, and proved again and
// again. Ends with 1 where a check fails, and where even the fastest run takes longer than it may, or the largest more memory.
// What else the machine does only adds to times.
// usage: node scripts/verify-examples.js [--runs N]   (all examples together; default: 100)
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { bin, root, run, startSandbox } from './lib/cli.js'
import { freePorts } from './lib/free-ports.js'
import { fillUpstream } from './lib/sample-upstream.js'

const mostSeconds = 3
const mostMegabytes = 120

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100' } } })
const names = readdirSync(join(root, 'examples')).toSorted()
const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-examples-'))
const memoryFile = join(folder, 'memory')
const measure = fileURLToPath(new URL('lib/report-memory.cjs', import.meta.url))

/** What is laid over an example: ports that are free here, and the sample in place of every upstream, asked for without a proxy. */
async function overlayFor({ httpProxy, repositories }, remoteUrl) {
  const entries = Object.entries(repositories)
  const ports = await freePorts(entries.length)
  const over = entries.map(([name, { type, httpPort, index }], at) => [
    name,
    {
      ...(httpPort !== undefined && { httpPort: ports[at] }),
      ...(type === 'proxy' && { upstream: null, remoteUrl, index: index ?? 'registry' }),
    },
  ])
  return {
    version: 1,
    ...(httpProxy && { httpProxy: { exclude: [...httpProxy.exclude, '127.0.0.1'] } }),
    repositories: Object.fromEntries(over),
  }
}

/** A sandbox as the example is written for, and the environment of somebody who follows it. */
async function serverFor({ bootstrap }, upstream) {
  const sandbox = await startSandbox(...(bootstrap ? ['--state', 'fresh'] : []))
  const env = { ...sandbox.env, DOCKERHUB_USERNAME: upstream.username, DOCKERHUB_TOKEN: upstream.password }
  if (!bootstrap) return { sandbox, env }
  const NEXUS_DATA = dirname(sandbox.initialPasswordFile)
  return { sandbox, env: { ...env, NEXUS_DATA, NEXUS_PASSWORD: 'password-of-the-example' } }
}

/** One run of the program: its causes, its seconds and its megabytes. */
async function verify(args, env) {
  const all = ['--require', measure, bin, 'verify', ...args, '-o', 'json']
  const { code, stdout, stderr, milliseconds } = await run(all, { env: { ...env, MEMORY_FILE: memoryFile } })
  const checks = stdout === '' ? [] : JSON.parse(stdout).checks
  const failed = checks.filter(({ status }) => status === 'failed')
  const alarms = failed.map(({ id, cause }) => `${id} ${cause.code}: ${cause.message}`)
  if (code !== 0 && alarms.length === 0) alarms.push(`ended with ${code}: ${stderr}`)
  const megabytes = Number(readFileSync(memoryFile, 'utf8')) / 1024
  const passed = checks.filter(({ status }) => status === 'passed').length
  return { alarms, passed, skipped: checks.length - passed - failed.length, milliseconds, megabytes }
}

async function proveExample(name, runs, upstream) {
  const file = join(root, 'examples', name, 'repos.yml')
  const example = parse(readFileSync(file, 'utf8'))
  const { sandbox, env } = await serverFor(example, upstream)
  try {
    const over = join(folder, `${name}.json`)
    writeFileSync(over, JSON.stringify(await overlayFor(example, upstream.remoteUrl)))
    const files = ['-f', file, '-f', over]
    const applied = await run([bin, 'apply', ...files, '--yes'], { env })
    if (applied.code !== 0) throw new Error(`${name} cannot be applied:\n${applied.stderr}`)
    const proxies = Object.entries(example.repositories).filter(([, { type }]) => type === 'proxy')
    const images = proxies.flatMap(([proxy]) => ['--image', `${proxy}=${upstream.name}:${upstream.tag}`])
    const results = []
    for (let round = 0; round < runs; round++) results.push(await verify([...files, ...images], env))
    return { name, repositories: Object.keys(example.repositories).length, results }
  } finally {
    await sandbox.stop()
  }
}

const registry = await startSandbox()
const examples = []
try {
  const upstream = { ...registry, ...(await fillUpstream(registry, { token: true })) }
  const each = Math.ceil(Number(values.runs) / names.length)
  for (const name of names) examples.push(await proveExample(name, each, upstream))
} finally {
  await registry.stop()
  rmSync(folder, { recursive: true, force: true })
}

const rows = examples.map(({ name, repositories, results }) => {
  const { passed = 0, skipped = 0 } = results.at(-1) ?? {}
  const times = results.map(({ milliseconds }) => milliseconds / 1000).toSorted((a, b) => a - b)
  const [fastest = 0] = times
  const [median = 0, slowest = 0] = [times[Math.floor(times.length / 2)], times.at(-1)]
  const megabytes = Math.max(...results.map((result) => result.megabytes))
  const alarms = [...new Set(results.flatMap((result) => result.alarms))]
  return {
    name,
    repositories,
    runs: results.length,
    passed,
    skipped,
    alarms,
    fastest,
    median,
    slowest,
    megabytes,
  }
})
const heads = [
  'example',
  'repositories',
  'runs',
  'passed',
  'skipped',
  'alarms',
  'median',
  'slowest',
  'largest',
]
const cells = rows.map(({ name, alarms, fastest, median, slowest, megabytes, ...row }) => [
  ...[name, row.repositories, row.runs, row.passed, row.skipped, alarms.length],
  ...[
    `${fastest.toFixed(2)} s`,
    `${median.toFixed(2)} s`,
    `${slowest.toFixed(2)} s`,
    `${megabytes.toFixed(0)} MB`,
  ],
])
for (const row of [heads, ...cells])
  console.log(
    row.map((cell, at) => (at === 0 ? String(cell).padEnd(28) : String(cell).padStart(14))).join(''),
  )
const wrong = rows.flatMap(({ name, alarms, fastest, megabytes }) => [
  ...alarms.map((alarm) => `${name}: ${alarm}`),
  ...(fastest > mostSeconds ? [`${name}: a run takes more than ${mostSeconds} s`] : []),
  ...(megabytes > mostMegabytes ? [`${name}: a run took more than ${mostMegabytes} MB`] : []),
])
for (const one of wrong) console.error(one)
if (wrong.length > 0) process.exitCode = 1
