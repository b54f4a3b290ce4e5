// What changes on the server behind the tool's back: one field is one write, what the file does not say stays.
import { expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { frontOf } from '../helpers/front.ts'
import { applyTo, landscape, planFor, reportOf, snapshotOf } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { getJson, send } from '../helpers/sandbox.ts'
import { applied, repositoryOf, sectionOf, writesOfApply } from '../helpers/writes.ts'

type Settings = Record<string, unknown>

/** The bodies of the writes to one path since a request number. */
function bodiesOf(sandbox: Sandbox, since: number, path: string): Settings[] {
  return sandbox.requests
    .slice(since)
    .filter((request) => request.method !== 'GET' && request.path.endsWith(path))
    .map((request) => JSON.parse(request.body) as Settings)
}

const drifts: { what: string; change: (sandbox: Sandbox) => void; path: string; write: string }[] = [
  {
    what: 'the port of a group',
    change: (sandbox) => (sectionOf(sandbox, 'docker', 'docker')['httpPort'] = 9999),
    path: 'httpPort',
    write: 'PUT /v1/repositories/docker/group/docker',
  },
  {
    what: 'the write policy of a hosted repository',
    change: (sandbox) => (sectionOf(sandbox, 'apps', 'storage')['writePolicy'] = 'DENY'),
    path: 'writePolicy',
    write: 'PUT /v1/repositories/docker/hosted/apps',
  },
  {
    what: "a proxy's user name",
    change: (sandbox) => {
      const { authentication } = sectionOf(sandbox, 'hub', 'httpClient') as { authentication: Settings }
      authentication['username'] = 'somebody'
    },
    path: 'authentication.username',
    write: 'PUT /v1/repositories/docker/proxy/hub',
  },
  {
    what: "a proxy's remote URL",
    change: (sandbox) => (sectionOf(sandbox, 'quay', 'proxy')['remoteUrl'] = 'https://elsewhere.example'),
    path: 'remoteUrl',
    write: 'PUT /v1/repositories/docker/proxy/quay',
  },
  {
    what: 'the order of members',
    change: (sandbox) => (sectionOf(sandbox, 'everything', 'group')['memberNames'] = ['base', 'docker']),
    path: 'members',
    write: 'PUT /v1/repositories/docker/group/everything',
  },
  {
    what: 'the quota of a blob store',
    change: ({ state }) => {
      for (const store of state.blobStores)
        if (store.name === 'images') store.softQuota = { type: 'spaceRemainingQuota', limit: 1_000_000 }
    },
    path: 'quota.limit',
    write: 'PUT /v1/blobstores/file/images',
  },
  {
    what: 'a realm',
    change: ({ state }) => (state.realms = ['NexusAuthenticatingRealm']),
    path: 'active',
    write: 'PUT /v1/security/realms/active',
  },
  {
    what: 'anonymous access',
    change: ({ state }) => (state.anonymous.enabled = false),
    path: 'enabled',
    write: 'PUT /v1/security/anonymous',
  },
  {
    what: 'the HTTP proxy',
    change: ({ state }) => (state.httpSettings['httpPort'] = 3129),
    path: 'http.port',
    write: 'POST /service/extdirect',
  },
]

test.each(drifts)(
  '$what drifts: exit 2, one field in the plan, one write',
  async ({ change, path, write }) => {
    const { sandbox, file } = await applied(landscape)
    const wanted = snapshotOf(sandbox)
    change(sandbox)
    const plan = await planFor(sandbox, file, ['-o', 'json', '--detailed-exitcode'])
    const { changes } = JSON.parse(plan.stdout) as { changes: { fields: { path: string }[] }[] }
    expect(plan.code).toBe(2)
    expect(changes.map(({ fields }) => fields.map((field) => field.path))).toEqual([[path]])
    expect(await writesOfApply(sandbox, file)).toEqual([write])
    expect(snapshotOf(sandbox)).toEqual(wanted)
  },
)

test('a deleted object heals: created anew and put back into its groups', async () => {
  const { sandbox, file } = await applied(landscape)
  const wanted = snapshotOf(sandbox)
  expect(await send(sandbox, 'DELETE', '/v1/repositories/hub')).toBe(204)
  expect(await writesOfApply(sandbox, file)).toEqual([
    'POST /v1/repositories/docker/proxy',
    'PUT /v1/repositories/docker/group/docker',
  ])
  expect(snapshotOf(sandbox)).toEqual(wanted)
})

test('removing a line leaves the value, null removes it', async () => {
  const { sandbox } = await applied(`version: 1
blobStores: {s: {quota: {type: spaceUsed, limit: 1 GiB}}}
repositories:
  apps: {type: hosted, httpPort: 8083, cleanupPolicies: []}
  hub: {type: proxy, remoteUrl: "https://r.example", authentication: {username: u, password: p}}
`)
  const without = `version: 1
blobStores: {s: {}}
repositories:
  apps: {type: hosted}
  hub: {type: proxy, remoteUrl: "https://r.example"}
`
  expect(await writesOfApply(sandbox, fileWith(without))).toEqual([])
  const removing = `version: 1
blobStores: {s: {quota: null}}
repositories:
  apps: {type: hosted, httpPort: null}
  hub: {type: proxy, remoteUrl: "https://r.example", authentication: null}
`
  const file = fileWith(removing)
  expect((await writesOfApply(sandbox, file)).toSorted()).toEqual([
    'PUT /v1/blobstores/file/s',
    'PUT /v1/repositories/docker/hosted/apps',
    'PUT /v1/repositories/docker/proxy/hub',
  ])
  expect(await getJson(sandbox, '/v1/blobstores/file/s')).toMatchObject({ softQuota: null })
  expect(await getJson(sandbox, '/v1/repositories/docker/hosted/apps')).toMatchObject({
    docker: { httpPort: null },
  })
  expect(await getJson(sandbox, '/v1/repositories/docker/proxy/hub')).toMatchObject({
    httpClient: { authentication: null },
  })
  expect(repositoryOf(sandbox, 'hub').secrets).toEqual({})
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('httpProxy: null switches the proxies off and empties the exclusions, other settings stay', async () => {
  const { sandbox } = await applied(`version: 1
httpProxy: {http: {host: proxy, port: 3128}, exclude: [localhost], timeout: 33}
`)
  const file = fileWith('version: 1\nhttpProxy: null\n')
  expect(await writesOfApply(sandbox, file)).toEqual(['POST /service/extdirect'])
  expect(sandbox.state.httpSettings).toEqual({
    userAgentSuffix: null,
    timeout: 33,
    retries: null,
    nonProxyHosts: [],
  })
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('lists are owned whole: a member that somebody added goes, the order counts', async () => {
  const yaml = (members: string) => `version: 1
repositories:
  a: {type: hosted}
  b: {type: hosted}
  g: {type: group, members: [${members}]}
`
  const { sandbox, file } = await applied(yaml('a'))
  sectionOf(sandbox, 'g', 'group')['memberNames'] = ['a', 'b']
  expect(await writesOfApply(sandbox, file)).toEqual(['PUT /v1/repositories/docker/group/g'])
  expect(sectionOf(sandbox, 'g', 'group')['memberNames']).toEqual(['a'])
  await writesOfApply(sandbox, fileWith(yaml('a, b')))
  expect(await writesOfApply(sandbox, fileWith(yaml('b, a')))).toHaveLength(1)
  expect(sectionOf(sandbox, 'g', 'group')['memberNames']).toEqual(['b', 'a'])
})

test('another spelling is no change: sets in another order, ALLOW_ONCE, a slash at the end', async () => {
  const { sandbox, file } = await applied(`version: 1
httpProxy: {http: {host: proxy, port: 3128}, exclude: [localhost, "*.corp", "10.*"]}
repositories:
  apps: {type: hosted, writePolicy: allow-once}
  quay: {type: proxy, remoteUrl: "https://quay.io/"}
`)
  expect(sectionOf(sandbox, 'apps', 'storage')['writePolicy']).toBe('ALLOW_ONCE')
  sandbox.state.cleanupPolicies.push({ name: 'p', format: 'docker' }, { name: 'q', format: 'docker' })
  sandbox.state.httpSettings['nonProxyHosts'] = ['10.*', 'localhost', '*.corp']
  sectionOf(sandbox, 'quay', 'proxy')['remoteUrl'] = 'https://quay.io'
  expect(await writesOfApply(sandbox, file)).toEqual([])
  repositoryOf(sandbox, 'apps').attributes['cleanup'] = { policyNames: ['q', 'p'] }
  const policies = fileWith(`version: 1
repositories: {apps: {type: hosted, cleanupPolicies: [p, q]}}
`)
  expect(await writesOfApply(sandbox, policies)).toEqual([])
})

test('a field that the server keeps to itself is never a reason to write', async () => {
  const yaml =
    'version: 1\nrepositories: {apps: {type: hosted, writePolicy: allow-once, latestPolicy: true}}\n'
  const { sandbox, file } = await applied(yaml)
  sandbox.state.omitLatestPolicy = true
  expect(await writesOfApply(sandbox, file)).toEqual([])
  expect((await planFor(sandbox, file, ['--detailed-exitcode'])).code).toBe(0)
})

test('… but goes along with every update for another reason', async () => {
  const yaml = (online: boolean) =>
    `version: 1\nrepositories: {apps: {type: hosted, writePolicy: allow-once, latestPolicy: true, online: ${online}}}\n`
  const { sandbox } = await applied(yaml(true))
  sandbox.state.omitLatestPolicy = true
  const since = sandbox.requests.length
  expect(await writesOfApply(sandbox, fileWith(yaml(false)))).toHaveLength(1)
  expect(bodiesOf(sandbox, since, '/hosted/apps')).toMatchObject([{ storage: { latestPolicy: true } }])
})

test('secrets: no write on the second run, all again with --rotate-secrets, along with other changes', async () => {
  const { sandbox, file } = await applied(landscape)
  expect(await writesOfApply(sandbox, file)).toEqual([])
  repositoryOf(sandbox, 'hub').secrets = {}
  sandbox.state.httpSettings['httpAuthPassword'] = 'other'
  expect((await writesOfApply(sandbox, file, ['--rotate-secrets'])).toSorted()).toEqual([
    'POST /service/extdirect',
    'PUT /v1/repositories/docker/proxy/hub',
  ])
  expect(repositoryOf(sandbox, 'hub').secrets).toEqual({ 'httpClient.authentication.password': 'hub-secret' })
  expect(sandbox.state.httpSettings).toMatchObject({ httpAuthPassword: 'proxy-secret' })
  repositoryOf(sandbox, 'hub').attributes['online'] = false
  const changed = fileWith(landscape.replace('type: proxy\n', 'type: proxy\n    online: true\n'))
  expect(await writesOfApply(sandbox, changed)).toHaveLength(1)
  expect(repositoryOf(sandbox, 'hub').secrets).toEqual({ 'httpClient.authentication.password': 'hub-secret' })
})

test('fields of the server that nobody here knows survive an update', async () => {
  const { sandbox } = await applied('version: 1\nrepositories: {apps: {type: hosted, online: true}}\n')
  const extra = { storage: { dataStoreName: 'nexus' }, oddity: { deep: [1, { two: null }] } }
  const newer = await frontOf(sandbox, {
    reword: ({ path }, json) => (path.includes('/docker/hosted/') ? merge(json as Settings, extra) : json),
  })
  const since = sandbox.requests.length
  const file = fileWith('version: 1\nrepositories: {apps: {type: hosted, online: false}}\n')
  const { code } = await applyTo(newer, file)
  expect(code).toBe(0)
  const [body] = bodiesOf(sandbox, since, '/hosted/apps')
  expect(body).toMatchObject({ online: false, ...extra })
  // What an answer has beside the settings is not sent back.
  expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['url']))
})

function merge(json: Settings, extra: Settings): Settings {
  const merged = { ...json }
  for (const [key, value] of Object.entries(extra)) {
    const there = json[key]
    merged[key] = typeof there === 'object' && there !== null ? { ...there, ...(value as Settings) } : value
  }
  return merged
}

test('pathEnabled that is not written is never sent as false', async () => {
  const { sandbox } = await applied('version: 1\nrepositories: {apps: {type: hosted, online: true}}\n')
  expect(bodiesOf(sandbox, 0, '/docker/hosted')[0]).not.toHaveProperty('docker.pathEnabled')
  sectionOf(sandbox, 'apps', 'docker')['pathEnabled'] = true
  await writesOfApply(sandbox, fileWith('version: 1\nrepositories: {apps: {type: hosted, online: false}}\n'))
  expect(sectionOf(sandbox, 'apps', 'docker')['pathEnabled']).toBe(true)
})

test('a plan that only drifted reads as JSON with what was and what will be', async () => {
  const { sandbox, file } = await applied(
    'version: 1\nrepositories: {apps: {type: hosted, httpPort: 8083}}\n',
  )
  sectionOf(sandbox, 'apps', 'docker')['httpPort'] = null
  const { stdout } = await planFor(sandbox, file, ['-o', 'json'])
  expect(JSON.parse(stdout)).toMatchObject({
    summary: { create: 0, update: 1, replace: 0, delete: 0, refused: 0, unchanged: 0 },
    changes: [
      {
        action: 'update',
        kind: 'dockerHosted',
        id: 'apps',
        fields: [{ path: 'httpPort', before: null, after: 8083, secret: false }],
      },
    ],
    requests: { writes: 0 },
  })
  expect(reportOf(await applyTo(sandbox, file, ['-o', 'json']))).toMatchObject({
    summary: { update: 1 },
    done: [{ action: 'update', kind: 'dockerHosted', id: 'apps' }],
    requests: { writes: 1 },
  })
})
