import { describe, expect, it } from 'vitest'
import { call, remoteCall, sandboxFor } from './client.ts'

describe('phases', () => {
  it('a stopping server answers an empty 503 from Jetty, whatever the path and credentials', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1' })
    sandbox.state.phase = 'stopping'
    for (const options of [{}, { as: 'admin:wrong' }, { as: 'none' }]) {
      const answer = await call(sandbox, 'GET', '/v1/repositories', options)
      expect([answer.status, answer.text]).toEqual([503, ''])
      expect(answer.headers.get('server')).toBe('Jetty(9.4.56.v20240826)')
      expect(answer.headers.get('x-content-type-options')).toBeNull()
    }
  })

  it('a refusing server drops every connection until it runs again', async () => {
    const sandbox = await sandboxFor()
    sandbox.state.phase = 'refused'
    await expect(call(sandbox, 'GET', '/v1/status')).rejects.toThrow()
    sandbox.state.phase = 'running'
    expect((await call(sandbox, 'GET', '/v1/status')).status).toBe(200)
  })

  it('a frozen server reads, refuses writes and says so where a client looks', async () => {
    const sandbox = await sandboxFor()
    sandbox.state.frozen = true
    expect((await call(sandbox, 'GET', '/v1/status')).status).toBe(200)
    expect((await call(sandbox, 'GET', '/v1/status/writable')).status).toBe(503)
    const write = await call(sandbox, 'PUT', '/v1/security/anonymous', { body: { enabled: true } })
    expect(write.status).toBe(503)
    expect(write.text).toMatch(/^Nexus Repository Manager is in read-only mode: \(ID [0-9a-f-]{36}\)$/)
    const remote = await remoteCall(sandbox, 'coreui_HttpSettings', 'update', [{ httpEnabled: false }])
    expect(remote.at('result')).toMatchObject({
      success: false,
      message: 'Nexus Repository Manager is in read-only mode',
    })
    expect(sandbox.state.httpSettings).toEqual({})
  })

  it('an OrientDB server claims success for an ExtDirect update while it is frozen', async () => {
    const sandbox = await sandboxFor({ version: '3.28.0' })
    sandbox.state.frozen = true
    const remote = await remoteCall(sandbox, 'coreui_HttpSettings', 'update', [{ httpEnabled: false }])
    expect(remote.at('result.success')).toBe(true)
  })
})

describe('what a sandbox notes', () => {
  it('numbers requests with user and body, leaves large bodies out, and counts those in flight', async () => {
    const sandbox = await sandboxFor({ latencyMs: 50 })
    await Promise.all([1, 2, 3].map(() => call(sandbox, 'GET', '/v1/status?x=1')))
    await call(sandbox, 'PUT', '/v1/security/realms/active', { body: 'x'.repeat(70_000), as: 'someone:else' })
    expect(sandbox.maxInFlight()).toBe(3)
    expect(sandbox.requests.map((request) => request.number)).toEqual([1, 2, 3, 4])
    expect(sandbox.requests[0]).toMatchObject({
      method: 'GET',
      path: '/service/rest/v1/status?x=1',
      user: 'admin',
    })
    expect(sandbox.requests[3]).toMatchObject({ body: '', user: 'someone' })
  })

  it('adds the latency to every answer', async () => {
    const sandbox = await sandboxFor({ latencyMs: 80 })
    const started = performance.now()
    await call(sandbox, 'GET', '/v1/status')
    expect(performance.now() - started).toBeGreaterThanOrEqual(75)
  })

  it('calls the hooks around each request, with the status afterwards', async () => {
    const seen: string[] = []
    const sandbox = await sandboxFor({
      hooks: {
        beforeRequest: ({ number, path }) => void seen.push(`before ${number} ${path}`),
        afterResponse: ({ number }, status) => void seen.push(`after ${number} ${status}`),
      },
    })
    await call(sandbox, 'GET', '/v1/nosuch')
    await call(sandbox, 'GET', '/v1/status')
    await expect
      .poll(() => seen)
      .toEqual([
        'before 1 /service/rest/v1/nosuch',
        'after 1 404',
        'before 2 /service/rest/v1/status',
        'after 2 200',
      ])
  })
})
