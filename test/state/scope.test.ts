// What is read of a server: what a file concerns, or everything.
import { expect, test } from 'vitest'
import { objectKey } from '../../src/resources/contract/object.ts'
import { kinds } from '../../src/resources/index.ts'
import { readState } from '../../src/state/read-state.ts'
import { everything, scopeOf } from '../../src/state/scope.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor } from '../helpers/sandbox.ts'

const document = {
  blobStores: { blobs: { path: 'blobs' } },
  routingRules: { 'no-secrets': { mode: 'block', matchers: ['.*secret.*'] } },
  repositories: {
    apps: { type: 'hosted', blobStore: 'blobs' },
    hub: { type: 'proxy', upstream: 'docker-hub', routingRule: 'no-secrets' },
    all: { type: 'group', members: ['apps', 'hub'] },
  },
}

test('everything: each kind, each name, in a constant number of requests', async () => {
  const sandbox = await sandboxFor()
  const nexus = nexusOf(sandbox)
  const config = await configOf(document)
  await applyOn(nexus, (await planOn(nexus, config)).plan, config)
  const requestsOf = async () => {
    const before = sandbox.requests.length
    const state = await readState(nexus, everything(kinds), kinds)
    return { state, requests: sandbox.requests.length - before }
  }
  const { state, requests } = await requestsOf()
  expect([...state.actual.keys()].toSorted()).toEqual(kinds.all.map(({ kind }) => kind).toSorted())
  const found = [...state.actual].flatMap(([kind, list]) => list.map(({ id }) => objectKey({ kind, id })))
  expect(found).toEqual(
    expect.arrayContaining([
      'blobStore blobs',
      'blobStore default',
      'routingRule no-secrets',
      'dockerHosted apps',
      'dockerProxy hub',
      'dockerGroup all',
      'realms realms',
      'anonymous anonymous',
      'httpProxy httpProxy',
    ]),
  )
  expect(state.occupants.get('repository')?.map(({ id, kind }) => [id, kind])).toEqual(
    expect.arrayContaining([
      ['apps', 'dockerHosted'],
      ['maven-central', undefined],
    ]),
  )
  const more = await configOf({
    repositories: Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`more-${index}`, { type: 'hosted' }]),
    ),
  })
  await applyOn(nexus, (await planOn(nexus, more)).plan, more)
  expect((await requestsOf()).requests).toBe(requests)
  nexus.close()
})

test('a file concerns the kinds of what it describes, and the names that it refers to', async () => {
  const scope = scopeOf(await configOf({ routingRules: document.routingRules }), kinds)
  const prerequisites = kinds.all.filter(({ prerequisite }) => prerequisite).map(({ kind }) => kind)
  expect(scope.kinds.map(({ kind }) => kind).toSorted()).toEqual([...prerequisites, 'routingRule'].toSorted())
  const named = scopeOf(
    await configOf({ repositories: { hub: { type: 'proxy', upstream: 'quay.io', routingRule: 'old' } } }),
    kinds,
  )
  expect([...named.namespaces].toSorted()).toEqual(['repository', 'routingRule'])
  expect(named.wanted(kinds.named('dockerProxy')).get('hub')).toMatchObject({ routingRule: 'old' })
  expect(named.wanted(kinds.named('dockerHosted')).size).toBe(0)
  expect(scopeOf({ objects: [], externals: [] }, kinds).kinds).toEqual([])
})
