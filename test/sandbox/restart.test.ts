// What the recordings `lifecycle-*` showed of real servers, without the recordings: first passwords, restarts, nexus.properties.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { folderWith } from '../helpers/run-cli.ts'
import { getJson, sandboxFor, send } from '../helpers/sandbox.ts'

async function signIn(url: string, password: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
  const headers = { authorization, accept: 'application/json' }
  return (await fetch(`${url}/service/rest/v1/security/users`, { headers })).status
}

describe('the first password', () => {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
  interface Case extends SandboxOptions {
    given?: string
    file: RegExp | undefined
    accepted: string | undefined
    status: string
  }

  test.each<[string, Case]>([
    ['is random and in a file', { file: uuid, accepted: undefined, status: 'changepassword' }],
    [
      'is what the file says, its line break included',
      { given: 'seeded-1\n', file: /^seeded-1\n$/, accepted: 'seeded-1\n', status: 'changepassword' },
    ],
    [
      'is admin123 where nexus.security.randompassword is false',
      {
        properties: { 'nexus.security.randompassword': 'false' },
        file: undefined,
        accepted: 'admin123',
        status: 'active',
      },
    ],
    [
      'comes from the environment before all',
      {
        given: 'seeded-1',
        initialPassword: 'env-1',
        file: /^seeded-1$/,
        accepted: 'env-1',
        status: 'active',
      },
    ],
  ])('%s', async (_name, { given, file, accepted, status, ...options }) => {
    const dataDirectory = folderWith(given === undefined ? {} : { 'admin.password': given })
    const sandbox = await sandboxFor({ ...options, state: 'fresh', dataDirectory })
    const passwordFile = join(dataDirectory, 'admin.password')
    if (file) expect(readFileSync(passwordFile, 'utf8')).toMatch(file)
    else expect(existsSync(passwordFile)).toBe(false)
    const password = accepted ?? readFileSync(passwordFile, 'utf8')
    expect(await signIn(sandbox.url, password)).toBe(200)
    if (password.endsWith('\n')) expect(await signIn(sandbox.url, password.trim())).toBe(401)
    expect(await getJson(sandbox, '/v1/security/users?userId=admin')).toMatchObject([{ status }])
  })
})

test('a restart keeps repositories, passwords and read-only mode', async () => {
  const dataDirectory = folderWith({})
  const first = await startSandbox({ state: 'fresh', dataDirectory })
  const { password } = first
  const body = {
    name: 'keep',
    online: true,
    storage: { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'allow' },
  }
  expect(await send(first, 'POST', '/v1/repositories/raw/hosted', body)).toBe(201)
  expect(await send(first, 'POST', '/v1/read-only/freeze')).toBe(204)
  await first.close()

  const second = await sandboxFor({ state: 'fresh', dataDirectory })
  expect(second.password).toBe(password)
  expect(await getJson(second, '/v1/read-only')).toMatchObject({ frozen: true })
  expect(await getJson(second, '/v1/repositories/raw/hosted/keep')).toMatchObject({ name: 'keep' })
})

test('a pre-seeded file is not written to', async () => {
  const dataDirectory = folderWith({})
  writeFileSync(join(dataDirectory, 'admin.password'), 'mine')
  await (await startSandbox({ state: 'fresh', dataDirectory })).close()
  expect(readFileSync(join(dataDirectory, 'admin.password'), 'utf8')).toBe('mine')
})

describe('nexus.properties', () => {
  const properties = {
    'nexus.skipDefaultRepositories': 'true',
    'nexus.onboarding.enabled': 'false',
    'nexus.security.default.anonymous': 'false',
    'nexus.security.enableAuthorizationRealmManagement': 'true',
    'nexus.unknown': 'ignored',
  }
  const realms = ['NexusAuthenticatingRealm', 'NexusAuthorizingRealm']

  test.each<[string, unknown]>([
    ['/v1/repositories', []],
    ['/internal/ui/onboarding', []],
    ['/v1/security/anonymous', { enabled: false, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' }],
    ['/v1/security/realms/active', realms],
  ])('%s', async (path, expected) => {
    const sandbox = await sandboxFor({ version: '3.77.1', state: 'fresh', properties })
    expect(await getJson(sandbox, path)).toEqual(expected)
    expect(await getJson(sandbox, '/v1/blobstores')).toMatchObject([{ name: 'default' }])
  })

  test('without them each of these is otherwise', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1', state: 'fresh' })
    expect(await getJson(sandbox, '/v1/repositories')).not.toEqual([])
    expect(await getJson(sandbox, '/internal/ui/onboarding')).not.toEqual([])
    expect(await getJson(sandbox, '/v1/security/anonymous')).toMatchObject({ enabled: true })
    expect(await getJson(sandbox, '/v1/security/realms/active')).toEqual(['NexusAuthenticatingRealm'])
    expect(await send(sandbox, 'PUT', '/v1/security/realms/active', realms)).toBe(400)
  })
})
