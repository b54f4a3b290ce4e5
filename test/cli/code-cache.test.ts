// The compiled code that a run leaves for the next one: used, and never more than a matter of time.
import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../helpers/run-cli.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { build } = JSON.parse(readFileSync(join(root, 'dist/package.json'), 'utf8')) as { build: string }
const folderName = `${build}-${process.version}-${process.arch}`

/** A copy of the program that may be changed, and its user's cache folder. */
function installed() {
  const folder = folderWith({ 'repos.yml': 'repositories: {}\n' })
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  const caches = join(folder, 'caches')
  const cache = join(caches, 'nexus-docker', folderName)
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number; text: string }>((resolve) => {
      const options = {
        cwd: folder,
        env: { PATH: process.env['PATH'], NO_COLOR: '1', XDG_CACHE_HOME: caches, ...env },
      }
      const child = execFile(
        process.execPath,
        ['bin/nexus-docker.js', ...args],
        options,
        (_, stdout, stderr) => {
          resolve({ code: child.exitCode ?? -1, text: stdout + stderr })
        },
      )
    })
  const validate = (env?: Record<string, string>) => run(['validate', '-f', 'repos.yml'], env)
  return { folder, caches, cache, run, validate }
}

/** Changes a word of the source without changing its length: only who compiles it again sees that. */
function changeSource(folder: string, from: string, to: string): void {
  const names = readdirSync(join(folder, 'dist')).filter((name) => name.endsWith('.js'))
  for (const path of names.map((name) => join(folder, 'dist', name)))
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, to))
}

describe('the code cache', () => {
  it('is written by the first run of a command, and used by the second', async () => {
    const { folder, cache, validate } = installed()
    expect(await validate()).toMatchObject({ code: 0, text: expect.stringContaining('is valid') as string })
    const { mtimeMs, mode } = statSync(join(cache, 'validate'))
    expect(mode & 0o077).toBe(0)
    expect(readdirSync(cache)).toEqual(['validate'])
    changeSource(folder, 'is valid', 'IS VALID')
    expect((await validate()).text).toContain('is valid')
    expect(statSync(join(cache, 'validate')).mtimeMs).toBe(mtimeMs)
    expect((await validate({ NODE_DISABLE_COMPILE_CACHE: '1' })).text).toContain('IS VALID')
  })

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut off', (data: Buffer) => data.subarray(0, data.length / 2)],
    ['zeroed by a crash', (data: Buffer) => Buffer.alloc(data.length)],
    [
      'damaged in one place',
      (data: Buffer) => Buffer.from(data).fill(0x5a, data.length - 900, data.length - 892),
    ],
    ['something else', () => Buffer.from('{"hello": "world"}')],
  ])('is compiled again when the file is %s', async (_, damage) => {
    const { cache, validate } = installed()
    await validate()
    const file = join(cache, 'validate')
    const good = readFileSync(file)
    writeFileSync(file, damage(good))
    expect(await validate()).toMatchObject({ code: 0, text: expect.stringContaining('is valid') as string })
    expect(readFileSync(file).length).toBeGreaterThan(good.length / 2)
  })

  it.runIf(process.getuid?.() === 0)('is not taken from another user', async () => {
    const { folder, cache, validate } = installed()
    await validate()
    chownSync(join(cache, 'validate'), 65_534, 65_534)
    changeSource(folder, 'is valid', 'IS VALID')
    expect((await validate()).text).toContain('IS VALID')
  })

  it("is in the home folder, if that is there and is the user's own", async () => {
    const { folder, validate } = installed()
    const home = join(folder, 'home')
    const withHome = (env: Record<string, string> = {}) =>
      validate({ XDG_CACHE_HOME: '', HOME: home, ...env })
    await withHome()
    expect(existsSync(home)).toBe(false)
    mkdirSync(home)
    if (process.getuid?.() === 0) {
      chownSync(home, 65_534, 65_534)
      await withHome()
      expect(readdirSync(home)).toEqual([])
      chownSync(home, 0, 0)
    }
    await withHome()
    expect(readdirSync(join(home, '.cache/nexus-docker'))).toEqual([folderName])
  })

  it('keeps what another version of Node has left, and removes what another build has', async () => {
    const { caches, validate } = installed()
    const others = ['0123456789abcdef-v20.20.0-x64', `${build}-v1.2.3-x64`]
    for (const name of others) mkdirSync(join(caches, 'nexus-docker', name), { recursive: true })
    await validate()
    expect(readdirSync(join(caches, 'nexus-docker')).toSorted()).toEqual([others[1], folderName].toSorted())
  })

  it('is left alone where it cannot be written, is switched off, or the command failed', async () => {
    const { folder, caches, run, validate } = installed()
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    chmodSync(file, 0o400)
    expect((await validate({ XDG_CACHE_HOME: file })).code).toBe(0)
    expect((await validate({ NODE_DISABLE_COMPILE_CACHE: '1' })).code).toBe(0)
    expect((await run(['valdate'])).code).toBe(3)
    // Relative paths are to be ignored; the home is not there.
    expect((await validate({ XDG_CACHE_HOME: 'here', HOME: file })).code).toBe(0)
    expect(existsSync(caches)).toBe(false)
    expect(existsSync(join(folder, 'here'))).toBe(false)
  })
})
