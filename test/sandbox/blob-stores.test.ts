// What the recordings of blob stores do not show at a glance: gates by version, looking up, quotas, permissions (nexus-api 2.2).
import { describe, expect, it } from 'vitest'
import { addUser, hosted, server } from './repositories-client.ts'

const FILE = '/v1/blobstores/file'

describe('a file blob store', () => {
  it('is created, listed, changed and deleted', async () => {
    const nexus = await server('3.90.0')
    const softQuota = { type: 'spaceRemainingQuota', limit: 10_000_000_000 }
    expect(await nexus.post(FILE, { name: 'images', path: 'images', softQuota })).toEqual({
      status: 204,
      body: '',
    })
    expect((await nexus.get(`${FILE}/images`)).body).toEqual({ softQuota, path: 'images' })
    expect((await nexus.list('/v1/blobstores'))[1]).toMatchObject({
      name: 'images',
      type: 'File',
      softQuota,
    })
    await nexus.put(`${FILE}/images`, { path: 'moved' })
    expect((await nexus.get(`${FILE}/images`)).body).toEqual({ softQuota: null, path: 'moved' })
    expect((await nexus.remove('/v1/blobstores/images')).status).toBe(204)
    expect((await nexus.get('/v1/blobstores')).body).toHaveLength(1)
  })

  it.each([
    ['3.28.0', 500],
    ['3.41.0', 400],
    ['3.90.0', 400],
  ])('%s: has a name that is unique ignoring case (%d) and looked up exactly', async (version, status) => {
    const nexus = await server(version)
    expect((await nexus.post(FILE, { name: 'DEFAULT', path: 'other' })).status).toBe(status)
    expect((await nexus.get(`${FILE}/DEFAULT`)).status).toBe(version < '3.62' ? 500 : 404)
    expect((await nexus.remove('/v1/blobstores/DEFAULT')).status).toBe(500)
  })

  it.each([
    ['3.48.0', 'Unable to find blobstore'],
    ['3.62.0', { id: '*', message: '"Unable to find blobstore"' }],
    ['3.71.0', { id: '*', message: `"Unable to find File 'x' blobstore"` }],
    ['3.77.0', { id: '*', message: "Unable to find File 'x' blobstore" }],
  ])('%s: that is missing is answered with 404', async (version, body) => {
    const nexus = await server(version)
    expect(await nexus.get(`${FILE}/x`)).toEqual({ status: 404, body })
    expect(await nexus.put(`${FILE}/x`, { path: 'x' })).toEqual({ status: 404, body })
  })

  it.each([
    ['3.28.0', 204],
    ['3.29.0', 400],
  ])('%s: in the directory of another one answers %d', async (version, status) => {
    const nexus = await server(version)
    const inside = ['default', 'default/', 'default/sub', './default', 'other/../default', 'default//sub/.']
    for (const path of [...inside, '/nexus-data/blobs/default']) {
      expect((await nexus.post(FILE, { name: `of-${path.length}`, path })).status).toBe(status)
    }
    expect((await nexus.post(FILE, { name: 'beside', path: 'default-2' })).status).toBe(204)
    expect((await nexus.put(`${FILE}/beside`, { path: 'default-2' })).status).toBe(204)
  })

  it.each([
    ['3.28.0', 500],
    ['3.41.0', 400],
    ['3.90.0', 400],
  ])('%s: in use answers a deletion with %d', async (version, status) => {
    const nexus = await server(version)
    await nexus.post(FILE, { name: 'images', path: 'images' })
    const storage = { blobStoreName: 'images', strictContentTypeValidation: true, writePolicy: 'ALLOW' }
    await nexus.post('/v1/repositories/raw/hosted', hosted('files', { storage }))
    expect((await nexus.remove('/v1/blobstores/images')).status).toBe(status)
    await nexus.remove('/v1/repositories/files')
    expect((await nexus.remove('/v1/blobstores/images')).status).toBe(204)
  })

  it('reports the state of its quota', async () => {
    const nexus = await server('3.90.0')
    const huge = { type: 'spaceRemainingQuota', limit: 9e15 }
    await nexus.post(FILE, { name: 'full', path: 'full', softQuota: huge })
    await nexus.post(FILE, {
      name: 'empty',
      path: 'empty',
      softQuota: { type: 'spaceUsedQuota', limit: 1_000_000 },
    })
    const answers = ['full', 'empty', 'default'].map((name) =>
      nexus.get(`/v1/blobstores/${name}/quota-status`),
    )
    expect((await Promise.all(answers)).map(({ body }) => body)).toMatchObject([
      { isViolation: true },
      { isViolation: false },
      { isViolation: false, message: 'Blob store default has no quota' },
    ])
  })

  it('is checked before permissions are, and frozen after them', async () => {
    const nexus = await server('3.90.0')
    addUser(nexus, 'reader', 'nexus:blobstores:read')
    expect((await nexus.get('/v1/blobstores', 'reader')).status).toBe(200)
    expect((await nexus.get('/v1/blobstores', 'none')).status).toBe(403)
    expect((await nexus.post(FILE, {}, 'reader')).status).toBe(400)
    expect((await nexus.post(FILE, { name: 'x', path: 'x' }, 'reader')).status).toBe(403)
    expect((await nexus.remove('/v1/blobstores/default', 'reader')).status).toBe(403)
    nexus.sandbox.state.frozen = true
    expect((await nexus.post(FILE, { name: 'x', path: 'x' })).status).toBe(503)
    expect((await nexus.put(`${FILE}/default`, { path: 'x' })).status).toBe(503)
  })
})
