// Two hundred runs of the built program, each of which meets one answer of any kind among good ones.
import { readFileSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { rawControls } from '../helpers/hostile/hostile.ts'
import { type HostileAnswer, hostileAnswers, sendHostile } from '../helpers/hostile/hostile-answers.ts'
import { inParallel, landscape } from '../helpers/landscape.ts'
import { folderWith, runCli } from '../helpers/run-cli.ts'
import { sandboxFor } from '../helpers/sandbox.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const MOST_MIB = 300
/** Ten times what the slowest takes on a quiet machine: a timeout of a second, and once more. */
const LONGEST_MS = 30_000
const preload = join(import.meta.dirname, '../../scripts/lib/report-memory.cjs')

/** A front of the sandbox that answers its `at`-th request itself. */
async function frontOf(sandboxUrl: string, at: number, answer: HostileAnswer): Promise<string> {
  const { hostname, port } = new URL(sandboxUrl)
  let count = 0
  const server = createServer((incoming, outgoing) => {
    count += 1
    if (count === at) {
      sendHostile(incoming.socket, answer)
      return
    }
    const { method, url, headers } = incoming
    const onward = httpRequest({ hostname, port, method, path: url, headers }, (theirs) => {
      outgoing.writeHead(theirs.statusCode ?? 0, theirs.headers)
      theirs.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.on('connection', (socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Meeting {
  number: number
  answer: HostileAnswer
  /** The request that it answers. */
  at: number
  command: 'plan' | 'apply'
  output: string
}

test('one strange answer among good ones: in time, little memory, one sentence, nothing raw', async () => {
  const folder = folderWith({ 'repos.yml': landscape })
  console.log(`seed: ${seed}`)
  let [longest, largest] = [0, 0]
  const meet = async ({ number, answer, at, command, output }: Meeting) => {
    const sandbox = await sandboxFor()
    const memoryFile = join(folder, `memory-${number}`)
    const start = performance.now()
    const args = [command, '-o', output, '--timeout', '1s', ...(command === 'apply' ? ['--yes'] : [])]
    const { code, stdout, stderr } = await runCli(args, {
      cwd: folder,
      env: {
        NEXUS_URL: await frontOf(sandbox.url, at, answer),
        NEXUS_PASSWORD: sandbox.password,
        NODE_OPTIONS: `--require=${preload}`,
        MEMORY_FILE: memoryFile,
      },
    })
    const all = `${stdout}\n${stderr}`
    longest = Math.max(longest, performance.now() - start)
    largest = Math.max(largest, Number(readFileSync(memoryFile, 'utf8')) / 1024)
    const told = `seed ${seed}, number ${number}: ${command} -o ${output}`
    expect(all, told).not.toMatch(/\n\s+at |bug in nexus-docker/)
    expect(rawControls(all), told).toEqual([])
    expect([0, 1, 3, 4, 5], told).toContain(code)
    if (code !== 0) expect(all, told).toMatch(/\w+ \w+ \w+/)
  }
  const places = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 40 }))
  const commands = fc.constantFrom<'plan' | 'apply'>('plan', 'apply', 'apply')
  const outputs = fc.constantFrom('text', 'json', 'markdown', 'ndjson')
  const some = fc.record({ answer: hostileAnswers, at: places, command: commands, output: outputs })
  const meetings = fc.sample(some, { numRuns: 200, seed }).map((one, number) => ({ ...one, number }))
  await inParallel(meetings, meet)
  console.log(`longest ${(longest / 1000).toFixed(1)} s, largest ${largest.toFixed(0)} MiB`)
  expect(longest).toBeLessThan(LONGEST_MS)
  expect(largest).toBeLessThan(MOST_MIB)
})
