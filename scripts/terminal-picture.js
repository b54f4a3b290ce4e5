// Makes the README's picture: the built program in a real terminal, applying the README's own file to a sandbox, twice.
// usage: node scripts/terminal-picture.js [--out FILE]
// What it prints is drawn as it is; only the sandbox's port is shown as Nexus's usual one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'
import { drawTerminal } from './lib/terminal-svg.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({
  options: { out: { type: 'string', default: join(root, 'docs/images/apply.svg') } },
})

const load = (path) => tsImport(path, import.meta.url)
const { startInTerminal } = await load('../test/helpers/terminal.ts')
const { cellsOf } = await load('../test/helpers/screen.ts')
const { blocksOf } = await load('../test/helpers/documents.ts')
const { startSandbox } = await load('../src/sandbox/index.ts')

const columns = 107
const file = blocksOf(readFileSync(join(root, 'README.md'), 'utf8')).find(
  ({ language }) => language === 'yaml',
)

/** A command as typed and all that the terminal got then. One request at a time keeps the order the same. */
async function session(args, cwd, env, answer) {
  const running = startInTerminal([...args, '--parallelism', '1'], { columns, rows: 50, cwd, env })
  if (answer !== undefined) {
    await running.shows('(y/N)')
    running.type(answer)
  }
  const code = await running.ended
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${running.raw()}`)
  return `\u001B[32m$\u001B[39m \u001B[1mnexus-docker ${args.join(' ')}\u001B[22m\r\n${running.raw()}\r\n`
}

const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-picture-'))
const sandbox = await startSandbox()
try {
  writeFileSync(join(folder, 'repos.yml'), `${file.lines.join('\n')}\n`)
  const env = { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: sandbox.password }
  const first = await session(['apply'], folder, env, 'y\r')
  const second = await session(['apply'], folder, env)
  const raw = `${first}${second}`.replaceAll(sandbox.url, 'http://localhost:8081').trimEnd()
  const title = 'nexus-docker apply: the plan, what was done, and a second run with nothing to do'
  writeFileSync(values.out, drawTerminal(cellsOf(raw, columns), { columns, title }))
} finally {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
}
