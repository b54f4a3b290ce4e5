// What both comparisons with real servers need: where the recorder is, running it, and reading what its comparison found.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
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

/** The command line `[VERSION…] [--show N]`; N is how many differences are printed. */
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
 * Compares two recordings; what `explained` (a file beside the tests) names may differ.
 * @param {{ expected: string, actual: string, explained: string, scenarios?: string[], show: string }} options
 */
export async function compare({ expected, actual, explained, scenarios, show }) {
  const args = [expected, actual, '--show', show]
  if (scenarios) args.push('--scenarios', scenarios.join(','))
  const reasons = join(root, 'test/contract', explained)
  if (existsSync(reasons)) args.push('--explained', reasons)
  const { code, output } = await run(process.execPath, [recorder('compare'), ...args])
  const counts = /(\d+) equal, (\d+) different, (\d+) explained\s*$/.exec(output)
  if (!counts) throw new Error(`no result for ${expected}:\n${output}`)
  const [equal = 0, different = 0, excused = 0] = counts.slice(1).map(Number)
  return { code, output, equal, different, excused, percent: (100 * equal) / (equal + different + excused) }
}

/** One line with the figures of a comparison, and before it what differs. */
export function report({ code, output, equal, different, excused, percent }, failed, name, bar) {
  if (code !== 0) process.stdout.write(output)
  const figures = `${equal} equal, ${different} different, ${excused} explained`
  console.log(`${failed ? 'FAIL' : 'ok  '} ${name}  ${figures}, ${percent.toFixed(1)} % equal (bar ${bar} %)`)
}
