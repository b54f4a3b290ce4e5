// Where the project lives is said once, in `repository` of package.json. Everything else that names it follows: see docs/contributing/development.md.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { repository, homepage, bugs } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  repository: { url: string }
  homepage: string
  bugs: string
}
const page = repository.url.replace(/^git\+|\.git$/g, '')
const name = new URL(page).pathname.slice(1)

const documents = [
  'README.md',
  'CHANGELOG.md',
  'action.yml',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
  ...readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).map((path) =>
    join('examples', path),
  ),
].filter((path) => /\.(md|yml)$/.test(path))

/** Every `owner/name` of it and where it stands, whatever the owner. */
const shown = new RegExp(
  `(?:uses: |github\\.com/|github:|\`)([\\w.-]+/${name.split('/')[1] ?? ''})(?=[@#/\`\\s]|\\.git|$)`,
  'gm',
)
const named = documents.flatMap((path) =>
  [...readFileSync(join(root, path), 'utf8').matchAll(shown)].map(([, found]) => ({ path, found })),
)

describe('the address of the project', () => {
  it('is an owner and a name', () => {
    expect(name).toMatch(/^[\w.-]+\/[\w.-]+$/)
  })

  it('is that of the page and of the bugs', () => {
    expect({ homepage, bugs }).toEqual({ homepage: `${page}#readme`, bugs: `${page}/issues` })
  })

  it('is what the documents show (else: node scripts/address.js OWNER/NAME)', () => {
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter(({ found }) => found !== name)).toEqual([])
  })

  it('is set in one step', () => {
    const copy = mkdtempSync(join(tmpdir(), 'nexus-docker-address-'))
    try {
      for (const path of [
        'scripts/address.js',
        'package.json',
        'README.md',
        'CHANGELOG.md',
        'action.yml',
        'docs',
        'examples',
      ])
        cpSync(join(root, path), join(copy, path), { recursive: true })
      execFileSync(process.execPath, ['scripts/address.js', 'acme/registry'], { cwd: copy })
      const manifest = readFileSync(join(copy, 'package.json'), 'utf8')
      for (const url of [
        'git+https://github.com/acme/registry.git',
        'https://github.com/acme/registry/issues',
      ])
        expect(manifest).toContain(`"${url}"`)
      const workflow = readFileSync(join(copy, 'docs/how-to/ci.md'), 'utf8')
      expect(workflow).toContain('uses: acme/registry@v')
      expect(workflow).not.toContain(name)
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  })
})
