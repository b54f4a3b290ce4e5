// What a configuration names may be anything that a system calls a file: large, endless, a pipe, or nothing that can be read.
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lookAtFile, readBounded } from '../../src/config/sources/read-bounded.ts'
import { whyUnreadable } from '../../src/config/sources/unreadable.ts'
import { folderWith, runCli } from '../helpers/run-cli.ts'

/** What is read, or why it cannot be. */
function told(path: string, limitBytes = 1024): Promise<string> {
  return readBounded(path, limitBytes).then(String, whyUnreadable)
}

function pipeIn(folder: string): string {
  const path = join(folder, 'pipe')
  execFileSync('sh', ['-c', 'mkfifo "$0"', path])
  return path
}

test('up to the limit', async () => {
  const folder = folderWith({ fits: 'x'.repeat(1024), large: 'x'.repeat(1025), none: '' })
  expect(await told(join(folder, 'fits'))).toBe('x'.repeat(1024))
  expect(await told(join(folder, 'large'))).toBe('is larger than 1 KiB')
  expect(await told(join(folder, 'none'))).toBe('')
  expect(await told(join(folder, 'missing'))).toBe('does not exist')
  expect(await told(folder)).toBe('is a directory')
})

describe.skipIf(process.platform === 'win32')('devices and pipes', () => {
  test.each([
    ['/dev/zero', 'is larger than 1 KiB'],
    ['/dev/urandom', 'is larger than 1 KiB'],
    ['/dev/null', ''],
  ])('%s', async (path, expected) => {
    expect(await told(path)).toBe(expected)
  })

  test('a socket', async () => {
    const path = join(folderWith({}), 'socket')
    const server = createServer().listen(path)
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    expect(await told(path)).toBe('cannot be read: it is neither a file nor a pipe')
  })

  test('a pipe is waited for, and read to its end', async () => {
    const path = pipeIn(folderWith({}))
    const text = told(path)
    // Opening it for writing succeeds once somebody reads.
    const writer = spawn('sh', ['-c', `exec >"${path}"; printf a; sleep 0.2; printf b`])
    expect(await text).toBe('ab')
    writer.kill()
  })

  test('a pipe that never ends is read as far as the limit', async () => {
    const path = pipeIn(folderWith({}))
    const writer = spawn('sh', ['-c', `exec yes >"${path}"`])
    onTestFinished(() => void writer.kill())
    expect(await told(path)).toBe('is larger than 1 KiB')
  })

  test('looking at it opens nothing', async () => {
    const folder = folderWith({ none: '', some: 'x', large: 'x'.repeat(2000) })
    const path = pipeIn(folder)
    expect(await lookAtFile(path, 1024)).toEqual({ empty: false })
    expect(await lookAtFile('/dev/zero', 1024)).toEqual({ empty: false })
    expect(await lookAtFile(join(folder, 'none'), 1024)).toEqual({ empty: true })
    expect(await lookAtFile(join(folder, 'some'), 1024)).toEqual({ empty: false })
    for (const [name, why] of [
      ['large', 'is larger than 1 KiB'],
      ['missing', 'does not exist'],
      ['.', 'is a directory'],
    ] as const)
      await expect(lookAtFile(join(folder, name), 1024).then(() => '', whyUnreadable)).resolves.toBe(why)
  })

  const file = (secret: string) =>
    `nexus: {url: "http://127.0.0.1:9", password: {file: ${secret}}}\nblobStores: {a: {}}\n`

  test.each(['plan', 'apply'])(
    '%s: an endless secret is an error, and a pipe is no obstacle to a signal',
    async (command) => {
      const folder = folderWith({})
      writeFileSync(join(folder, 'zero.yml'), file('/dev/zero'))
      const endless = await runCli([command, '-f', 'zero.yml'], { cwd: folder })
      expect(endless).toMatchObject({ code: 3, signal: null })
      expect(endless.stderr).toContain('the secret file /dev/zero is larger than 64 KiB')
      const path = pipeIn(folder)
      writeFileSync(join(folder, 'pipe.yml'), file(path))
      for (const args of [
        ['-f', 'pipe.yml'],
        ['-f', path],
      ]) {
        const waiting = await runCli([command, ...args], {
          cwd: folder,
          onStart: (kill) => {
            // It succeeds when the program has opened the pipe: from then on it waits for the text.
            const writer = spawn('sh', ['-c', `exec 3>"${path}"; echo open; sleep 60`])
            writer.stdout.once('data', () => kill('SIGTERM'))
            onTestFinished(() => void writer.kill())
          },
        })
        expect(waiting.code).toBe(130)
      }
    },
  )

  test.each([
    ['--password-file', '/dev/zero', '--password-file: /dev/zero is larger than 64 KiB'],
    ['--password-file', '/dev/null', 'the password in /dev/null is empty'],
    ['--password-file', '.', '--password-file: . is a directory'],
    ['--password-file', 'none', '--password-file: none does not exist'],
    ['--password-stdin', undefined, '--password-stdin: standard input is larger than 64 KiB'],
  ])('%s %s', async (flag, path, sentence) => {
    const folder = folderWith({ 'repos.yml': 'nexus: {url: "http://127.0.0.1:9"}\nblobStores: {a: {}}\n' })
    const { code, stderr } = await runCli(['plan', flag, ...(path ? [path] : [])], {
      cwd: folder,
      input: 'x'.repeat(70_000),
    })
    expect(code).toBeGreaterThan(2)
    expect(stderr).toContain(sentence)
  })

  test('a password out of a pipe that is written to late', async () => {
    const folder = folderWith({ 'repos.yml': 'nexus: {url: "http://127.0.0.1:9"}\nblobStores: {a: {}}\n' })
    const { code, stderr } = await runCli(['plan', '--password-file', pipeIn(folder)], {
      cwd: folder,
      onStart: () => {
        const writer = spawn('sh', ['-c', `exec >"${join(folder, 'pipe')}"; sleep 0.2; echo secret`])
        onTestFinished(() => void writer.kill())
      },
    })
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('127.0.0.1:9') as string,
    })
  })

  test('a secret out of a pipe is read once, however many aliases repeat it', async () => {
    const folder = folderWith({})
    const path = pipeIn(folder)
    const proxies = ['a', 'b'].map(
      (name) =>
        `  ${name}: {type: proxy, upstream: quay.io, authentication: {username: u, password: *secret}}`,
    )
    writeFileSync(
      join(folder, 'repos.yml'),
      `nexus: {url: "http://127.0.0.1:9", password: &secret {file: pipe}}\nrepositories:\n${proxies.join('\n')}\n`,
    )
    const { code, stderr } = await runCli(['plan', '-f', 'repos.yml'], {
      cwd: folder,
      onStart: () => {
        const writer = spawn('sh', ['-c', `echo secret >"${path}"`])
        onTestFinished(() => void writer.kill())
      },
    })
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('127.0.0.1:9') as string,
    })
  })

  test('validate and a try in the sandbox open nothing that the file names', async () => {
    const folder = folderWith({})
    const path = pipeIn(folder)
    // Somebody has to be able to read: otherwise opening it without waiting fails for a writer.
    const held = openSync(path, 'r+')
    onTestFinished(() => closeSync(held))
    writeSync(held, 'untouched')
    writeFileSync(join(folder, 'repos.yml'), `${file(path)}bootstrap: {initialPassword: {file: ${path}}}\n`)
    for (const args of [['validate'], ['plan', '--sandbox']])
      expect((await runCli([...args, '-f', 'repos.yml'], { cwd: folder })).code).toBe(0)
    const left = Buffer.alloc(100)
    expect(left.toString('utf8', 0, readSync(held, left))).toBe('untouched')
  })
})
