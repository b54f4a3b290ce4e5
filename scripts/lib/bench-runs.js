// The bench's single measurements: the built CLI in a process of its own against sandboxes in another.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchFile } from './bench-file.js'
import { root, run } from './cli.js'

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url))
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** Starts the process with the sandboxes. Call `close` at the end. */
export async function createBench() {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-bench-'))
  // A copy of the program, so that a build in the meantime does not change what is measured.
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  const host = fork(pathOf('sandbox-host.js'))
  await once(host, 'message')
  const ask = async (message) => {
    host.send(message)
    const [answer] = await once(host, 'message')
    return answer
  }
  return {
    async server(latencyMs) {
      const { id, url, username, password } = await ask({ start: { latencyMs } })
      return { id, env: { NEXUS_URL: url, NEXUS_USERNAME: username, NEXUS_PASSWORD: password } }
    },
    file(count) {
      const path = join(folder, `${count}.yml`)
      writeFileSync(path, benchFile(count))
      return path
    },
    counts: ({ id }) => ask({ counts: id }),
    bin: join(folder, 'bin/nexus-docker.js'),
    memoryFile: join(folder, 'memory'),
    close() {
      host.disconnect()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a program that has to succeed. */
async function succeed(args, env) {
  const result = await run(args, { env })
  if (result.code !== 0) throw new Error(`${args.join(' ')} ended with ${result.code}\n${result.stderr}`)
  return result
}

/** One apply; requests, writes and most requests at one time as the server saw them, and the milliseconds of the whole process. */
async function apply(bench, count, server, options = []) {
  const args = [bench.bin, 'apply', '-f', bench.file(count), '--yes', '-o', 'json', ...options]
  const { milliseconds } = await succeed(args, server.env)
  return { ...(await bench.counts(server)), milliseconds }
}

/** The first apply and the median of five that have nothing to do. */
export async function applyTwice(bench, count, latencyMs) {
  const server = await bench.server(latencyMs)
  const first = await apply(bench, count, server)
  const rounds = []
  for (let round = 0; round < 5; round++) rounds.push(await apply(bench, count, server))
  const again = { ...rounds[0], milliseconds: median(rounds.map(({ milliseconds }) => milliseconds)) }
  return { count, latencyMs, first, again }
}

/**
 * How often a run with nothing to do waits for the server. Told from a slow server and a fast one: the difference is in the
 * waiting alone, and half a second is far more than what a busy machine adds.
 */
export async function roundTrips(bench) {
  const latencyMs = 500
  const fast = await applyTwice(bench, 3, 0)
  const slow = await bench.server(latencyMs)
  await apply(bench, 3, slow)
  const { milliseconds } = await apply(bench, 3, slow)
  return (milliseconds - fast.again.milliseconds) / latencyMs
}

/** The first apply with one request at a time. */
export async function applySerially(bench, count, latencyMs) {
  return apply(bench, count, await bench.server(latencyMs), ['--parallelism', '1'])
}

/** Peak resident memory of a no-change apply in MiB, as the kernel counted it for the process. */
export async function peakMemory(bench, count) {
  const server = await bench.server(0)
  await apply(bench, count, server)
  const args = [
    '--require',
    pathOf('report-memory.cjs'),
    bench.bin,
    'apply',
    '-f',
    bench.file(count),
    '--yes',
  ]
  await succeed(args, { ...server.env, MEMORY_FILE: bench.memoryFile })
  return Number(readFileSync(bench.memoryFile, 'utf8')) / 1024
}

/** Medians in milliseconds. The rounds are interleaved: what else the machine does hits all programs alike. */
export async function startUp(bench, rounds) {
  const { bin } = bench
  const [small, large] = [await bench.server(0), await bench.server(0)]
  await apply(bench, 10, small)
  await apply(bench, 1000, large)
  const programs = {
    node: ['-e', '0'],
    version: [bin, '--version'],
    help: [bin, '--help'],
    validate: [bin, 'validate', '-f', bench.file(10)],
    plan: [bin, 'plan', '-f', bench.file(10), '--detailed-exitcode'],
    large: [bin, 'apply', '-f', bench.file(1000), '--yes'],
  }
  const measured = Object.entries(programs).map(([name, args]) => ({
    name,
    args,
    times: /** @type {number[]} */ ([]),
  }))
  for (let round = 0; round < rounds; round++) {
    for (const { name, args, times } of measured) {
      const { milliseconds } = await succeed(args, name === 'large' ? large.env : small.env)
      times.push(milliseconds)
    }
  }
  return Object.fromEntries(measured.map(({ name, times }) => [name, median(times)]))
}
