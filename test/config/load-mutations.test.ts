import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Config } from '../../src/config/config.ts'
import { exampleFiles } from './example-files.ts'
import { loadText } from './load-text.ts'
import { environment, expectPlacedProblems, mutatedFiles, type Seen } from './mutated-files.ts'

// 10,000 of them, and another seed each time: test/slow/mutated-files.test.ts.
test('500 mutated files: no crash, no hang, every rejection has a place in the file', async () => {
  const seen: Seen = { accepted: 0, codes: new Set() }
  await fc.assert(
    fc.asyncProperty(mutatedFiles, (text) => expectPlacedProblems(text, seen)),
    { numRuns: 500, seed: 2026 },
  )
  // Otherwise the mutations would be too harsh, or too tame, to prove anything.
  expect(seen.accepted).toBeGreaterThan(50)
  expect(seen.codes.size).toBeGreaterThan(25)
})

/** The result without what depends on where things stand in the file. */
function resultOf(config: Config | undefined) {
  if (!config) return undefined
  const { nexus, sections, objects, externals } = config
  return {
    nexus,
    sections,
    objects: objects
      .map(({ kind, id, spec, because }) => ({ kind, id, spec, because }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    externals: externals.map(({ namespace, id }) => `${namespace} ${id}`).sort(),
  }
}

function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => ({
    key,
    inner: shuffled(inner, random),
    rank: random(),
  }))
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({ key, inner }) => [key, inner]))
}

describe('the order of keys never changes the result', () => {
  test.each(exampleFiles().map((text, index) => ({ text, index })))('example $index', async ({ text }) => {
    const data: unknown = parse(text, { merge: true })
    const load = async (yaml: string) =>
      resultOf((await loadText(yaml, { environment, lenientSecrets: false })).config)
    const expected = await load(text)
    expect(expected?.objects.length).toBeGreaterThan(2)
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (stream) => {
        const random = () => Number(stream.next().value)
        expect(await load(stringify(shuffled(data, random)))).toEqual(expected)
      }),
      { numRuns: 50, seed: 2026 },
    )
  })
})
