// Connector ports move between repositories in one apply; a port of somebody else is refused before the first write.
import { expect, test } from 'vitest'
import { applyTo, reportOf } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { sandboxFor, send, writesOf } from '../../helpers/sandbox.ts'
import {
  applied,
  namesOfWrites,
  portsOf,
  prepare,
  repositoryOf,
  writesOfApply,
} from '../../helpers/writes.ts'

function hosted(ports: Record<string, string>): string {
  const lines = Object.entries(ports).map(([name, fields]) => `  ${name}: {type: hosted, ${fields}}`)
  return `version: 1\nrepositories:\n${lines.join('\n')}\n`
}

const put = (name: string) => `PUT /v1/repositories/docker/hosted/${name}`

interface Move {
  what: string
  from: Record<string, string>
  to: Record<string, string>
  writes: string[]
  ports: Record<string, unknown[]>
}

const moves: Move[] = [
  {
    what: 'two repositories swap: one gives its port up first',
    from: { a: 'httpPort: 8001', b: 'httpPort: 8002' },
    to: { a: 'httpPort: 8002', b: 'httpPort: 8001' },
    writes: [put('a'), put('b'), put('a')],
    ports: { a: [8002, null], b: [8001, null] },
  },
  {
    what: 'three in a circle: one release opens it',
    from: { a: 'httpPort: 8001', b: 'httpPort: 8002', c: 'httpPort: 8003' },
    to: { a: 'httpPort: 8002', b: 'httpPort: 8003', c: 'httpPort: 8001' },
    writes: [put('c'), put('b'), put('a'), put('c')],
    ports: { a: [8002, null], b: [8003, null], c: [8001, null] },
  },
  {
    what: 'a chain needs no release, the end of it goes first',
    from: { a: 'httpPort: 8001', b: 'httpPort: 8002', c: 'httpPort: 8003' },
    to: { a: 'httpPort: 8002', b: 'httpPort: 8003', c: 'httpPort: null' },
    writes: [put('c'), put('b'), put('a')],
    ports: { a: [8002, null], b: [8003, null], c: [null, null] },
  },
  {
    what: 'http and https in one repository: one request',
    from: { a: 'httpPort: 8001, httpsPort: 8002' },
    to: { a: 'httpPort: 8002, httpsPort: 8001' },
    writes: [put('a')],
    ports: { a: [8002, 8001] },
  },
  {
    what: 'http to https in one repository: one request',
    from: { a: 'httpPort: 8001' },
    to: { a: 'httpPort: null, httpsPort: 8001' },
    writes: [put('a')],
    ports: { a: [null, 8001] },
  },
  {
    what: 'crosswise between kinds of connectors, each closing the old one',
    from: { a: 'httpPort: 8001', b: 'httpPort: 8002' },
    to: { a: 'httpPort: null, httpsPort: 8002', b: 'httpPort: null, httpsPort: 8001' },
    writes: [put('a'), put('b'), put('a')],
    ports: { a: [null, 8002], b: [null, 8001] },
  },
  {
    what: 'a new repository takes the port of one that closes it',
    from: { a: 'httpPort: 8001' },
    to: { a: 'httpPort: null', b: 'httpPort: 8001' },
    writes: [put('a'), 'POST /v1/repositories/docker/hosted'],
    ports: { a: [null, null], b: [8001, null] },
  },
]

test.each(moves)('$what', async ({ from, to, writes, ports }) => {
  const { sandbox } = await applied(hosted(from))
  const file = fileWith(hosted(to))
  expect(await writesOfApply(sandbox, file)).toEqual(writes)
  expect(portsOf(sandbox, ...Object.keys(ports))).toEqual(ports)
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('a chain that leads into a swap: only one of the two that swap gives its port up', async () => {
  const { sandbox } = await applied(
    hosted({ a: 'httpPort: 8001', b: 'httpPort: 8002, httpsPort: 9002', c: 'httpPort: 8003' }),
  )
  const file = fileWith(
    hosted({ a: 'httpPort: 9002', b: 'httpPort: 8003, httpsPort: null', c: 'httpPort: 8002' }),
  )
  const writes = await writesOfApply(sandbox, file)
  expect(writes).toHaveLength(4)
  expect(portsOf(sandbox, 'a', 'b', 'c')).toEqual({ a: [9002, null], b: [8003, null], c: [8002, null] })
})

test('a port moves from a group to a new hosted repository that becomes its member, in one apply', async () => {
  const { sandbox } = await applied(`version: 1
repositories:
  old: {type: hosted}
  docker: {type: group, httpPort: 8082, members: [old]}
`)
  const file = fileWith(`version: 1
repositories:
  old: {type: hosted}
  new: {type: hosted, httpPort: 8082}
  docker: {type: group, httpPort: null, members: [new, old]}
`)
  expect(await writesOfApply(sandbox, file)).toEqual([
    'PUT /v1/repositories/docker/group/docker',
    'POST /v1/repositories/docker/hosted',
    'PUT /v1/repositories/docker/group/docker',
  ])
  expect(portsOf(sandbox, 'docker', 'new')).toEqual({ docker: [null, null], new: [8082, null] })
  expect(repositoryOf(sandbox, 'docker').attributes['group']).toMatchObject({ memberNames: ['new', 'old'] })
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('proxies that log in keep the login through a swap', async () => {
  const yaml = (first: number, second: number, login: string) => `version: 1
repositories:
  one: {type: proxy, remoteUrl: "https://a.example", httpPort: ${first}${login}}
  two: {type: proxy, remoteUrl: "https://b.example", httpPort: ${second}${login}}
`
  const { sandbox } = await applied(yaml(8001, 8002, ''))
  const login = ', authentication: {username: u, password: p}'
  // The login is new in the same change that gives the port up.
  expect(await writesOfApply(sandbox, fileWith(yaml(8002, 8001, login)))).toHaveLength(3)
  expect(await writesOfApply(sandbox, fileWith(yaml(8001, 8002, login)))).toHaveLength(3)
  for (const name of ['one', 'two'])
    expect(repositoryOf(sandbox, name).secrets).toEqual({ 'httpClient.authentication.password': 'p' })
})

test('a port of a repository that the file does not name: refused with its place, nothing written', async () => {
  const sandbox = await sandboxFor()
  const stranger = `version: 1\nrepositories: {stranger: {type: hosted, httpPort: 8082}}\n`
  await prepare(sandbox, fileWith(stranger))
  const writes = writesOf(sandbox).length
  const file = fileWith(`version: 1
blobStores: {s: {}}
repositories:
  mine:
    type: hosted
    blobStore: s
    httpPort: 8082
`)
  const { code, stderr } = await applyTo(sandbox, file)
  expect(code).toBe(3)
  expect(stderr).toContain(`${file}:7:15`)
  expect(stderr).toContain('httpPort 8082 is used by docker/hosted "stranger" on the server')
  expect(stderr).toContain('hint:')
  expect(namesOfWrites(sandbox, writes)).toEqual([])
  const report = reportOf(await applyTo(sandbox, file, ['-o', 'json']))
  expect(report.problems).toMatchObject([{ code: 'port-taken', line: 7, column: 15 }])
})

test('a port that a repository of the file keeps without writing it is taken too', async () => {
  const { sandbox } = await applied(hosted({ a: 'httpPort: 8001' }))
  const { code, stderr } = await applyTo(
    sandbox,
    fileWith(hosted({ a: 'online: true', b: 'httpPort: 8001' })),
  )
  expect(code).toBe(3)
  expect(stderr).toContain('httpPort 8001 is used by docker/hosted "a" on the server')
  expect(sandbox.state.repositories.some(({ name }) => name === 'b')).toBe(false)
})

test('a swap that fails half-way is reported as half done, and the next run continues', async () => {
  const { sandbox } = await applied(hosted({ a: 'httpPort: 8001', b: 'httpPort: 8002' }), {
    // The first PUT gives a's port up, the second would give it to b.
    faults: ['500 PUT /service/rest/v1/repositories/docker/hosted/b 1'],
  })
  const file = fileWith(hosted({ a: 'httpPort: 8002', b: 'httpPort: 8001' }))
  const first = await applyTo(sandbox, file, ['-o', 'json'])
  const report = reportOf(first)
  expect(portsOf(sandbox, 'a', 'b')).toEqual({ a: [null, null], b: [8002, null] })
  expect(first.code).toBe(5)
  expect(report.done).toEqual([])
  expect(report.skipped).toEqual([])
  expect(report.failed).toMatchObject([
    { id: 'b', error: { code: 'server-error' } },
    { id: 'a', error: { code: 'half-done', message: expect.stringContaining('released a port') as string } },
  ])
  expect(await writesOfApply(sandbox, file)).toEqual([put('b'), put('a')])
  expect(portsOf(sandbox, 'a', 'b')).toEqual({ a: [8002, null], b: [8001, null] })
})

test('a release that fails is one failure, and who waits for the port is skipped', async () => {
  const { sandbox } = await applied(hosted({ a: 'httpPort: 8001', b: 'httpPort: 8002' }), {
    faults: ['500 PUT /service/rest/v1/repositories/docker/hosted/a 1'],
  })
  const file = fileWith(hosted({ a: 'httpPort: 8002', b: 'httpPort: 8001' }))
  const first = await applyTo(sandbox, file, ['-o', 'json'])
  expect(first.code).toBe(1)
  expect(reportOf(first)).toMatchObject({
    done: [],
    failed: [{ id: 'a', error: { code: 'server-error' } }],
    skipped: [{ id: 'b', reason: 'needs docker/hosted "a", which was not done' }],
  })
  expect(portsOf(sandbox, 'a', 'b')).toEqual({ a: [8001, null], b: [8002, null] })
})

test('a port that somebody else takes while the plan runs: one precise failure, the rest is done', async () => {
  const yaml = hosted({ a: 'httpPort: 8001', b: 'online: true' })
  const file = fileWith(yaml)
  const sandbox = await sandboxFor({
    hooks: {
      beforeRequest({ method, path }) {
        if (method !== 'POST' || !path.endsWith('/hosted')) return
        const taken = { name: 'thief', online: true, storage: storage(), docker: docker(8001) }
        if (!sandbox.state.repositories.some(({ name }) => name === 'thief')) {
          sandbox.state.repositories.push({
            name: 'thief',
            format: 'docker',
            type: 'hosted',
            attributes: taken,
            secrets: {},
          })
        }
      },
    },
  })
  const result = await applyTo(sandbox, file, ['-o', 'json'])
  expect(result.code).toBe(5)
  expect(reportOf(result)).toMatchObject({
    done: [{ id: 'b' }],
    failed: [{ id: 'a', error: { message: expect.stringContaining('thief') as string } }],
  })
  expect(await send(sandbox, 'GET', '/v1/repositories/docker/hosted/a')).toBe(404)
})

function storage() {
  return { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' }
}

function docker(httpPort: number) {
  return { v1Enabled: false, forceBasicAuth: true, httpPort }
}
