// What comes of `/repository/…`: a proxy repository asks its own remote, with its login, unless a rule or open licence terms forbid it
// (recordings `proxy-credentials/*`, `routing-rules/content-*`).
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { call } from './client.ts'
import { docker, hosted, proxy, server } from './repositories-client.ts'

const PROXY = '/v1/repositories/raw/proxy'

/** A remote that asks for a login below `/closed`; `seen` is what reached it. */
async function remote() {
  const seen: { host: string | undefined; path: string | undefined; authorization: string | undefined }[] = []
  const upstream = createServer(({ url, headers }, response) => {
    seen.push({ host: headers.host, path: url, authorization: headers.authorization })
    const isRefused = url?.startsWith('/closed') === true && headers.authorization === undefined
    response.writeHead(isRefused ? 401 : 200).end('content')
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  onTestFinished(() => {
    upstream.close()
  })
  const { port } = upstream.address() as AddressInfo
  return { seen, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` }
}

const to = (remoteUrl: string, authentication?: object) => ({
  proxy: { remoteUrl, contentMaxAge: 1, metadataMaxAge: 1 },
  httpClient: { blocked: false, autoBlock: false, authentication },
})
const login = { type: 'username', username: 'u', password: 'p' }
const basic = `Basic ${Buffer.from('u:p').toString('base64')}`

describe('a proxy repository', () => {
  it('asks its own remote at its own port and path, with the query left to the remote', async () => {
    const { seen, host, url } = await remote()
    const nexus = await server('3.89.0')
    await nexus.post(PROXY, proxy('up', to(`${url}/base/`)))
    const answer = await call(nexus.sandbox, 'GET', '//repository/up/a/b.txt')
    expect([answer.status, answer.text]).toEqual([200, 'content'])
    expect(seen).toEqual([{ host, path: '/base/a/b.txt', authorization: undefined }])
  })

  it.each([
    ['the login, after the remote has asked for it', '/closed/a', login, [undefined, basic]],
    ['no login where nobody asks for one', '/open/a', login, [undefined]],
    ['no bearer token', '/closed/a', { type: 'bearerToken', bearerToken: 't' }, [undefined]],
  ])('sends %s', async (_, path, authentication, sent) => {
    const { seen, url } = await remote()
    const nexus = await server('3.89.0')
    await nexus.post(PROXY, proxy('up', to(url, authentication)))
    await call(nexus.sandbox, 'GET', `//repository/up${path}`)
    expect(seen.map(({ authorization }) => authorization)).toEqual(sent)
  })

  it.each([
    ['BLOCK', '/secret/.*', { '/secret/a': 403, '/open/a': 200 }],
    ['BLOCK', '/secret', { '/secret/a': 200 }],
    ['ALLOW', '/open/.*', { '/secret/a': 403, '/open/a': 200 }],
    // What Java has and JavaScript has not, or reads another way.
    ['BLOCK', '(?i)/SECRET/.*+', { '/secret/a': 403, '/open/a': 200 }],
    ['BLOCK', '/secret/[*+a]', { '/secret/a': 403, '/open/a': 200 }],
    ['BLOCK', '/open/\\Qa\\E', { '/secret/a': 200, '/open/a': 403 }],
  ])('keeps to its routing rule: %s %s', async (mode, matcher, expected) => {
    const { seen, url } = await remote()
    const nexus = await server('3.89.0')
    await nexus.post('/v1/routing-rules', { name: 'rule', description: '', mode, matchers: [matcher] })
    await nexus.post(PROXY, proxy('up', { ...to(url), routingRuleName: 'rule' }))
    for (const [path, status] of Object.entries(expected)) {
      expect((await call(nexus.sandbox, 'GET', `//repository/up${path}`)).status).toBe(status)
      expect(seen.some((request) => request.path === path)).toBe(status === 200)
    }
  })
})

describe('open licence terms', () => {
  it.each([
    ['3.90.0', 'community', 403],
    ['3.90.0', 'pro', 200],
    ['3.76.0', 'oss', 200],
  ] as const)('%s %s answers %d to a registry client', async (version, edition, status) => {
    const nexus = await server(version, { edition })
    nexus.sandbox.state.eulaAccepted = false
    await nexus.post('/v1/repositories/docker/hosted', hosted('images', docker()))
    const answer = await call(nexus.sandbox, 'GET', '//repository/images/v2/')
    expect(answer.status).toBe(status)
    expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0')
  })
})
