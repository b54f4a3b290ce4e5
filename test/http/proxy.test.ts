import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { proxyFor } from '../../src/http/proxy-environment.ts'
import { client, failure, get, PASSWORD, server } from '../nexus/helpers.ts'
import { certificates, withOpenssl } from './certificates.ts'
import { rawServer } from './raw-server.ts'
import { NEXUS } from './scripted-server.ts'

describe('the proxy of the environment', () => {
  const CASES: [name: string, url: string, environment: Record<string, string>, proxy: string | undefined][] =
    [
      ['none', 'http://nexus:8081', {}, undefined],
      ['http', 'http://nexus:8081', { HTTP_PROXY: 'http://p:3128' }, 'p:3128'],
      [
        'lower case wins',
        'http://nexus',
        { HTTP_PROXY: 'http://upper:1', http_proxy: 'http://lower:2' },
        'lower:2',
      ],
      ['the scheme decides', 'https://nexus', { HTTP_PROXY: 'http://p:3128' }, undefined],
      ['https', 'https://nexus', { HTTPS_PROXY: 'http://p:3128' }, 'p:3128'],
      ['all', 'https://nexus', { ALL_PROXY: 'http://p:3128' }, 'p:3128'],
      ['its own before all', 'https://nexus', { ALL_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'b:2'],
      ['without scheme', 'http://nexus', { HTTP_PROXY: 'p:3128' }, 'p:3128'],
      ['without port', 'http://nexus', { HTTP_PROXY: 'http://p' }, 'p:80'],
      ['IPv6', 'http://nexus', { HTTP_PROXY: 'http://[::1]:3128' }, '::1:3128'],
      ['empty', 'http://nexus', { http_proxy: '', HTTP_PROXY: 'http://p:1' }, 'p:1'],
    ]
  for (const [name, url, environment, expected] of CASES) {
    it(name, () => {
      const proxy = proxyFor(new URL(url), environment)
      expect(proxy && `${proxy.host}:${proxy.port}`).toBe(expected)
    })
  }

  const EXCLUSIONS: [noProxy: string, url: string, excluded: boolean][] = [
    ['*', 'http://anything', true],
    ['nexus.corp', 'http://nexus.corp:8081', true],
    ['corp', 'http://nexus.corp', true],
    ['.corp', 'http://nexus.corp', true],
    ['*.corp', 'http://nexus.corp', true],
    ['.corp', 'http://corp', true],
    ['corp', 'http://mycorp', false],
    ['NEXUS.Corp', 'http://nexus.corp', true],
    ['a, b,nexus.corp', 'http://nexus.corp', true],
    ['a b nexus.corp', 'http://nexus.corp', true],
    ['nexus.corp:8081', 'http://nexus.corp:8081', true],
    ['nexus.corp:8082', 'http://nexus.corp:8081', false],
    ['nexus.corp:443', 'https://nexus.corp', true],
    ['10.0.0.5', 'http://10.0.0.5:8081', true],
    ['10.0.0.5:8081', 'http://10.0.0.5:8081', true],
    ['10.0.0.5', 'http://10.0.0.50', false],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.0.0.0/40', 'http://10.1.2.3', false],
    ['10.0.0.0/8', 'http://nexus.corp', false],
    ['fd00::/8', 'http://[fd00::1]:8081', true],
    ['::1', 'http://[::1]:8081', true],
    ['[::1]:8081', 'http://[::1]:8081', true],
    ['[::1]:1', 'http://[::1]:8081', false],
    ['0.0.5', 'http://10.0.0.5', false],
    ['localhost', 'http://127.0.0.1', false],
    ['', 'http://nexus', false],
    [' , ', 'http://nexus', false],
  ]
  for (const [noProxy, url, excluded] of EXCLUSIONS) {
    it(`NO_PROXY "${noProxy}" ${excluded ? 'excludes' : 'does not exclude'} ${url}`, () => {
      for (const name of ['NO_PROXY', 'no_proxy']) {
        expect(
          proxyFor(new URL(url), { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1', [name]: noProxy }) ===
            undefined,
        ).toBe(excluded)
      }
    })
  }
})

interface TestProxy {
  port: number
  seen: string[]
  authorizations: (string | undefined)[]
}

/** A forward proxy: absolute-form requests and CONNECT; `refuse` answers everything with that status. */
async function startProxy(refuse?: number): Promise<TestProxy> {
  const seen: string[] = []
  const authorizations: (string | undefined)[] = []
  const sockets = new Set<net.Socket>()
  const proxy = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    authorizations.push(request.headers['proxy-authorization'])
    if (refuse) {
      response.writeHead(refuse).end()
      return
    }
    const headers = { ...request.headers }
    delete headers['proxy-authorization']
    const onward = http.request(
      request.url ?? '',
      { method: request.method ?? 'GET', headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers)
        answer.pipe(response)
      },
    )
    request.pipe(onward)
  })
  proxy.on('connect', (request, socket: net.Socket) => {
    seen.push(`CONNECT ${request.url}`)
    authorizations.push(request.headers['proxy-authorization'])
    if (refuse) {
      socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`)
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    const onward = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    sockets.add(onward)
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  proxy.on('connection', (socket: net.Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (proxy.address() as AddressInfo).port, seen, authorizations }
}

describe('a request through a proxy', () => {
  const credentials = `Basic ${Buffer.from('bob:pröxy-canary').toString('base64')}`

  it('is sent in absolute form, with the credentials of both', async () => {
    const proxy = await startProxy()
    const target = await server(() => ({ status: 200, headers: NEXUS, body: { ok: 1 } }))
    const { nexus } = client(`${target.url}/nexus`, {
      environment: { HTTP_PROXY: `http://bob:pr%C3%B6xy-canary@127.0.0.1:${proxy.port}` },
    })
    expect(await get(nexus, '/x')).toEqual({ ok: 1 })
    expect(await nexus.request({ method: 'PUT', path: '/y', json: { a: 1 } })).toMatchObject({ status: 200 })
    expect(proxy.seen).toEqual([`GET ${target.url}/nexus/x`, `PUT ${target.url}/nexus/y`])
    expect(proxy.authorizations).toEqual([credentials, credentials])
    expect(target.received[0]?.headers.host).toBe(`127.0.0.1:${target.port}`)
    expect(target.received[0]?.headers.authorization).toBeDefined()
    expect(target.received[1]?.body).toBe('{"a":1}')
  })

  it('goes past it where NO_PROXY says so', async () => {
    const proxy = await startProxy()
    const target = await server(() => ({ status: 200, headers: NEXUS }))
    await get(
      client(target.url, {
        environment: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '127.0.0.0/8' },
      }).nexus,
      '/x',
    )
    expect(proxy.seen).toEqual([])
  })

  it.skipIf(!withOpenssl)(
    'to https goes through one tunnel, which is kept and verified end to end',
    async () => {
      const proxy = await startProxy()
      const { ca, localhost } = certificates()
      const target = await server(() => ({ status: 200, headers: NEXUS, body: { ok: 1 } }), {
        tls: localhost,
      })
      const environment = { HTTPS_PROXY: `http://bob:pr%C3%B6xy-canary@127.0.0.1:${proxy.port}` }
      const { nexus } = client(target.url, { environment, caCert: ca })
      await get(nexus, '/x')
      await get(nexus, '/y')
      expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${target.port}`])
      expect(proxy.authorizations).toEqual([credentials])
      expect(target.received.map(({ headers }) => headers['proxy-authorization'])).toEqual([
        undefined,
        undefined,
      ])
      const distrusting = await failure(get(client(target.url, { environment }).nexus, '/x'))
      expect(distrusting.code).toBe('certificate-not-trusted')
    },
  )

  it('that the proxy refuses is explained', async () => {
    for (const [status, code, hint] of [
      [407, 'proxy-refused', 'credentials'],
      [403, 'proxy-refused', 'NO_PROXY'],
    ] as const) {
      const proxy = await startProxy(status)
      const { nexus } = client('https://nexus.invalid', {
        environment: { https_proxy: `http://127.0.0.1:${proxy.port}` },
      })
      const error = await failure(nexus.request({ method: 'POST', path: '/x', what: 'create x' }))
      expect(error).toMatchObject({ code, exitCode: 4 })
      expect(error.message).toBe(
        `cannot create x: the HTTP proxy 127.0.0.1:${proxy.port} (the HTTP proxy from https_proxy) refuses to connect to nexus.invalid (${status})`,
      )
      expect(error.hint).toContain(hint)
      expect(proxy.seen).toHaveLength(1)
    }
    const proxy = await startProxy(407)
    const { nexus } = client('http://nexus.invalid', {
      environment: { http_proxy: `http://127.0.0.1:${proxy.port}` },
    })
    expect((await failure(get(nexus, '/x'))).code).toBe('proxy-authentication')
  })

  it('whose answer to CONNECT has no end is cut off', async () => {
    const proxy = await rawServer((socket) => {
      const more = () => {
        while (socket.write('a'.repeat(65_536)));
      }
      socket.on('drain', more)
      socket.write('HTTP/1.1 200 OK\r\nx: ')
      more()
    })
    const { nexus } = client('https://nexus.invalid', {
      environment: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
      retries: 0,
    })
    const error = await failure(get(nexus, '/x'))
    expect(error.message).toContain('not valid HTTP (HPE_HEADER_OVERFLOW)')
    await expect.poll(proxy.open).toBe(0)
  })

  it('asks for an IPv6 address in brackets', async () => {
    const proxy = await startProxy(403)
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
    await failure(get(client('https://[::1]:8443', { environment }).nexus, '/x'))
    expect(proxy.seen).toEqual(['CONNECT [::1]:8443'])
  })

  it('names the proxy where that is not there, and never its password', async () => {
    const gone = await server(() => ({ status: 200 }))
    await gone.close()
    const environment = { http_proxy: `http://bob:canary@127.0.0.1:${gone.port}` }
    const error = await failure(get(client('http://nexus.invalid', { environment }).nexus, '/x'))
    expect(error).toMatchObject({ code: 'connection-refused', exitCode: 4 })
    expect(error.message).toContain(
      `nothing is listening at 127.0.0.1:${gone.port} (the HTTP proxy from http_proxy)`,
    )
    expect(error.message + String(error.hint)).not.toContain('canary')
    expect(error.message).not.toContain(PASSWORD)
  })
})
