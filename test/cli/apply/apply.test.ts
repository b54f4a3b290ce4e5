// The same file twice on every kind of server, and how many requests that takes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { benchFile } from '../../../scripts/lib/bench-file.js'
import { applyTo, landscape, planFor, reportOf } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { getJson, sandboxFor, send, writesOf } from '../../helpers/sandbox.ts'
import { namesOfWrites, writesOfApply } from '../../helpers/writes.ts'

const servers = [
  ['3.28.0', 'oss'],
  ['3.41.1', 'oss'],
  ['3.62.0', 'oss'],
  ['3.71.0', 'oss'],
  ['3.77.1', 'community'],
  ['3.84.0', 'community'],
  ['3.89.0', 'community'],
  ['3.90.0', 'community'],
  ['3.96.0', 'community'],
  ['3.96.0', 'pro'],
  ['3.77.1', 'pro'],
] as const

test.each(servers)('%s %s: the first apply does all, the second nothing', async (version, edition) => {
  const sandbox = await sandboxFor({ version, edition })
  const file = fileWith(landscape)
  const first = await applyTo(sandbox, file, ['-o', 'json'])
  expect({ code: first.code, stderr: first.stderr }).toMatchObject({ code: 0 })
  // Anonymous access is on already on a fresh server before 3.89.
  const update = version < '3.89' ? 2 : 3
  expect(reportOf(first)).toMatchObject({ summary: { create: 9, update }, failed: [], skipped: [] })
  expect(await writesOfApply(sandbox, file)).toEqual([])
  expect(await getJson(sandbox, '/v1/repositories/docker/group/docker')).toMatchObject({
    group: { memberNames: ['apps', 'base', 'k8s', 'quay', 'hub'] },
    docker: { httpPort: 8082 },
    storage: { blobStoreName: 'images' },
  })
  expect(sandbox.state.realms).toContain('DockerToken')
  expect(sandbox.state.httpSettings).toMatchObject({ httpHost: 'proxy.corp', httpPort: 3128 })
})

test('3.26 has no GET of one Docker repository: updates work all the same', async () => {
  const sandbox = await sandboxFor({ version: '3.26.0' })
  const yaml = (port: number) =>
    fileWith(`version: 1\nrepositories: {apps: {type: hosted, httpPort: ${port}}}\n`)
  await writesOfApply(sandbox, yaml(8001))
  expect(await writesOfApply(sandbox, yaml(8002))).toEqual(['PUT /v1/repositories/docker/hosted/apps'])
  expect(await writesOfApply(sandbox, yaml(8002))).toEqual([])
})

test.each(['3.25.0', '3.19.1', '3.14.0'])(
  '%s is too old: one clear error that names the version',
  async (version) => {
    const sandbox = await sandboxFor({ version })
    for (const run of [applyTo, planFor]) {
      const { code, stderr } = await run(sandbox, fileWith(landscape))
      expect([1, 4]).toContain(code)
      expect(stderr).toContain(version)
      expect(stderr).toContain('3.26')
      expect(stderr.match(/error/g)).toHaveLength(1)
    }
    expect(writesOf(sandbox)).toEqual([])
  },
)

test('a fresh 3.89 leaves repositories out of its settings until they are touched: found, not created again', async () => {
  const sandbox = await sandboxFor({ version: '3.89.0' })
  const file = fileWith(
    'version: 1\nrepositories: {apps: {type: hosted}, base: {type: hosted, httpPort: 8001}}\n',
  )
  await writesOfApply(sandbox, file)
  for (const repository of sandbox.state.repositories) repository.lifecycle = 'unloaded'
  expect(await getJson(sandbox, '/v1/repositorySettings')).toEqual([])
  expect(await writesOfApply(sandbox, file)).toEqual([])
  for (const repository of sandbox.state.repositories) repository.lifecycle = 'unloaded'
  const taken = fileWith('version: 1\nrepositories: {apps: {type: hosted, httpPort: 8002}}\n')
  expect(await writesOfApply(sandbox, taken)).toEqual(['PUT /v1/repositories/docker/hosted/apps'])
})

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

test('a run without changes: at most 12 requests, 0 writes, the same number for each size; a first one as README says', async () => {
  const counts: number[] = []
  for (const size of [3, 30, 100]) {
    const sandbox = await sandboxFor()
    const file = fileWith(benchFile(size))
    const first = reportOf(await applyTo(sandbox, file, ['-o', 'json']))
    expect(first.failed).toEqual([])
    if (size === 100) {
      expect(first.requests.total).toBeLessThanOrEqual(118)
      expect(sandbox.requests).toHaveLength(first.requests.total)
      const told = /^\| nexus-docker .*?\| +(\d+), of which (\d+) writes/m.exec(readme)
      expect(told?.slice(1).map(Number)).toEqual([first.requests.total, first.requests.writes])
    }
    const before = sandbox.requests.length
    const second = reportOf(await applyTo(sandbox, file, ['-o', 'json']))
    expect(second.requests.writes).toBe(0)
    expect(second.summary.unchanged).toBe(size + 3)
    counts.push(sandbox.requests.length - before)
    expect(sandbox.requests.length - before).toBe(second.requests.total)
  }
  expect(new Set(counts).size).toBe(1)
  expect(counts[0]).toBeLessThanOrEqual(12)
})

test('a run without changes of the landscape: at most 12 requests', async () => {
  const sandbox = await sandboxFor()
  const file = fileWith(landscape)
  await writesOfApply(sandbox, file)
  expect(reportOf(await applyTo(sandbox, file, ['-o', 'json'])).requests).toSatisfy(
    ({ total, writes }: { total: number; writes: number }) => total <= 12 && writes === 0,
  )
})

test('--parallelism bounds the requests in flight, and 1 means one after the other', async () => {
  for (const bound of [1, 3]) {
    const sandbox = await sandboxFor({ latencyMs: 3 })
    const { code } = await applyTo(sandbox, fileWith(benchFile(20)), ['--parallelism', String(bound)])
    expect(code).toBe(0)
    expect(sandbox.maxInFlight()).toBe(bound)
  }
})

test('a dry run and a plan send no write, whatever there is to do', async () => {
  const sandbox = await sandboxFor()
  const file = fileWith(landscape)
  expect((await applyTo(sandbox, file, ['--dry-run'])).code).toBe(0)
  expect((await applyTo(sandbox, file, ['--dry-run', '--detailed-exitcode'])).code).toBe(2)
  expect((await planFor(sandbox, file)).code).toBe(0)
  expect(namesOfWrites(sandbox)).toEqual([])
})

test('a server without Docker repositories is not asked for their settings; one that shows none at all is', async () => {
  const sandbox = await sandboxFor()
  const asked = async () => {
    const before = sandbox.requests.length
    expect((await planFor(sandbox, fileWith(benchFile(3)))).stdout).toContain('Plan:')
    return sandbox.requests.slice(before).filter(({ path }) => path.endsWith('/v1/repositorySettings')).length
  }
  expect(await asked()).toBe(0)
  // An empty list may be all that the user may see.
  for (const { name } of (await getJson(sandbox, '/v1/repositories')) as { name: string }[])
    await send(sandbox, 'DELETE', `/v1/repositories/${name}`)
  expect(await asked()).toBe(1)
})
