// Somebody else works on the server at the same time: nothing of theirs is overwritten unseen, nothing is written twice.
import { expect, test } from 'vitest'
import type { Sandbox, SandboxOptions } from '../../../src/sandbox/index.ts'
import { frontOf } from '../../helpers/front.ts'
import { applyTo, landscape, reportOf, snapshotOf } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { sandboxFor, writesOf } from '../../helpers/sandbox.ts'
import {
  applied,
  namesOfWrites,
  prepare,
  repositoryOf,
  sectionOf,
  writesOfApply,
} from '../../helpers/writes.ts'

/** A sandbox where something happens once, just before a request is executed. */
async function sandboxWith(
  matches: (method: string, path: string) => boolean,
  happen: (sandbox: Sandbox) => void,
  options: SandboxOptions = {},
): Promise<Sandbox & { arm(): void }> {
  const state = { armed: false }
  const sandbox: Sandbox = await sandboxFor({
    ...options,
    hooks: {
      beforeRequest({ method, path }) {
        if (!state.armed || !matches(method, path)) return
        state.armed = false
        happen(sandbox)
      },
    },
  })
  return Object.assign(sandbox, { arm: () => (state.armed = true) })
}

const isSingleRead = (method: string, path: string) => method === 'GET' && path.includes('/docker/hosted/')

test('changed between plan and write: refused with both versions, nothing overwritten', async () => {
  const sandbox = await sandboxWith(isSingleRead, (it) => {
    sectionOf(it, 'apps', 'docker')['httpPort'] = 7777
  })
  await prepare(sandbox, fileWith('version: 1\nrepositories: {apps: {type: hosted, httpPort: 8001}}\n'))
  sandbox.arm()
  const writes = writesOf(sandbox).length
  const file = fileWith('version: 1\nrepositories: {apps: {type: hosted, httpPort: 8002}}\n')
  const result = await applyTo(sandbox, file, ['-o', 'json'])
  expect(result.code).toBe(1)
  expect(reportOf(result).failed).toMatchObject([{ error: { code: 'changed-since-plan' } }])
  expect(reportOf(result).failed[0]?.error.message).toContain(
    'httpPort: the plan saw 8001, the server has 7777, the file wants 8002',
  )
  expect(namesOfWrites(sandbox, writes)).toEqual([])
  expect(sectionOf(sandbox, 'apps', 'docker')['httpPort']).toBe(7777)
  // A new look, a new plan: now it is wanted so.
  expect(await writesOfApply(sandbox, file)).toHaveLength(1)
  expect(sectionOf(sandbox, 'apps', 'docker')['httpPort']).toBe(8002)
})

test('a second field drifts between plan and write: refused, and named', async () => {
  const sandbox = await sandboxWith(isSingleRead, (it) => {
    repositoryOf(it, 'apps').attributes['online'] = false
  })
  const yaml = (port: number) =>
    fileWith(`version: 1\nrepositories: {apps: {type: hosted, online: true, httpPort: ${port}}}\n`)
  await prepare(sandbox, yaml(8001))
  sandbox.arm()
  const result = await applyTo(sandbox, yaml(8002), ['-o', 'json'])
  expect(result.code).toBe(1)
  expect(reportOf(result).failed[0]?.error.message).toContain(
    'online: the plan saw true, the server has false, the file wants true',
  )
})

test('a change that does not concern the file is kept, and the write goes on', async () => {
  const sandbox = await sandboxWith(isSingleRead, (it) => {
    sectionOf(it, 'apps', 'docker')['v1Enabled'] = true
  })
  const yaml = (port: number) => `version: 1\nrepositories: {apps: {type: hosted, httpPort: ${port}}}\n`
  await prepare(sandbox, fileWith(yaml(8001)))
  sandbox.arm()
  expect(await writesOfApply(sandbox, fileWith(yaml(8002)))).toHaveLength(1)
  expect(sectionOf(sandbox, 'apps', 'docker')).toMatchObject({ v1Enabled: true, httpPort: 8002 })
})

test('somebody else does the same between plan and write: nothing left to do, no write', async () => {
  const sandbox = await sandboxWith(isSingleRead, (it) => {
    sectionOf(it, 'apps', 'docker')['httpPort'] = 8002
  })
  const yaml = (port: number) => `version: 1\nrepositories: {apps: {type: hosted, httpPort: ${port}}}\n`
  await prepare(sandbox, fileWith(yaml(8001)))
  sandbox.arm()
  expect(await writesOfApply(sandbox, fileWith(yaml(8002)))).toEqual([])
})

test('a set that the server answers in another order is no change in between', async () => {
  const sandbox = await sandboxWith(isSingleRead, (it) => {
    repositoryOf(it, 'apps').attributes['cleanup'] = { policyNames: ['q', 'p'] }
  })
  sandbox.state.cleanupPolicies.push(...['p', 'q', 'r'].map((name) => ({ name, format: 'docker' })))
  const yaml = (policies: string) =>
    fileWith(`version: 1\nrepositories: {apps: {type: hosted, cleanupPolicies: [${policies}]}}\n`)
  await prepare(sandbox, yaml('p, q'))
  sandbox.arm()
  expect(await writesOfApply(sandbox, yaml('p, q, r'))).toHaveLength(1)
})

test('deleted between plan and write: refused, the next run creates it', async () => {
  const sandbox = await sandboxWith(isSingleRead, ({ state }) => {
    state.repositories = state.repositories.filter(({ name }) => name !== 'apps')
  })
  const yaml = (port: number) => `version: 1\nrepositories: {apps: {type: hosted, httpPort: ${port}}}\n`
  await prepare(sandbox, fileWith(yaml(8001)))
  sandbox.arm()
  const file = fileWith(yaml(8002))
  const result = await applyTo(sandbox, file, ['-o', 'json'])
  expect(result.code).toBe(1)
  expect(reportOf(result).failed).toMatchObject([
    { error: { code: 'changed-since-plan', message: expect.stringContaining('deleted') as string } },
  ])
  expect(await writesOfApply(sandbox, file)).toEqual(['POST /v1/repositories/docker/hosted'])
})

const isCreation = (method: string, path: string) => method === 'POST' && path.endsWith('/docker/hosted')

function foreign(sandbox: Sandbox, blobStoreName = 'default', httpPort: number | null = 7777) {
  sandbox.state.repositories.push({
    name: 'apps',
    format: 'docker',
    type: 'hosted',
    attributes: {
      name: 'apps',
      online: true,
      storage: { blobStoreName, strictContentTypeValidation: false, writePolicy: 'ALLOW' },
      docker: { v1Enabled: true, forceBasicAuth: true, httpPort, httpsPort: null, subdomain: null },
    },
    secrets: {},
  })
}

// 3.28 and 3.89 have other words, and 3.28 another form, for the duplicate.
test.each(['3.28.0', '3.41.1', '3.77.1', '3.90.0'])(
  'created meanwhile by somebody else (%s): goes on as an update that keeps what the file does not say',
  async (version) => {
    const sandbox = await sandboxWith(isCreation, (it) => foreign(it), { version })
    sandbox.arm()
    const file = fileWith('version: 1\nrepositories: {apps: {type: hosted, httpPort: 8001}}\n')
    expect(await writesOfApply(sandbox, file)).toEqual([
      'POST /v1/repositories/docker/hosted',
      'PUT /v1/repositories/docker/hosted/apps',
    ])
    expect(sectionOf(sandbox, 'apps', 'docker')).toMatchObject({ httpPort: 8001, v1Enabled: true })
    expect(await writesOfApply(sandbox, file)).toEqual([])
  },
)

test('created meanwhile in another blob store: refused, never moved', async () => {
  const sandbox = await sandboxWith(isCreation, (it) => foreign(it, 'default'), { version: '3.62.0' })
  sandbox.arm()
  const file = fileWith(
    'version: 1\nblobStores: {s: {}}\nrepositories: {apps: {type: hosted, blobStore: s}}\n',
  )
  const result = await applyTo(sandbox, file, ['-o', 'json'])
  expect(result.code).toBe(5)
  expect(reportOf(result).failed).toMatchObject([{ id: 'apps', error: { code: 'immutable-field' } }])
  expect(sectionOf(sandbox, 'apps', 'storage')['blobStoreName']).toBe('default')
  expect(namesOfWrites(sandbox).filter((name) => name.startsWith('PUT'))).toEqual([])
})

test.each(['3.28.0', '3.90.0'])(
  'a blob store created meanwhile (%s) goes on as an update',
  async (version) => {
    const matches = (method: string, path: string) => method === 'POST' && path.endsWith('/blobstores/file')
    const sandbox = await sandboxWith(
      matches,
      ({ state }) => state.blobStores.push({ name: 's', type: 'File', path: 's', softQuota: null }),
      { version },
    )
    sandbox.arm()
    const file = fileWith('version: 1\nblobStores: {s: {quota: {type: spaceUsed, limit: 1 GiB}}}\n')
    expect(await writesOfApply(sandbox, file)).toEqual([
      'POST /v1/blobstores/file',
      'PUT /v1/blobstores/file/s',
    ])
    expect(sandbox.state.blobStores).toContainEqual(
      expect.objectContaining({ softQuota: { type: 'spaceUsedQuota', limit: 2 ** 30 } }),
    )
  },
)

test('a login appears on the server between plan and write: refused instead of lost', async () => {
  const matches = (method: string, path: string) => method === 'GET' && path.includes('/docker/proxy/')
  const sandbox = await sandboxWith(matches, (it) => {
    const hub = repositoryOf(it, 'hub')
    Object.assign(hub.attributes['httpClient'] as object, {
      authentication: { type: 'username', username: 'u' },
    })
    hub.secrets = { 'httpClient.authentication.password': 'theirs' }
  })
  const yaml = (online: boolean) =>
    fileWith(
      `version: 1\nrepositories: {hub: {type: proxy, remoteUrl: "https://r.example", online: ${online}}}\n`,
    )
  await prepare(sandbox, yaml(true))
  sandbox.arm()
  const writes = writesOf(sandbox).length
  const result = await applyTo(sandbox, yaml(false), ['-o', 'json'])
  expect(reportOf(result).failed).toMatchObject([{ error: { code: 'upstream-password-missing' } }])
  expect(namesOfWrites(sandbox, writes)).toEqual([])
  expect(repositoryOf(sandbox, 'hub').secrets).toEqual({ 'httpClient.authentication.password': 'theirs' })
})

test.each([
  { meanwhile: 'nobody else', timeout: undefined, exitCode: 0, kept: 77 },
  { meanwhile: 'somebody else wrote the same', timeout: 77, exitCode: 0, kept: 77 },
  { meanwhile: 'somebody else wrote another value', timeout: 55, exitCode: 4, kept: 55 },
])('an update that is lost on its way, $meanwhile: nothing is overwritten unseen', async (row) => {
  const sandbox = await sandboxFor({ version: '3.90.0', edition: 'community' })
  await prepare(sandbox, fileWith('version: 1\nhttpProxy: {timeout: 30}\n'))
  const state = { lost: 0 }
  const front = await frontOf(sandbox, {
    instead({ body }) {
      if (!body.includes('"update"') || state.lost > 0) return undefined
      state.lost += 1
      if (row.timeout !== undefined) Object.assign(sandbox.state.httpSettings, { timeout: row.timeout })
      throw new Error('lost')
    },
  })
  const result = await applyTo(front, fileWith('version: 1\nhttpProxy: {timeout: 77}\n'), ['-o', 'json'])
  expect({ code: result.code, ...state }).toEqual({ code: row.exitCode, lost: 1 })
  expect(reportOf(result).failed.map(({ error }) => error.code)).toEqual(
    row.exitCode === 0 ? [] : ['lost-answer'],
  )
  expect(sandbox.state.httpSettings).toMatchObject({ timeout: row.kept })
})

test('two runs at once end well or say what to do, and one more run has nothing left', async () => {
  const alone = await sandboxFor()
  const file = fileWith(landscape)
  await prepare(alone, file)
  const sandbox = await sandboxFor({ latencyMs: 5 })
  const runs = await Promise.all([
    applyTo(sandbox, file, ['-o', 'json']),
    applyTo(sandbox, file, ['-o', 'json']),
  ])
  for (const run of runs) {
    expect(run.stderr).not.toContain('bug')
    const codes = reportOf(run).failed.map(({ error }) => error.code)
    expect(codes.filter((code) => code !== 'changed-since-plan')).toEqual([])
    expect(run.code).toBe(codes.length === 0 ? 0 : 5)
  }
  expect(snapshotOf(sandbox)).toEqual(snapshotOf(alone))
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('"Invalid state: STOPPED" of a repository that is just restarting is tried again', async () => {
  const yaml = (online: boolean) => `version: 1\nrepositories: {apps: {type: hosted, online: ${online}}}\n`
  // It has started again when the first update has been refused.
  const { sandbox } = await applied(yaml(true), {
    hooks: {
      afterResponse({ method }: { method: string }, status: number) {
        if (method === 'PUT' && status === 400) delete repositoryOf(sandbox, 'apps').lifecycle
      },
    },
  })
  const apps = repositoryOf(sandbox, 'apps')
  apps.lifecycle = 'stopped'
  const writes = await writesOfApply(sandbox, fileWith(yaml(false)))
  expect(writes.length).toBeGreaterThan(1)
  expect(new Set(writes)).toEqual(new Set(['PUT /v1/repositories/docker/hosted/apps']))
  expect(apps.attributes['online']).toBe(false)
})

test('3.41 answers 404 to an update that it refuses: not taken for a deletion, never answered with a creation', async () => {
  const sandbox = await sandboxWith(
    (method, path) => method === 'PUT' && path.includes('/docker/hosted/'),
    (it) => it.state.repositories.push({ ...repositoryOf(it, 'other'), attributes: thief }),
    { version: '3.41.1' },
  )
  const thief = { name: 'thief', docker: { httpPort: 8002 } }
  const yaml = (port: number) =>
    fileWith(`version: 1\nrepositories: {apps: {type: hosted, httpPort: ${port}}, other: {type: hosted}}\n`)
  await prepare(sandbox, yaml(8001))
  sandbox.arm()
  const writes = writesOf(sandbox).length
  const { failed } = reportOf(await applyTo(sandbox, yaml(8002), ['-o', 'json']))
  expect(failed).toHaveLength(1)
  expect(failed[0]?.error.hint).toContain('answers 404 to a repository whose settings are invalid')
  expect(namesOfWrites(sandbox, writes)).toEqual(['PUT /v1/repositories/docker/hosted/apps'])
})
