import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { call, sandboxFor } from './client.ts'

describe('a fresh server', () => {
  it('has a random first password in a file that goes when the password changes', async () => {
    const sandbox = await sandboxFor({ state: 'fresh', version: '3.90.0' })
    const file = sandbox.initialPasswordFile ?? ''
    expect(readFileSync(file, 'utf8')).toBe(sandbox.password)
    expect(sandbox.password).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    const before = await call(sandbox, 'GET', '/v1/security/users?userId=admin')
    expect(before.at('0')).toMatchObject({ userId: 'admin', status: 'changepassword' })
    const changed = await call(sandbox, 'PUT', '/v1/security/users/admin/change-password', {
      body: 'new-one',
      headers: { 'content-type': 'text/plain' },
    })
    expect(changed.status).toBe(204)
    expect(existsSync(file)).toBe(false)
    expect((await call(sandbox, 'GET', '/v1/security/users')).status).toBe(401)
    const after = await call(sandbox, 'GET', '/v1/security/users?userId=admin', { as: 'admin:new-one' })
    expect(after.at('0.status')).toBe('active')
  })

  it('removes the file when it is closed with the first password', async () => {
    const sandbox = await sandboxFor({ state: 'fresh' })
    await sandbox.close()
    expect(sandbox.initialPasswordFile).toMatch(/admin\.password$/)
    expect(existsSync(sandbox.initialPasswordFile ?? '')).toBe(false)
  })

  it('asks for the licence with its exact text from 3.77, and keeps the acceptance for good by 3.89', async () => {
    const sandbox = await sandboxFor({ state: 'fresh', version: '3.90.0' })
    const licence = await call(sandbox, 'GET', '/v1/system/eula')
    const { disclaimer } = licence.json as { disclaimer: string }
    expect(licence.at('accepted')).toBe(false)
    const accept = (body: unknown) => call(sandbox, 'POST', '/v1/system/eula', { body })
    expect((await accept({ accepted: true, disclaimer: 'I agree' })).status).toBe(500)
    expect((await accept({ accepted: true, disclaimer })).status).toBe(204)
    expect((await accept({ accepted: false, disclaimer })).status).toBe(500)
    expect((await call(sandbox, 'GET', '/v1/system/eula')).at('accepted')).toBe(true)
    const older = await sandboxFor({ state: 'fresh', version: '3.71.0' })
    expect((await call(older, 'GET', '/v1/system/eula')).status).toBe(404)
  })

  it.each([
    ['3.77.1', true],
    ['3.90.0', false],
  ])('of %s has anonymous access %s until it is configured', async (version, enabled) => {
    const sandbox = await sandboxFor({ state: 'fresh', version })
    expect((await call(sandbox, 'GET', '/v1/security/anonymous')).at('enabled')).toBe(enabled)
    const names = (await call(sandbox, 'GET', '/v1/repositories', { as: 'none' })).json as unknown[]
    expect(names.length > 0).toBe(enabled)
  })

  it('lists what onboarding asks for, and less after each step', async () => {
    const sandbox = await sandboxFor({ state: 'fresh', version: '3.90.0' })
    const steps = async () => {
      const steps = await call(sandbox, 'GET', '/internal/ui/onboarding')
      return (steps.json as { type: string }[]).map(({ type }) => type)
    }
    expect(await steps()).toEqual(['ChangeAdminPassword', 'CommunityEula', 'ConfigureAnonymousAccess'])
    await call(sandbox, 'PUT', '/v1/security/anonymous', { body: { enabled: false } })
    expect(await steps()).toEqual(['ChangeAdminPassword', 'CommunityEula'])
  })
})

describe('a ready server', () => {
  it('takes admin123 and has the licence accepted', async () => {
    const sandbox = await sandboxFor({ version: '3.90.0' })
    expect([sandbox.username, sandbox.password, sandbox.initialPasswordFile]).toEqual([
      'admin',
      'admin123',
      undefined,
    ])
    expect((await call(sandbox, 'GET', '/v1/system/eula')).at('accepted')).toBe(true)
  })
})
