// In which order a request is looked at (nexus-api 1.2, section 9): the body, the permission, the rest, and last whether a name is free.
import { describe, expect, it } from 'vitest'
import { group, hosted, proxy, server } from './repositories-client.ts'

/** Every endpoint that takes a body and a permission, with a body that it cannot read. */
const unreadable = [
  ['POST', '/v1/routing-rules', { name: 'a', description: '', mode: 'SOMETHING', matchers: ['x'] }],
  ['PUT', '/v1/routing-rules/nosuch', { name: 'a', description: '', mode: [], matchers: ['x'] }],
  ['PUT', '/v1/security/realms/active', 'NexusAuthenticatingRealm'],
  ['PUT', '/v1/security/anonymous', { enabled: 'maybe' }],
  ['POST', '/v1/system/eula', { accepted: 'maybe' }],
  ['POST', '/v1/blobstores/file', { name: 'a', path: 'a', softQuota: 'none' }],
  ['PUT', '/v1/blobstores/file/default', { path: {} }],
  ['POST', '/v1/repositories/raw/hosted', { name: 'a', online: 'maybe' }],
  ['PUT', '/v1/repositories/raw/group/nosuch', { name: 'nosuch', group: [] }],
] as const

it.each(unreadable)('%s %s: a body that cannot be read is 400 for everybody', async (method, path, body) => {
  const nexus = await server('3.89.0', { edition: 'community' })
  nexus.sandbox.state.anonymous.enabled = false
  const answer = await nexus.send(method, path, body)
  expect(answer.status).toBe(400)
  expect(await nexus.send(method, path, body, 'none')).toEqual(answer)
})

it.each([
  ['POST', '/v1/routing-rules', { name: 'a' }],
  ['PUT', '/v1/security/realms/active', ['nosuch']],
  ['POST', '/v1/system/eula', { accepted: true, disclaimer: 'no' }],
])('%s %s: what only the endpoint finds wrong comes after the permission', async (method, path, body) => {
  const nexus = await server('3.89.0', { edition: 'community' })
  expect((await nexus.send(method, path, body, 'none')).status).toBe(403)
  expect((await nexus.send(method, path, body)).status).toBeGreaterThanOrEqual(400)
})

describe('whether a name is free', () => {
  const ids = (body: unknown) => (body as { id: string }[]).map(({ id }) => id)
  const storage = { blobStoreName: 'default', writePolicy: 'ALLOW' }

  it.each([
    ['raw/hosted', hosted('files', { storage }), ['PARAMETER strictContentTypeValidation']],
    ['raw/hosted', hosted('files', { online: null }), ['PARAMETER online']],
    [
      'raw/proxy',
      proxy('files', { proxy: { remoteUrl: '' } }),
      ['PARAMETER contentMaxAge', 'PARAMETER metadataMaxAge', 'PARAMETER remoteUrl'],
    ],
    ['raw/group', group('files', []), ['PARAMETER memberNames']],
    ['raw/group', group('files', ['ghost', 'files']), ['HelperBean.memberNames']],
    ['raw/group', group('files', ['files']), ['PARAMETER name']],
    ['raw/proxy', proxy('files'), ['PARAMETER name']],
  ])('is asked of a repository last and told alone (3.89): %s %j', async (path, body, expected) => {
    const nexus = await server('3.89.0')
    await nexus.post('/v1/repositories/raw/hosted', hosted('files'))
    const answer = await nexus.post(`/v1/repositories/${path}`, body)
    expect(answer.status).toBe(400)
    expect(ids(answer.body).sort()).toEqual(expected)
  })

  it.each([
    [{ matchers: [] }, ['matchers']],
    [{ description: null, matchers: [''] }, ['description', 'matchers[0]']],
    [{}, ['name']],
  ])('is asked of a routing rule last and told alone: %j', async (changes, expected) => {
    const nexus = await server('3.71.0')
    const rule = { name: 'own', description: '', mode: 'BLOCK', matchers: ['x'] }
    expect((await nexus.post('/v1/routing-rules', rule)).status).toBe(204)
    const answer = await nexus.post('/v1/routing-rules', { ...rule, ...changes })
    expect([answer.status, ids(answer.body).sort()]).toEqual([400, expected])
  })
})
