// A large file is read by a shorter way (src/advice/shape.ts, narrowedTo): what it says must be what a small one says.
import { expect, test } from 'vitest'
import { everyField } from './example-files.ts'
import { loadText, placed } from './load-text.ts'

const crowd = Array.from(
  { length: 120 },
  (_, index) => `  crowd-${index}: {type: hosted, writePolicy: allow}`,
)

function large(text: string): string {
  return `${text.trimEnd()}\n${crowd.join('\n')}\n`
}

test.each([
  ['an unknown key', 'repositories:\n  a: {type: hosted, writePolice: allow}\n'],
  ['a key of another type', 'repositories:\n  a: {type: hosted, remoteUrl: "https://quay.io"}\n'],
  ['a missing key', 'repositories:\n  a: {type: group, httpPort: 8082}\n'],
  ['a wrong type', 'repositories:\n  a: {type: hosted, httpPort: many}\n'],
  [
    'a wrong part of a section',
    'repositories:\n  a: {type: proxy, upstream: quay.io, negativeCache: {enabled: 3, ttl: 1}}\n',
  ],
  [
    'several at once',
    'repositories:\n  a: {type: hosted, writePolicy: maybe, httpPort: 0, x: 1}\n  b: {type: proxy, httpPort: "1"}\n',
  ],
  ['no keys', 'repositories:\n  a:\n  b: {}\n'],
])('%s', async (_, text) => {
  const small = placed(await loadText(text))
  expect(small.length).toBeGreaterThan(0)
  expect(placed(await loadText(large(text)))).toEqual(small)
})

test('a number out of a variable, and null, mean the same', async () => {
  const text =
    'repositories:\n  a: {type: hosted, httpPort: "${PORT}", httpsPort: null, cleanupPolicies: [x]}\n'
  const options = { environment: { PORT: '8082' } }
  const [small] = (await loadText(text, options)).config?.objects ?? []
  expect(small?.spec).toMatchObject({ httpPort: 8082, httpsPort: null })
  expect((await loadText(large(text), options)).config?.objects[0]?.spec).toEqual(small?.spec)
})

test('every field of every kind is read alike', async () => {
  const small = await loadText(everyField)
  const crowded = await loadText(large(everyField))
  const specs = (loaded: typeof small) =>
    Object.fromEntries((loaded.config?.objects ?? []).map(({ id, spec }) => [id, spec]))
  const expected = specs(small)
  expect(Object.keys(expected).length).toBeGreaterThan(5)
  expect(specs(crowded)).toMatchObject(expected)
})
