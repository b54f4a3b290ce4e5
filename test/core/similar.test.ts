import { expect, test } from 'vitest'
import { editDistance, similar } from '../../src/core/similar.ts'

const keys = ['blobStore', 'httpPort', 'httpsPort', 'remoteUrl', 'repositories', 'realms', 'url', 'members']

test.each([
  ['blobstore', 'blobStore'],
  ['htppPort', 'httpPort'],
  ['htpsPort', 'httpsPort'],
  ['remoteURI', 'remoteUrl'],
  ['ur', 'url'],
  ['repos', 'repositories'],
  ['memebrs', 'members'],
  ['REALM', 'realms'],
])('%s was meant to be %s', (word, meant) => {
  expect(similar(word, keys)).toBe(meant)
})

test.each(['storage', 'x', '', 'http', 'subdomain', 'port'])('nothing is like %j', (word) => {
  expect(similar(word, keys)).toBeUndefined()
})

test('the order of the candidates does not matter, the word itself is no suggestion', () => {
  expect(similar('cat', ['bat', 'car', 'cab'])).toBe('cab')
  expect(similar('cat', ['cab', 'car', 'bat'])).toBe('cab')
  expect(similar('cat', ['cat'])).toBeUndefined()
})

test.each([
  ['httsp', 'https'],
  ['httpsort', 'httpsPort'],
  ['htp', 'http'],
])('between equally close ones, that with the same letters: %s was meant to be %s', (word, meant) => {
  expect(similar(word, ['http', 'https', 'httpPort', 'httpsPort'])).toBe(meant)
})

test('a swap of neighbours is one edit; far words stop at the bound', () => {
  expect(editDistance('prot', 'port', 3)).toBe(1)
  expect(editDistance('kitten', 'sitting', 3)).toBe(3)
  expect(editDistance('kitten', 'sitting', 2)).toBe(3)
  expect(editDistance('', 'abc', 5)).toBe(3)
  expect(editDistance('a'.repeat(1000), 'b', 2)).toBe(3)
})
