// What a client of the repository API has to live with (nexus-api sections 2.3, 7 and 7.1), by version.
import { describe, expect, it } from 'vitest'
import { addUser, group, hosted, proxy, server } from './repositories-client.ts'

const HOSTED = '/v1/repositories/raw/hosted'
const PROXY = '/v1/repositories/raw/proxy'
const GROUP = '/v1/repositories/raw/group'

/** Holds requests back until this many have come, then lets all pass. */
function together(count: number): () => Promise<void> | undefined {
  const waiting: (() => void)[] = []
  return () => {
    if (waiting.length >= count) return undefined
    return new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length === count) for (const pass of waiting) pass()
    })
  }
}

function on(blobStoreName: string) {
  return { storage: { blobStoreName, strictContentTypeValidation: true, writePolicy: 'ALLOW' } }
}

function withUrl(remoteUrl: string) {
  return { proxy: { remoteUrl, contentMaxAge: 1, metadataMaxAge: 1 } }
}

describe('a name that exists', () => {
  const unique = [{ id: 'PARAMETER name', message: 'Name is already used, must be unique (ignoring case)' }]

  it.each([
    ['3.41.0', 'Repository has created already!'],
    ['3.43.0', 'Repository has created already!'],
    ['3.44.0', 'Duplicate key'],
    ['3.48.0', 'Duplicate key'],
    ['3.49.0', { id: '*', message: '"Duplicate key"' }],
    ['3.88.0', { id: '*', message: '"Duplicate key"' }],
    ['3.89.0', unique],
  ])('%s: is answered with 400', async (version, body) => {
    const nexus = await server(version, { database: 'h2' })
    await nexus.post(HOSTED, hosted('files'))
    expect(await nexus.post(HOSTED, hosted('files'))).toEqual({ status: 400, body })
    expect(await nexus.post(PROXY, proxy('files'))).toEqual({ status: 400, body })
  })

  it.each([
    ['3.28.0', 'orient', 400],
    ['3.41.1', 'orient', 400],
    ['3.70.0', 'orient', 400],
    ['3.41.0', 'h2', 400],
    ['3.62.0', 'h2', 201],
    ['3.88.0', 'h2', 201],
    ['3.89.0', 'h2', 400],
  ] as const)('%s on %s: in another case is answered with %d', async (version, database, status) => {
    const nexus = await server(version, { database })
    await nexus.post(HOSTED, hosted('files'))
    expect((await nexus.post(HOSTED, hosted('FILES'))).status).toBe(status)
    expect((await nexus.names('/v1/repositories')).includes('FILES')).toBe(status === 201)
  })

  const byStatus = (answers: { status: number }[]) =>
    answers.sort((left, right) => left.status - right.status)

  it('goes to one of two creations at the same time, the other is refused by the database', async () => {
    const nexus = await server('3.90.0', { hooks: { beforeRequest: together(2) } })
    const answers = await Promise.all([1, 2].map(() => nexus.post(HOSTED, hosted('files'))))
    expect(byStatus(answers)).toEqual([
      { status: 201, body: '' },
      { status: 400, body: { id: '*', message: '"Duplicate key"' } },
    ])
    expect((await nexus.get(`${HOSTED}/files`)).status).toBe(200)
    expect(await nexus.post(HOSTED, hosted('files'))).toEqual({ status: 400, body: unique })
  })

  it.each([
    ['h2', 500],
    ['orient', 204],
  ] as const)(
    'on 3.41.1 with %s is left by two creations at the same time: DELETE answers %d',
    async (database, status) => {
      const nexus = await server('3.41.1', { database, hooks: { beforeRequest: together(2) } })
      const answers = await Promise.all([1, 2].map(() => nexus.post(HOSTED, hosted('files'))))
      expect(byStatus(answers).map((answer) => answer.status)).toEqual([201, 400])
      expect((await nexus.get(`${HOSTED}/files`)).status).toBe(200)
      expect((await nexus.remove('/v1/repositories/files')).status).toBe(status)
    },
  )

  it.each([
    ['3.90.0', 'h2', 'DuplicateKeyException'],
    ['3.41.1', 'orient', 'ORecordDuplicatedException'],
  ] as const)(
    '%s on %s: of two blob stores at the same time the database refuses one',
    async (version, database, text) => {
      const nexus = await server(version, { database, hooks: { beforeRequest: together(2) } })
      const make = () => nexus.post('/v1/blobstores/file', { name: 'files', path: 'files' })
      const answers = await Promise.all([make(), make()])
      expect(byStatus(answers)).toEqual([
        { status: 204, body: '' },
        { status: 500, body: expect.stringContaining(text) as string },
      ])
    },
  )
})

describe('a PUT', () => {
  it.each([
    ['3.28.0', 400],
    ['3.41.0', 404],
    ['3.56.0', 404],
    ['3.57.0', 400],
    ['3.90.0', 400],
  ])('%s: of an invalid configuration answers %d and changes nothing', async (version, status) => {
    const nexus = await server(version)
    await nexus.post(PROXY, proxy('files'))
    const before = await nexus.settings('raw/proxy/files')
    const answer = await nexus.put(`${PROXY}/files`, proxy('files', withUrl('ftp://example.org/')))
    expect(answer.status).toBe(status)
    if (status === 404) expect(answer.body).toBe('')
    expect(await nexus.settings('raw/proxy/files')).toEqual(before)
    expect((await nexus.post(PROXY, proxy('more', withUrl('ftp://example.org/')))).status).toBe(400)
  })

  it('that meets another one of the same repository is refused, and can be repeated', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('files'))
    const put = () => nexus.put(`${HOSTED}/files`, hosted('files', { online: false }))
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(put))
    const refused = answers.filter(({ status }) => status === 400)
    expect(answers.filter(({ status }) => status === 204).length).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    const message = '"Invalid state: STOPPED; allowed: [STARTED]"'
    for (const { body } of refused) expect(body).toEqual({ id: '*', message })
    expect((await put()).status).toBe(204)
  })

  it('through the path of another type overwrites where the bodies overlap, and never changes the type', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('files'))
    const maven = { versionPolicy: 'RELEASE', layoutPolicy: 'STRICT' }
    expect((await nexus.put('/v1/repositories/maven/hosted/files', hosted('files', { maven }))).status).toBe(
      204,
    )
    expect(await nexus.settings('raw/hosted/files')).toMatchObject({
      type: 'hosted',
      raw: { contentDisposition: null },
    })
    expect((await nexus.put(`${PROXY}/files`, proxy('files'))).status).toBe(400)
  })

  it('of a missing repository is an empty 404', async () => {
    const nexus = await server('3.90.0')
    addUser(nexus, 'nobody')
    const missing = { status: 404, body: '' }
    expect(await nexus.put(`${HOSTED}/files`, hosted('files'))).toEqual(missing)
    expect(await nexus.put(`${HOSTED}/files`, hosted('files'), 'nobody')).toEqual(missing)
    expect(await nexus.remove('/v1/repositories/files')).toEqual(missing)
  })
})

describe('a blob store', () => {
  it.each([
    ['3.28.0', 'orient', 201],
    ['3.41.1', 'orient', 400],
    ['3.67.0', 'orient', 400],
    ['3.62.0', 'h2', 201],
    ['3.67.0', 'h2', 201],
    ['3.68.0', 'h2', 400],
    ['3.90.0', 'h2', 400],
  ] as const)('%s on %s: that does not exist answers %d', async (version, database, status) => {
    const nexus = await server(version, { database })
    expect((await nexus.post(HOSTED, hosted('files', on('nosuch')))).status).toBe(status)
  })

  it('that does not exist is named on OrientDB, and a PUT of it changes nothing', async () => {
    const nexus = await server('3.41.1', { database: 'orient' })
    const id = 'HelperBean.attributes.storage.blobStoreName'
    expect(await nexus.post(HOSTED, hosted('files', on('nosuch')))).toMatchObject({ body: [{ id }] })
    await nexus.post(HOSTED, hosted('files'))
    expect((await nexus.put(`${HOSTED}/files`, hosted('files', on('nosuch')))).status).toBe(404)
    expect((await nexus.settings('raw/hosted/files')).storage.blobStoreName).toBe('default')
  })

  it.each([
    ['3.64.0', 204],
    ['3.65.0', 400],
    ['3.90.0', 400],
  ])('%s: that changes answers %d', async (version, status) => {
    const nexus = await server(version)
    await nexus.post('/v1/blobstores/file', { name: 'other', path: 'other' })
    await nexus.post(HOSTED, hosted('files'))
    const answer = await nexus.put(`${HOSTED}/files`, hosted('files', on('other')))
    expect(answer.status).toBe(status)
    const { storage } = await nexus.settings('raw/hosted/files')
    expect(storage.blobStoreName).toBe(status === 204 ? 'other' : 'default')
  })

  it('that a PUT on 3.41 with H2 does not find wedges the repository', async () => {
    const nexus = await server('3.41.1', { database: 'h2' })
    await nexus.post(HOSTED, hosted('files'))
    expect((await nexus.put(`${HOSTED}/files`, hosted('files', on('nosuch')))).status).toBe(400)
    const again = await nexus.put(`${HOSTED}/files`, hosted('files'))
    expect(again).toEqual({ status: 400, body: 'Invalid state: STOPPED; allowed: [STARTED]' })
    expect((await nexus.remove('/v1/repositories/files')).status).toBe(500)
  })
})

describe('a deleted repository', () => {
  it('fails a second DELETE or a PUT that comes meanwhile', async () => {
    // All three have arrived before the first is looked at; the deletions come first.
    const held: { method: string; go: () => void }[] = []
    const beforeRequest = ({ method }: { method: string }) =>
      new Promise<void>((resolve) => {
        if (method === 'DELETE' || method === 'PUT') held.push({ method, go: resolve })
        else resolve()
        if (held.length < 3) return
        for (const { go } of held.toSorted((a, b) => a.method.localeCompare(b.method))) go()
        held.length = 0
      })
    const nexus = await server('3.90.0', { hooks: { beforeRequest } })
    await nexus.post(HOSTED, hosted('files'))
    const answers = await Promise.all([
      nexus.put(`${HOSTED}/files`, hosted('files')),
      nexus.remove('/v1/repositories/files'),
      nexus.remove('/v1/repositories/files'),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 400, 500])
    const failed = answers.find(({ status }) => status === 500)
    expect(failed?.body).toContain('Invalid state: DELETED; allowed: [STARTED]')
    expect((await nexus.get(`${HOSTED}/files`)).status).toBe(404)
  })

  it('leaves every group and does not come back into it', async () => {
    const nexus = await server('3.90.0')
    for (const name of ['a', 'b']) await nexus.post(HOSTED, hosted(name))
    await nexus.post(GROUP, group('all', ['a', 'b', 'A']))
    expect((await nexus.remove('/v1/repositories/A')).status).toBe(204)
    await nexus.post(HOSTED, hosted('a'))
    expect((await nexus.settings('raw/group/all')).group.memberNames).toEqual(['b'])
    await nexus.remove('/v1/repositories/b')
    expect((await nexus.settings('raw/group/all')).group.memberNames).toEqual([])
  })
})

describe('a group', () => {
  it('may not hold itself, however deep, and finds out on update alone', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('a'))
    await nexus.post(GROUP, group('inner', ['a']))
    await nexus.post(GROUP, group('middle', ['inner']))
    await nexus.post(GROUP, group('outer', ['middle', 'a']))
    const id = 'HelperBean.group.memberNames'
    const message = "Group 'outer' has a member repository 'inner' and cannot be added to this list."
    expect(await nexus.put(`${GROUP}/inner`, group('inner', ['a', 'outer']))).toEqual({
      status: 400,
      body: [{ id, message }],
    })
    expect((await nexus.settings('raw/group/inner')).group.memberNames).toEqual(['a'])
    expect((await nexus.put(`${GROUP}/outer`, group('outer', ['inner']))).status).toBe(204)
  })
})

describe('repositorySettings', () => {
  it('lists the default repositories of a fresh 3.89 only once they were accessed; the list has them all', async () => {
    const nexus = await server('3.89.0')
    expect(await nexus.names('/v1/repositorySettings')).toEqual([])
    expect(await nexus.names('/v1/repositories')).toHaveLength(7)
    await nexus.get('/v1/repositories/maven/hosted/maven-releases')
    await nexus.get('/v1/repositories/nuget-group')
    await nexus.post(HOSTED, hosted('files'))
    const expected = ['files', 'maven-releases', 'nuget-group']
    expect(await nexus.names('/v1/repositorySettings')).toEqual(expected)
  })

  it('lists everything before 3.89, as the single answers do', async () => {
    const nexus = await server('3.77.0')
    const all = await nexus.list('/v1/repositorySettings')
    expect(all.map(({ name }) => name).sort()).toEqual(await nexus.names('/v1/repositories'))
    const central = all.find(({ name }) => name === 'maven-central')
    expect(await nexus.settings('maven/proxy/maven-central')).toEqual(central)
    expect(all.find(({ name }) => name === 'nuget-hosted')).toMatchObject({
      format: 'nuget',
      storage: { blobStoreName: 'default' },
    })
  })

  it.each([
    ['3.88.0', undefined, undefined],
    ['3.89.0', 0, undefined],
    ['3.94.0', 0, true],
  ])('%s: the list has size %s, online %s', async (version, size, online) => {
    const nexus = await server(version)
    expect((await nexus.list('/v1/repositories'))[0]).toEqual({
      name: 'maven-releases',
      format: 'maven2',
      type: 'hosted',
      url: `${nexus.sandbox.url}/repository/maven-releases`,
      attributes: {},
      ...(size === undefined ? {} : { size }),
      ...(online === undefined ? {} : { online }),
    })
  })
})

describe('permissions', () => {
  it('hide what the user may not administer', async () => {
    const nexus = await server('3.90.0')
    for (const name of ['mine', 'other']) await nexus.post(HOSTED, hosted(name))
    addUser(nexus, 'some', 'repository-admin:mine')
    expect(await nexus.names('/v1/repositories', 'some')).toEqual(['mine'])
    expect(await nexus.names('/v1/repositorySettings', 'some')).toEqual(['mine'])
    expect((await nexus.get(`${HOSTED}/mine`, 'some')).status).toBe(200)
    expect((await nexus.get(`${HOSTED}/other`, 'some')).status).toBe(404)
    expect((await nexus.get('/v1/repositories/other', 'some')).status).toBe(403)
    expect((await nexus.put(`${HOSTED}/mine`, hosted('mine'), 'some')).status).toBe(204)
    expect((await nexus.put(`${HOSTED}/other`, hosted('other'), 'some')).status).toBe(403)
    expect((await nexus.post(HOSTED, hosted('third'), 'some')).status).toBe(403)
    expect((await nexus.post(HOSTED, {}, 'some')).status).toBe(400)
    expect((await nexus.post(HOSTED, hosted('third', on('nosuch')), 'some')).status).toBe(400)
    expect((await nexus.remove('/v1/repositories/other', 'some')).status).toBe(404)
    expect((await nexus.remove('/v1/repositories/mine', 'some')).status).toBe(204)
  })

  it('answer a forbidden DELETE with 403 before 3.89', async () => {
    const nexus = await server('3.88.0')
    await nexus.post(HOSTED, hosted('files'))
    addUser(nexus, 'some')
    expect((await nexus.remove('/v1/repositories/files', 'some')).status).toBe(403)
  })

  it('refuse writes without credentials, after the body is checked', async () => {
    const nexus = await server('3.90.0')
    expect((await nexus.post(HOSTED, {}, 'none')).status).toBe(400)
    expect((await nexus.post(HOSTED, hosted('files'), 'none')).status).toBe(403)
    expect((await nexus.post(HOSTED, hosted('files', on('nosuch')), 'none')).status).toBe(403)
    expect((await nexus.get('/v1/repositorySettings', 'none')).status).toBe(403)
    expect(await nexus.get('/v1/repositories', 'none')).toEqual({ status: 200, body: [] })
  })
})

describe('a frozen server', () => {
  it.each([
    ['3.90.0', 'h2', false],
    ['3.41.1', 'h2', true],
    ['3.41.1', 'orient', false],
  ] as const)(
    '%s on %s: refuses writes; creation leaves a ghost: %s',
    async (version, database, leavesGhost) => {
      const nexus = await server(version, { database })
      await nexus.post(HOSTED, hosted('files'))
      nexus.sandbox.state.frozen = true
      expect((await nexus.post(HOSTED, hosted('more'))).status).toBe(400)
      expect((await nexus.put(`${HOSTED}/files`, hosted('files'))).status).toBe(400)
      expect((await nexus.remove('/v1/repositories/files')).status).toBe(503)
      nexus.sandbox.state.frozen = false
      expect((await nexus.get(`${HOSTED}/more`)).status).toBe(leavesGhost ? 200 : 404)
      expect((await nexus.remove('/v1/repositories/more')).status).toBe(leavesGhost ? 500 : 404)
    },
  )
})

describe('a server with 1000 repositories', () => {
  it('answers lists and writes at once', async () => {
    const nexus = await server('3.90.0')
    const names = Array.from({ length: 1000 }, (_, index) => `files-${index}`)
    for (const name of names) {
      const attributes = { ...hosted(name), online: true }
      nexus.sandbox.state.repositories.push({ name, format: 'raw', type: 'hosted', attributes, secrets: {} })
    }
    const started = performance.now()
    expect((await nexus.get('/v1/repositorySettings')).body).toHaveLength(1000)
    expect((await nexus.get('/v1/repositories')).body).toHaveLength(1007)
    expect((await nexus.post(GROUP, group('all', names))).status).toBe(201)
    expect((await nexus.put(`${GROUP}/all`, group('all', names))).status).toBe(204)
    expect((await nexus.remove('/v1/repositories/files-1')).status).toBe(204)
    // a smoke test with a wide margin for a busy machine: the five answers take about 100 ms together
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
