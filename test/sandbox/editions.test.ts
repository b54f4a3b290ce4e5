import { describe, expect, it } from 'vitest'
import { type Database, type Edition, startSandbox } from '../../src/sandbox/index.ts'
import { call, sandboxFor } from './client.ts'

async function httpStatus(version: string, edition: Edition): Promise<number> {
  const sandbox = await sandboxFor({ version, edition })
  return (await call(sandbox, 'GET', '/v1/http')).status
}

describe('editions and versions', () => {
  it.each<[string, Edition | undefined, string]>([
    ['3.71.0', 'core', 'Nexus/3.71.0-06 (OSS)'],
    ['3.89.0', 'core', 'Nexus/3.89.0-09 (CORE)'],
    ['3.71.0', undefined, 'Nexus/3.71.0-06 (OSS)'],
    ['3.90.0', undefined, 'Nexus/3.90.0-01 (COMMUNITY)'],
    ['3.96.3', 'pro', 'Nexus/3.96.3-01 (PRO)'],
  ])('%s %s names itself in the Server header', async (version, edition, header) => {
    const sandbox = await sandboxFor({ version, ...(edition ? { edition } : {}) })
    for (const path of ['/v1/status', '/v1/nosuch', '//nosuch']) {
      expect((await call(sandbox, 'GET', path)).headers.get('server')).toBe(header)
    }
  })

  it.each<[string, Database | undefined, Database]>([
    ['3.28.0', undefined, 'orient'],
    ['3.41.1', undefined, 'orient'],
    ['3.41.1', 'h2', 'h2'],
    ['3.70.4', undefined, 'orient'],
    ['3.71.0', undefined, 'h2'],
    ['3.96.3', 'h2', 'h2'],
  ])('%s with the database %s is on %s', async (version, database, expected) => {
    const sandbox = await sandboxFor({ version, ...(database ? { database } : {}) })
    expect(sandbox.database).toBe(expected)
    // OrientDB's servers have a health check of its own
    const checks = (await call(sandbox, 'GET', '/v1/status/check')).json as object
    expect('Transactions' in checks).toBe(expected === 'orient')
  })

  it.each<[string, Database]>([
    ['3.71.0', 'orient'],
    ['3.40.1', 'h2'],
  ])('%s cannot be on %s', async (version, database) => {
    await expect(startSandbox({ version, database })).rejects.toThrow(
      database === 'orient' ? 'choose h2' : 'choose orient',
    )
  })

  it('offers /v1/http to Pro from 3.70 and to the free builds until 3.83 only', async () => {
    expect(await httpStatus('3.69.0', 'pro')).toBe(404)
    expect(await httpStatus('3.70.0', 'oss')).toBe(200)
    expect(await httpStatus('3.83.2', 'community')).toBe(200)
    expect(await httpStatus('3.84.0', 'community')).toBe(404)
    expect(await httpStatus('3.96.3', 'pro')).toBe(200)
    expect(await httpStatus('3.77.1', 'core')).toBe(404)
  })

  it('knows the DockerToken realm in all builds but the core', async () => {
    const body = ['NexusAuthenticatingRealm', 'DockerToken']
    for (const [edition, status] of [
      ['core', 400],
      ['community', 204],
    ] as const) {
      const sandbox = await sandboxFor({ edition })
      const realms = await call(sandbox, 'GET', '/v1/security/realms/available')
      const ids = (realms.json as { id: string }[]).map(({ id }) => id)
      expect(ids.includes('DockerToken')).toBe(status === 204)
      expect((await call(sandbox, 'PUT', '/v1/security/realms/active', { body })).status).toBe(status)
    }
  })

  it('before 3.26 lacks the API that the tool needs, and its API document shows it', async () => {
    const sandbox = await sandboxFor({ version: '3.25.1' })
    for (const path of [
      '/v1/repositorySettings',
      '/v1/security/realms/active',
      '/v1/repositories/docker/hosted/x',
    ]) {
      expect((await call(sandbox, 'GET', path)).status).toBe(404)
    }
    expect((await call(sandbox, 'GET', '/v1/repositories')).status).toBe(200)
    const document = await call(sandbox, 'GET', '/swagger.json')
    expect(document.at('paths')).not.toHaveProperty('/v1/repositorySettings')
  })

  it('lists in the API document what the edition has', async () => {
    const paths = async (edition: Edition) => {
      const sandbox = await sandboxFor({ version: '3.90.0', edition })
      return (await call(sandbox, 'GET', '/swagger.json', { as: 'none' })).at('paths')
    }
    expect(await paths('community')).not.toHaveProperty('/v1/http')
    expect(await paths('pro')).toHaveProperty('/v1/http')
    expect(await paths('pro')).toHaveProperty('/v1/repositories/{name}')
  })

  it('refuses what is no version', async () => {
    await expect(startSandbox({ version: 'latest' })).rejects.toThrow('not a Nexus version: "latest"')
  })
})
