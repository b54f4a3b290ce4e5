import { describe, expect, test } from 'vitest'
import { dockerGroup } from '../../src/resources/docker/group.ts'
import { loadText, placed } from '../config/load-text.ts'
import { dockerRows } from './docker-rows.ts'
import { testKind } from './table.ts'

testKind({
  kind: dockerGroup,
  base: { members: ['a'] },
  rows: [
    ...dockerRows,
    {
      field: 'members',
      file: ['b', 'a'],
      request: ['group.memberNames', ['b', 'a']],
      answers: [
        [
          ['a', 'b'],
          ['a', 'b'],
        ],
        [[], []],
      ],
    },
    {
      field: 'writableMember',
      file: 'a',
      request: ['group.writableMember', 'a'],
      // Left out of the answer when there is none.
      answers: [
        ['b', 'b'],
        [undefined, null],
      ],
    },
    { field: 'writableMember', file: null, request: ['group.writableMember', null] },
  ],
})

test('a group needs a member', () => {
  expect(dockerGroup.schema.safeParse({ members: [] }).success).toBe(false)
  expect(dockerGroup.schema.safeParse({}).success).toBe(false)
})

test('a group refers to its blob store and to its members, in order', () => {
  expect(dockerGroup.references({ blobStore: 's', members: ['b', 'a'] })).toEqual([
    { namespace: 'blobStore', id: 's', path: 'blobStore' },
    { namespace: 'repository', id: 'b', path: 'members[0]' },
    { namespace: 'repository', id: 'a', path: 'members[1]' },
  ])
})

describe('hosted repositories are asked before proxies, through groups in groups too', () => {
  const base = '  own: {type: hosted}\n  mine: {type: hosted}\n  hub: {type: proxy, upstream: docker-hub}\n'
  const warnings = async (groups: Record<string, string>) => {
    const lines = Object.entries(groups).map(
      ([name, list]) => `  ${name}: {type: group, members: [${list}]}\n`,
    )
    const problems = placed(await loadText(`repositories:\n${base}${lines.join('')}`))
    return problems.map(({ severity, code, path, message }) => `${severity} ${code} ${path} ${message}`)
  }
  const told = (path: string, proxy: string, hosted: string) =>
    `warning member-order repositories.${path} proxy ${proxy} is asked before hosted ${hosted}`

  test.each<[string, Record<string, string>, string[]]>([
    ['in the list itself', { g: 'hub, own, mine' }, [told('g.members[1]', '"hub"', '"own"')]],
    [
      'a group that holds the proxy',
      { a: 'hub', g: 'a, own' },
      [told('g.members[1]', '"hub" (in "a")', '"own"')],
    ],
    [
      'a group that holds the hosted one',
      { a: 'own', g: 'hub, a' },
      [told('g.members[1]', '"hub"', '"own" (in "a")')],
    ],
    [
      'two groups',
      { a: 'hub', b: 'own', g: 'a, b' },
      [told('g.members[1]', '"hub" (in "a")', '"own" (in "b")')],
    ],
    [
      'three levels',
      { a: 'hub', b: 'a', c: 'b', g: 'c, mine' },
      [told('g.members[1]', '"hub" (in "c")', '"mine"')],
    ],
    [
      'told once, where the order is wrong',
      { a: 'hub, own', g: 'a' },
      [told('a.members[1]', '"hub"', '"own"')],
    ],
    ['hosted first', { a: 'hub', g: 'own, a' }, []],
    ['asked already', { a: 'hub, own', g: 'own, a, own2' }, [told('a.members[1]', '"hub"', '"own"')]],
    ['the same hosted one again, behind the proxy', { a: 'own', b: 'own', g: 'a, hub, b' }, []],
    [
      'groups in a circle',
      { a: 'hub, b', b: 'a, own' },
      [told('a.members[1]', '"hub"', '"own" (in "b")'), told('b.members[1]', '"hub" (in "a")', '"own"')],
    ],
  ])('%s', async (_, groups, expected) => {
    expect((await warnings(groups)).filter((line) => line.includes('member-order'))).toEqual(expected)
  })
})
