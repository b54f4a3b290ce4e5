import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { call, remoteCall, sandboxFor } from './client.ts'

const proxy = { httpEnabled: true, httpHost: '127.0.0.1', httpPort: 3128 }

function update(sandbox: Sandbox, settings: unknown) {
  return remoteCall(sandbox, 'coreui_HttpSettings', 'update', [settings])
}

describe('ExtDirect', () => {
  it('answers a batch with a list, each by its tid', async () => {
    const sandbox = await sandboxFor()
    const rpc = (action: string, tid: number) => ({ action, method: 'read', data: null, type: 'rpc', tid })
    const body = [rpc('coreui_HttpSettings', 1), rpc('coreui_AnonymousSettings', 2), rpc('coreui_Nothing', 3)]
    const { json } = await call(sandbox, 'POST', '//service/extdirect', { body })
    const answers = json as { tid: number; type: string; result?: { success: boolean } }[]
    expect(answers.map(({ tid, type, result }) => [tid, type, result?.success])).toEqual([
      [1, 'rpc', true],
      [2, 'rpc', true],
      [3, 'exception', undefined],
    ])
  })

  it.each<[string, string, Record<string, string>]>([
    ['POST', '[]', {}],
    ['POST', '{"action":', {}],
    ['POST', '{"action":"coreui_HttpSettings","method":"read","type":"rpc","tid":1}', {}],
    ['POST', '{"action":"coreui_HttpSettings","method":"read","data":null,"type":"rpc","tid":"a"}', {}],
    [
      'POST',
      '{"action":"coreui_HttpSettings","method":"read","data":null,"type":"rpc","tid":1}',
      { 'content-type': 'text/plain' },
    ],
  ])('%s %s %j is an HTML 500', async (method, body, headers) => {
    const answer = await call(await sandboxFor(), method, '//service/extdirect', { body, headers })
    expect(answer.status).toBe(500)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
  })

  it.each<[string, unknown[] | null, string]>([
    ['update', null, 'ArrayIndexOutOfBoundsException: Index 0 out of bounds for length 0'],
    ['update', [proxy, proxy], 'ArrayIndexOutOfBoundsException: Index 1 out of bounds for length 1'],
    ['nothing', null, "RequestException: No method registered as 'nothing' in action 'coreui_HttpSettings'"],
  ])('%s with %j is an exception', async (method, data, message) => {
    const answer = await remoteCall(await sandboxFor(), 'coreui_HttpSettings', method, data)
    expect([answer.status, answer.at('type'), answer.at('message')]).toEqual([200, 'exception', message])
  })

  it('says in a 200 that the caller may not', async () => {
    const body = { action: 'coreui_HttpSettings', method: 'update', data: [proxy], type: 'rpc', tid: 1 }
    const messages: unknown[] = []
    for (const version of ['3.77.1', '3.90.0']) {
      const answer = await call(await sandboxFor({ version }), 'POST', '//service/extdirect', {
        as: 'none',
        body,
      })
      expect([answer.status, answer.at('result.success')]).toEqual([200, false])
      messages.push(answer.at('result.message'))
    }
    expect(messages).toEqual([
      'User is not permitted: nexus:settings:update',
      'The current Subject is not authenticated.  Access denied.',
    ])
  })
})

describe('coreui_HttpSettings', () => {
  it.each([
    ['3.71.0', null, null],
    ['3.77.1', true, []],
  ])(
    'of %s reads a missing httpAuthEnabled as %j and empty exclusions as %j',
    async (version, auth, exclusions) => {
      const sandbox = await sandboxFor({ version })
      const answer = await update(sandbox, { ...proxy, nonProxyHosts: [] })
      expect(answer.at('result.data')).toMatchObject({ httpAuthEnabled: auth, nonProxyHosts: exclusions })
    },
  )

  it.each([
    ['3.28.0', '#~NXRM~PLACEHOLDER~PASSWORD~#', '#~NXRM~PLACEHOLDER~PASSWORD~#'],
    ['3.28.0', '#~NEXUS~PLACEHOLDER~PASSWORD~#', 'stored'],
    ['3.71.0', '#~NXRM~PLACEHOLDER~PASSWORD~#', 'stored'],
    ['3.71.0', null, null],
    ['3.71.0', '', ''],
    ['3.77.1', null, 'stored'],
    ['3.77.1', '', 'stored'],
    ['3.77.1', 'next', 'next'],
  ])('of %s given %j for a stored password keeps %j', async (version, given, kept) => {
    const sandbox = await sandboxFor({ version })
    const withPassword = (password: string | null) =>
      update(sandbox, { ...proxy, httpAuthEnabled: true, httpAuthUsername: 'u', httpAuthPassword: password })
    await withPassword('stored')
    await withPassword(given)
    expect(sandbox.state.httpSettings['httpAuthPassword']).toBe(kept)
  })

  it('replaces everything, and drops a proxy that is not enabled', async () => {
    const sandbox = await sandboxFor()
    await update(sandbox, { ...proxy, timeout: 30, nonProxyHosts: ['a'] })
    const answer = await update(sandbox, { httpEnabled: false, httpHost: 'x', httpPort: 1 })
    const data = answer.at('result.data') as Record<string, unknown>
    expect(Object.values(data).filter((value) => value !== null)).toEqual([])
  })

  it.each([
    [{ httpHost: 'my_proxy' }, ['httpHost']],
    [{ httpHost: '::1' }, ['httpHost']],
    [{ httpPort: 0, timeout: 3601, retries: -1 }, ['timeout', 'retries', 'httpPort']],
    [{ nonProxyHosts: ['*'] }, ['nonProxyHosts']],
    [{ nonProxyHosts: ['a*b'] }, ['nonProxyHosts']],
  ])('refuses %j field by field and changes nothing', async (change, fields) => {
    const sandbox = await sandboxFor()
    const answer = await update(sandbox, { ...proxy, ...change })
    expect(Object.keys(answer.at('result.errors') as object)).toEqual(fields)
    expect(sandbox.state.httpSettings).toEqual({})
  })
})

describe('what the server sends out', () => {
  it('goes through the proxy but for excluded hosts, with credentials after a 407', async () => {
    const seen: [url: string | undefined, authorization: string | undefined][] = []
    const forward = createServer((request, response) => {
      seen.push([request.url, request.headers['proxy-authorization']])
      const open = request.url?.endsWith('open.txt') === true
      if (!open && request.headers['proxy-authorization'] === undefined) response.writeHead(407).end()
      else response.end('content')
    }).listen(0, '127.0.0.1')
    await once(forward, 'listening')
    const { port } = forward.address() as AddressInfo
    const sandbox = await sandboxFor()
    const repository = sandbox.state.repositories.find(({ name }) => name === 'maven-central')
    if (!repository) throw new Error('no maven-central')
    repository.attributes = { ...repository.attributes, proxy: { remoteUrl: 'http://localhost:1/base' } }
    const settings = {
      ...proxy,
      httpPort: port,
      httpAuthEnabled: true,
      httpAuthUsername: 'u',
      httpAuthPassword: 'p',
    }
    await update(sandbox, settings)
    const through = await call(sandbox, 'GET', '//repository/maven-central/a.txt')
    expect([through.status, through.text]).toEqual([200, 'content'])
    const url = 'http://localhost:1/base/a.txt'
    expect(seen).toEqual([
      [url, undefined],
      [url, `Basic ${btoa('u:p')}`],
    ])
    await call(sandbox, 'GET', '//repository/maven-central/open.txt')
    expect(seen.slice(2)).toEqual([['http://localhost:1/base/open.txt', undefined]])
    await update(sandbox, { ...settings, nonProxyHosts: ['LOCAL*'] })
    expect((await call(sandbox, 'GET', '//repository/maven-central/a.txt')).status).toBe(404)
    expect(seen).toHaveLength(3)
    forward.close()
  })
})
