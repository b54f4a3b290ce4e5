// What is published: what the tarball holds, that it runs where nothing else is installed, and what each start loads.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import got from 'got'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../scripts/lib/bundle.js'

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
  })

  it('holds the program, its documents and nothing else', () => {
    const tops = new Set(packed.files.map(({ path }) => path.split('/')[0]))
    expect([...tops].toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin',
      'dist',
      'docs',
      'examples',
      'package.json',
    ])
    const strange = packed.files.filter(
      ({ path }) => !/\.(js|cjs|md|svg|yml|json)$|^LICENSE$|^dist\/THIRD-PARTY-LICENSES\.txt$/.test(path),
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
  })
})

interface Lock {
  packages: Record<
    string,
    { optionalDependencies?: Record<string, string>; integrity?: string; resolved?: string }
  >
}
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock

it('has every platform in the lock file, without which npm ci refuses a fresh clone', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
    ),
  )
  expect(missing).toEqual([])
})

it('has the checksum of every package in the lock file, and the address of no registry', () => {
  const entries = Object.entries(packages).filter(([path]) => path !== '')
  expect(
    entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
  ).toEqual([])
  expect(entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
})

interface Named {
  name: string
  version: string
}

interface Metafile {
  inputs: Record<string, { imports: { path: string; kind: string; external?: boolean }[] }>
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
}

describe('the bundle', () => {
  let metafile: Metafile
  let held: Set<string>

  beforeAll(async () => {
    metafile = (await build({ ...bundle, outdir: folder, write: false })).metafile
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
    held = new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))
  })

  /** The files in the bundle that run when one of them is imported: all that it imports, and not what it imports when it needs it. */
  function filesRunBy(start: string, dynamic = false): Set<string> {
    const seen = new Set<string>()
    const visit = (file: string) => {
      if (seen.has(file) || !held.has(file)) return
      seen.add(file)
      for (const { path, kind } of metafile.inputs[file]?.imports ?? [])
        if (dynamic || kind !== 'dynamic-import') visit(path)
    }
    visit(start)
    return seen
  }

  function packagesRunBy(start: string, dynamic = false): string[] {
    const names = [...filesRunBy(start, dynamic)].map(
      (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1],
    )
    return [...new Set(names.filter((name) => name !== undefined))].toSorted()
  }

  it('runs commander and nothing else for --version and --help', () => {
    expect(packagesRunBy('src/cli.ts', true)).toEqual(['commander'])
  })

  it('holds what the commands need', () => {
    // Guards the test above: names that are looked for in the wrong place would never be found.
    expect(packagesRunBy('src/commands.ts', true)).toEqual(
      expect.arrayContaining(['@inquirer/core', 'chalk', 'got', 'ora', 'p-limit', 'yaml', 'zod']),
    )
  })

  it('has nothing twice in its two files but functions without a memory', () => {
    const [first, ...others] = Object.values(metafile.outputs).map(({ inputs }) => inputs)
    const twice = Object.entries(first ?? {}).filter(([path]) => others.some((inputs) => path in inputs))
    // What is added here must hold neither a class, of which `instanceof` would know one of two, nor anything that it remembers.
    expect(twice.map(([path]) => path).toSorted()).toEqual([
      'package.json',
      'src/core/errors.ts',
      'src/core/printable.ts',
      'src/core/secrets/redact.ts',
      'src/core/secrets/url-credentials.ts',
      'src/core/size.ts',
    ])
    expect(readFileSync(join(root, 'dist/commands.cjs'), 'utf8')).toContain('"UserError"')
    expect(readFileSync(join(root, 'dist/cli.cjs'), 'utf8')).not.toContain('"UserError"')
  })

  it('runs neither the client nor anything for a terminal to validate a file', () => {
    const packages = packagesRunBy('src/commands/validate.ts')
    expect(packages).toEqual(expect.arrayContaining(['yaml', 'zod']))
    for (const name of ['got', '@inquirer/core', 'ora', 'chalk']) expect(packages).not.toContain(name)
  })

  it('runs the wizard for init alone, and the questions when they are asked', () => {
    const wizard = 'src/init/flow.ts'
    expect(filesRunBy('src/commands/init.ts')).toContain(wizard)
    for (const command of ['validate', 'plan', 'apply', 'verify', 'wait', 'sandbox'])
      expect(filesRunBy(`src/commands/${command}.ts`)).not.toContain(wizard)
    const packages = packagesRunBy('src/commands/init.ts')
    expect(packages).toContain('yaml')
    for (const name of ['@inquirer/core', 'ora', 'chalk']) expect(packages).not.toContain(name)
  })

  it('leaves it to the command what is loaded, of the program and of Node', async () => {
    const file = join(root, 'examples/quickstart/repos.yml')
    const loaded = (...args: string[]) => loadedBy(['bin/nexus-docker.js', ...args])
    const [version, help, validate, apply] = await Promise.all([
      loaded('--version'),
      loaded('--help'),
      loaded('validate', '-f', file),
      loaded('apply', '-f', file, '--sandbox'),
    ])
    for (const modules of [version, help, validate, apply]) expect(modules).toContain('cli.cjs')
    expect([version, help, validate].map((modules) => modules.has('commands.cjs'))).toEqual([
      false,
      false,
      true,
    ])
    // got brings http, the questions readline: code that has not run has loaded neither.
    expect([version.has('http'), validate.has('http'), apply.has('http')]).toEqual([false, false, true])
    for (const modules of [version, validate, apply]) expect(modules).not.toContain('readline')
  })

  it.each([
    ['http2-wrapper', 'http2', false],
    ['cacheable-request', 'cache', undefined],
    ['cacheable-lookup', 'dnsCache', undefined],
  ] as const)('has nothing in place of %s: got is never asked for %s', (name, option, byDefault) => {
    expect([...held].filter((file) => file.includes(`node_modules/${name}/`))).toEqual([])
    expect(got.defaults.options[option]).toBe(byDefault)
    const client = readdirSync(join(root, 'src/http')).map((file) => join(root, 'src/http', file))
    const asking = new RegExp(`\\b${option}\\b\\s*[:,}]`)
    expect(client.filter((file) => asking.test(readFileSync(file, 'utf8')))).toEqual([])
  })

  it('leaves the translations of zod out', () => {
    const locales = [...held].filter((input) => input.includes('zod/v4/locales/'))
    expect(locales.filter((input) => !/\/(en|index)\.js$/.test(input))).toEqual([])
  })

  it('comes with the licence of each package in it', () => {
    const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
    const parts = licences.split(/^(?=(?:@[\w.-]+\/)?[\w.-]+ \d+\.\d+\.\d+ \()/m)
    // Found without the build's own help: the folder of each input, nested ones too.
    const folders = new Set(
      [...held].flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
    )
    expect(folders.size).toBeGreaterThan(30)
    for (const path of folders) {
      const { name, version: its } = JSON.parse(
        readFileSync(join(root, path, 'package.json'), 'utf8'),
      ) as Named
      const part = parts.find((text) => text.startsWith(`${name} ${its} (`)) ?? ''
      expect(part, path).toMatch(
        /permission to use, copy, modify|permission is hereby granted|redistribution and use/i,
      )
      expect(part, path).toMatch(/copyright/i)
    }
  })
})

/** What a program has loaded when it ends: modules of Node's own, and files. */
async function loadedBy(args: readonly string[]): Promise<Set<string>> {
  const list = join(folder, `modules-${args[1] ?? ''}`)
  const hook = join(folder, 'list-modules.cjs')
  writeFileSync(
    hook,
    `process.on('exit', () => require('fs').writeFileSync(process.env.LIST,
      [...process.moduleLoadList, ...Object.keys(require.cache).map((file) => 'File ' + require('path').basename(file))].join('\\n')))`,
  )
  const env = { PATH: process.env['PATH'], LIST: list }
  await execute(process.execPath, ['--require', hook, ...args], { cwd: root, env })
  const names = [...readFileSync(list, 'utf8').matchAll(/^(?:NativeModule|File) ([\w.-]+)$/gm)]
  return new Set(names.map(([, name = '']) => name))
}
