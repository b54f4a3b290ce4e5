// User and password in the URL of the server: used, or refused where something else is said beside them, and never shown.
import { describe, expect, test } from 'vitest'
import { fileWith, runCli } from '../../helpers/run-cli.ts'
import { sandboxFor } from '../../helpers/sandbox.ts'
import { NEXUS } from '../../http/scripted-server.ts'
import { server } from '../../nexus/helpers.ts'

const YAML = 'version: 1\nrepositories: {apps: {type: hosted}}\n'
const WORD = 'canary-w0rd'

const withUser = (url: string, credentials: string) => url.replace('://', `://${credentials}@`)

async function refusing() {
  const target = await server(() => ({ status: 401, headers: NEXUS }))
  const logins = () => target.received.flatMap(({ headers }) => headers.authorization ?? []).map(decoded)
  return { url: target.url, logins }
}

function decoded(authorization: string): string {
  return Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8')
}

interface Case {
  what: string
  credentials: string
  env?: Record<string, string>
  flags?: string[]
  yaml?: string
  /** What the server sees; `refused`: nothing is sent. */
  login: string
}

const cases: Case[] = [
  { what: 'both', credentials: `deployer:${WORD}`, login: `deployer:${WORD}` },
  { what: 'the user', credentials: 'deployer', env: { NEXUS_PASSWORD: WORD }, login: `deployer:${WORD}` },
  { what: 'the password', credentials: `:${WORD}`, env: { NEXUS_USERNAME: 'bob' }, login: `bob:${WORD}` },
  { what: 'a bare %', credentials: `deployer:50%${WORD}`, login: `deployer:50%${WORD}` },
  { what: 'encoded', credentials: `a%40b:${WORD}%2F%40`, login: `a@b:${WORD}/@` },
  {
    what: 'the same once more',
    credentials: `deployer:${WORD}`,
    env: { NEXUS_USERNAME: 'deployer', NEXUS_PASSWORD: WORD },
    login: `deployer:${WORD}`,
  },
  {
    what: 'a password of the file, which a variable wins over',
    credentials: `deployer:${WORD}`,
    yaml: 'nexus: {password: another-one}\n',
    login: `deployer:${WORD}`,
  },
  {
    what: 'the user of the file',
    credentials: `:${WORD}`,
    yaml: 'nexus: {username: bob}\n',
    login: `bob:${WORD}`,
  },
  {
    what: 'another user in a variable',
    credentials: `deployer:${WORD}`,
    env: { NEXUS_USERNAME: 'admin' },
    login: 'refused',
  },
  {
    what: 'another user by flag',
    credentials: `deployer:${WORD}`,
    flags: ['--username', 'admin'],
    login: 'refused',
  },
  {
    what: 'another user in the file, which both win over',
    credentials: `deployer:${WORD}`,
    yaml: 'nexus: {username: admin, password: another-one}\n',
    login: `deployer:${WORD}`,
  },
  {
    what: 'the user alone, and the password of another one in the file',
    credentials: 'deployer',
    yaml: 'nexus: {username: admin, password: another-one}\n',
    login: 'refused',
  },
  {
    what: 'another password',
    credentials: `deployer:${WORD}`,
    env: { NEXUS_PASSWORD: 'another-one' },
    login: 'refused',
  },
]

describe.each(['NEXUS_URL', '--url'])('%s', (place) => {
  test.each(cases)('$what', async ({ credentials, env = {}, flags = [], yaml = '', login }) => {
    const { url, logins } = await refusing()
    const given = withUser(url, credentials)
    const file = fileWith(YAML + yaml)
    const args = ['plan', '-f', file, '-o', 'json', ...flags, ...(place === '--url' ? ['--url', given] : [])]
    const { code, stdout, stderr } = await runCli(args, {
      env: { ...env, ...(place === 'NEXUS_URL' && { NEXUS_URL: given }) },
    })
    expect(logins()).toEqual(login === 'refused' ? [] : [login])
    const { error } = JSON.parse(stdout) as { error: { code: string } }
    const expected = login === 'refused' ? [3, 'conflicting-credentials'] : [4, 'not-authenticated']
    expect([code, error.code]).toEqual(expected)
    expect(stdout + stderr).not.toContain('canary')
    expect(stdout + stderr).not.toContain('bug in')
  })
})

test.each(['text', 'json', 'markdown', 'ndjson'])('-o %s shows the address without them', async (format) => {
  const sandbox = await sandboxFor()
  const { host } = new URL(sandbox.url)
  const url = withUser(sandbox.url, `admin:${encodeURIComponent(sandbox.password)}`)
  for (const args of [
    ['plan', '--verbose', '--wait', '20s'],
    ['apply', '--yes'],
  ]) {
    const { code, stdout, stderr } = await runCli([...args, '-f', fileWith(YAML), '-o', format], {
      env: { NEXUS_URL: url },
    })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout + stderr).not.toContain('@')
    if (args[0] === 'plan' && format !== 'ndjson') expect(stdout).toContain(host)
  }
})

test.each([
  ['wait', ['wait', '--for', '300ms'], 4],
  ['init', ['init', '--yes', '--out', '-'], 0],
])('%s shows the address without them', async (_, args, expected) => {
  const { code, stdout, stderr } = await runCli(args, {
    env: { NEXUS_URL: `http://deployer:${WORD}%2Fx@127.0.0.1:9` },
  })
  expect({ code, stdout, stderr }).toMatchObject({ code: expected })
  expect(stdout + stderr).toContain('127.0.0.1:9')
  expect(stdout + stderr).not.toMatch(/canary|deployer/)
})

test.each([`p#${WORD}/x`, `${WORD}/x`, `12/${WORD}`, `?${WORD}`, `${WORD}\\x`])(
  'a password that makes no URL (%s): exit 3, and nothing of it is shown',
  async (password) => {
    for (const args of [
      ['plan', '-f', fileWith(YAML), '-o', 'json'],
      ['wait'],
      ['init', '--yes', '--out', '-'],
    ]) {
      const { code, stdout, stderr } = await runCli(args, {
        env: { NEXUS_URL: `https://admin:${password}@127.0.0.1:9` },
      })
      expect({ args, code, stderr }).toMatchObject({ code: 3 })
      expect(stdout + stderr).not.toMatch(/canary|w0rd|bug in/)
      expect(stderr).toContain('%2F')
    }
  },
)
