import { describe, expect, it } from 'vitest'
import { call, remoteCall, sandboxFor } from './client.ts'

const secret = 'canary-password'
const settings = {
  userAgent: 'suffix',
  timeout: 30,
  retries: 3,
  nonProxyHosts: ['localhost', '*.corp'],
  httpProxy: {
    enabled: true,
    host: 'proxy',
    port: '3128',
    authInfo: { enabled: true, username: 'u', password: secret, ntlmHost: '', ntlmDomain: '' },
  },
  httpsProxy: null,
}

describe('/v1/http', () => {
  it('answers what was put, without the password, and ExtDirect shows the same settings', async () => {
    const sandbox = await sandboxFor({ version: '3.96.3', edition: 'pro' })
    expect((await call(sandbox, 'PUT', '/v1/http', { body: settings })).status).toBe(204)
    const read = await call(sandbox, 'GET', '/v1/http')
    expect(read.json).toMatchObject({
      ...settings,
      httpProxy: { ...settings.httpProxy, authInfo: { username: 'u', password: null } },
    })
    expect(read.text).not.toContain(secret)
    const remote = await remoteCall(sandbox, 'coreui_HttpSettings', 'read')
    expect(remote.at('result.data')).toMatchObject({
      httpEnabled: true,
      httpHost: 'proxy',
      httpPort: 3128,
      httpAuthUsername: 'u',
      httpsEnabled: null,
    })
    expect(remote.at('result.data.httpAuthPassword')).toBe('#~NXRM~PLACEHOLDER~PASSWORD~#')
    expect(sandbox.state.httpSettings['httpAuthPassword']).toBe(secret)
  })

  it.each([
    [['10.*', '[::1]', '*.corp', 'x_y', 'bücher.example'], 204],
    [['*'], 400],
    [['a*b'], 400],
    [['10.0.0.0/8'], 400],
    [['a|b'], 400],
    [[''], 400],
  ])('exclusions %j: %s', async (nonProxyHosts, status) => {
    const sandbox = await sandboxFor({ version: '3.96.3', edition: 'pro' })
    const body = { ...settings, nonProxyHosts }
    expect((await call(sandbox, 'PUT', '/v1/http', { body })).status).toBe(status)
  })

  it('takes a port as number, DELETE unsets everything', async () => {
    const sandbox = await sandboxFor({ version: '3.80.0', edition: 'community' })
    const body = { ...settings, httpProxy: { enabled: true, host: 'proxy', port: 3128 } }
    await call(sandbox, 'PUT', '/v1/http', { body })
    expect((await call(sandbox, 'GET', '/v1/http')).at('httpProxy.port')).toBe('3128')
    expect((await call(sandbox, 'DELETE', '/v1/http')).status).toBe(204)
    expect((await call(sandbox, 'GET', '/v1/http')).json).toMatchObject({
      httpProxy: null,
      timeout: null,
      nonProxyHosts: [],
    })
  })

  it.each([
    [{ timeout: 0 }, 'PARAMETER timeout'],
    [{ retries: 11 }, 'PARAMETER retries'],
    [{ httpProxy: { enabled: true, host: 'http://proxy', port: '1' } }, 'PARAMETER host'],
    [{ httpProxy: { enabled: true, host: 'proxy', port: '0' } }, 'PARAMETER port'],
    [{ httpProxy: { enabled: true, host: 'proxy' } }, 'PARAMETER port'],
    [{ nonProxyHosts: ['10.0.0.0/8'] }, 'PARAMETER nonProxyHosts'],
  ])('refuses %j naming the field', async (change, id) => {
    const sandbox = await sandboxFor({ version: '3.96.3', edition: 'pro' })
    const answer = await call(sandbox, 'PUT', '/v1/http', { body: { ...settings, ...change } })
    expect(answer.status).toBe(400)
    expect((answer.json as { id: string }[]).map((entry) => entry.id)).toContain(id)
    expect(sandbox.state.httpSettings).toEqual({})
  })
})
