// From a server that was just started to a configured one, in one command, and again.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { reportOf } from '../../helpers/landscape.ts'
import { bootstrapFile, newServer, newServers, outcomeOf, WANTED, wanting } from '../../helpers/new-server.ts'
import { fileWith, runCli } from '../../helpers/run-cli.ts'
import { getJson, writesOf } from '../../helpers/sandbox.ts'

const example = fileURLToPath(new URL('../../../examples/first-start/repos.yml', import.meta.url))
const everything = ['adminPassword', 'anonymous', 'blobStore', 'dockerGroup', 'dockerHosted', 'realms']

describe.each(Object.entries(newServers))('%s', (_, options) => {
  test('one command sets it up, the second one changes nothing', async () => {
    const { sandbox, passwordFile, failed } = await newServer(options)
    // The server removes its own file; a copy stays, and is tried again.
    const isCopy = sandbox.initialPasswordFile === undefined
    const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
    const run = (...flags: string[]) =>
      runCli(['apply', '-f', file, '--wait', '30s', '--yes', '-o', 'json', ...flags], {
        env: wanting(sandbox),
      })
    const first = await run()
    expect({ code: first.code, stderr: first.stderr }).toMatchObject({ code: 0 })
    const withLicence = sandbox.edition === 'community'
    const done = reportOf(first).done.map(({ kind }) => kind)
    expect(done.toSorted()).toEqual([...everything, ...(withLicence ? ['eula'] : [])].toSorted())
    expect(done.indexOf('adminPassword')).toBe(0)
    if (withLicence) expect(done.indexOf('eula')).toBe(1)
    expect(failed()).toEqual({ refused: 0, locked: 0 })

    const { users, anonymous, eulaAccepted, repositories } = outcomeOf(sandbox)
    expect(users[0]).toEqual({ userId: 'admin', password: WANTED, status: 'active' })
    expect(anonymous).toMatchObject({
      configured: true,
      enabled: !['3.89.0', '3.96.0'].includes(sandbox.version),
    })
    expect(repositories.map(({ name }) => name)).toEqual(['apps', 'docker'])
    if (withLicence) expect(eulaAccepted).toBe(true)
    const asked = await getJson({ ...sandbox, password: WANTED }, '/internal/ui/onboarding')
    expect(asked).toEqual([])

    const before = sandbox.requests.length
    const second = reportOf(await run())
    expect(second).toMatchObject({ done: [], failed: [], requests: { writes: 0 } })
    expect(second.requests.total).toBeLessThanOrEqual(12)
    // The waiting poll is not among the requests that the report counts.
    expect(sandbox.requests.length - before).toBeLessThanOrEqual(second.requests.total + 1)
    expect(failed()).toEqual({ refused: isCopy ? 1 : 0, locked: 0 })
  })
})

test('examples/first-start sets up a new server', async () => {
  const { sandbox, passwordFile } = await newServer()
  const env = { ...wanting(sandbox), NEXUS_DATA: dirname(passwordFile) }
  const { code, stderr } = await runCli(['apply', '-f', example, '--wait', '30s', '--yes'], { env })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const { users, eulaAccepted, anonymous, repositories } = outcomeOf(sandbox)
  expect({ users, eulaAccepted, anonymous }).toMatchObject({
    users: [{ password: WANTED, status: 'active' }, {}],
    eulaAccepted: true,
    anonymous: { enabled: true, configured: true },
  })
  expect(repositories.map(({ name }) => name)).toEqual(['docker', 'hub', 'ours'])
})

test('plan signs in with the initial password, shows what will be done, and sends no write', async () => {
  const { sandbox, passwordFile, failed } = await newServer()
  const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
  const before = outcomeOf(sandbox)
  const json = await runCli(['plan', '-f', file, '-o', 'json', '--detailed-exitcode'], {
    env: wanting(sandbox),
  })
  expect(json.code).toBe(2)
  const { changes } = JSON.parse(json.stdout) as { changes: { kind: string; fields: unknown[] }[] }
  expect(changes).toMatchObject([
    {
      action: 'update',
      kind: 'adminPassword',
      id: 'admin',
      place: `${file}:3`,
      fields: [{ path: 'password', before: null, after: 'sensitive', secret: true }],
    },
    { action: 'update', kind: 'eula', fields: [{ path: 'accepted', before: false, after: true }] },
    { kind: 'realms' },
    { kind: 'blobStore' },
    { kind: 'dockerHosted' },
    { kind: 'dockerGroup' },
    { kind: 'anonymous', fields: [{ path: 'confirmed', before: false, after: true }] },
  ])
  const markdown = await runCli(['plan', '-f', file, '-o', 'markdown'], { env: wanting(sandbox) })
  expect(markdown.stdout).toMatch(/\| update \| admin password .*bootstrap\.initialPassword/)
  expect(writesOf(sandbox)).toEqual([])
  expect(outcomeOf(sandbox)).toEqual(before)
  expect(failed().refused).toBe(0)
})

test('a run without changes and with bootstrap: at most 12 requests, as many for 3 repositories as for 100', async () => {
  const counts: number[] = []
  for (const size of [3, 100]) {
    const { sandbox, passwordFile } = await newServer({ version: '3.96.0' })
    const names = Array.from(
      { length: size },
      (_, index) => `  r${index}: {type: hosted, blobStore: images}\n`,
    )
    const yaml = `${bootstrapFile(`{file: ${passwordFile}}`)}${names.join('')}httpProxy: {http: {host: p, port: 1}}\n`
    const file = fileWith(yaml)
    const run = () => runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
    expect((await run()).code).toBe(0)
    const before = sandbox.requests.length
    const { requests } = reportOf(await run())
    expect(requests).toEqual({ total: sandbox.requests.length - before, writes: 0 })
    counts.push(requests.total)
  }
  expect(counts[0]).toBe(counts[1])
  expect(counts[0]).toBeLessThanOrEqual(12)
})

test('two at once: both end well, the server is as after one', async () => {
  for (const version of ['3.77.1', '3.96.0']) {
    const { sandbox, passwordFile, failed } = await newServer({ version })
    const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
    const run = () => runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
    const runs = await Promise.all([run(), run()])
    for (const { code, stdout, stderr } of runs) expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
    expect(failed().refused).toBeLessThanOrEqual(4)
    expect(failed().locked).toBe(0)
    const alone = await newServer({ version })
    const own = fileWith(bootstrapFile(`{file: ${alone.passwordFile}}`))
    await runCli(['apply', '--yes', '-f', own], { env: wanting(alone.sandbox) })
    expect(outcomeOf(sandbox)).toEqual(outcomeOf(alone.sandbox))
  }
})
