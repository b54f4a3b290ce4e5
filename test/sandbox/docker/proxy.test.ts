// A Docker proxy repository, asked as clients ask it, in front of a registry that the test writes.
import { once } from 'node:events'
import { createServer, request as plainRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { certificates, withOpenssl } from '../../http/certificates.ts'
import { type Client, dockerProxy, server } from '../repositories-client.ts'
import { ask } from './registry-client.ts'
import {
  basic,
  digestOf,
  login,
  manifestType,
  type RegistryOptions,
  type ScriptedRegistry,
  scriptedRegistry,
} from './scripted-registry.ts'

const PROXY = '/v1/repositories/docker/proxy'

interface Settings {
  proxy?: object
  httpClient?: object
  negativeCache?: object
  dockerProxy?: object
  routingRuleName?: string
}

const settings = (
  remoteUrl: string,
  { proxy, httpClient, ...more }: Settings = {},
): Record<string, unknown> => ({
  proxy: { remoteUrl, contentMaxAge: 1440, metadataMaxAge: 1440, ...proxy },
  httpClient: { blocked: false, autoBlock: true, ...httpClient },
  ...more,
})

/** A sandbox with the proxy `up` in front of a registry. */
async function proxied(
  more: Settings = {},
  options: RegistryOptions = {},
): Promise<{ nexus: Client; upstream: ScriptedRegistry; put: (more: Settings) => Promise<void> }> {
  const upstream = await scriptedRegistry(options)
  const nexus = await server('3.90.0')
  const { status, body } = await nexus.post(PROXY, dockerProxy('up', settings(upstream.url, more)))
  expect([status, body]).toEqual([201, ''])
  async function put(changed: Settings): Promise<void> {
    const answer = await nexus.put(`${PROXY}/up`, dockerProxy('up', settings(upstream.url, changed)))
    expect(answer.status).toBe(204)
  }
  return { nexus, upstream, put }
}

function turnClock(minutes: number): void {
  const now = Date.now() + minutes * 60_000
  vi.useFakeTimers({ toFake: ['Date'], now })
}
afterEach(() => {
  vi.useRealTimers()
})

describe('what a Docker proxy has not', () => {
  it('it fetches once: manifests by tag and digest, and layers', async () => {
    const { nexus, upstream } = await proxied()
    const layer = upstream.blob('app', Buffer.alloc(100_000, 'x'))
    const manifest = upstream.manifest('app', '1')
    for (let time = 0; time < 2; time++) {
      const byTag = await ask(nexus, 'up', 'app/manifests/1')
      expect([byTag.status, digestOf(byTag.bytes)]).toEqual([200, manifest])
      expect(byTag.headers.get('docker-content-digest')).toBe(manifest)
      expect(byTag.headers.get('content-type')).toBe(manifestType)
      // the tag's manifest is there by its digest, too
      expect((await ask(nexus, 'up', `app/manifests/${manifest}`)).bytes).toEqual(byTag.bytes)
      expect(digestOf((await ask(nexus, 'up', `app/blobs/${layer}`)).bytes)).toBe(layer)
    }
    expect(upstream.seen).toEqual(['GET /v2/app/manifests/1', `GET /v2/app/blobs/${layer}`])
  })

  it('it asks for HEAD, too', async () => {
    const { nexus, upstream } = await proxied()
    const manifest = upstream.manifest('app', '1')
    const head = await ask(nexus, 'up', 'app/manifests/1', { method: 'HEAD' })
    expect([head.status, head.headers.get('docker-content-digest')]).toEqual([200, manifest])
    expect((await ask(nexus, 'up', 'app/manifests/2', { method: 'HEAD' })).status).toBe(404)
  })

  it('it fetches once for 50 who want it at the same time', async () => {
    const { nexus, upstream } = await proxied()
    const layer = upstream.blob('app', Buffer.alloc(1_000_000, 'x'))
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(nexus, 'up', `app/blobs/${layer}`)))
    expect(new Set(all.map(({ bytes }) => digestOf(bytes)))).toEqual(new Set([layer]))
    expect(upstream.seen).toHaveLength(1)
  })

  it('it shows the whole list of tags, page by page from the upstream', async () => {
    const { nexus, upstream } = await proxied()
    upstream.answers.set('/v2/app/tags/list', (_, response) => {
      response.setHeader('link', '</v2/app/tags/list?n=1&last=b>; rel="next"')
      response.end('{"name":"app","tags":["b"]}')
    })
    upstream.answers.set('/v2/app/tags/list?n=1&last=b', (_, response) => {
      response.end('{"name":"app","tags":["a"]}')
    })
    const { bytes } = await ask(nexus, 'up', 'app/tags/list')
    expect(JSON.parse(bytes.toString())).toEqual({ name: 'app', tags: ['a', 'b'] })
    expect((await ask(nexus, 'up', 'other/tags/list')).error?.code).toBe('NAME_UNKNOWN')
  })

  it('it adds library/ for Docker Hub alone', async () => {
    const { nexus, upstream } = await proxied({ dockerProxy: { indexType: 'HUB' } })
    upstream.manifest('library/alpine', '1')
    expect((await ask(nexus, 'up', 'alpine/manifests/1')).status).toBe(200)
    expect((await ask(nexus, 'up', 'library/alpine/manifests/1')).status).toBe(200)
    expect(upstream.seen).toEqual(['GET /v2/library/alpine/manifests/1'])
    await nexus.post(PROXY, dockerProxy('other', settings(upstream.url)))
    expect((await ask(nexus, 'other', 'alpine/manifests/1')).status).toBe(404)
  })

  it('cannot be pushed to it', async () => {
    const { nexus, upstream } = await proxied()
    const answer = await ask(nexus, 'up', 'app/blobs/uploads/', { method: 'POST' })
    expect([answer.status, answer.error?.code]).toEqual([405, 'UNSUPPORTED'])
    expect(upstream.seen).toEqual([])
  })
})

describe('logins at the upstream', () => {
  it('Basic: after it has asked, and with each request from then on', async () => {
    const { nexus, upstream } = await proxied({ httpClient: { authentication: login } }, { login: 'basic' })
    upstream.manifest('app', '1')
    upstream.manifest('app', '2')
    expect((await ask(nexus, 'up', 'app/manifests/1')).status).toBe(200)
    expect((await ask(nexus, 'up', 'app/manifests/2')).status).toBe(200)
    expect(upstream.authorizations).toEqual([undefined, basic, basic])
  })

  it('Bearer: one token for all who want the image, with the scope that was asked for', async () => {
    const { nexus, upstream } = await proxied({ httpClient: { authentication: login } }, { login: 'bearer' })
    const layers = Array.from({ length: 8 }, (_, index) => upstream.blob('app', Buffer.from([index])))
    const all = await Promise.all(layers.map((layer) => ask(nexus, 'up', `app/blobs/${layer}`)))
    expect(all.map(({ status }) => status)).toEqual(layers.map(() => 200))
    const tokens = upstream.seen.filter((request) => request.startsWith('GET /token'))
    expect(tokens).toEqual(['GET /token?service=a%2C+b&scope=repository%3Aapp%3Apull'])
    upstream.blob('app', Buffer.from('later'))
    upstream.seen.length = 0
    await ask(nexus, 'up', `app/blobs/${digestOf(Buffer.from('later'))}`)
    expect(upstream.seen).toHaveLength(1)
  })

  it('a wrong one looks as if the image did not exist, and the right one works at once', async () => {
    const wrong = { authentication: { ...login, password: 'wrong' } }
    const { nexus, upstream, put } = await proxied({ httpClient: wrong }, { login: 'bearer' })
    upstream.manifest('app', '1')
    const refused = await ask(nexus, 'up', 'app/manifests/1')
    expect([refused.status, refused.error?.code]).toEqual([404, 'MANIFEST_UNKNOWN'])
    await put({ httpClient: { authentication: login } })
    expect((await ask(nexus, 'up', 'app/manifests/1')).status).toBe(200)
  })

  it('stay away from the host that a layer is redirected to', async () => {
    const { nexus, upstream } = await proxied({ httpClient: { authentication: login } }, { login: 'basic' })
    const storage = await scriptedRegistry()
    const layer = storage.blob('stored', Buffer.from('layer'))
    upstream.answers.set(`/v2/app/blobs/${layer}`, ({ headers }, response) => {
      if (headers.authorization === basic)
        response.writeHead(307, { location: `${storage.url}/v2/stored/blobs/${layer}` })
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' })
      response.end()
    })
    expect((await ask(nexus, 'up', `app/blobs/${layer}`)).bytes.toString()).toBe('layer')
    expect(storage.authorizations).toEqual([undefined])
  })
})

describe('a tag that is cached', () => {
  const newer = { schemaVersion: 2, mediaType: manifestType, newer: true }

  it('is asked for again after metadataMaxAge, by its ETag', async () => {
    const { nexus, upstream } = await proxied({ proxy: { metadataMaxAge: 10 } })
    const first = upstream.manifest('app', '1')
    const digest = async () =>
      (await ask(nexus, 'up', 'app/manifests/1')).headers.get('docker-content-digest')
    expect(await digest()).toBe(first)
    turnClock(9)
    expect(await digest()).toBe(first)
    expect(upstream.seen).toHaveLength(1)
    turnClock(2)
    expect([await digest(), await digest()]).toEqual([first, first])
    expect(upstream.known).toEqual([undefined, `"${first}"`])
    const second = upstream.manifest('app', '1', newer)
    turnClock(11)
    expect(await digest()).toBe(second)
    // what the tag named before is still there
    expect((await ask(nexus, 'up', `app/manifests/${first}`)).status).toBe(200)
    expect(upstream.seen).toHaveLength(3)
  })

  it('is never asked for again with -1', async () => {
    const { nexus, upstream } = await proxied({ proxy: { metadataMaxAge: -1 } })
    upstream.manifest('app', '1')
    await ask(nexus, 'up', 'app/manifests/1')
    turnClock(1_000_000)
    await ask(nexus, 'up', 'app/manifests/1')
    expect(upstream.seen).toHaveLength(1)
  })

  it.each([404, 403, 500])('is served as it is when the upstream answers %d', async (status) => {
    const { nexus, upstream } = await proxied({ proxy: { metadataMaxAge: 0 } })
    const digest = upstream.manifest('app', '1')
    await ask(nexus, 'up', 'app/manifests/1')
    upstream.answers.set('/v2/app/manifests/1', (_, response) => response.writeHead(status).end())
    for (let time = 0; time < 2; time++) {
      const { bytes } = await ask(nexus, 'up', 'app/manifests/1')
      expect(digestOf(bytes)).toBe(digest)
    }
  })
})

describe('what the upstream refuses', () => {
  it.each([
    [401, 404, 'MANIFEST_UNKNOWN'],
    [403, 403, 'UNAUTHORIZED'],
    [404, 404, 'MANIFEST_UNKNOWN'],
    [429, 404, 'MANIFEST_UNKNOWN'],
    [503, 404, 'MANIFEST_UNKNOWN'],
  ])('%d becomes %d %s', async (given, status, code) => {
    const { nexus, upstream } = await proxied()
    upstream.answers.set('/v2/app/manifests/1', (_, response) => response.writeHead(given).end())
    const answer = await ask(nexus, 'up', 'app/manifests/1')
    expect([answer.status, answer.error?.code]).toEqual([status, code])
  })

  it('is remembered as not found for the time of the negative cache, and no longer', async () => {
    const more = { negativeCache: { enabled: true, timeToLive: 5 } }
    const { nexus, upstream, put } = await proxied(more)
    const status = async () => (await ask(nexus, 'up', 'app/manifests/1')).status
    expect(await status()).toBe(404)
    upstream.manifest('app', '1')
    await put(more)
    expect(await status()).toBe(404)
    expect(upstream.seen).toHaveLength(1)
    turnClock(5)
    expect(await status()).toBe(200)
  })

  it('is not remembered without a negative cache, nor at another remote', async () => {
    const { nexus, upstream, put } = await proxied({ negativeCache: { enabled: false, timeToLive: 5 } })
    const status = async () => (await ask(nexus, 'up', 'app/manifests/1')).status
    expect([await status(), await status()]).toEqual([404, 404])
    expect(upstream.seen).toHaveLength(2)
    await put({ negativeCache: { enabled: true, timeToLive: 5 } })
    expect([await status(), await status()]).toEqual([404, 404])
    expect(upstream.seen).toHaveLength(3)
    await put({ negativeCache: { enabled: false, timeToLive: 5 } })
    expect(await status()).toBe(404)
    expect(upstream.seen).toHaveLength(4)
    await put({ negativeCache: { enabled: true, timeToLive: 5 } })
    upstream.manifest('app', '1')
    await put({ proxy: { remoteUrl: `${upstream.url}/` } })
    expect(await status()).toBe(200)
  })

  it('is forgotten when caches are invalidated, and what is cached is asked for again', async () => {
    const { nexus, upstream } = await proxied()
    upstream.manifest('app', '1')
    const both = async () => [
      (await ask(nexus, 'up', 'app/manifests/1')).status,
      (await ask(nexus, 'up', 'app/manifests/2')).status,
    ]
    expect(await both()).toEqual([200, 404])
    upstream.manifest('app', '2')
    expect(await both()).toEqual([200, 404])
    turnClock(1)
    expect((await nexus.post('/v1/repositories/up/invalidate-cache', {})).status).toBe(204)
    expect(await both()).toEqual([200, 200])
    expect(upstream.seen).toHaveLength(4)
  })

  it.each(['/v2/secret/.*', '/v2/secret/manifests/1'])(
    'routing rule %s: 403, and nobody is asked',
    async (rule) => {
      const { nexus, upstream } = await proxied()
      upstream.manifest('secret', '1')
      const matchers = [rule]
      await nexus.post('/v1/routing-rules', { name: 'rule', description: '', mode: 'BLOCK', matchers })
      await nexus.put(`${PROXY}/up`, dockerProxy('up', settings(upstream.url, { routingRuleName: 'rule' })))
      const answer = await ask(nexus, 'up', 'secret/manifests/1')
      expect([answer.status, answer.error?.code]).toEqual([403, 'DENIED'])
      expect(upstream.seen).toEqual([])
    },
  )
})

describe('a remote that is blocked', () => {
  it('by hand: nothing is asked, what is cached is served', async () => {
    const { nexus, upstream, put } = await proxied()
    upstream.manifest('app', '1')
    await ask(nexus, 'up', 'app/manifests/1')
    await put({ httpClient: { blocked: true } })
    expect((await ask(nexus, 'up', 'app/manifests/1')).status).toBe(200)
    const { status, error } = await ask(nexus, 'up', 'app/manifests/2')
    expect([status, error]).toMatchObject([404, { code: 'UNKNOWN', message: 'Remote Manually Blocked' }])
    expect(upstream.seen).toHaveLength(1)
  })

  it('for longer with every failure, and from 40 s again after an answer', async () => {
    const { nexus, upstream } = await proxied()
    const failing = '/v2/app/manifests/1'
    upstream.answers.set(failing, (_, response) => response.writeHead(500).end())
    const blockedFor = async (): Promise<number> => {
      await ask(nexus, 'up', 'app/manifests/1')
      const message = (await ask(nexus, 'up', 'app/manifests/1')).error?.message ?? ''
      return Date.parse(message.replace('Remote Auto Blocked until ', '')) - Date.now()
    }
    turnClock(0)
    const seconds: number[] = []
    for (let time = 0; time < 4; time++) {
      if (time === 3) {
        upstream.answers.delete(failing)
        expect((await ask(nexus, 'up', 'app/manifests/2')).error?.code).toBe('MANIFEST_UNKNOWN')
        upstream.answers.set(failing, (_, response) => response.writeHead(500).end())
      }
      seconds.push(Math.round((await blockedFor()) / 1000))
      turnClock(2)
    }
    expect(seconds).toEqual([40, 40, 80, 40])
  })

  it('by itself: for 40 s after a failure, with the time in the answer', async () => {
    const { nexus, upstream } = await proxied()
    upstream.manifest('app', '2')
    upstream.answers.set('/v2/app/manifests/1', (_, response) => response.destroy())
    expect((await ask(nexus, 'up', 'app/manifests/1')).error?.code).toBe('MANIFEST_UNKNOWN')
    const blocked = await ask(nexus, 'up', 'app/manifests/2')
    expect([blocked.status, blocked.error?.message]).toEqual([
      404,
      expect.stringMatching(/^Remote Auto Blocked until 2\d{3}-\d\d-\d\dT[\d:.]+Z$/),
    ])
    expect(upstream.seen).toHaveLength(1)
    turnClock(1)
    expect((await ask(nexus, 'up', 'app/manifests/2')).status).toBe(200)
  })

  it('never, when it is told not to', async () => {
    const { nexus, upstream } = await proxied({ httpClient: { autoBlock: false } })
    upstream.answers.set('/v2/app/manifests/1', (_, response) => response.writeHead(500).end())
    await ask(nexus, 'up', 'app/manifests/1')
    await ask(nexus, 'up', 'app/manifests/1')
    expect(upstream.seen).toHaveLength(2)
  })
})

describe('what arrives broken', () => {
  it('is refused where it is not what its digest says, and never stored', async () => {
    const { nexus, upstream } = await proxied()
    const layer = digestOf(Buffer.from('layer'))
    const manifest = digestOf(Buffer.from('manifest'))
    upstream.answers.set(`/v2/app/blobs/${layer}`, (_, response) => response.end('other'))
    for (const path of [`/v2/app/manifests/${manifest}`, '/v2/app/manifests/1'])
      upstream.answers.set(path, (_, response) => {
        const announced = path.endsWith('/1') && { 'docker-content-digest': manifest }
        response.writeHead(200, { 'content-type': manifestType, ...announced })
        response.end('{"schemaVersion":2}')
      })
    const paths = [`app/blobs/${layer}`, `app/manifests/${manifest}`, 'app/manifests/1']
    for (const path of paths) {
      const { status, error } = await ask(nexus, 'up', path)
      expect([status, error?.code]).toEqual([400, 'DIGEST_INVALID'])
    }
    upstream.answers.clear()
    for (const path of paths) expect((await ask(nexus, 'up', path)).status).toBe(404)
  })

  it('is not stored where it is cut short, and fetched whole the next time', async () => {
    const { nexus, upstream } = await proxied()
    const bytes = Buffer.alloc(500_000, 'x')
    const layer = upstream.blob('app', bytes)
    upstream.answers.set(`/v2/app/blobs/${layer}`, (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, 300_000), () => response.destroy())
    })
    expect((await ask(nexus, 'up', `app/blobs/${layer}`)).error?.code).toBe('BLOB_UNKNOWN')
    upstream.answers.clear()
    expect(digestOf((await ask(nexus, 'up', `app/blobs/${layer}`)).bytes)).toBe(layer)
  })

  it.each([
    ['a web page', 'text/html', '<html>'],
    ['more than a manifest may have', manifestType, ' '.repeat(5_000_000)],
  ])('is no manifest: %s', async (_, type, body) => {
    const { nexus, upstream } = await proxied()
    upstream.answers.set('/v2/app/manifests/1', (_request, response) => {
      response.writeHead(200, { 'content-type': type })
      response.end(body)
    })
    const any = { headers: { accept: '*/*' } }
    expect((await ask(nexus, 'up', 'app/manifests/1', any)).error?.code).toBe('MANIFEST_UNKNOWN')
  })

  it.each([
    ['a redirect in circles', { location: '/v2/app/manifests/1' }],
    ['a redirect to a file', { location: 'file:///etc/hostname' }],
    ['a redirect to nowhere', { location: 'http://[' }],
    ['a realm that is none', { 'www-authenticate': 'Bearer realm="nowhere"' }],
  ])('is not followed for ever: %s', async (_, headers) => {
    const { nexus, upstream } = await proxied()
    const status = 'location' in headers ? 307 : 401
    upstream.answers.set('/v2/app/manifests/1', (_request, response) =>
      response.writeHead(status, headers).end(),
    )
    expect((await ask(nexus, 'up', 'app/manifests/1')).error?.code).toBe('MANIFEST_UNKNOWN')
    expect(upstream.seen.length).toBeLessThanOrEqual(11)
  })

  it.each([200, 404])('is no list of tags: a %d that does not end', async (status) => {
    const { nexus, upstream } = await proxied()
    let isOver = false
    upstream.answers.set('/v2/app/tags/list', (_, response) => {
      response.writeHead(status).on('close', () => {
        isOver = true
      })
      const more = (): void => {
        if (!response.destroyed) response.write(' '.repeat(500_000), more)
      }
      more()
    })
    expect((await ask(nexus, 'up', 'app/tags/list')).error?.code).toBe('NAME_UNKNOWN')
    await vi.waitFor(() => expect(isOver).toBe(true))
  })

  it('is over when the sandbox ends', async () => {
    const { nexus, upstream } = await proxied()
    const layer = digestOf(Buffer.from('layer'))
    const ended = new Promise<void>((resolve) => {
      upstream.answers.set(`/v2/app/blobs/${layer}`, (request, response) => {
        response.write('lay')
        request.socket.on('close', () => resolve())
        void nexus.sandbox.close()
      })
    })
    await expect(ask(nexus, 'up', `app/blobs/${layer}`)).rejects.toThrow()
    await ended
  }, 10_000)
})

/** A forward proxy that notes what goes through it. */
async function forwardProxy(): Promise<{ seen: string[]; port: number }> {
  const seen: string[] = []
  const forward = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    seen.push(`${method} ${url}`)
    plainRequest(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    }).end()
  })
  forward.on('connect', ({ url = '' }, socket) => {
    seen.push(`CONNECT ${url}`)
    const [host, port] = url.split(':')
    const remote = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      remote.pipe(socket).pipe(remote)
    })
    for (const end of [remote, socket]) end.on('error', () => undefined)
  })
  forward.listen(0, '127.0.0.1')
  await once(forward, 'listening')
  onTestFinished(() => {
    forward.close()
    forward.closeAllConnections()
  })
  return { seen, port: (forward.address() as AddressInfo).port }
}

describe('the way to the upstream', () => {
  it('leads through the HTTP proxy, but for hosts that are excluded', async () => {
    const { nexus, upstream } = await proxied()
    const { seen, port } = await forwardProxy()
    const settings = { httpEnabled: true, httpHost: '127.0.0.1', httpPort: port }
    nexus.sandbox.state.httpSettings = settings
    upstream.manifest('app', '1')
    upstream.manifest('app', '2')
    expect((await ask(nexus, 'up', 'app/manifests/1')).status).toBe(200)
    expect(seen).toEqual([`GET ${upstream.url}/v2/app/manifests/1`])
    nexus.sandbox.state.httpSettings = { ...settings, nonProxyHosts: ['127.0.0.*'] }
    expect((await ask(nexus, 'up', 'app/manifests/2')).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  describe.runIf(withOpenssl)('over TLS', () => {
    const trusting = { httpClient: { connection: { useTrustStore: true } } }

    it.each([
      ['straight', false],
      ['through a proxy', true],
    ])('%s: with a certificate of the trust store', async (_, isProxied) => {
      const { localhost, ca } = certificates()
      const { nexus, upstream } = await proxied(trusting, { tls: localhost })
      const { seen, port } = await forwardProxy()
      if (isProxied)
        nexus.sandbox.state.httpSettings = { httpEnabled: true, httpHost: '127.0.0.1', httpPort: port }
      nexus.sandbox.state.trustStore = [ca]
      const layer = upstream.blob('app', Buffer.alloc(1_000_000, 'x'))
      expect(digestOf((await ask(nexus, 'up', `app/blobs/${layer}`)).bytes)).toBe(layer)
      expect(seen).toEqual(isProxied ? [`CONNECT localhost:${new URL(upstream.url).port}`] : [])
    })

    it('not with one that nobody trusts: it counts as no answer', async () => {
      const { localhost, ca } = certificates()
      const { nexus, upstream } = await proxied({}, { tls: localhost })
      nexus.sandbox.state.trustStore = [ca]
      upstream.manifest('app', '1')
      expect((await ask(nexus, 'up', 'app/manifests/1')).error?.code).toBe('MANIFEST_UNKNOWN')
      expect((await ask(nexus, 'up', 'app/manifests/1')).error?.message).toMatch(
        /^Remote Auto Blocked until /,
      )
    })
  })
})
