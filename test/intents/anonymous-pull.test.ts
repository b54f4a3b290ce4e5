// Who may pull without a login: what stands in the way is told, in the file and on the server.
import { describe, expect, test } from 'vitest'
import { intents } from '../../src/intents/index.ts'
import { checkAgainstServer } from '../../src/plan/server-rules.ts'
import { kinds } from '../../src/resources/index.ts'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import { loadText, placed } from '../config/load-text.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor } from '../helpers/sandbox.ts'

const inFile = async (yaml: string) =>
  placed(await loadText(yaml)).map(({ severity, code, path }) => `${severity} ${code} ${path}`)

/** What only the server tells of a document, after others have been applied to it; and how many requests that took. */
async function onServer(document: object, before: readonly object[] = [], options: SandboxOptions = {}) {
  const sandbox = await sandboxFor({ version: '3.90.0', ...options })
  const nexus = nexusOf(sandbox)
  for (const earlier of before) {
    const config = await configOf(earlier)
    expect((await applyOn(nexus, (await planOn(nexus, config)).plan, config)).failed).toEqual([])
  }
  const config = await configOf(document)
  const { total } = nexus.counts
  const { state, plan } = await planOn(nexus, config)
  const requests = nexus.counts.total - total
  nexus.close()
  const problems = checkAgainstServer(config, { kinds, intents, state }, plan)
  return {
    told: problems.map(({ severity, code, path }) => `${severity} ${code} ${path}`),
    problems,
    requests,
    plan,
  }
}

const hosted = { type: 'hosted' }
const open = { repositories: { apps: { ...hosted, forceBasicAuth: false } } }
const userWarning = 'warning anonymous-user'
const offWarning = 'warning anonymous-pull-off repositories.apps.forceBasicAuth'

describe('the user of anonymous pulls', () => {
  test.each([
    ['anonymousPull: true\nanonymous: {userId: docker-reader}\n', [`${userWarning} anonymous.userId`]],
    ['anonymousPull: true\nanonymous: {userId: anonymous}\n', []],
    ['anonymousPull: true\n', []],
    ['anonymous: {userId: docker-reader}\n', []],
    ['anonymousPull: false\nanonymous: {userId: docker-reader}\n', []],
  ])('%j', async (yaml, expected) => {
    expect(await inFile(yaml)).toEqual(expected)
  })

  test('another one of the server is told as well, at every run, and not twice', async () => {
    const pull = { anonymousPull: true, ...{ repositories: { apps: hosted } } }
    const admin = { anonymous: { enabled: true, userId: 'admin' } }
    const { told, problems } = await onServer(pull, [admin])
    expect(told).toEqual([`${userWarning} anonymousPull`])
    expect(problems[0]?.message).toContain('userId: admin')
    expect((await onServer(pull, [admin, pull])).told).toEqual(told)
    expect((await onServer({ ...pull, anonymous: { userId: 'anonymous' } }, [admin])).told).toEqual([])
    // The file says it itself: told before the server is asked.
    expect((await onServer({ ...pull, anonymous: { userId: 'admin' } })).told).toEqual([])
  })

  test('one whom the server does not have; asked only where it is to be changed', async () => {
    const document = (userId: string) => ({ anonymous: { enabled: true, userId } })
    expect((await onServer(document('admin'))).told).toEqual([])
    expect((await onServer(document('admi'))).told).toEqual([`${userWarning} anonymous.userId`])
    const changing = await onServer(document('admin'))
    const unchanged = await onServer(document('admin'), [document('admin')])
    expect(unchanged).toMatchObject({ told: [], plan: { changes: [] } })
    expect(changing.requests - unchanged.requests).toBe(1)
  })
})

describe('forceBasicAuth: false needs the realm and anonymous access', () => {
  const repositories =
    'repositories:\n  apps: {type: hosted, forceBasicAuth: false}\n  more: {type: hosted, forceBasicAuth: false}\n'
  test.each([
    ['anonymous access is off', 'anonymous: {enabled: false}\n', [offWarning]],
    ['a list without the realm', 'realms: {exact: [NexusAuthenticatingRealm]}\n', [offWarning]],
    ['a list with it', 'realms: {exact: [NexusAuthenticatingRealm, DockerToken]}\n', []],
    ['only the server knows', '', []],
    ['only the server knows of one of them', 'realms: {ensure: [DockerToken]}\n', []],
    ['asked for', 'anonymousPull: true\n', []],
  ])('in the file: %s', async (_, yaml, expected) => {
    expect(await inFile(yaml + repositories)).toEqual(expected)
  })

  test('what comes from anonymousPull: false, and a login that is asked for, need nothing', async () => {
    expect(
      await inFile('anonymousPull: false\nanonymous: {enabled: false}\nrepositories: {a: {type: hosted}}\n'),
    ).toEqual([])
    expect(
      await inFile('anonymous: {enabled: false}\nrepositories: {a: {type: hosted, forceBasicAuth: true}}\n'),
    ).toEqual([])
  })

  const access = { anonymous: { enabled: true } }
  const realm = { realms: { ensure: ['DockerToken'] } }
  const both = { ...access, ...realm }
  test.each<[string, object, object[], RegExp | undefined]>([
    ['neither', open, [], /realm DockerToken is not active, and anonymous access is off/],
    ['the realm alone, on the server', open, [realm], /: anonymous access is off$/],
    ['access alone, on the server', open, [access], /: the realm DockerToken is not active$/],
    ['both, on the server', open, [both], undefined],
    ['both, in the file', { ...both, ...open }, [], undefined],
    ['one here, one there', { ...realm, ...open }, [access], undefined],
    [
      'the file takes the realm away',
      { realms: { exact: ['NexusAuthenticatingRealm'] }, ...open },
      [both],
      undefined,
    ],
  ])('on the server: %s', async (_, document, before, says) => {
    const { told, problems } = await onServer(document, before)
    expect(told).toEqual(says ? [offWarning] : [])
    if (says) expect(problems[0]?.message).toMatch(says)
  })

  test('an account that may not read the settings is told nothing', async () => {
    const { told } = await onServer(open, [], { faults: ['403 GET /service/rest/v1/security/** *'] })
    expect(told).toEqual([])
  })

  test('a file in which nobody pulls without a login asks nothing more', async () => {
    const closed = { repositories: { apps: hosted } }
    const { requests } = await onServer(closed)
    expect((await onServer(open)).requests - requests).toBe(2)
  })
})

describe('realms that the server lacks, and those that an intent adds', () => {
  const core = { edition: 'core', version: '3.89.0' } as const
  test.each([
    ['DockerToken in a list', { realms: { ensure: ['DockerToken'] } }, core, 'realms.ensure[0]'],
    [
      'DockerToken in the whole list',
      { realms: { exact: ['NexusAuthenticatingRealm', 'DockerToken'] } },
      core,
      'realms.exact[1]',
    ],
    ['DockerToken for anonymousPull', { anonymousPull: true }, core, 'anonymousPull'],
    ['a misspelt one', { realms: { ensure: ['LdapReam'] } }, {}, 'realms.ensure[0]'],
  ])('%s', async (_, document, options, path) => {
    const { told, problems } = await onServer(document, [], options)
    expect(told).toEqual([`error unknown-realm ${path}`])
    expect(problems[0]?.hint).toContain('NexusAuthenticatingRealm')
    if (path === 'anonymousPull') expect(problems[0]?.message).toContain('needed for anonymousPull')
  })

  test('editions have DockerToken: nothing is asked for its sake', async () => {
    const realms = (ensure: string[]) => ({ realms: { ensure } })
    const { requests } = await onServer(realms(['NexusAuthenticatingRealm']))
    expect((await onServer(realms(['DockerToken']))).requests).toBe(requests)
  })

  test.each([
    [
      'a list that the file owns',
      { realms: { exact: ['NexusAuthenticatingRealm'] } },
      ['NexusAuthenticatingRealm', 'DockerToken'],
      'anonymousPull: true',
    ],
    [
      'one that it adds to',
      { realms: { ensure: ['NexusAuthenticatingRealm'] } },
      ['NexusAuthenticatingRealm', 'DockerToken'],
      'anonymousPull: true',
    ],
    [
      'one that names it',
      { realms: { exact: ['DockerToken', 'NexusAuthenticatingRealm'] } },
      ['DockerToken', 'NexusAuthenticatingRealm'],
      undefined,
    ],
  ])('%s: the plan says why', async (_, realms, after, because) => {
    const { plan, told } = await onServer({ anonymousPull: true, ...realms })
    expect(told).toEqual([])
    const change = plan.changes.find(({ kind }) => kind === 'realms')
    expect(change?.fields).toMatchObject([{ path: 'active', after, ...(because && { because }) }])
    if (!because) expect(change?.fields[0]).not.toHaveProperty('because')
  })
})

test('what the hint about pulls that cannot work says makes them work', async () => {
  const file = 'repositories: {apps: {type: hosted, forceBasicAuth: false}}\n'
  const [off] = placed(await loadText(`anonymous: {enabled: false}\n${file}`))
  expect(off?.hint).toBe(
    'write "anonymousPull: true" at the top of the file, which asks for all of it, in place of "anonymous: {enabled: false}"',
  )
  expect(await inFile(`anonymousPull: true\n${file}`)).toEqual([])
  const [noRealm] = placed(await loadText(`realms: {exact: [NexusAuthenticatingRealm]}\n${file}`))
  expect(noRealm?.hint).toMatch(
    /^write "anonymousPull: true" at the top of the file, which asks for all of it$/,
  )
  expect(await inFile(`anonymousPull: true\nrealms: {exact: [NexusAuthenticatingRealm]}\n${file}`)).toEqual(
    [],
  )
})
