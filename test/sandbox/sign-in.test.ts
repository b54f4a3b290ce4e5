import { afterEach, describe, expect, it, vi } from 'vitest'
import { call, sandboxFor } from './client.ts'

const list = '/v1/repositories'
const fifteenMinutes = 15 * 60 * 1000

afterEach(() => {
  vi.useRealTimers()
})

describe('sign-in limit of 3.96', () => {
  it('answers 429 to a name after three failures, right password included, and to no other name', async () => {
    const sandbox = await sandboxFor({ version: '3.96.3' })
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect((await call(sandbox, 'GET', list, { as: 'admin:wrong' })).status).toBe(401)
    }
    const limited = await call(sandbox, 'GET', list)
    expect([limited.status, limited.text]).toEqual([429, 'Too many authentication attempts'])
    expect(limited.headers.get('retry-after')).toBe('30')
    expect((await call(sandbox, 'GET', list, { as: 'other:wrong' })).status).toBe(401)
  })

  it('ends after fifteen minutes without a request of that name, and every request prolongs it', async () => {
    const sandbox = await sandboxFor({ version: '3.96.3' })
    for (let attempt = 1; attempt <= 3; attempt++) await call(sandbox, 'GET', list, { as: 'admin:wrong' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + fifteenMinutes - 1000 })
    expect((await call(sandbox, 'GET', list)).status).toBe(429)
    vi.setSystemTime(Date.now() + fifteenMinutes - 1000)
    expect((await call(sandbox, 'GET', list)).status).toBe(429)
    vi.setSystemTime(Date.now() + fifteenMinutes)
    expect((await call(sandbox, 'GET', list)).status).toBe(200)
  })

  it('is forgotten after a success, and does not exist before 3.96', async () => {
    const modern = await sandboxFor({ version: '3.96.3' })
    for (const password of ['wrong', 'wrong', 'admin123', 'wrong', 'wrong']) {
      await call(modern, 'GET', list, { as: `admin:${password}` })
    }
    expect((await call(modern, 'GET', list)).status).toBe(200)
    const older = await sandboxFor({ version: '3.90.0' })
    for (let attempt = 1; attempt <= 40; attempt++) await call(older, 'GET', list, { as: 'admin:wrong' })
    expect((await call(older, 'GET', list)).status).toBe(200)
  })
})

describe('3.96 without credentials', () => {
  it('answers 401 everywhere but on status while anonymous access is off', async () => {
    const sandbox = await sandboxFor({ version: '3.96.3' })
    const statusOf = async (path: string, as: string) => (await call(sandbox, 'GET', path, { as })).status
    expect(await statusOf(list, 'none')).toBe(401)
    expect(await statusOf('/v1/status', 'none')).toBe(200)
    expect(await statusOf('/v1/status/writable', 'admin:wrong')).toBe(200)
    expect(await statusOf('/v1/status', 'admin:wrong')).toBe(401)
    sandbox.state.anonymous.enabled = true
    expect(await statusOf(list, 'none')).toBe(200)
  })
})

describe('realm lists that lock everybody out', () => {
  it('an empty list is taken, then every credential is refused', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1' })
    expect((await call(sandbox, 'PUT', '/v1/security/realms/active', { body: [] })).status).toBe(204)
    expect((await call(sandbox, 'GET', '/v1/status')).status).toBe(401)
  })

  it('before 3.60 a list without NexusAuthorizingRealm forbids everything', async () => {
    const sandbox = await sandboxFor({ version: '3.41.1' })
    await call(sandbox, 'PUT', '/v1/security/realms/active', { body: ['NexusAuthenticatingRealm'] })
    expect((await call(sandbox, 'GET', '/v1/security/realms/active')).status).toBe(403)
    expect((await call(sandbox, 'GET', '/v1/status')).status).toBe(200)
  })
})
