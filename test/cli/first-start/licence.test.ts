// The licence agreement, and the choice of anonymous access: both settled by the file's word alone.
import { describe, expect, test } from 'vitest'
import { reportOf } from '../../helpers/landscape.ts'
import { bootstrapFile, newServer, outcomeOf, wanting } from '../../helpers/new-server.ts'
import { fileWith, runCli } from '../../helpers/run-cli.ts'
import { sandboxFor, writesOf } from '../../helpers/sandbox.ts'

const plain = 'realms: {ensure: [DockerToken]}\n'

function eulaRequests({ requests }: { requests: { path: string; method: string }[] }): string[] {
  return requests.filter(({ path }) => path.endsWith('/system/eula')).map(({ method }) => method)
}

describe('a server that asks for the licence, and no consent', () => {
  test.each([
    ['bootstrap without it', 'bootstrap: {initialPassword: PASSWORD}\n', '1:1'],
    ['acceptEula: false', 'bootstrap: {initialPassword: PASSWORD, acceptEula: false}\n', '1:1'],
    ['no bootstrap at all', '', '1:1'],
  ])('%s: one error before the first write, with the line to add', async (_, section, place) => {
    const { sandbox } = await newServer()
    const file = fileWith(section.replace('PASSWORD', sandbox.password) + plain)
    const env = wanting(sandbox, section === '' ? sandbox.password : undefined)
    const { code, stdout, stderr } = await runCli(['apply', '-f', file, '--yes'], { env })
    expect({ code, stdout, stderr }).toMatchObject({ code: 3 })
    expect(stderr.match(/error\[eula-not-accepted\]/g)).toHaveLength(1)
    expect(stderr).toContain(`${file}:${place}`)
    expect(stderr).toContain('"bootstrap: {acceptEula: true}"')
    expect(writesOf(sandbox)).toEqual([])
    const json = await runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env })
    expect(reportOf(json).problems).toMatchObject([{ code: 'eula-not-accepted', severity: 'error' }])
  })

  test('with nothing to write it is a warning', async () => {
    const { sandbox } = await newServer()
    sandbox.state.realms.push('DockerToken')
    const env = wanting(sandbox, sandbox.password)
    const { code, stdout, stderr } = await runCli(['plan', '-f', fileWith(plain), '--detailed-exitcode'], {
      env,
    })
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
    expect(stderr).toContain('warning[eula-not-accepted]')
  })
})

describe('the licence', () => {
  test.each([
    ['3.76.0', 'oss', []],
    ['3.96.0', 'pro', []],
    ['3.89.0', 'core', []],
    ['3.77.0', 'community', ['GET']],
    ['3.96.0', 'community', ['GET']],
  ] as const)('%s %s: asked for only where there is one', async (version, edition, expected) => {
    const sandbox = await sandboxFor({ version, edition })
    const file = fileWith('blobStores: {a: }\n')
    const { code } = await runCli(['plan', '-f', file], { env: wanting(sandbox, sandbox.password) })
    expect(code).toBe(0)
    expect(eulaRequests(sandbox)).toEqual(expected)
  })

  test('is accepted with the server’s own text, and never anything but accepted', async () => {
    const { sandbox } = await newServer({ version: '3.77.1' })
    const file = fileWith(bootstrapFile(sandbox.password))
    const run = () => runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
    expect((await run()).code).toBe(0)
    sandbox.state.eulaAccepted = false // 3.77 lets somebody revoke it
    expect(reportOf(await run()).done).toMatchObject([{ kind: 'eula' }])
    const sent = sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/eula'))
    expect(sent).toHaveLength(2)
    for (const { body } of sent) {
      const { accepted, disclaimer } = JSON.parse(body) as { accepted: boolean; disclaimer: string }
      expect(accepted).toBe(true)
      expect(disclaimer).toMatch(/^Use of Sonatype Nexus Repository - Community Edition .*‘accepted:true’/)
    }
  })

  test('that cannot be accepted keeps everything after it from being done', async () => {
    const { sandbox } = await newServer({ faults: ['500 POST **/system/eula *'] })
    const file = fileWith(bootstrapFile(sandbox.password))
    const result = await runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
    expect(result.code).toBe(5)
    const { done, failed, skipped } = reportOf(result)
    expect(done).toMatchObject([{ kind: 'adminPassword' }])
    expect(failed).toMatchObject([{ kind: 'eula' }])
    expect(skipped).toHaveLength(5)
    expect(outcomeOf(sandbox).blobStores).toEqual(['default'])
  })
})

describe('the choice of anonymous access', () => {
  test.each([
    ['on by default, confirmed', '3.77.1', '', true],
    ['off by default, confirmed', '3.96.0', '', false],
    ['switched off by the file', '3.77.1', 'anonymous: {enabled: false}\n', false],
    ['off by default and by the file', '3.96.0', 'anonymous: {enabled: false}\n', false],
    ['switched on by anonymousPull', '3.96.0', 'anonymousPull: true\n', true],
  ])('%s (%s): one write', async (_, version, section, enabled) => {
    const { sandbox } = await newServer({ version })
    const file = fileWith(bootstrapFile(sandbox.password) + section)
    const run = () => runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
    expect((await run()).code).toBe(0)
    expect(outcomeOf(sandbox).anonymous).toEqual({
      enabled,
      userId: 'anonymous',
      realmName: 'NexusAuthorizingRealm',
      configured: true,
    })
    const sent = sandbox.requests.filter(
      ({ method, path }) => method === 'PUT' && path.endsWith('/anonymous'),
    )
    expect(sent.map(({ body }) => Object.keys(JSON.parse(body) as object).toSorted())).toEqual([
      ['enabled', 'realmName', 'userId'],
    ])
    expect(reportOf(await run()).requests.writes).toBe(0)
  })

  test('without bootstrap nobody’s choice is made for them', async () => {
    const { sandbox } = await newServer({ version: '3.96.0', edition: 'pro' })
    const env = wanting(sandbox, sandbox.password)
    await runCli(['apply', '--yes', '-f', fileWith(`${plain}anonymous: {enabled: false}\n`)], { env })
    expect(outcomeOf(sandbox).anonymous.configured).toBe(false)
    expect(sandbox.requests.some(({ path }) => path.includes('/internal/'))).toBe(false)
  })

  test('is no concern of a user who may not see the onboarding', async () => {
    const { sandbox } = await newServer({
      properties: { 'nexus.onboarding.enabled': 'false' },
    })
    const file = fileWith(bootstrapFile(sandbox.password))
    const { code, stderr } = await runCli(['apply', '--yes', '-f', file], { env: wanting(sandbox) })
    expect({ code, stderr }).toMatchObject({ code: 0 })
  })
})

describe('nobody is locked out', () => {
  test('before 3.60 the authorizing realm stays in the list, whatever the file says', async () => {
    const { sandbox } = await newServer({ version: '3.41.1' })
    const exact = 'realms: {exact: [NexusAuthenticatingRealm, DockerToken]}\n'
    const file = fileWith(`bootstrap: {initialPassword: ${sandbox.password}}\n${exact}`)
    const run = () => runCli(['apply', '--yes', '-f', file, '-o', 'json'], { env: wanting(sandbox) })
    expect((await run()).code).toBe(0)
    expect(sandbox.state.realms).toEqual(['NexusAuthenticatingRealm', 'DockerToken', 'NexusAuthorizingRealm'])
    expect(reportOf(await run()).requests.writes).toBe(0)
  })

  test.each(['[]', '[DockerToken]', '[NexusAuthorizingRealm]'])(
    'realms: {exact: %s} is refused',
    async (list) => {
      const { code, stderr } = await runCli(['validate', '-f', '-'], { input: `realms: {exact: ${list}}\n` })
      expect({ code, stderr }).toMatchObject({ code: 3 })
      expect(stderr).toMatch(/realm-lockout/)
    },
  )
})
