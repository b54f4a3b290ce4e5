// What both comparisons with real servers need: where the recorder is, running it, and reading what its comparison found.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './bundle.js'

/** Runs a program and resolves with its exit code and what it printed. */
export function run(command, args) {
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

/** A program of the recorder: `record`, `compare` or `lifecycle`. */
export const recorder = (name) => join(root, `scripts/recorder/${name}.mjs`)

/** The command line `[NAME…] [--show N]`; N is how many differences are printed. */
export function readCommandLine(versions) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { show: { type: 'string', default: '20' } },
  })
  const unknown = positionals.filter((version) => !versions.includes(version))
  if (unknown.length > 0) {
    console.error(`no recording of ${unknown.join(', ')}; there is ${versions.join(', ')}`)
    process.exit(1)
  }
  return { show: values.show, chosen: positionals.length > 0 ? positionals : versions }
}

/**
 * The file of what may differ, and why; its entries name one exchange each, of those that are compared.
 * @param {string} name
 * @param {Set<string>} compared
 */
function reasonsFile(name, compared) {
  const file = join(root, 'test/contract', name)
  if (!existsSync(file)) return undefined
  const unknown = Object.keys(JSON.parse(readFileSync(file, 'utf8'))).filter((id) => !compared.has(id))
  if (unknown.length > 0)
    throw new Error(
      `${name} names what is not compared (each exchange needs its own entry): ${unknown.join(', ')}`,
    )
  return file
}

/**
 * Compares two recordings; what `explained` (a file beside the tests) names may differ.
 * @param {{ expected: any, actual: any, explained: string, scenarios?: string[], show: string }} options
 */
export async function compare({ expected, actual, explained, scenarios, show }) {
  const directory = mkdtempSync(join(tmpdir(), 'nexus-docker-compare-'))
  try {
    const files = [join(directory, 'expected.json'), join(directory, 'actual.json')]
    for (const [index, recording] of [expected, actual].entries())
      writeFileSync(files[index] ?? '', JSON.stringify(recording))
    const args = [...files, '--show', show]
    if (scenarios) args.push('--scenarios', scenarios.join(','))
    const claimed = expected.log.filter(({ scenario }) => scenarios?.includes(scenario) ?? true)
    const reasons = reasonsFile(explained, new Set(claimed.map(({ id }) => id)))
    if (reasons) args.push('--explained', reasons)
    const { code, output } = await run(process.execPath, [recorder('compare'), ...args])
    const counts = /(\d+) equal, (\d+) different, (\d+) explained\s*$/.exec(output)
    if (!counts) throw new Error(`no result for ${explained}:\n${output}`)
    const [equal = 0, different = 0, excused = 0] = counts.slice(1).map(Number)
    return { code, output, equal, different, excused, whole: expected.log.length }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** One line with the figures of a comparison, and before it what differs; whether it is good. */
export function report({ code, output, equal, different, excused, whole }, name, bar) {
  const percent = (/** @type {number} */ all) => ((100 * equal) / all).toFixed(1)
  const share = percent(equal + different + excused)
  const good = code === 0 && Number(share) >= bar
  if (code !== 0) process.stdout.write(output)
  const figures = `${equal} equal, ${different} different, ${excused} explained`
  console.log(
    `${good ? 'ok  ' : 'FAIL'} ${name}  ${figures}, ${share} % equal (bar ${bar} %); ${percent(whole)} % of all ${whole} recorded`,
  )
  return good
}
