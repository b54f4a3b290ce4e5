// Starts, stops and restarts sandboxes as real servers were, with the data and properties that those had, and compares.
// usage: node scripts/contract-lifecycle.js [VERSION…] [--show N]
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './lib/bundle.js'
import { compare, readCommandLine, recorder, report, run } from './lib/contract.js'
import { withPhases } from './lib/lifecycle-phases.js'
import { readRecordings } from './lib/recordings.js'

const versions = ['3.77.1', '3.41.1']

// Least share of equal exchanges, in percent.
const bar = 90

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  return typeof address === 'object' ? address?.port : undefined
}

function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Ends the server that a recorder which broke off has left running. */
function endServer(pidFile) {
  if (!existsSync(pidFile)) return
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')
  } catch {
    // it has ended, as it should
  }
}

async function check(version, recording, show) {
  const directory = mkdtempSync(join(tmpdir(), 'nexus-docker-lifecycle-'))
  const [data, recorded] = [join(directory, 'data'), join(directory, 'recorded.json')]
  mkdirSync(data)
  try {
    const port = await freePort()
    const server = [process.execPath, join(root, 'scripts/lib/lifecycle-server.js')].map(quoted).join(' ')
    const start = `PORT=${port} VERSION=${version} ${server} & echo $! > "$DATA/pid"`
    const header = recording.commonResponseHeaders.server
    const args = ['--base', `http://127.0.0.1:${port}`, '--data', data, '--start', start, '--out', recorded]
    const { code, output } = await run(process.execPath, [recorder('lifecycle'), ...args, '--header', header])
    if (code !== 0) throw new Error(`the recorder failed for ${version}:\n${output}`)

    const result = await compare({
      expected: withPhases(recording),
      actual: withPhases(JSON.parse(readFileSync(recorded, 'utf8'))),
      explained: `explained-lifecycle-${version}.json`,
      show,
    })
    return report(result, `lifecycle ${version}`, bar)
  } finally {
    endServer(join(data, 'pid'))
    rmSync(directory, { recursive: true, force: true })
  }
}

const { show, chosen } = readCommandLine(versions)
const archive = readRecordings()
const results = await Promise.all(
  chosen.map((version) => check(version, archive[`lifecycle-${version}.json`], show)),
)
process.exit(results.every(Boolean) ? 0 : 1)
