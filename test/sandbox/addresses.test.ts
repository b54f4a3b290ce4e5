import { describe, expect, it } from 'vitest'
import { call, sandboxFor } from './client.ts'

describe('context path', () => {
  it.each(['nexus', '/nexus', '/nexus/'])('%s moves everything below it', async (contextPath) => {
    const sandbox = await sandboxFor({ version: '3.77.1', contextPath })
    expect(new URL(sandbox.url).pathname).toBe('/nexus')
    const list = await call(sandbox, 'GET', '/v1/repositories')
    expect(list.at('0.url')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/nexus\/repository\//)
    const document = await call(sandbox, 'GET', '/swagger.json', { as: 'none' })
    expect(document.json).toMatchObject({ basePath: '/nexus/service/rest/', info: { version: '3.77.1-01' } })
  })

  it('outside it Jetty answers, also to wrong credentials', async () => {
    const sandbox = await sandboxFor({ version: '3.77.1', contextPath: '/nexus' })
    const outside = { ...sandbox, url: new URL(sandbox.url).origin }
    const json = await call(outside, 'GET', '/v1/status', { as: 'admin:wrong' })
    expect(json.status).toBe(404)
    expect(json.json).toEqual({ message: 'Not Found', url: '/service/rest/v1/status', status: '404' })
    expect(json.headers.get('server')).toMatch(/^Jetty\(/)
    const page = await call(outside, 'GET', '//', { headers: { accept: '*/*' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html;charset=iso-8859-1'])
    const bare = await call(outside, 'GET', '//nexus')
    expect([bare.status, bare.headers.get('location')]).toEqual([302, `${sandbox.url}/`])
    expect((await call(outside, 'GET', '//nexusother')).status).toBe(404)
  })
})

describe('addresses in answers', () => {
  it('follow the headers of a reverse proxy', async () => {
    const sandbox = await sandboxFor()
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'repo.example.org' }
    const list = await call(sandbox, 'GET', '/v1/repositories', { headers })
    expect(list.at('0.url')).toMatch(/^https:\/\/repo\.example\.org\/repository\//)
  })
})
