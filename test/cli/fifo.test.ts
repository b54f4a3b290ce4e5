// Files that are pipes: nobody may ever write to them, and a signal has to end the run all the same.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, runCli } from '../helpers/run-cli.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const plain =
  'version: 1\nnexus: {url: "http://127.0.0.1:1", password: p}\nrepositories: {apps: {type: hosted}}\n'
const secret = plain.replace('password: p', 'password: {file: pipe}')

// No command may wait inside of a system call: then signals would never be seen, nor could the process end.
test
  .runIf(process.platform !== 'win32')
  .each([
    [['validate', '-f', 'pipe']],
    [['plan', '-f', 'pipe']],
    [['apply', '-f', 'pipe', '--yes']],
    [['apply', '-f', 'pipe', '--sandbox']],
    [['wait', '-f', 'pipe']],
    [['plan', '-f', 'secret.yml']],
    [['apply', '-f', 'secret.yml', '--yes']],
    [['plan', '-f', 'plain.yml', '--password-file', 'pipe']],
    [['apply', '-f', 'plain.yml', '--yes', '--password-file', 'pipe']],
    [['wait', '--url', 'http://127.0.0.1:1', '--password-file', 'pipe']],
  ])('%j with a pipe that nobody writes to: each signal ends it at once, with a sentence', async (args) => {
  const cwd = folderWith({ 'secret.yml': secret, 'plain.yml': plain })
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(cwd, 'pipe')])
  const ends = signals.map(async (signal) => {
    const { code, stdout, stderr } = await runCli(args, {
      cwd,
      timeoutMs: 20_000,
      whenCatching: (kill) => kill(signal),
    })
    return { signal, code, stdout, stderr }
  })
  for (const end of await Promise.all(ends))
    expect(end).toMatchObject({ code: 130, stdout: '', stderr: 'error: interrupted; nothing was changed\n' })
})
