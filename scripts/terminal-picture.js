// Makes the README's pictures: the built program in a real terminal, with a sandbox that it talks to.
// usage: node scripts/terminal-picture.js [--out DIRECTORY]
// What the terminal got is drawn as it is; only the sandbox's address is shown as localhost, and its
// port as Nexus's usual one.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'
import { drawTerminal } from './lib/terminal-svg.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'docs/images') } } })

const load = (path) => tsImport(path, import.meta.url)
const { converseAtTerminal, enter } = await load('../test/helpers/at-terminal.ts')
const { cellsOf } = await load('../test/helpers/screen.ts')
const { blocksOf } = await load('../test/helpers/documents.ts')
const { startSandbox } = await load('../src/sandbox/index.ts')

const columns = 107

// A loopback address of its own: on the usual one somebody else may have taken the ports that init proposes.
const host = '127.0.0.42'
const readme = blocksOf(readFileSync(join(root, 'README.md'), 'utf8'))
const file = readme.find(({ language }) => language === 'yaml').lines.join('\n')

// `quietly`: arguments that only keep the order of what runs at the same time. `presses`: a text, and the keys when it appears.
const apply = { args: ['apply'], quietly: ['--parallelism', '1'], presses: [] }
const pictures = {
  apply: {
    title: 'nexus-docker apply: the plan, the question, what was done, and a second run with nothing to do',
    files: { 'repos.yml': file },
    signedIn: true,
    commands: [{ ...apply, presses: [['(y/N)', `y${enter}`]] }, apply],
  },
  init: {
    title: 'nexus-docker init: questions with their default answers, the file, what to do next',
    files: {},
    signedIn: false,
    commands: [
      {
        args: ['init'],
        quietly: [],
        presses: [
          'What is the address of Nexus?',
          'Will you push images of your own?',
          'Which registries should it cache?',
          'Who may pull without signing in?',
          'How do clients reach the registry?',
          'Public host name',
          'Does Nexus reach the internet through an HTTP proxy?',
          'Where are the images stored on the server?',
          "Has the administrator's password been set already?",
          'Write repos.yml?',
        ].map((question) => [question, enter]),
      },
    ],
  },
}

/** A command as typed, and all that the terminal got then. */
async function session({ args, quietly, presses }, cwd, env) {
  const { code, raw, screen } = await converseAtTerminal([...args, ...quietly], presses, {
    columns,
    rows: 50,
    cwd,
    env,
  })
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${screen}`)
  return `\u001B[32m$\u001B[39m \u001B[1mnexus-docker ${args.join(' ')}\u001B[22m\r\n${raw}\r\n`
}

async function draw(name, { title, files, commands, signedIn }) {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-picture-'))
  const sandbox = await startSandbox({ host })
  try {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), `${text}\n`)
    const env = { NEXUS_URL: sandbox.url, ...(signedIn && { NEXUS_PASSWORD: sandbox.password }) }
    let raw = ''
    for (const command of commands) raw += await session(command, folder, env)
    const shown = raw.replaceAll(sandbox.url, 'http://localhost:8081').replaceAll(host, 'localhost')
    const cells = cellsOf(shown, columns)
    writeFileSync(join(values.out, `${name}.svg`), drawTerminal(cells, { columns, title }))
  } finally {
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

mkdirSync(values.out, { recursive: true })
for (const [name, picture] of Object.entries(pictures)) await draw(name, picture)
