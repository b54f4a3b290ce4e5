// The README's pictures show what the program prints today: they are made anew and compared, times left out.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

// a pseudo-terminal needs Python, and only Linux has more loopback addresses than one
describe.skipIf(!hasPython || process.platform !== 'linux')(
  'docs/images, as `npm run picture` makes it',
  () => {
    let made = ''

    beforeAll(async () => {
      made = mkdtempSync(join(tmpdir(), 'nexus-docker-images-'))
      await promisify(execFile)(process.execPath, ['scripts/terminal-picture.js', '--out', made], {
        cwd: root,
      })
    })
    afterAll(() => {
      rmSync(made, { recursive: true, force: true })
    })

    it.each([
      ['apply.svg', 'No changes.'],
      ['init.svg', 'wrote repos.yml'],
    ])('%s', (name, end) => {
      const [now, shown] = [made, join(root, 'docs/images')].map((folder) =>
        withoutTimes(readFileSync(join(folder, name), 'utf8')),
      )
      expect(now).toEqual(shown)
      expect(now?.join('\n')).toContain(end)
    })

    it('is all that is there', () => {
      expect(readdirSync(join(root, 'docs/images')).toSorted()).toEqual(readdirSync(made).toSorted())
    })
  },
)
