// However a run ends, the process ends: at once, in one sentence, and never with a stack trace that nobody asked for.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { fileWith, folderWith, runCli } from '../helpers/run-cli.ts'

const bin = fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))
const yaml = 'version: 1\nrepositories: {apps: {type: hosted}}\n'

/** Runs a shell script in which `nd` is the program. */
function shell(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `nd() { "${process.execPath}" "${bin}" "$@"; }; ${script}`],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  )
  return { status, stdout, stderr }
}

const stackTrace = /^ +at .*:\d+/m

describe('what the program does not have', () => {
  test.each(['validate', 'plan --sandbox', 'apply --sandbox', 'init --yes'])(
    '%s in a directory that was removed: one sentence',
    (command) => {
      const folder = folderWith({ 'gone/x': '' })
      const { status, stdout, stderr } = shell(
        `cd "${folder}/gone" && rm -r "${folder}/gone" && nd ${command}`,
      )
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/^error: the working directory no longer exists\n {2}hint: .*\n$/)
    },
  )

  test
    .runIf(process.platform === 'linux')
    .each(['--help', 'validate -f', 'plan --sandbox -f', 'apply --sandbox -f'])(
    '%s to a disk that is full: one sentence, exit 1',
    (command) => {
      const file = command.endsWith('-f') ? ` "${fileWith(yaml)}"` : ''
      const { status, stderr } = shell(`nd ${command}${file} > /dev/full`)
      expect(status).toBe(1)
      expect(stderr.match(/^error: .*$/gm)).toEqual(['error: standard output cannot be written (ENOSPC)'])
      expect(stderr).not.toMatch(stackTrace)
    },
  )

  test.each([
    ['standard output that cannot be written', '1< /dev/null', 1],
    ['standard error that cannot be written', '2< /dev/null', 0],
    ['no standard output', '>&-', 0],
    ['no standard error', '2>&-', 0],
    ['no standard input', '<&-', 0],
    ['none at all', '<&- >&- 2>&-', 0],
  ])('%s: no stack trace', (_, redirect, exitCode) => {
    const { status, stdout, stderr } = shell(`nd validate -f "${fileWith(yaml)}" ${redirect}`)
    expect(status).toBe(exitCode)
    expect(stdout + stderr).not.toMatch(stackTrace)
  })

  test('a reader that has gone is no error of a plan', () => {
    const { stderr } = shell(`nd plan --sandbox -f "${fileWith(yaml)}" | true`)
    expect(stderr).not.toContain('error')
  })
})

/** What is run in the process before the program. */
function preloaded(code: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${join(folderWith({ 'before.cjs': code }), 'before.cjs')}` }
}

describe('what the program does not know of', () => {
  test.each([
    ['a timer', 'setInterval(() => {}, 1000)'],
    ['a server', 'require("node:net").createServer().listen(0, "127.0.0.1")'],
    [
      'a connection',
      'const s = require("node:net").createServer().listen(0, () => require("node:net").connect(s.address().port))',
    ],
  ])('%s does not keep the process', async (_, code) => {
    for (const args of [
      ['validate', '-f', fileWith(yaml)],
      ['--version'],
      ['plan', '--sandbox', '-f', fileWith(yaml)],
    ]) {
      const result = await runCli(args, { env: preloaded(code), timeoutMs: 30_000 })
      expect(result).toMatchObject({ code: 0, signal: null })
    }
  })

  test.each([
    ['an exception', 'throw new TypeError("x is undefined")'],
    ['a promise that nobody waits for', 'Promise.reject(new TypeError("x is undefined"))'],
  ])('%s is a bug, and says so; --debug shows where', async (_, code) => {
    // Thrown while the command runs: its input never ends.
    const env = preloaded(`const look = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return
      clearInterval(look)
      ${code}
    }, 1)`)
    const run = (...flags: string[]) => runCli(['plan', '-f', '-', ...flags], { env, input: null })
    const plain = await run()
    expect(plain).toMatchObject({ code: 1, stdout: '' })
    expect(plain.stderr).toMatch(
      /^This is a bug in nexus-docker\. .*\nTypeError: x is undefined\n\(--debug shows where\)\n$/,
    )
    const debug = await run('--debug')
    expect(debug.code).toBe(1)
    expect(debug.stderr).toMatch(stackTrace)
  })

  test('all of a long output is written before the end', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `r${index}`)
    const file = fileWith(`repositories:\n${names.map((name) => `  ${name}: {type: hosted}\n`).join('')}`)
    const { code, stdout } = await runCli(['plan', '--sandbox', '-f', file, '-o', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ summary: { create: 3000 } })
  })
})
