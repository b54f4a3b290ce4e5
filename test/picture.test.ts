// The README's picture shows what the program prints today: it is made anew and compared, times left out.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { folderWith } from './helpers/run-cli.ts'
import { hasPython } from './helpers/terminal.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Every line of text with its colours; a time takes another width, so that is left out with it. */
function withoutTimes(svg: string): string[] {
  return svg
    .replace(/ textLength="[\d.]+"/g, '')
    .replace(/\d+ ms/g, 'N ms')
    .replace(/\d+\.\d+ s/g, 'N s')
    .split('\n')
}

// a pseudo-terminal needs Python
it.skipIf(!hasPython)('docs/images/apply.svg is what `npm run picture` makes', async () => {
  const out = join(folderWith({}), 'apply.svg')
  await promisify(execFile)(process.execPath, ['scripts/terminal-picture.js', '--out', out], { cwd: root })
  const made = withoutTimes(readFileSync(out, 'utf8'))
  expect(made).toEqual(withoutTimes(readFileSync(join(root, 'docs/images/apply.svg'), 'utf8')))
  expect(made.join('\n')).toContain('No changes.')
})
