// Who gets into a registry: challenges, tokens, anonymous access, permissions, licence terms (docker-evidence 30 to 36, 49).
import { describe, expect, it } from 'vitest'
import { addUser, docker } from '../repositories-client.ts'
import { hostedRegistry, pushImage } from './hosted-registry.ts'

const basic = 'BASIC realm="Sonatype Nexus Repository Manager"'
const open = docker({ httpPort: 8082, forceBasicAuth: false })
const unauthorized =
  '{"errors":[{"code":"UNAUTHORIZED","message":"access to the requested resource is not authorized","detail":null}]}'

it('answers nobody as a 3.31 did, in 113 bytes', async () => {
  const registry = await hostedRegistry('3.31.0')
  const { status, headers, text } = await registry.ask('GET', '/v2/', { as: 'none' })
  expect([status, text, headers.get('content-length')]).toEqual([401, unauthorized, '113'])
  expect(Object.fromEntries(headers)).toMatchObject({
    'www-authenticate': basic,
    'docker-distribution-api-version': 'registry/2.0',
    'x-content-type-options': 'nosniff',
    'x-xss-protection': '1; mode=block',
    'content-type': 'application/json',
  })
  expect(headers.get('content-security-policy')).toMatch(/^sandbox allow-forms /)
})

it('lets credentials in, with and without tokens', async () => {
  for (const sections of [{}, open]) {
    const registry = await hostedRegistry('3.90.0', sections)
    expect((await registry.ask('GET', '/v2/')).status).toBe(200)
    expect((await registry.ask('HEAD', '/v2/')).status).toBe(200)
  }
})

describe('a token', () => {
  async function withToken(as: string) {
    const registry = await hostedRegistry('3.90.0', open)
    registry.sandbox.state.anonymous.enabled = true
    const { text } = await registry.ask('GET', '/v2/token', { as })
    const { token } = JSON.parse(text) as { token: string }
    const bearer = { as: 'none', headers: { authorization: `Bearer ${token}` } }
    return { registry, text, bearer }
  }

  it('is given as a 3.42 gave it, and accepted', async () => {
    const { registry, text, bearer } = await withToken('admin')
    expect(text).toMatch(/^\{"token":"DockerToken\.[\da-f-]{36}"\}$/)
    expect(text).toHaveLength(60)
    expect((await registry.ask('GET', '/v2/', bearer)).status).toBe(200)
    expect((await registry.ask('POST', '/v2/a/blobs/uploads/', bearer)).status).toBe(202)
  })

  it('of nobody reads and does not write', async () => {
    const { registry, bearer } = await withToken('none')
    await pushImage(registry, 'a', '1')
    expect((await registry.ask('GET', '/v2/a/manifests/1', bearer)).status).toBe(200)
    const { status, text } = await registry.ask('POST', '/v2/a/blobs/uploads/', bearer)
    expect([status, text]).toEqual([401, unauthorized])
  })

  it('is worth nothing while the realm is not active, or when nobody gave it', async () => {
    const { registry, bearer } = await withToken('admin')
    const invented = { as: 'none', headers: { authorization: 'Bearer DockerToken.x' } }
    expect((await registry.ask('GET', '/v2/', invented)).status).toBe(401)
    registry.sandbox.state.realms = ['NexusAuthenticatingRealm']
    const { status, headers } = await registry.ask('GET', '/v2/', bearer)
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer /)])
  })

  it('is not given to nobody while anonymous access is off, nor for a wrong password', async () => {
    const registry = await hostedRegistry('3.90.0', open)
    registry.sandbox.state.anonymous.enabled = false
    expect((await registry.ask('GET', '/v2/token', { as: 'none' })).status).toBe(401)
    expect((await registry.ask('GET', '/v2/token', { as: 'stranger' })).status).toBe(401)
    expect((await registry.ask('POST', '/v2/token')).status).toBe(405)
  })
})

it('challenges nobody even where anonymous access is on', async () => {
  const registry = await hostedRegistry('3.90.0')
  registry.sandbox.state.anonymous.enabled = true
  const { status, headers } = await registry.ask('GET', '/v2/a/manifests/1', { as: 'none' })
  expect([status, headers.get('www-authenticate')]).toEqual([401, basic])
})

describe('the realm of a challenge', () => {
  const port = { host: 'r.example:5002' }
  const proto = { ...port, 'x-forwarded-proto': 'https' }
  const both = { ...proto, 'x-forwarded-host': 'r.example:5002' }
  it.each([
    ['3.76.0', port, 'http://r.example:5002'],
    ['3.77.1', port, 'null://r.example:5002'],
    ['3.77.1', both, 'https://r.example:5002'],
    ['3.78.2', both, 'https://r.example:5002:5002'],
    ['3.80.0', proto, 'https://r.example:5002'],
    ['3.81.0', both, 'https://r.example:5002'],
    ['3.83.0', port, 'http://r.example:5002'],
  ])('on %s with %o', async (version, forwarded, origin) => {
    const registry = await hostedRegistry(version, open)
    const { headers } = await registry.ask('GET', '/v2/', { as: 'none', headers: forwarded })
    // fetch sends a Host of its own
    const said = headers.get('www-authenticate')?.replaceAll(/127\.0\.0\.1:\d+/g, 'r.example:5002')
    expect(said).toBe(`Bearer realm="${origin}/v2/token",service="${origin}/v2/token"`)
  })

  it.each([
    ['3.82.0', '/repository/images/v2/', '/v2/token'],
    ['3.84.0', '/repository/images/v2/', '/repository/images/v2/token'],
    ['3.87.1', '/v2/', '/repository/images/v2/token'],
    ['3.83.0', '/v2/', '/v2/token'],
  ])('on %s at %s of the main port', async (version, path, expected) => {
    const registry = await hostedRegistry(version, docker({ forceBasicAuth: false, pathEnabled: true }))
    const { url } = registry.sandbox
    const { headers } = await registry.ask('GET', `${url}${path}`, { as: 'none' })
    expect(headers.get('www-authenticate')).toContain(`Bearer realm="${url}${expected}"`)
  })
})

it('tells a user without the permission, and asks for another one than reading', async () => {
  const registry = await hostedRegistry()
  addUser(registry, 'reader', 'nexus:repository-view:docker:images:read')
  addUser(registry, 'stranger', 'nexus:repository-view:docker:other:*')
  await pushImage(registry, 'a', '1')
  const status = async (as: string, method: string, path: string) =>
    (await registry.ask(method, path, { as })).status
  expect(await status('reader', 'GET', '/v2/a/manifests/1')).toBe(200)
  expect(await status('stranger', 'GET', '/v2/a/manifests/1')).toBe(403)
  expect(await status('reader', 'POST', '/v2/a/blobs/uploads/')).toBe(403)
  expect(await status('reader', 'DELETE', '/v2/a/manifests/1')).toBe(403)
})

it('limits sign-ins on 3.96', async () => {
  const registry = await hostedRegistry('3.96.3')
  for (let count = 0; count < 3; count += 1)
    expect((await registry.ask('GET', '/v2/', { as: 'stranger' })).status).toBe(401)
  expect((await registry.ask('GET', '/v2/', { as: 'stranger' })).status).toBe(429)
})

it('serves nobody before the licence terms are accepted, and nothing while the repository is offline', async () => {
  const registry = await hostedRegistry('3.91.1')
  registry.sandbox.state.eulaAccepted = false
  expect((await registry.ask('GET', '/v2/', { as: 'none' })).status).toBe(401)
  const { status, headers } = await registry.ask('GET', '/v2/')
  expect([status, headers.get('docker-distribution-api-version')]).toEqual([403, 'registry/2.0'])
  registry.sandbox.state.eulaAccepted = true
  for (const repository of registry.sandbox.state.repositories) repository.attributes['online'] = false
  expect((await registry.ask('GET', '/v2/')).status).toBe(503)
})
