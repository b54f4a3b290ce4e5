import { expect, test } from 'vitest'
import { diffValues } from '../../src/plan/diff.ts'
import { blobStore } from '../../src/resources/blob-store.ts'
import { defaultsFor } from '../../src/resources/contract/fields.ts'
import { recordingNexus, testKind, writing } from './table.ts'

/** Type and limit of a quota are only valid together. */
const limit = { quota: { limit: 1_000_000 } }
const type = { quota: { type: 'spaceUsed' } }

testKind({
  kind: blobStore,
  rows: [
    {
      field: 'path',
      file: '/data/images',
      request: ['path', '/data/images'],
      answers: [['images', 'images']],
    },
    { field: 'quota', file: null, request: ['softQuota', null] },
    {
      field: 'quota.type',
      beside: limit,
      file: 'spaceUsed',
      request: ['softQuota.type', 'spaceUsedQuota'],
      answers: [
        ['spaceUsedQuota', 'spaceUsed'],
        ['spaceRemainingQuota', 'spaceRemaining'],
      ],
    },
    {
      field: 'quota.type',
      beside: limit,
      file: 'space-remaining',
      shown: 'spaceRemaining',
      request: ['softQuota.type', 'spaceRemainingQuota'],
    },
    // Nexus's own word.
    {
      field: 'quota.type',
      beside: limit,
      file: 'spaceRemainingQuota',
      shown: 'spaceRemaining',
      request: ['softQuota.type', 'spaceRemainingQuota'],
    },
    {
      field: 'quota.limit',
      beside: type,
      file: '10 GiB',
      shown: 10_737_418_240,
      request: ['softQuota.limit', 10_737_418_240],
      answers: [[10_737_418_240, 10_737_418_240]],
    },
    { field: 'quota.limit', beside: type, file: 1_000_000, request: ['softQuota.limit', 1_000_000] },
  ],
})

test.each([
  ['images', ['images/', './images', 'images//', 'x/../images', './images/.']],
  ['/srv/images', ['/srv/images/', '/srv//images', '/srv/./images']],
  ['docker/cache', ['docker/./cache', 'docker/cache/']],
])('spellings of the directory %s are no change, and other directories are', (path, spellings) => {
  const actual = { id: 'images', wire: { name: 'images', type: 'File', path } }
  const changesOf = (written: string) =>
    diffValues(blobStore, { path: written }, actual, { because: {}, rotateSecrets: false })
  for (const spelling of spellings) expect(changesOf(spelling), spelling).toEqual([])
  for (const other of [`${path}2`, `/x/${path}`, `${path}/..`, `${path}/deep`])
    expect(changesOf(other), other).toHaveLength(1)
})

test('the path is the name where the file does not write it', () => {
  expect(defaultsFor(blobStore.fields, { name: 'images' })).toEqual({ path: 'images' })
})

test('creation names the store in the body, an update in the path alone; no quota is null', async () => {
  const { nexus, sent } = recordingNexus()
  await blobStore.create?.(nexus, writing('a b', { path: 'p' }))
  await blobStore.update(nexus, {
    ...writing('a b', { path: 'p', type: 'File' }),
    current: { id: 'a b', wire: {} },
  })
  expect(sent).toMatchObject([
    {
      method: 'POST',
      path: '/service/rest/v1/blobstores/file',
      json: { name: 'a b', path: 'p', softQuota: null },
    },
    { method: 'PUT', path: '/service/rest/v1/blobstores/file/a%20b', json: { path: 'p', softQuota: null } },
  ])
  expect(sent[1]?.json).not.toHaveProperty('name')
  expect(sent[1]?.json).not.toHaveProperty('type')
})
