import { expect, test } from 'vitest'
import { overlay } from '../../src/config/overlay.ts'
import { type Located, spanAt, toPlain } from '../../src/yaml/located.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { folderWith } from '../helpers/run-cli.ts'
import { defined } from './defined.ts'
import { loadFiles, placed } from './load-text.ts'

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

/** What is left of two files, as objects by name, and what is told. */
async function both(base: string, top: string) {
  const loaded = await loadFiles(['base.yml', 'top.yml'], {
    cwd: folderWith({ 'base.yml': base, 'top.yml': top }),
  })
  const specs = loaded.config?.objects.map(({ id, spec }) => [id, spec] as const)
  return {
    specs: specs && Object.fromEntries(specs),
    problems: placed(loaded).map(({ code, hint }) => `${code}: ${hint}`),
  }
}

const two = 'repositories:\n  a: {type: hosted, httpPort: 8083}\n  b: {type: hosted, httpPort: 8084}\n'

test('null takes an object of an earlier file out, whatever its kind', async () => {
  expect(await both(two, 'repositories: {a: null}\n')).toEqual({
    specs: { b: { httpPort: 8084 } },
    problems: [],
  })
  const stores =
    'blobStores: {images: {path: x}, others: {}}\nroutingRules: {r: {mode: allow, matchers: [x]}}\n'
  expect(await both(stores, 'blobStores: {images: }\nroutingRules: {r: ~}\n')).toEqual({
    specs: { others: {} },
    problems: [],
  })
})

test('what refers to an object that was taken out is told', async () => {
  const group = `${two}  g: {type: group, members: [a, b]}\n`
  expect((await both(group, 'repositories: {a: null}\n')).problems).toEqual([
    expect.stringMatching(/^member-missing/),
  ])
})

test('a later file may bring it back, and null of nothing says what to do', async () => {
  const cwd = folderWith({
    a: two,
    b: 'repositories: {a: null}\n',
    c: 'repositories: {a: {type: group, members: [b]}}\n',
  })
  const loaded = await loadFiles(['a', 'b', 'c'], { cwd })
  expect(loaded.problems).toEqual([])
  expect(loaded.config?.objects.find(({ id }) => id === 'a')?.kind).toBe('dockerGroup')
  expect((await both(two, 'repositories: {c: null}\n')).problems).toEqual([
    'missing-type: add "type: hosted", "type: proxy", "type: group", or remove the line',
  ])
})

test('null inside of an object stays the value that removes', async () => {
  const base =
    'repositories: {p: {type: proxy, upstream: quay.io, authentication: {username: u, password: p-secret}}}\n'
  const { specs, problems } = await both(base, 'repositories: {p: {authentication: null}}\n')
  expect(problems).toEqual([])
  expect(specs).toMatchObject({ p: { authentication: null } })
})
