// What other tools get wrong on the same server (the incumbent Terraform provider, first of all): here it works.
import { expect, test } from 'vitest'
import { applyTo, landscape, reportOf, snapshotOf } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { sandboxFor, send, writesOf } from '../../helpers/sandbox.ts'
import {
  applied,
  namesOfWrites,
  portsOf,
  repositoryOf,
  sectionOf,
  writesOfApply,
} from '../../helpers/writes.ts'

test('an object deleted on the server ends plan and apply with 404 — here it heals', async () => {
  const { sandbox, file } = await applied(
    'version: 1\nrepositories: {a: {type: hosted}, b: {type: hosted}}\n',
  )
  await send(sandbox, 'DELETE', '/v1/repositories/a')
  expect(await writesOfApply(sandbox, file)).toEqual(['POST /v1/repositories/docker/hosted'])
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('objects that exist already end the run — here they are adopted', async () => {
  const { sandbox } = await applied('version: 1\nrepositories: {a: {type: hosted, httpPort: 8001}}\n')
  const file = fileWith(`version: 1
blobStores: {default: {}}
repositories: {a: {type: hosted, httpPort: 8002}, b: {type: hosted}}
`)
  expect((await writesOfApply(sandbox, file)).toSorted()).toEqual([
    'POST /v1/repositories/docker/hosted',
    'PUT /v1/repositories/docker/hosted/a',
  ])
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('a port swap answers 400 every time — here it is one apply', async () => {
  const yaml = (one: number, two: number) =>
    `version: 1\nrepositories: {a: {type: hosted, httpPort: ${one}}, b: {type: hosted, httpPort: ${two}}}\n`
  const { sandbox } = await applied(yaml(8001, 8002))
  await writesOfApply(sandbox, fileWith(yaml(8002, 8001)))
  expect(portsOf(sandbox, 'a', 'b')).toEqual({ a: [8002, null], b: [8001, null] })
})

test('moving a port from a group to a hosted repository answers 400 every time — here it is one apply', async () => {
  const yaml = (group: string, hosted: string) => `version: 1
repositories:
  h: {type: hosted, httpPort: ${hosted}}
  g: {type: group, httpPort: ${group}, members: [h]}
`
  const { sandbox } = await applied(yaml('8001', 'null'))
  await writesOfApply(sandbox, fileWith(yaml('null', '8001')))
  expect(portsOf(sandbox, 'g', 'h')).toEqual({ g: [null, null], h: [8001, null] })
})

test('members as plain names fail in the first apply — here one apply does it, in any order of the file', async () => {
  const sandbox = await sandboxFor()
  const file = fileWith(`version: 1
repositories:
  z: {type: group, members: [g, b]}
  g: {type: group, members: [a]}
  b: {type: hosted}
  a: {type: hosted}
`)
  expect(await writesOfApply(sandbox, file)).toHaveLength(4)
  expect(await writesOfApply(sandbox, file)).toEqual([])
})

test('one 503 on one POST ends the run — here it is tried again', async () => {
  const sandbox = await sandboxFor({ faults: ['503 POST /service/rest/v1/repositories/docker/hosted 1'] })
  const { code, stdout } = await applyTo(sandbox, fileWith('version: 1\nrepositories: {a: {type: hosted}}\n'))
  expect({ code, stdout }).toMatchObject({ code: 0 })
  expect(namesOfWrites(sandbox)).toHaveLength(2)
})

test.each(['3.71.0', '3.90.0', '3.96.0'])(
  'a wrong password is sent with three writes at once (%s) — here it fails once, with exit 4',
  async (version) => {
    const sandbox = await sandboxFor({ version })
    const { code, stderr } = await applyTo({ ...sandbox, password: 'wrong' }, fileWith(landscape))
    expect(code).toBe(4)
    expect(sandbox.requests.filter(({ user }) => user === 'admin')).toHaveLength(1)
    expect(writesOf(sandbox)).toEqual([])
    expect(stderr).toContain('"admin"')
    expect(stderr).not.toContain('wrong')
  },
)

test('an upper-case name on 3.90: five writes before the refusal — here none', async () => {
  const sandbox = await sandboxFor({ version: '3.90.0' })
  const { code, stderr } = await applyTo(
    sandbox,
    fileWith(landscape.replace('  quay:', '  Quay:').replace(' quay,', ' Quay,')),
  )
  expect(code).toBe(3)
  expect(stderr).toContain('write "quay"')
  expect(writesOf(sandbox)).toEqual([])
})

test('fields that the tool is not told of are reset by its PUT — here they stay', async () => {
  const yaml = (online: boolean) =>
    `version: 1\nrepositories: {hub: {type: proxy, remoteUrl: "https://r.example", online: ${online}}}\n`
  const { sandbox } = await applied(yaml(true), { version: '3.96.0' })
  Object.assign(sectionOf(sandbox, 'hub', 'proxy'), { preserveEncodedCharacters: true, contentMaxAge: 7 })
  Object.assign(sectionOf(sandbox, 'hub', 'docker'), { v1Enabled: true })
  const hub = repositoryOf(sandbox, 'hub').attributes
  hub['firewall'] = { mode: 'AUDIT' }
  hub['cleanup'] = { policyNames: ['p'] }
  sandbox.state.cleanupPolicies.push({ name: 'p', format: 'docker' })
  sandbox.state.routingRules.push({ name: 'rule', description: '', mode: 'BLOCK', matchers: ['x'] })
  hub['routingRuleName'] = 'rule'
  const before = snapshotOf(sandbox)['dockerProxy hub'] as object
  expect(await writesOfApply(sandbox, fileWith(yaml(false)))).toHaveLength(1)
  expect(snapshotOf(sandbox)['dockerProxy hub']).toEqual({ ...before, online: false })
})

test('pathEnabled that is not written is sent as false — here it is not sent', async () => {
  const { sandbox } = await applied('version: 1\nrepositories: {a: {type: hosted}}\n')
  const [post] = sandbox.requests.filter(({ method }) => method === 'POST')
  expect(JSON.parse(post?.body ?? '')).not.toHaveProperty('docker.pathEnabled')
})

test('a server that leaves latestPolicy out of its answers is written to at every apply — here never', async () => {
  const yaml = 'version: 1\nrepositories: {a: {type: hosted, writePolicy: allow-once, latestPolicy: true}}\n'
  const { sandbox, file } = await applied(yaml, { version: '3.84.0' })
  sandbox.state.omitLatestPolicy = true
  const { requests, summary } = reportOf(await applyTo(sandbox, file, ['-o', 'json']))
  expect({ writes: requests.writes, unchanged: summary.unchanged }).toEqual({ writes: 0, unchanged: 1 })
})
