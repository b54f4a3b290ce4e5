// What is published: what the tarball holds, that it runs where nothing else is installed, and what each start loads.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const execute = promisify(execFile)
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

interface Packed {
  filename: string
  unpackedSize: number
  files: { path: string; mode: number }[]
}

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-docker-package-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the tarball', () => {
  let packed: Packed

  beforeAll(async () => {
    // Without scripts: the build has run, and another one under the feet of the other tests would break them.
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
    const { stdout } = await execute('npm', args, { cwd: root })
    const [first] = JSON.parse(stdout) as Packed[]
    if (!first) throw new Error(`npm pack says nothing: ${stdout}`)
    packed = first
  }, 60_000)

  it('holds the program, its documents and nothing else', () => {
    const tops = new Set(packed.files.map(({ path }) => path.split('/')[0]))
    expect([...tops].toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'dist',
      'docs',
      'examples',
      'package.json',
    ])
    const strange = packed.files.filter(
      ({ path }) => !/\.(js|md|svg|yml|json|LEGAL\.txt)$|^LICENSE$/.test(path),
    )
    expect(strange).toEqual([])
  })

  it('is less than 2 MB when unpacked', () => {
    console.log(`unpacked size: ${(packed.unpackedSize / 1e6).toFixed(2)} MB`)
    expect(packed.unpackedSize).toBeLessThan(2e6)
  })

  it('runs where nothing else is installed', async () => {
    const prefix = join(folder, 'prefix')
    const cache = join(folder, 'cache')
    // An empty cache and no network: everything has to be in the tarball.
    const install = ['install', '--offline', '--cache', cache, '--prefix', prefix, '--global']
    await execute('npm', [...install, join(folder, packed.filename)], { cwd: folder })
    expect(existsSync(join(prefix, 'lib/node_modules/nexus-docker/node_modules'))).toBe(false)
    const program = join(prefix, 'bin/nexus-docker')
    const example = join(prefix, 'lib/node_modules/nexus-docker/examples/quickstart/repos.yml')
    const options = { cwd: folder, env: { PATH: process.env['PATH'], NO_COLOR: '1' } }
    expect((await execute(program, ['--version'], options)).stdout).toBe(`${version}\n`)
    const validated = await execute(program, ['validate', '-f', example], options)
    expect(validated.stdout).toContain('is valid: 11 objects')
    const applied = await execute(program, ['apply', '-f', example, '--sandbox'], options)
    expect(applied.stdout).toContain('Applied: 8 created, 3 updated, 0 unchanged.')
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    await execute(program, ['init', '--yes'], { ...options, cwd: empty })
    const started = await execute(program, ['apply', '--sandbox'], { ...options, cwd: empty })
    expect(started.stdout).toMatch(/Applied: [1-9]\d* created/)
  }, 60_000)
})

interface Lock {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>
}

it('has every platform in the lock file, without which npm ci refuses a fresh clone', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
    ),
  )
  expect(missing).toEqual([])
})

interface Metafile {
  outputs: Record<string, { inputs: Record<string, unknown>; imports: { path: string; kind: string }[] }>
}

describe('the bundle', () => {
  let outputs: Metafile['outputs']

  beforeAll(async () => {
    const metafile = join(folder, 'meta.json')
    const out = join(folder, 'dist')
    await execute(process.execPath, ['scripts/build.js', '--outdir', out, '--metafile', metafile], {
      cwd: root,
    })
    outputs = (JSON.parse(readFileSync(metafile, 'utf8')) as Metafile).outputs
  }, 60_000)

  /** The packages in a chunk and in everything that it imports when it is loaded. */
  function packagesOf(name: string, dynamic = false): string[] {
    const packages = new Set<string>()
    const seen = new Set<string>()
    const visit = (chunk: string) => {
      const output = outputs[chunk]
      if (!output || seen.has(chunk)) return
      seen.add(chunk)
      for (const input of Object.keys(output.inputs)) {
        const [, found] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? []
        if (found) packages.add(found)
      }
      for (const { path, kind } of output.imports) if (dynamic || kind === 'import-statement') visit(path)
    }
    visit(name)
    return [...packages].toSorted()
  }

  it('loads commander and nothing else for --version and --help', () => {
    expect(packagesOf('dist/cli.js')).toEqual(['commander'])
  })

  it('holds what the commands need', () => {
    // Guards the test above: names that are looked for in the wrong place would never be found.
    expect(packagesOf('dist/cli.js', true)).toEqual(
      expect.arrayContaining(['@inquirer/core', 'chalk', 'got', 'ora', 'p-limit', 'yaml', 'zod']),
    )
  })

  it('loads neither the client nor anything for a terminal to validate a file', () => {
    const entry = Object.keys(outputs).find((name) => /dist\/validate-\w+\.js$/.test(name))
    const packages = packagesOf(entry ?? '')
    expect(packages).toEqual(expect.arrayContaining(['yaml', 'zod']))
    expect(packages).not.toEqual(expect.arrayContaining(['got']))
    for (const name of ['got', '@inquirer/core', 'ora', 'chalk']) expect(packages).not.toContain(name)
  })

  it('loads the wizard for init alone, and the questions when they are asked', () => {
    const chunk = (command: string) =>
      Object.keys(outputs).find((name) => new RegExp(`dist/${command}-\\w+\\.js$`).test(name)) ?? ''
    const holders = Object.keys(outputs).filter((name) =>
      Object.keys(outputs[name]?.inputs ?? {}).includes('src/init/flow.ts'),
    )
    expect(holders).toEqual([chunk('init')])
    expect(packagesOf(chunk('init'))).toContain('yaml')
    for (const name of ['@inquirer/core', 'ora', 'chalk'])
      expect(packagesOf(chunk('init'))).not.toContain(name)
  })

  it('is what the loader in bin/ reads: ASCII, and nothing that only Node can import', () => {
    const chunks = readdirSync(join(folder, 'dist')).filter((name) => name.endsWith('.js'))
    expect(chunks.length).toBeGreaterThan(10)
    for (const name of chunks) {
      const bytes = readFileSync(join(folder, 'dist', name))
      expect({ name, ascii: bytes.every((byte) => byte < 128) }).toEqual({ name, ascii: true })
      expect({ name, imports: bytes.toString().match(/\bimport(\(|\.meta)/g) }).toEqual({
        name,
        imports: null,
      })
    }
  })

  it('leaves the translations of zod out', () => {
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
    const locales = inputs.filter((input) => input.includes('zod/v4/locales/'))
    expect(locales.filter((input) => !/\/en\.js$/.test(input))).toEqual([])
  })
})
