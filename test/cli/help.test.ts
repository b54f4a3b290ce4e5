// What commander answers by itself: help, the version, a mistyped command.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fileWith, runCli } from '../helpers/run-cli.ts'

const bin = fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))

test.each([
  [['--help'], 0, /^Usage: nexus-docker \[options\] \[command\]/, /^$/],
  [['apply', '--help'], 0, /^Usage: nexus-docker apply \[options\]/, /^$/],
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
  [['appyl'], 3, /^$/, /unknown command 'appyl'\n\(Did you mean apply\?\)/],
  [['plan', 'repos.yml'], 3, /^$/, /^error: plan takes only options: nexus-docker plan --help lists them\n$/],
  [['apply', '--dryrun'], 3, /^$/, /unknown option '--dryrun'\n\(Did you mean --dry-run\?\)/],
])('%s', async (args, code, stdout, stderr) => {
  const result = await runCli(args)
  expect(result.code).toBe(code)
  expect(result.stdout).toMatch(stdout)
  expect(result.stderr).toMatch(stderr)
})

test.runIf(existsSync('/dev/full'))(
  'output that does not fit on the disk is an error in one line',
  async () => {
    const full = openSync('/dev/full', 'w')
    for (const args of [['--help'], ['validate', '-f', fileWith('repositories: {}\n')]]) {
      const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', full, 'pipe'] })
      let stderr = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const [code] = (await once(child, 'close')) as [number]
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'error: standard output cannot be written (ENOSPC)\n',
      })
    }
    closeSync(full)
  },
)

test('help that nobody reads to its end is no error', async () => {
  const child = spawn(process.execPath, [bin, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number]
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
