// Comments and documents cite what is known of Nexus by section ("nexus-api 2.3"): each cited section is there.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readRecordings } from '../../scripts/lib/recordings.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const facts = readFileSync(join(root, 'docs/contributing/nexus-api.md'), 'utf8')
const sections = new Set([...facts.matchAll(/^#{2,3} (\d+(?:\.\d+)?)\.? /gm)].map(([, number]) => number))

const folders = ['src', 'test', 'docs', 'scripts']
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|mjs|md|json)$/.test(name))
    .map((name) => join(folder, name)),
)

/** Section numbers after "nexus-api": `2.3`, `sections 2.4 to 2.7, 3 and 6`, `2.3, step 2`; not versions, which stand after them. */
function citedIn(text: string): string[] {
  const flat = text.replaceAll(/\s*\n\s*(?:\/\/|\*|#)?\s*/g, ' ')
  const citations = [...flat.matchAll(/nexus-api(?: sections?)? ((?:\d+(?:\.\d+)?(?:, | and | to )?)+)/g)]
  return citations.flatMap(([, numbers = '']) => numbers.match(/\b\d+(?:\.\d+)?\b/g) ?? [])
}

describe('docs/contributing/nexus-api.md', () => {
  const cited = files
    .filter((file) => file !== 'docs/contributing/nexus-api.md')
    .flatMap((file) => citedIn(readFileSync(join(root, file), 'utf8')).map((number) => ({ file, number })))

  it('has every section that is cited', () => {
    expect(cited.length).toBeGreaterThan(100)
    // A version may follow a section in the same brackets: "(nexus-api 2.3, 3.89)".
    const isVersion = (number: string) => /^3\.\d\d$/.test(number)
    expect(cited.filter(({ number }) => !sections.has(number) && !isVersion(number))).toEqual([])
  })

  it('has every shape of an error that is cited', () => {
    const shapes = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/nexus-api 1\.3, (E\d+)/g)].map(([, name]) => name),
    )
    for (const name of shapes) expect(facts).toContain(`| ${name ?? ''} `)
  })
})

it('the recordings are there, with an answer for each request', () => {
  const recordings = Object.entries(readRecordings()) as [string, { log: { id: string }[] }][]
  expect(recordings.map(([name]) => name)).toEqual([
    ...['3.28.0-orient', '3.41.1-orient', '3.41.1', '3.62.0', '3.71.0', '3.77.1', '3.89.0'].map(
      (version) => `core-${version}.json`,
    ),
    'lifecycle-3.41.1.json',
    'lifecycle-3.77.1.json',
  ])
  for (const [, { log }] of recordings) expect(log.length).toBeGreaterThan(90)
})
