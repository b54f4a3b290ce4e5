import { expect, test } from 'vitest'
import { dockerGroup } from '../../src/resources/docker/group.ts'
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
