// Somebody's first steps in a clone: without packages and without a build each ends with one sentence, never with a stack trace.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

let clone = ''

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'nexus-docker-clone-'))
  const made = ['node_modules', 'dist', '.git', 'coverage']
  for (const name of readdirSync(root))
    if (!made.includes(name) && !name.startsWith('dist.'))
      cpSync(join(root, name), join(clone, name), { recursive: true })
})
afterAll(() => {
  rmSync(clone, { recursive: true, force: true })
})

/** Without the programs of this checkout's packages, which a test runner adds. */
const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))

function run(program: string, ...args: string[]): Promise<{ code: unknown; text: string }> {
  const env = {
    PATH: path.join(delimiter),
    HOME: clone,
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  }
  return new Promise((resolve) => {
    execFile(program, args, { cwd: clone, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, text: stdout + stderr }),
    )
  })
}

const trace = /^\s+at .+[:(]\S+:\d+|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|node:internal/m

describe('without npm ci', () => {
  it('npm pack says what to do first', async () => {
    const { code, text } = await run('npm', 'pack')
    expect(text).not.toMatch(trace)
    expect(text).toContain('the packages that this needs are not there: run npm ci first')
    expect(code).toBe(1)
  })

  it.each(Object.keys(scripts))('npm run %s shows no stack trace', async (name) => {
    const { code, text } = await run('npm', 'run', name)
    expect(text).not.toMatch(trace)
    expect(code, text).not.toBe(0)
  })
})

describe('without a build', () => {
  it('the program says what to do first', async () => {
    const { code, text } = await run(process.execPath, 'bin/nexus-docker.js', 'plan')
    expect(text).toBe(`nexus-docker is not built: run npm ci && npm run build in ${clone} first.\n`)
    expect(code).toBe(1)
  })

  // The one script of ours that npm runs for an installation from git (.ci/run makes one).
  it('prepare builds the program, and with it what is packed', async () => {
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
    try {
      const prepared = await run('npm', 'run', 'prepare')
      expect(prepared.code, prepared.text).toBe(0)
      expect((await run(process.execPath, 'bin/nexus-docker.js', '--version')).code).toBe(0)
      const { code, text } = await run('npm', 'pack', '--json')
      expect(code, text).toBe(0)
      for (const name of ['cli', 'commands']) expect(text).toContain(`"dist/${name}.cjs"`)
    } finally {
      rmSync(join(clone, 'node_modules'))
    }
  })
})
