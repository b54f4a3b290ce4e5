// Registries that lie, lead astray or never end: one RegistryError each, and no credential elsewhere.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RegistryClient, RegistryError } from '../../src/registry/client.ts'
import { certificates, withOpenssl } from '../http/certificates.ts'
import { rawServer } from '../http/raw-server.ts'
import { type Received, type Reply, startServer } from '../http/scripted-server.ts'
import { server } from '../nexus/helpers.ts'
import { all, blobOf, OCI_MANIFEST, refusal, registry, sink, USER } from './helpers.ts'

const blob = blobOf(Buffer.from('x'.repeat(5000)))

/** Everything that a client may be asked to do. */
const WORK: readonly [name: string, work: (client: RegistryClient) => Promise<unknown>][] = [
  ['a manifest', (it) => it.manifest('app', '1')],
  ['the head of a manifest', (it) => it.head('app', '1')],
  ['a manifest to put', (it) => it.putManifest('app', '1', Buffer.from('{}'), OCI_MANIFEST)],
  ['a blob', (it) => it.blob('app', blob.descriptor, sink())],
  ['a blob to push', (it) => it.pushBlob('app', blob.descriptor, blob.source)],
  ['tags', (it) => all(it.tags('app'))],
  ['referrers', (it) => it.referrers('app', blob.descriptor.digest)],
  ['a manifest to delete', (it) => it.deleteManifest('app', blob.descriptor.digest)],
]

/** A server that nobody should give anything to. */
async function elsewhere(): Promise<{ port: number; received: Received[] }> {
  return server(() => ({ status: 200, body: { token: 'taken' } }))
}

function expectNoCredentials(received: readonly Received[]): void {
  const shown = JSON.stringify(received)
  expect(received.filter(({ headers }) => headers.authorization !== undefined)).toEqual([])
  expect(shown).not.toContain('canary')
  expect(shown).not.toContain(encodeURIComponent(USER.password))
}

async function refusals(reply: (request: Received, index: number) => Reply): Promise<RegistryError[]> {
  const errors: RegistryError[] = []
  for (const [, work] of WORK) {
    const target = await server(reply)
    errors.push(await refusal(work(registry(target.url, { credentials: USER }))))
  }
  return errors
}

describe('credentials do not go', () => {
  it.each([
    ['to another port of an address within', (port: number) => `http://127.0.0.1:${port}/token`],
    ['to a realm with credentials of its own', (port: number) => `http://me:you@localhost:${port}/token`],
    ['to a scheme that is none', () => 'null://localhost/token'],
    ['nowhere', () => 'http://'],
  ])('%s', async (_, realmAt) => {
    const other = await elsewhere()
    const realm = realmAt(other.port)
    const errors = await refusals(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}"` },
    }))
    for (const error of errors) {
      expect(error.code).toBe('realm-refused')
      expect(error.message).toMatch(
        /^cannot log in: http:\/\/127.0.0.1:\d+ sends to .* for a token, and that/,
      )
      expect(error.message).not.toContain('you')
    }
    expect(other.received).toEqual([])
  })

  it('along a redirect of the token server', async () => {
    const other = await elsewhere()
    const tokens = await server(() => ({
      status: 307,
      headers: { location: `http://[::1]:${other.port}/x` },
    }))
    const target = await server(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="http://localhost:${tokens.port}/token"` },
    }))
    const error = await refusal(registry(target.url, { credentials: USER }).manifest('app', '1'))
    expect(error.code).toBe('redirect-refused')
    const open = await elsewhere()
    const leading = await server(() => ({
      status: 307,
      headers: { location: `http://localhost:${open.port}/x` },
    }))
    const second = await server(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="http://localhost:${leading.port}/token"` },
    }))
    await refusal(registry(second.url, { credentials: USER }).manifest('app', '1'))
    expect(leading.received[0]?.headers.authorization).toMatch(/^Basic /)
    expect([other.received.length, open.received.length]).toEqual([0, 1])
    expectNoCredentials(open.received)
  })

  it('along a redirect of a blob, which is read there all the same', async () => {
    const store = await server(() => ({ status: 200, body: blob.bytes.toString() }))
    const target = await server(({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
        : { status: 307, headers: { location: `http://localhost:${store.port}/x?sig=1` } },
    )
    const to = sink()
    await registry(target.url, { credentials: USER }).blob('app', blob.descriptor, to)
    expect(to.bytes().equals(blob.bytes)).toBe(true)
    expect(store.received).toHaveLength(1)
    expectNoCredentials(store.received)
  })

  it('to where an upload is sent on', async () => {
    const other = await server(() => ({ status: 201 }))
    const target = await server(({ headers, method }) => {
      if (headers.authorization === undefined)
        return { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
      if (method === 'HEAD') return { status: 404 }
      return { status: 202, headers: { location: `http://localhost:${other.port}/up?state=1` } }
    })
    const warnings: string[] = []
    const it = registry(target.url, { credentials: USER, onWarning: (text) => warnings.push(text) })
    expect(await it.pushBlob('app', blob.descriptor, blob.source)).toBe('uploaded')
    expect(other.received.map(({ path }) => path)).toEqual([
      `/up?state=1&digest=${encodeURIComponent(blob.descriptor.digest)}`,
    ])
    expect(warnings).toEqual([expect.stringContaining('they go there without credentials')])
    expectNoCredentials(other.received)
  })

  it.each([
    ['another port of the same host', (port: number) => `http://localhost:${port}/up`],
    ['an address within', () => 'http://10.0.0.1/up'],
    ['no URL', () => 'http://:/'],
    ['another protocol', () => 'ftp://127.0.0.1/up'],
  ])('with an upload that is sent on to %s', async (_, location) => {
    const other = await elsewhere()
    const target = await server(({ method }) =>
      method === 'HEAD' ? { status: 404 } : { status: 202, headers: { location: location(other.port) } },
    )
    const it = registry(target.url.replace('127.0.0.1', 'localhost'), { credentials: USER })
    const error = await refusal(it.pushBlob('app', blob.descriptor, blob.source))
    expect(error.code).toBe('location-refused')
    expect(error.message).toMatch(/sends on to .*, and|not a URL/)
    expect(other.received).toEqual([])
  })
})

describe.skipIf(!withOpenssl)('from https to http goes nothing', () => {
  const replies: [string, string, (port: number) => (request: Received) => Reply][] = [
    [
      'a realm',
      'realm-refused',
      (port) => () => ({
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="http://localhost:${port}/t"` },
      }),
    ],
    [
      'a redirect',
      'redirect-refused',
      (port) => () => ({ status: 302, headers: { location: `http://localhost:${port}/x` } }),
    ],
    [
      'an upload',
      'location-refused',
      (port) =>
        ({ method }) =>
          method === 'HEAD'
            ? { status: 404 }
            : { status: 202, headers: { location: `http://localhost:${port}/x` } },
    ],
  ]
  it.each(replies)('%s', async (_, code, reply) => {
    const { localhost, ca } = certificates()
    const other = await elsewhere()
    const target = await startServer(reply(other.port), { tls: localhost })
    onTestFinished(() => target.close())
    const it = registry(target.url, { credentials: USER, caCert: ca })
    const work =
      code === 'location-refused' ? it.pushBlob('app', blob.descriptor, blob.source) : it.manifest('app', '1')
    expect(await refusal(work)).toMatchObject({ code })
    expect(other.received).toEqual([])
  })
})

it.skipIf(!withOpenssl)(
  'any certificate is taken from the registry alone, where it was asked for',
  async () => {
    const { selfSigned } = certificates()
    const tls = async (reply: (request: Received) => Reply) => {
      const started = await startServer(reply, { tls: selfSigned })
      onTestFinished(() => started.close())
      return started
    }
    const tokens = await tls(() => ({ status: 200, body: { token: 'taken' } }))
    const target = await tls(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="https://localhost:${tokens.port}/token"` },
    }))
    const it = registry(target.url, { credentials: USER, insecure: true })
    expect(await refusal(it.manifest('app', '1'))).toMatchObject({ kind: 'certificate' })
    expect([target.received.length, tokens.received.length]).toEqual([1, 0])
  },
)

describe('what has no end has one', () => {
  it('redirects in a circle', async () => {
    const errors = await refusals(() => ({ status: 307, headers: { location: '/v2/again' } }))
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['redirect-loop', 'redirect-refused']))
  })

  it('challenges', async () => {
    for (const challenge of [
      'Basic realm="x"',
      'Bearer realm="/", Basic realm="x"',
      'Bearer realm="PORT"',
      'Negotiate x==',
    ]) {
      let received: Received[] = []
      const target = await server(({ path, headers }) =>
        path === '/token'
          ? { status: 200, body: { token: 't' } }
          : {
              status: 401,
              headers: {
                'www-authenticate': `${challenge.replace('PORT', `http://${headers.host}/token`)},error="invalid_token"`,
              },
            },
      )
      received = target.received
      await refusal(registry(target.url, { credentials: USER }).manifest('app', '1'))
      expect(received.length).toBeLessThan(8)
    }
  })

  it('a token', async () => {
    for (const body of [{ token: 'x'.repeat(100_000) }, { token: 1 }, { token: 'a\r\nb' }, [], 'no']) {
      const target = await server(({ path, headers }) =>
        path.startsWith('/token')
          ? { status: 200, body }
          : { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host}/token"` } },
      )
      const error = await refusal(registry(target.url, { credentials: USER }).manifest('app', '1'))
      expect(error.code).toMatch(/^(token-refused|answer-too-large)$/)
    }
  })

  it('a manifest', async () => {
    const target = await serving((_, response) => {
      response.writeHead(200, { 'content-type': OCI_MANIFEST })
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more)
      }
      more()
    })
    const error = await refusal(registry(target).manifest('app', '1'))
    expect(error).toMatchObject({ code: 'answer-too-large', kind: 'too-large' })
  })

  it('lists', async () => {
    const circle = await server(() => ({
      status: 200,
      headers: { link: '</v2/app/tags/list?last=a>; rel="next"' },
      body: { tags: ['a'] },
    }))
    expect(await refusal(all(registry(circle.url).tags('app')))).toMatchObject({ code: 'endless-list' })
    expect(circle.received).toHaveLength(2)
    const endless = await server((_, index) => ({
      status: 200,
      headers: { link: `<http://other.invalid/elsewhere/tags/list?last=${index}>; rel=next` },
      body: { tags: [String(index)] },
    }))
    const found: string[] = []
    const collecting = async (): Promise<void> => {
      for await (const tag of registry(endless.url).tags('app')) found.push(tag)
    }
    expect(await refusal(collecting())).toMatchObject({ code: 'endless-list' })
    expect(found).toHaveLength(1000)
    for (const body of ['no', [], { tags: 'a' }, {}]) {
      const target = await server(() => ({ status: 200, body }))
      expect(await refusal(all(registry(target.url).tags('app')))).toMatchObject({ code: 'invalid-answer' })
    }
  })

  it('an upload that never goes on: its session is ended', async () => {
    const target = await server(({ method }) => {
      if (method === 'HEAD') return { status: 404 }
      if (method === 'POST') return { status: 202, headers: { location: '/up/1' } }
      if (method === 'GET') return { status: 204, headers: { location: '/up/1', range: '0-0' } }
      return { status: method === 'DELETE' ? 204 : 500 }
    })
    const error = await refusal(registry(target.url).pushBlob('app', blob.descriptor, blob.source))
    expect(error).toMatchObject({ code: 'registry-failed', status: 500 })
    expect(target.received.filter(({ method }) => method === 'PATCH')).toHaveLength(10)
    expect(target.received.at(-1)).toMatchObject({ method: 'DELETE', path: '/up/1' })
  })
})

it('a web page is no manifest, and lets nobody in', async () => {
  const target = await server(() => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>',
  }))
  const it = registry(target.url)
  for (const [name, work] of WORK.slice(0, 3))
    expect([name, await refusal(work(it))]).toMatchObject([name, { code: 'invalid-answer', status: 200 }])
  expect(await it.ping()).toMatchObject({ status: 200, anonymous: false })
})

describe('bytes that are not what they should be', () => {
  it('manifests', async () => {
    const { digest } = blob.descriptor
    const target = await server(() => ({
      status: 200,
      headers: { 'content-type': OCI_MANIFEST, 'docker-content-digest': digest },
      body: '{}',
    }))
    const it = registry(target.url)
    expect(await refusal(it.manifest('app', '1'))).toMatchObject({ code: 'digest-mismatch' })
    expect(await refusal(it.manifest('app', digest))).toMatchObject({ code: 'digest-mismatch' })
    const stored = await server(() => ({ status: 201, headers: { 'docker-content-digest': digest } }))
    const put = registry(stored.url).putManifest('app', '1', Buffer.from('{}'), OCI_MANIFEST)
    expect(await refusal(put)).toMatchObject({ code: 'digest-mismatch' })
    const { digest: other } = blobOf(Buffer.from('y')).descriptor
    const lying = await server(({ method }) => {
      if (method === 'HEAD') return { status: 404 }
      const location = { location: '/up' }
      return method === 'POST'
        ? { status: 202, headers: location }
        : { status: 201, headers: { 'docker-content-digest': other } }
    })
    const pushed = registry(lying.url).pushBlob('app', blob.descriptor, blob.source)
    expect(await refusal(pushed)).toMatchObject({ code: 'digest-mismatch' })
  })

  const right = blob.bytes.toString()
  it.each([
    ['digest-mismatch', { status: 200, body: `y${right.slice(1)}` }],
    ['size-mismatch', { status: 200, body: right.slice(1) }],
    ['size-mismatch', { status: 200, body: `${right}x` }],
    ['size-mismatch', { status: 200, headers: { 'transfer-encoding': 'chunked' }, body: `${right}x` }],
    ['size-mismatch', { status: 200, headers: { 'transfer-encoding': 'chunked' }, body: right.slice(1) }],
    ['invalid-answer', { status: 206, headers: { 'content-range': 'bytes 5-9/10' }, body: 'xxxxx' }],
    ['invalid-answer', { status: 206, body: right }],
    ['size-mismatch', { status: 204 }],
    ['not-found', { status: 404, body: { errors: [{ code: 'BLOB_UNKNOWN' }] } }],
  ] as [string, Reply][])('a blob: %s %j', async (code, reply) => {
    const target = await server(() => reply)
    const to = sink()
    expect(await refusal(registry(target.url).blob('app', blob.descriptor, to))).toMatchObject({ code })
    expect([to.destroyed, to.writableFinished]).toEqual([true, false])
    expect(target.received.length).toBeLessThan(7)
  })

  it('a blob that is cut off each time', async () => {
    const target = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'))
    const error = await refusal(registry(target.url, { retries: 0 }).blob('app', blob.descriptor, sink()))
    expect(error).toMatchObject({ code: 'connection-reset', kind: 'reset' })
    expect(target.received).toHaveLength(5)
  })
})

it('error bodies of any shape are short, harmless words', async () => {
  const long = 'A'.repeat(10_000)
  for (const body of [
    'plain',
    '<html>no</html>',
    { errors: 'no' },
    { errors: [null, 1, 'x', { code: long, message: '\u001b[31mred\nline', detail: { a: [long] } }] },
    { errors: Array.from({ length: 1000 }, () => ({ code: 'X', message: long })) },
  ]) {
    const target = await server(() => ({ status: 400, body }))
    const error = await refusal(registry(target.url).manifest('app', '1'))
    expect(error.message.length).toBeLessThan(4000)
    expect(error.message).not.toMatch(/\p{Cc}/u)
  }
})

async function serving(handle: http.RequestListener): Promise<string> {
  const started = http.createServer(handle)
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    started.close()
    started.closeAllConnections()
  })
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`
}
