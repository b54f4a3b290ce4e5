// Holds the sandbox to the recordings of real servers: for each version, asks it what the real server was asked and compares.
// usage: node scripts/contract.js [VERSION…] [--show N]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tsImport } from 'tsx/esm/api'
import { compare, readCommandLine, recorder, report, run } from './lib/contract.js'
import { readRecordings } from './lib/recordings.js'

// What the recorder asks, in its own order. first-login sets the password that all later ones use; after lockout nothing works.
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
  'lockout',
]

const recordings = {
  '3.89.0': 'core-3.89.0.json',
  '3.77.1': 'core-3.77.1.json',
  '3.71.0': 'core-3.71.0.json',
  '3.62.0': 'core-3.62.0.json',
  '3.41.1': 'core-3.41.1.json',
  '3.28.0': 'core-3.28.0-orient.json',
}

// Least share of equal exchanges, in percent: an explained difference is one all the same.
const bar = 95

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

async function record(startSandbox, version, header, file) {
  await waitForPorts()
  const sandbox = await startSandbox({ version, edition: 'core', state: 'fresh' })
  try {
    const args = ['--base', sandbox.url, '--password-file', sandbox.initialPasswordFile, '--out', file]
    const only = ['--only', scenarios.join(','), '--header', header]
    const { code, output } = await run(process.execPath, [recorder('record'), ...args, ...only])
    if (code !== 0) throw new Error(`the recorder failed for ${version}:\n${output}`)
  } finally {
    await sandbox.close()
  }
}

async function check(version, recording, startSandbox, show) {
  const directory = mkdtempSync(join(tmpdir(), 'nexus-docker-contract-'))
  try {
    const [expected, actual] = [join(directory, 'expected.json'), join(directory, 'actual.json')]
    writeFileSync(expected, JSON.stringify(recording))
    await record(startSandbox, version, recording.commonResponseHeaders.server, actual)
    const explained = `explained-${version}.json`
    const result = await compare({ expected, actual, explained, scenarios, show })
    const failed = result.code !== 0 || result.percent < bar
    report(result, failed, version, bar)
    return !failed
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const { show, chosen } = readCommandLine(Object.keys(recordings))
const archive = readRecordings()
const { startSandbox } = await tsImport('../src/sandbox/index.ts', import.meta.url)
let good = true
// one after the other: the recorder listens on two fixed ports
for (const version of chosen)
  good = (await check(version, archive[recordings[version]], startSandbox, show)) && good
process.exit(good ? 0 : 1)
