// One indentation too little or too much: the hint says where the key belongs.
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { nodeAt, type Path, spanAt } from '../../../src/yaml/located.ts'
import { parseYaml } from '../../../src/yaml/parse.ts'
import { defined } from '../defined.ts'
import { environmentFor, everyField } from '../example-files.ts'
import { loadText, placed } from '../load-text.ts'

type Tree = Record<string, unknown>

const maps = ['routingRules', 'blobStores', 'repositories']
const sections = parse(everyField) as Tree

/** Every field that the file has, lists and secrets as a whole, sections with what is in them. */
function fieldsIn(tree: unknown, above: Path = []): Path[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return []
  if (Object.keys(tree).some((key) => key === 'env' || key === 'file')) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = [...above, key]
    const isObject = path.length < (maps.includes(String(path[0])) ? 3 : 2)
    return [...(isObject ? [] : [path]), ...fieldsIn(value, path)]
  })
}

function at(tree: unknown, path: Path): Tree {
  return path.reduce<unknown>((node, step) => (node as Tree)[step], tree) as Tree
}

/** The file with a key moved from one map into another. */
function moved(from: Path, into: Path): string {
  const tree = structuredClone(sections)
  const key = String(from.at(-1))
  const source = at(tree, from.slice(0, -1))
  const value = source[key]
  Reflect.deleteProperty(source, key)
  at(tree, into)[key] = value
  return stringify(tree, { aliasDuplicateObjects: false })
}

/** What is told at a place of a text. */
async function toldAt(text: string, path: Path): Promise<string[]> {
  const { root } = parseYaml({ name: '-', text })
  const { start } = spanAt(defined(root), path, 'key')
  const line = text.slice(0, start).split('\n').length
  const problems = placed(await loadText(text, { environment: environmentFor(everyField) }))
  return problems
    .filter((problem) => problem.severity === 'error' && problem.line === line)
    .map(({ message, hint }) => `${message} (${hint})`)
}

const fields = fieldsIn(sections).filter(([section]) => section !== 'version' && section !== 'nexus')
const baseOf = (path: Path) => (maps.includes(String(path[0])) ? 2 : 1)

test.each(fields.map((path) => [path.join('.'), path]))('%s, one level up', async (_, path) => {
  const into = path.slice(0, -2)
  const key = String(path.at(-1))
  if (Object.hasOwn(at(sections, into), key)) return
  // `blobStores: {quota: null}` is an empty blob store of that name.
  if (path.join('.') === 'blobStores.other.quota') return
  const told = await toldAt(moved(path, into), [...into, key])
  // Below a section of its object it belongs into that section, else into an object.
  const home =
    path.length - 1 > baseOf(path)
      ? `"${path.slice(baseOf(path), -1).join('.')}"|inside "${path.at(-2)}"`
      : `below "[^"]+"|inside "${path[0]}"`
  expect(told).toEqual([expect.stringMatching(new RegExp(`${home}|write .*${path.at(-2)}\\.${key}`))])
})

const sunk = fields.flatMap((path) => {
  const parent = path.slice(0, -1)
  if (parent.length !== baseOf(path)) return []
  const beside = Object.entries(at(sections, parent)).filter(
    ([key, value]) =>
      key !== path.at(-1) && typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  return beside.map(([section]): [string, Path, Path] => [
    `${path.join('.')} in ${section}`,
    path,
    [...parent, section],
  ])
})

test('there is something to sink', () => {
  expect(sunk.length).toBeGreaterThan(40)
})

test.each(sunk)('%s, one level down', async (_, path, into) => {
  const key = String(path.at(-1))
  if (Object.hasOwn(at(sections, into), key)) return
  const told = await toldAt(moved(path, into), [...into, key])
  expect(told).toEqual([
    expect.stringMatching(`move it one level up: "${key}" belongs beside "${into.at(-1)}"`),
  ])
})

test.each(
  ['repositories', 'blobStores', 'routingRules', 'realms', 'anonymous', 'httpProxy'].flatMap((section) =>
    ['repositories', 'blobStores', 'httpProxy', 'nexus', 'realms']
      .filter((other) => other !== section)
      .map((other) => [section, other]),
  ),
)('%s, one level too deep in %s', async (section = '', other = '') => {
  const told = await toldAt(moved([section], [other]), [other, section])
  expect(told).toEqual([
    expect.stringMatching(`move it to the top of the file: "${section}" belongs beside "${other}"`),
  ])
})

test.each(['repositories.hub', 'repositories.docker', 'blobStores.blob-docker', 'routingRules.only-ours'])(
  '%s, at the top of the file and inside of another',
  async (place) => {
    const [section = '', name = ''] = place.split('.')
    const above = await toldAt(moved([section, name], []), [name])
    expect(above).toEqual([expect.stringMatching(`looks like an? .*: write it below "${section}:"`)])
    const [other = ''] = Object.keys(at(sections, [section])).filter(
      (key) => key !== name && key !== 'theirs',
    )
    if (other === '') return
    const inside = await toldAt(moved([section, name], [section, other]), [section, other, name])
    expect(inside).toEqual([
      expect.stringMatching(`looks like an? .*: move it one level up, beside "${other}"`),
    ])
  },
)

test('the fields of an object without its name are one mistake', async () => {
  const text = 'repositories:\n  type: proxy\n  remoteUrl: https://registry.example.com\n  httpPort: 8083\n'
  expect(placed(await loadText(text))).toMatchObject([
    {
      line: 2,
      column: 3,
      code: 'unknown-key',
      hint: expect.stringMatching(/write a name above it/) as unknown,
    },
  ])
})

test('nothing follows from a field that slipped beside the name', async () => {
  const text =
    'repositories:\n  a:\n    type: group\n    httpPort: 8082\n  members: [b]\n  b: {type: hosted}\n'
  expect(placed(await loadText(text))).toMatchObject([
    { line: 5, hint: 'indent it one level deeper, below "a"' },
  ])
  expect(nodeAt(defined(parseYaml({ name: '-', text }).root), ['repositories', 'members'])?.kind).toBe('list')
})

test.each([
  ['repositories:\n  a:\n  type: hosted\n  httpPort: 8083\n', [3, 4]],
  ['repositories:\n  a:\n  external: true\n', [3]],
  ['blobStores:\n  a:\n  path: b\n', [3]],
  ['nexus:\n  username: u\n  password:\n  env: P\n', [4]],
  ['bootstrap:\n  initialPassword:\n  file: /x\n', [3]],
  [
    'repositories:\n  a:\n    type: proxy\n    upstream: quay.io\n    authentication:\n      username: u\n      password:\n      env: P\n',
    [8],
  ],
])('what stands beside the key that it belongs below is one mistake: %j', async (text, lines) => {
  const errors = placed(await loadText(text)).filter(({ severity }) => severity === 'error')
  expect(errors.map(({ line }) => line)).toEqual(lines)
  for (const { code, hint } of errors)
    expect([code, hint]).toEqual([
      'unknown-key',
      expect.stringMatching(/^indent it one level deeper, below "/),
    ])
})

test('an object that slipped into another one keeps its type', async () => {
  const text = 'blobStores:\n  a:\n    path: a\n    b: {type: file, path: b}\n'
  expect(placed(await loadText(text))).toMatchObject([
    { hint: 'this looks like a blob store: move it one level up, beside "a"' },
  ])
})

test.each(['authentication: {username: u, password: p, type: proxy}', 'negativeCache: {type: proxy}'])(
  'a type that slipped into a section is one mistake: %s',
  async (section) => {
    expect(placed(await loadText(`repositories:\n  a: {upstream: quay.io, ${section}}\n`))).toMatchObject([
      { code: 'unknown-key', hint: expect.stringMatching(/^move it one level up: "type"/) as unknown },
    ])
  },
)
