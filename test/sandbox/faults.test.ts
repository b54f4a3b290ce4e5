import { describe, expect, it } from 'vitest'
import { parseFault } from '../../src/sandbox/kernel/faults.ts'
import { call, sandboxFor } from './client.ts'

const realms = '/v1/security/realms/active'

describe('faults', () => {
  it.each([
    ['503', 503, 'retry-after', ''],
    ['429', 429, 'retry-after', 'Too many requests'],
    ['500', 500, 'x-siesta-faultid', 'ERROR: (ID '],
    ['html', 502, 'content-type', '502 Bad Gateway'],
    ['garbage', 200, 'content-type', '{"name":"x"'],
  ])('%s answers instead of the server', async (action, status, header, text) => {
    const sandbox = await sandboxFor({ faults: [`${action} GET /service/rest/v1/security/**`] })
    const answer = await call(sandbox, 'GET', realms)
    expect(answer.status).toBe(status)
    expect(answer.headers.get(header)).toBeTruthy()
    expect(answer.text).toContain(text)
    expect(answer.json).toBeUndefined()
  })

  it('hits the first matching request unless told which, and leaves others alone', async () => {
    const sandbox = await sandboxFor({
      faults: ['503 GET /service/rest/v1/status', '500 GET /service/rest/v1/security/realms/* 2'],
    })
    const statuses: number[] = []
    for (const path of ['/v1/status', '/v1/status', realms, realms, realms]) {
      statuses.push((await call(sandbox, 'GET', path)).status)
    }
    expect(statuses).toEqual([503, 200, 200, 500, 200])
  })

  it('hits every matching request with *', async () => {
    const sandbox = await sandboxFor({ faults: ['503 * /service/rest/v1/status *'] })
    for (let index = 0; index < 3; index++)
      expect((await call(sandbox, 'GET', '/v1/status')).status).toBe(503)
    expect((await call(sandbox, 'GET', '/v1/status/writable')).status).toBe(200)
  })

  it('reset drops the connection and does nothing, lost does the work first', async () => {
    const glob = `/service/rest${realms}`
    const sandbox = await sandboxFor({ faults: [`reset PUT ${glob}`, `lost PUT ${glob} 2`] })
    const body = ['NexusAuthenticatingRealm', 'DockerToken']
    await expect(call(sandbox, 'PUT', realms, { body })).rejects.toThrow()
    expect(sandbox.state.realms).toEqual(['NexusAuthenticatingRealm'])
    await expect(call(sandbox, 'PUT', realms, { body })).rejects.toThrow()
    expect(sandbox.state.realms).toEqual(body)
  })

  it('hang never answers, and close() ends it', async () => {
    const sandbox = await sandboxFor({ faults: ['hang GET /service/rest/v1/status'] })
    const pending = call(sandbox, 'GET', '/v1/status').then(
      () => 'answered',
      () => 'dropped',
    )
    const first = await Promise.race([
      pending,
      new Promise((resolve) => setTimeout(() => resolve('waiting'), 150)),
    ])
    expect(first).toBe('waiting')
    await sandbox.close()
    expect(await pending).toBe('dropped')
  })

  it('slow waits and then answers', async () => {
    const sandbox = await sandboxFor({ faults: ['slow:120 GET /service/rest/v1/status'] })
    const started = performance.now()
    expect((await call(sandbox, 'GET', '/v1/status')).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThanOrEqual(115)
  })

  it.each([
    '',
    'explode GET /x',
    '503 get /x',
    '503 GET x',
    '503 GET /x 0',
    '503 GET /x 1 2',
    'slow:fast GET /x',
    '99 GET /x',
  ])('refuses %j with its text and what was expected', (text) => {
    expect(() => parseFault(text)).toThrow(
      `not a fault: "${text}"; expected "<action> <METHOD|*> <path glob> [nth|*]"`,
    )
  })
})
