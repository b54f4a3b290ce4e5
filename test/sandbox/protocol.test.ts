// What the recordings show of paths, media types and sessions, for checkouts without the recordings.
import { describe, expect, it } from 'vitest'
import { type CallOptions, call, sandboxFor } from './client.ts'

const anonymous = '/v1/security/anonymous'

describe('paths and media types', () => {
  it.each<[string, string, CallOptions, number]>([
    ['GET', '/v1/status/', {}, 200],
    ['GET', '/v1/status;a=b', {}, 200],
    ['GET', '//service/rest//v1/status', {}, 404],
    ['GET', '/V1/status', {}, 404],
    ['GET', '/v1/nosuch', {}, 404],
    ['DELETE', '/v1/status', {}, 405],
    ['GET', '/v1/status', { headers: { accept: 'text/html' } }, 406],
    ['PUT', anonymous, { body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
  ])('%s %s %j answers %i, refusals empty with a fault id', async (method, path, options, status) => {
    const sandbox = await sandboxFor()
    const answer = await call(sandbox, method, path, options)
    expect([answer.status, answer.text]).toEqual([status, ''])
    expect(answer.headers.has('x-siesta-faultid')).toBe(status >= 400)
  })

  it('has HTML pages outside /service/rest, whatever the credentials', async () => {
    const sandbox = await sandboxFor()
    for (const as of ['none', 'admin:wrong']) {
      const page = await call(sandbox, 'GET', '//nosuch', { as })
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html;charset=utf-8'])
    }
  })

  it('leaves a URL with broken encoding to Jetty', async () => {
    const sandbox = await sandboxFor()
    const answer = await call(sandbox, 'GET', '/v1/repositories/%zz')
    expect(answer.status).toBe(400)
    expect(answer.headers.get('server')).toMatch(/^Jetty/)
  })

  it.each([
    ['application/json', 400, 'application/json'],
    ['*/*', 400, 'application/vnd.siesta-validation-errors-v1+json'],
    [
      'application/json, application/vnd.siesta-validation-errors-v1+json',
      400,
      'application/vnd.siesta-validation-errors-v1+json',
    ],
    ['application/vnd.siesta-validation-errors-v1+json', 406, null],
  ])('answers validation lists to Accept: %s with %i %s', async (accept, status, type) => {
    const sandbox = await sandboxFor()
    const answer = await call(sandbox, 'PUT', anonymous, { body: { userId: '' }, headers: { accept } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type])
    if (status === 400)
      expect(answer.at('0')).toEqual({ id: 'PARAMETER userId', message: 'must not be blank' })
  })
})

describe('request bodies', () => {
  it.each<[string, unknown]>([
    ['{"enabled":"true"}', true],
    ['{"enabled":1}', true],
    ['{"enabled":true,"unknown":{"a":1}}', true],
    ['{}', false],
  ])('%s is taken', async (body, enabled) => {
    const sandbox = await sandboxFor()
    expect((await call(sandbox, 'PUT', anonymous, { body })).at('enabled')).toBe(enabled)
  })

  it.each<[string, unknown]>([
    ['{"enabled":"yes"}', ['enabled']],
    ['{"enabled":{}}', ['enabled']],
    ['[]', []],
    ['{"enabled":', '*'],
    ['hello', '*'],
  ])('%s is refused, naming %j', async (body, ids) => {
    const sandbox = await sandboxFor()
    const answer = await call(sandbox, 'PUT', anonymous, { body })
    expect(answer.status).toBe(400)
    const found = Array.isArray(answer.json)
      ? (answer.json as { id: string }[]).map(({ id }) => id)
      : answer.at('id')
    expect(found).toEqual(ids)
  })
})

describe('web sessions', () => {
  const form = (password: string) =>
    new URLSearchParams({ username: btoa('admin'), password: btoa(password) }).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const update = { body: { enabled: true } }

  it('need an anti-CSRF pair for writes, also beside Basic, until they end', async () => {
    const sandbox = await sandboxFor()
    const signIn = (password: string) =>
      call(sandbox, 'POST', '//service/rapture/session', { as: 'none', body: form(password), headers: type })
    expect((await signIn('wrong')).status).toBe(403)
    const signedIn = await signIn('admin123')
    expect(signedIn.status).toBe(204)
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect(cookie).toMatch(/^NXSESSIONID=/)
    const put = async (headers: Record<string, string>, as = 'none') =>
      (await call(sandbox, 'PUT', anonymous, { ...update, as, headers })).status
    const pair = { cookie: `${cookie}; NX-ANTI-CSRF-TOKEN=x`, 'nx-anti-csrf-token': 'x' }
    expect((await call(sandbox, 'GET', anonymous, { as: 'none', headers: { cookie } })).status).toBe(200)
    expect(await put({ cookie })).toBe(401)
    expect(await put({ cookie }, 'admin:admin123')).toBe(401)
    expect(await put({ ...pair, 'nx-anti-csrf-token': 'y' })).toBe(401)
    expect(await put(pair)).toBe(200)
    await call(sandbox, 'DELETE', '//service/rapture/session', { as: 'none', headers: pair })
    expect(await put(pair)).toBe(403)
    expect(await put({ cookie }, 'admin:admin123')).toBe(200)
  })

  it('before 3.29.1 the User-Agent of a browser is what needs the pair', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0' }
    const statusOf = async (version: string) =>
      (await call(await sandboxFor({ version }), 'PUT', anonymous, { ...update, headers })).status
    expect(await statusOf('3.28.0')).toBe(401)
    expect(await statusOf('3.41.1')).toBe(200)
  })
})
