// Files that options name: no more is read of them than they may hold.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { sandboxFor } from '../../helpers/sandbox.ts'

const isPosix = process.platform !== 'win32'
const YAML = { 'repos.yml': 'version: 1\nrepositories: {apps: {type: hosted}}\n' }

describe.skipIf(!isPosix)('what has no end', () => {
  test.each([
    ['--password-file', '/dev/zero', 'is larger than 64 KiB'],
    ['--ca-cert', '/dev/zero', 'is larger than 1 MiB'],
    ['--client-key', '/dev/zero', 'is larger than 1 MiB'],
    ['--password-file', 'large', 'is larger than 64 KiB'],
  ])('%s %s: one sentence, nothing is sent', async (option, path, says) => {
    const sandbox = await sandboxFor()
    const cwd = folderWith({ ...YAML, large: 'x'.repeat(64 * 1024 + 1) })
    const env = { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: sandbox.password }
    const { code, stderr } = await runCli(['plan', option, path], { cwd, env })
    expect({ code, stderr }).toMatchObject({ code: 3 })
    expect(stderr).toContain(`${option}: ${path} ${says}`)
    expect(sandbox.requests).toEqual([])
  })

  test('an initial password without end is like none', async () => {
    const sandbox = await sandboxFor()
    const yaml =
      'version: 1\nbootstrap: {initialPassword: {file: /dev/zero}}\nrepositories: {apps: {type: hosted}}\n'
    const cwd = folderWith({ 'repos.yml': yaml })
    const env = { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: 'wrong-one' }
    const { code, stderr } = await runCli(['plan'], { cwd, env })
    expect({ code, stderr }).toMatchObject({ code: 4 })
    expect(stderr).toContain('the file /dev/zero is larger than 64 KiB')
    expect((await runCli(['plan'], { cwd, env: { ...env, NEXUS_PASSWORD: sandbox.password } })).code).toBe(0)
  })
})

test.skipIf(!isPosix)('a pipe whose writer comes later is read', async () => {
  const sandbox = await sandboxFor()
  const cwd = folderWith(YAML)
  const pipe = join(cwd, 'pipe')
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
  const writer = spawn('sh', ['-c', 'sleep 1; printf "%s\\n" "$SECRET" > pipe'], {
    cwd,
    env: { PATH: process.env['PATH'], SECRET: sandbox.password },
  })
  onTestFinished(() => {
    writer.kill()
  })
  const { code, stderr } = await runCli(['plan', '--password-file', 'pipe'], {
    cwd,
    env: { NEXUS_URL: sandbox.url },
  })
  expect({ code, stderr }).toMatchObject({ code: 0 })
})

test('--password-stdin reads a password, and no more', async () => {
  const sandbox = await sandboxFor()
  const cwd = folderWith(YAML)
  const run = (input: string) =>
    runCli(['plan', '--password-stdin'], { cwd, input, env: { NEXUS_URL: sandbox.url } })
  expect((await run(`${sandbox.password}\n`)).code).toBe(0)
  const before = sandbox.requests.length
  const { code, stderr } = await run('x'.repeat(5_000_000))
  expect({ code, stderr }).toMatchObject({ code: 3 })
  expect(stderr).toContain('standard input is larger than 64 KiB')
  expect(sandbox.requests.length).toBe(before)
})
