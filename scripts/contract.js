// Holds the sandbox to the recordings of real servers: for each version, asks it what the real server was asked and compares.
// usage: node scripts/contract.js [VERSION[-orient]…] [--show N]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tsImport } from 'tsx/esm/api'
import { compare, readCommandLine, recorder, report, run } from './lib/contract.js'
import { withSets } from './lib/parallel-sets.js'
import { readRecordings } from './lib/recordings.js'
import { scenarios } from './lib/scenarios.js'

// core-<name>.json each; what has no database in its name ran on H2.
const recordings = ['3.89.0', '3.77.1', '3.71.0', '3.62.0', '3.41.1', '3.41.1-orient', '3.28.0-orient']

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

async function record(startSandbox, name, header, file) {
  await waitForPorts()
  const [version, database = 'h2'] = name.split('-')
  const sandbox = await startSandbox({ version, database, edition: 'core', state: 'fresh' })
  try {
    const args = ['--base', sandbox.url, '--password-file', sandbox.initialPasswordFile, '--out', file]
    const only = ['--only', scenarios.join(','), '--header', header]
    const { code, output } = await run(process.execPath, [recorder('record'), ...args, ...only])
    if (code !== 0) throw new Error(`the recorder failed for ${name}:\n${output}`)
  } finally {
    await sandbox.close()
  }
}

function onlyParallelDiffer(output) {
  const different = [...output.matchAll(/^✗ (\S+)/gm)].map(([, id = '']) => id)
  return different.length > 0 && different.every((id) => id.startsWith('concurrency/'))
}

async function check(name, recording, startSandbox, show) {
  const directory = mkdtempSync(join(tmpdir(), 'nexus-docker-contract-'))
  try {
    const recorded = join(directory, 'recorded.json')
    const ask = async () => {
      await record(startSandbox, name, recording.commonResponseHeaders.server, recorded)
      return compare({
        expected: withSets(recording),
        actual: withSets(JSON.parse(readFileSync(recorded, 'utf8'))),
        explained: `explained-${name}.json`,
        scenarios,
        show,
      })
    }
    let result = await ask()
    // On a busy machine requests that are sent in parallel may still arrive one after the other.
    for (let again = 0; again < 2 && onlyParallelDiffer(result.output); again++) result = await ask()
    return report(result, name, bar)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const { show, chosen } = readCommandLine(recordings)
const archive = readRecordings()
const { startSandbox } = await tsImport('../src/sandbox/index.ts', import.meta.url)
let good = true
// one after the other: the recorder listens on two fixed ports
for (const name of chosen)
  good = (await check(name, archive[`core-${name}.json`], startSandbox, show)) && good
process.exit(good ? 0 : 1)
