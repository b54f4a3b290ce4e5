import { describe, expect, it } from 'vitest'
import { call, sandboxFor } from './client.ts'

const forbidden = 403

function userWith(...roles: string[]) {
  return { userId: 'pia', password: 'pw', status: 'active' as const, roles }
}

describe('permissions', () => {
  it('a user with nx-anonymous browses repositories and nothing else', async () => {
    const sandbox = await sandboxFor()
    sandbox.state.users.push(userWith('nx-anonymous'))
    const as = 'pia:pw'
    const names = (await call(sandbox, 'GET', '/v1/repositories', { as })).json as unknown[]
    expect(names.length).toBeGreaterThan(3)
    expect((await call(sandbox, 'GET', '/v1/security/realms/active', { as })).status).toBe(forbidden)
    expect((await call(sandbox, 'GET', '/v1/security/users', { as })).status).toBe(forbidden)
    expect((await call(sandbox, 'POST', '/v1/read-only/freeze', { as })).status).toBe(forbidden)
  })

  it('a user of one repository sees that one alone', async () => {
    const sandbox = await sandboxFor()
    sandbox.state.users.push(userWith('repository-admin:maven-releases'))
    const as = 'pia:pw'
    const listed = (await call(sandbox, 'GET', '/v1/repositories', { as })).json as { name: string }[]
    expect(listed.map(({ name }) => name)).toEqual(['maven-releases'])
    expect((await call(sandbox, 'GET', '/v1/repositories/maven/hosted/maven-releases', { as })).status).toBe(
      200,
    )
    expect((await call(sandbox, 'GET', '/v1/repositories/maven/hosted/maven-snapshots', { as })).status).toBe(
      404,
    )
  })

  it('a role may be a single permission, and signing in does not add what anonymous users may', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1' })
    sandbox.state.users.push(userWith('nexus:settings:read'))
    const as = 'pia:pw'
    expect((await call(sandbox, 'GET', '/v1/security/realms/active', { as })).status).toBe(200)
    expect(
      (await call(sandbox, 'PUT', '/v1/security/realms/active', { as, body: ['NexusAuthenticatingRealm'] }))
        .status,
    ).toBe(forbidden)
    expect((await call(sandbox, 'GET', '/v1/repositories', { as })).json).toEqual([])
    expect((await call(sandbox, 'GET', '/v1/repositories', { as: 'none' })).json).not.toEqual([])
  })

  it('bodies are looked at before permissions', async () => {
    const sandbox = await sandboxFor()
    const put = (body: unknown) => call(sandbox, 'PUT', '/v1/security/anonymous', { as: 'none', body })
    expect((await put({ enabled: true, userId: '' })).status).toBe(400)
    expect((await put({ enabled: true })).status).toBe(forbidden)
  })
})
