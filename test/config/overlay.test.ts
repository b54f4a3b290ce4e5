import { expect, test } from 'vitest'
import { overlay } from '../../src/config/overlay.ts'
import { type Located, spanAt, toPlain } from '../../src/yaml/located.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { defined } from './defined.ts'

function tree(name: string, text: string): Located {
  const { root, problems } = parseYaml({ name, text })
  expect(problems).toEqual([])
  return defined(root)
}

const base = () =>
  tree(
    'base.yml',
    'realms: {ensure: [A, B]}\nrepositories:\n  a: {httpPort: 1, blobStore: x}\n  b: {httpPort: 2}\n',
  )

function laid(text: string): unknown {
  return JSON.parse(JSON.stringify(toPlain(overlay(base(), tree('top.yml', text)))))
}

test('maps merge on every level, the order of the earlier file is kept', () => {
  const merged = laid('repositories:\n  c: {}\n  a: {httpPort: 9}\n')
  expect(merged).toEqual({
    realms: { ensure: ['A', 'B'] },
    repositories: { a: { httpPort: 9, blobStore: 'x' }, b: { httpPort: 2 }, c: {} },
  })
  expect(Object.keys((merged as { repositories: object }).repositories)).toEqual(['a', 'b', 'c'])
})

test.each([
  ['a list', 'realms: {ensure: [C]}', { ensure: ['C'] }],
  ['null', 'realms:', null],
  ['a scalar in place of a map', 'realms: text', 'text'],
  ['a list in place of a map', 'realms: [1]', [1]],
])('%s replaces', (_, text, realms) => {
  expect(laid(text)).toMatchObject({ realms })
})

test('a map replaces null, and null is kept as the value that removes', () => {
  const top = overlay(tree('a.yml', 'a:\nb: {c: 1}\n'), tree('b.yml', 'a: {d: 1}\nb: {c: null}\n'))
  expect(toPlain(top)).toEqual({ a: { d: 1 }, b: { c: null } })
})

test('each value points into the file that wrote it, a merged map to where it was begun', () => {
  const merged = overlay(base(), tree('top.yml', 'repositories: {a: {httpPort: 9}}'))
  expect(spanAt(merged, ['repositories', 'a', 'httpPort'])).toEqual({ file: 'top.yml', start: 29, end: 30 })
  expect(spanAt(merged, ['repositories', 'a', 'blobStore']).file).toBe('base.yml')
  expect(spanAt(merged, ['repositories', 'a'])).toMatchObject({ file: 'base.yml', start: 41 })
})

test('the arguments are not changed, also where aliases share a map', () => {
  const shared = tree('s.yml', 'a: &a {p: {q: 1}}\nb: *a\n')
  const before = JSON.stringify(toPlain(shared))
  const merged = overlay(shared, tree('t.yml', 'b: {p: {q: 2, r: 3}}\n'))
  expect(JSON.stringify(toPlain(shared))).toBe(before)
  expect(toPlain(merged)).toEqual({ a: { p: { q: 1 } }, b: { p: { q: 2, r: 3 } } })
})
