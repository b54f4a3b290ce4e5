// What the README and the documents show is what happens: every YAML block is valid, every command runs and prints what is shown.
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts'
import { blocksOf, commandsOf, fileNameOf, normalize, type ShownCommand } from './helpers/documents.ts'
import { program } from './helpers/program.ts'
import { runCli } from './helpers/run-cli.ts'
import { environmentOf } from './helpers/sandbox.ts'
import { type Exported, exportsOf, portsIn, startShown } from './helpers/shown-server.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .toSorted(),
]

let shims = ''

beforeAll(() => {
  shims = mkdtempSync(join(tmpdir(), 'nexus-docker-shim-'))
  const shim = join(shims, 'nexus-docker')
  writeFileSync(shim, `#!/bin/sh\nexec "${[process.execPath, ...program].join('" "')}" "$@"\n`)
  chmodSync(shim, 0o755)
})
afterAll(() => {
  rmSync(shims, { recursive: true, force: true })
})

interface Place {
  folder: string
  sandbox: Sandbox
  /** What the page has exported. A server that it started itself has the password that it chose. */
  exported: Exported
  startedHere: boolean
}

describe.each(documents)('%s', (name) => {
  const markdown = readFileSync(join(root, name), 'utf8')
  const blocks = blocksOf(markdown)

  it('links to what exists', () => {
    const links = [...markdown.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    const folder = join(root, name, '..')
    const broken = links.filter(([, path = '', heading]) => {
      const target = path === '' ? join(root, name) : join(folder, path)
      if (!existsSync(target)) return true
      return heading !== undefined && !headingsOf(readFileSync(target, 'utf8')).includes(heading)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it('shows files that are valid and commands that do what is shown', async () => {
    const place: Place = {
      folder: mkdtempSync(join(tmpdir(), 'nexus-docker-docs-')),
      sandbox: await startSandbox(),
      exported: {},
      startedHere: false,
    }
    try {
      // Who runs a page's commands has the file that the page is about, also where the page shows it further down.
      const own = blocks.find((block) => fileNameOf(block) === 'repos.yml')
      if (own) writeFileSync(join(place.folder, 'repos.yml'), own.lines.join('\n'))
      await prepareServer(markdown, place)
      for (const block of blocks) {
        // files of other programs: test/ci reads these
        if ((fileNameOf(block) ?? 'repos.yml') !== 'repos.yml') continue
        if (block.language === 'yaml') await checkFile(block.lines.join('\n'), `${name}:${block.line}`, place)
        if (block.language !== 'console' && block.language !== 'sh') continue
        for (const command of commandsOf(block)) await checkCommand(command, name, place)
      }
    } finally {
      await place.sandbox.close()
      rmSync(place.folder, { recursive: true, force: true })
    }
  })
})

/** The headings of a page as its links name them. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

it('the index of docs has every page', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8')
  const pages = documents.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md')
  expect(pages.filter((path) => !index.includes(`](${path.replace('docs/', '')})`))).toEqual([])
})

/** What a page is about may be there already: `<!-- on the server:`, then YAML, which is no part of what readers see. */
async function prepareServer(markdown: string, place: Place): Promise<void> {
  const [, there] = /^<!-- on the server:\n([\s\S]*?)^-->$/m.exec(markdown) ?? []
  if (there === undefined) return
  const file = join(place.folder, 'before.yaml')
  writeFileSync(file, there)
  const { code, stderr } = await runCli(['apply', '--yes', '-f', file], { env: environmentIn(place) })
  expect(code, stderr).toBe(0)
  rmSync(file)
}

function environmentIn({ sandbox, exported, startedHere }: Place): Record<string, string> {
  const { NEXUS_PASSWORD: chosen = '' } = exported
  const signIn = startedHere ? { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: chosen } : environmentOf(sandbox)
  return { ...exported, ...signIn }
}

/** The file becomes the `repos.yml` of the commands that follow. */
async function checkFile(content: string, where: string, { folder }: Place): Promise<void> {
  const file = join(folder, 'repos.yml')
  writeFileSync(file, /^version:/m.test(content) ? content : `version: 1\n${content}`)
  const result = await runCli(['validate', '-f', file])
  expect(result.code, `${where}\n${result.stderr}`).toBe(0)
}

async function checkCommand(shown: ShownCommand, name: string, place: Place): Promise<void> {
  const where = `${name}:${shown.line}: ${shown.command}`
  const exported = exportsOf(shown.command, place.exported)
  if (exported) {
    place.exported = exported
    return
  }
  if (/^docker run .*sonatype\/nexus3/.test(shown.command)) {
    await place.sandbox.close()
    place.sandbox = await startShown(shown.command, place.exported, place.folder)
    place.startedHere = true
    return
  }
  if (
    !/\bnexus-docker\b(?!-)|^sed /.test(shown.command) ||
    /^(npm|docker|npx|kubectl) /.test(shown.command)
  ) {
    expect(isKnown(shown.command, place), `${where}: neither run nor known`).toBe(true)
    return
  }
  const { code, text } = await (shown.command.startsWith('nexus-docker sandbox')
    ? runSandbox(shown.command)
    : runShell(agreed(shown), place))
  if (shown.command === 'nexus-docker verify' && shown.output.length === 0) {
    // The ports and upstreams of the page are not here: that each of it is named is what can be seen.
    expect([0, 2], `${where}\n${text}`).toContain(code)
    expect(text, where).not.toMatch(/unexplained/)
    return
  }
  expect(code, `${where}\n${text}`).toBe(shown.exitCode)
  if (shown.output.length > 0) expect(normalize(text), where).toEqual(normalize(shown.output.join('\n')))
}

/** A reader is asked at a terminal, and says yes. */
function agreed({ command, exitCode }: ShownCommand): string {
  const asks = /^nexus-docker apply\b(?!.*--(yes|dry-run|sandbox)\b)/.test(command) && exitCode === 0
  return asks ? `${command} --yes` : command
}

/** What cannot be run from here; its names are checked at least. */
function isKnown(command: string, { folder }: Place): boolean {
  const [program, verb = '', argument = ''] = command.split(/\s+/)
  if (program === 'npm' && verb === 'run') return argument in scripts
  if (program === 'npm')
    return ['ci', 'test', 'pack', 'install'].includes(verb) || command.startsWith('npm ci && ')
  if (program === 'npx') return verb === 'vitest' && existsSync(join(root, command.split(/\s+/)[3] ?? ''))
  if (program === 'node') return existsSync(join(root, verb))
  if (program === 'docker') return isKnownToDocker(command, folder)
  if (program === 'curl') return command.includes('"$NEXUS_URL/service/rest/v1/')
  return /^(kubectl (create|replace)|cd|mkdir|\.ci\/run)\b/.test(command)
}

/** A registry that is named is one of the page's file. */
function isKnownToDocker(command: string, folder: string): boolean {
  const [, verb = ''] = command.split(/\s+/)
  const ports = [...command.matchAll(/localhost:(\d+)/g)].map(([, port]) => Number(port))
  const open = ports.length > 0 ? portsIn(folder) : []
  const known = [
    'login',
    'pull',
    'push',
    'tag',
    'logs',
    'stop',
    'start',
    'rm',
    'volume',
    'exec',
    'cp',
    'restart',
  ]
  return known.includes(verb) && ports.every((port) => open.includes(port))
}

function runShell(command: string, place: Place): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    // One pipe for both streams keeps the order in which a terminal shows them.
    const child = spawn('sh', ['-c', `{ ${command}; } 2>&1`], {
      cwd: place.folder,
      env: { PATH: `${shims}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1', ...environmentIn(place) },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 120_000,
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })
}

/** Started on a free port, stopped as soon as it says that it listens. */
async function runSandbox(command: string): Promise<{ code: number | null; text: string }> {
  const [, ...args] = command.replace(/\s*&$/, '').split(/\s+/)
  const free = args.map((arg, index) => (args[index - 1] === '--port' ? '0' : arg))
  const options = free.includes('--port') ? free : [...free, '--port', '0']
  let stop: () => void = () => undefined
  const result = await runCli(options, {
    onStart: (kill) => {
      stop = () => kill('SIGTERM')
    },
    onStdout: () => stop(),
  })
  return { code: result.code, text: result.stdout }
}

it('the README and --help say the same of exit codes', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('`', '')
  const { stdout } = await runCli(['--help'])
  const said = [...stdout.matchAll(/^ {2}(\d+) +(.*)$/gm)].map(([, code, meaning]) => [code, meaning])
  const written = [...readme.matchAll(/^\| +(\d+) \| (.*?) *\|$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ])
  expect(said.map(([code]) => code)).toEqual(['0', '1', '2', '3', '4', '5', '130'])
  expect(written).toEqual(said)
})

describe('docs/reference/commands.md', () => {
  const sections = readFileSync(join(root, 'docs/reference/commands.md'), 'utf8').split(/^## /m)
  const sectionOf = (command: string) => sections.find((section) => section.startsWith(`${command}\n`)) ?? ''

  it.each(['init', 'validate', 'plan', 'apply', 'verify', 'wait', 'sandbox'])(
    'names every option of %s, and no other',
    async (command) => {
      const help = await runCli([command, '--help'])
      const options = [...help.stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(
        ([, option = '']) => option,
      )
      const written = new Set(
        [...sectionOf(command).matchAll(/^\| `(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option),
      )
      expect(options.length).toBeGreaterThan(2)
      expect([...written].toSorted()).toEqual(options.filter((option) => option !== '--help').toSorted())
    },
  )

  it('has a section for each command', async () => {
    const help = await runCli(['--help'])
    const commands = [...help.stdout.matchAll(/^ {2}([a-z]+)(?:\|[a-z]+)? \[/gm)].map(
      ([, command = '']) => command,
    )
    expect(commands).toContain('apply')
    expect(commands.filter((command) => command !== 'help' && sectionOf(command) === '')).toEqual([])
  })
})
