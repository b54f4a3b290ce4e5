// Holds the sandbox to the recordings of real servers: for each version, asks it what the real server was asked and compares.
// usage: node scripts/contract.js [VERSION…] [--recorder DIR] [--show N]
// DIR holds recorder/ and contract/; it defaults to `../shared` beside the checkout, and without it nothing is compared.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

// What the recorder asks, in its own order. first-login sets the password that all later ones use.
const scenarios = [
  'status',
  'first-login',
  'eula',
  'auth',
  'realms',
  'anonymous',
  'blobstores-file',
  'raw-hosted',
  'case-variants',
  'raw-proxy',
  'raw-group',
  'maven',
  'repositories-general',
  'http-settings',
  'extdirect',
  'read-only',
  'routes',
]

// `strict`: an unexplained difference fails the run. `bar`: least share of equal exchanges, in percent.
const versions = {
  '3.89.0': { recording: 'core-3.89.0.json', strict: true, bar: 95 },
  '3.77.1': { recording: 'core-3.77.1.json', strict: true, bar: 95 },
  '3.71.0': { recording: 'core-3.71.0.json', strict: true, bar: 95 },
  '3.62.0': { recording: 'core-3.62.0.json', strict: false, bar: 90 },
  '3.41.1': { recording: 'core-3.41.1.json', strict: false, bar: 0 },
  '3.28.0': { recording: 'core-3.28.0-orient.json', strict: false, bar: 0 },
}

/** Runs a program and resolves with its exit code and what it printed. */
function run(command, args) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.on('error', fail)
    child.on('close', (code) => done({ code, output }))
  })
}

// The recorder's upstream and forward proxy; a second run on the same machine has to wait for them.
const recorderPorts = [18888, 18889]

function isFree(port) {
  return new Promise((done) => {
    const probe = createServer()
    probe.on('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
  })
}

async function waitForPorts() {
  for (let second = 0; second < 60; second++) {
    if ((await Promise.all(recorderPorts.map(isFree))).every(Boolean)) return
    await delay(1000)
  }
  throw new Error(`ports ${recorderPorts.join(' and ')} of 127.0.0.1 are taken: the recorder needs them`)
}

async function record(startSandbox, version, header, recorder, file) {
  await waitForPorts()
  const sandbox = await startSandbox({ version, edition: 'core', state: 'fresh' })
  try {
    const args = ['--base', sandbox.url, '--password-file', sandbox.initialPasswordFile, '--out', file]
    const only = ['--only', scenarios.join(','), '--header', header]
    const { code, output } = await run(process.execPath, [
      join(recorder, 'recorder/record.mjs'),
      ...args,
      ...only,
    ])
    if (code !== 0) throw new Error(`the recorder failed for ${version}:\n${output}`)
  } finally {
    await sandbox.close()
  }
}

async function compare(version, expected, actual, recorder, show) {
  const explained = join(root, `test/contract/explained-${version}.json`)
  const args = [expected, actual, '--scenarios', scenarios.join(','), '--show', show]
  if (existsSync(explained)) args.push('--explained', explained)
  const { code, output } = await run(process.execPath, [join(recorder, 'recorder/compare.mjs'), ...args])
  const counts = /(\d+) equal, (\d+) different, (\d+) explained\s*$/.exec(output)
  if (!counts) throw new Error(`no result for ${version}:\n${output}`)
  const [equal, different, excused] = counts.slice(1).map(Number)
  return { code, output, equal, different, excused, percent: (100 * equal) / (equal + different + excused) }
}

async function check(version, startSandbox, recorder, show) {
  const { recording, strict, bar } = versions[version]
  const expected = join(recorder, 'contract', recording)
  const directory = mkdtempSync(join(tmpdir(), 'nexus-docker-contract-'))
  try {
    const header = JSON.parse(readFileSync(expected, 'utf8')).commonResponseHeaders.server
    const actual = join(directory, 'actual.json')
    await record(startSandbox, version, header, recorder, actual)
    const result = await compare(version, expected, actual, recorder, show)
    const failed = (strict && result.code !== 0) || result.percent < bar
    if (result.code !== 0) process.stdout.write(result.output)
    const figures = `${result.equal} equal, ${result.different} different, ${result.excused} explained`
    console.log(
      `${failed ? 'FAIL' : 'ok  '} ${version}  ${figures}, ${result.percent.toFixed(1)} % equal (bar ${bar} %)`,
    )
    return !failed
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { recorder: { type: 'string', default: '../shared' }, show: { type: 'string', default: '20' } },
})
const unknown = positionals.filter((version) => !(version in versions))
if (unknown.length > 0) {
  console.error(`no recording of ${unknown.join(', ')}; there is ${Object.keys(versions).join(', ')}`)
  process.exit(1)
}
const recorder = resolve(root, values.recorder)
if (!existsSync(join(recorder, 'recorder/record.mjs')) || !existsSync(join(recorder, 'contract'))) {
  console.log(`skipped: contract comparison, no recorder and recordings in ${values.recorder}`)
  process.exit(0)
}
const { startSandbox } = await tsImport('../src/sandbox/index.ts', import.meta.url)
let good = true
// one after the other: the recorder listens on two fixed ports
for (const version of positionals.length > 0 ? positionals : Object.keys(versions)) {
  good = (await check(version, startSandbox, recorder, values.show)) && good
}
process.exit(good ? 0 : 1)
