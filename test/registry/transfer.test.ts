// Blobs that do not get through at once, and registries that ask for patience.
import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Received } from '../http/scripted-server.ts'
import { server } from '../nexus/helpers.ts'
import { all, blobOf, OCI_INDEX, OCI_MANIFEST, refusal, registry, sink } from './helpers.ts'

const blob = blobOf(randomBytes(3_000_000))

/** A server of Node; gives its URL and what came in. */
async function serving(
  handle: (request: http.IncomingMessage, response: http.ServerResponse, body: Buffer, index: number) => void,
): Promise<{ url: string; received: (Pick<Received, 'method' | 'path' | 'headers'> & { size: number })[] }> {
  const received: (Pick<Received, 'method' | 'path' | 'headers'> & { size: number })[] = []
  const started = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const { method = '', url = '', headers } = request
      handle(request, response, body, received.push({ method, path: url, headers, size: body.length }) - 1)
    })
  })
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    started.close()
    started.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, received }
}

describe('a blob that is cut off', () => {
  /** Sends at most so much at a time. */
  const cutting = (most: number, hasRanges: boolean) =>
    serving((request, response) => {
      const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const start = hasRanges ? asked : 0
      const range = { 'content-range': `bytes ${start}-${blob.bytes.length - 1}/${blob.bytes.length}` }
      response.writeHead(start > 0 ? 206 : 200, {
        'content-length': blob.bytes.length - start,
        ...(start > 0 && range),
      })
      const end = hasRanges ? start + most : Math.max(asked * 2, most)
      response.write(blob.bytes.subarray(start, end), () => {
        if (end < blob.bytes.length) setTimeout(() => response.destroy(), 20)
        else response.end()
      })
    })

  it('goes on from where it stopped', async () => {
    const target = await cutting(1_000_000, true)
    const to = sink()
    await registry(target.url).blob('app', blob.descriptor, to)
    expect(to.bytes().equals(blob.bytes)).toBe(true)
    expect(target.received.map(({ headers }) => headers.range !== undefined)).toEqual([false, true, true])
    expect(target.received[0]?.headers['accept-encoding']).toBe('identity')
  })

  it('comes from the beginning again where the registry knows no ranges', async () => {
    const target = await cutting(1_000_000, false)
    const to = sink()
    await registry(target.url).blob('app', blob.descriptor, to)
    expect(to.bytes().equals(blob.bytes)).toBe(true)
    expect(target.received.length).toBeGreaterThan(1)
  })

  it('into a stream that fails ends with its error', async () => {
    const target = await cutting(10_000_000, true)
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the disk is full')) })
    await expect(registry(target.url).blob('app', blob.descriptor, full)).rejects.toThrow('the disk is full')
  })
})

describe('an upload', () => {
  /** A registry that keeps one session, and lets `fault` interfere. */
  async function uploading(
    fault: (received: { method: string; size: number }, index: number) => number | 'cut' | undefined,
  ) {
    let session = Buffer.alloc(0)
    let stored: Buffer | undefined
    let sessions = 0
    const target = await serving(({ method = '', url = '' }, response, body, index) => {
      const answer = (status: number, headers: http.OutgoingHttpHeaders = {}): void =>
        void response.writeHead(status, headers).end()
      const here = { location: `/up/${sessions}?_state=a%2Fb`, range: `0-${Math.max(session.length - 1, 0)}` }
      const wrong = fault({ method, size: body.length }, index)
      if (wrong === 'cut') response.destroy()
      else if (wrong !== undefined) answer(wrong)
      else if (method === 'HEAD') answer(404)
      else if (method === 'POST') {
        sessions += 1
        session = Buffer.alloc(0)
        answer(202, { location: `../../../../../up/${sessions}?_state=a%2Fb`, 'oci-chunk-min-length': '100' })
      } else if (!url.startsWith(`/up/${sessions}?_state=a%2Fb`)) answer(404)
      else if (method === 'GET') answer(204, here)
      else {
        session = Buffer.concat([session, body])
        if (method === 'PATCH') answer(202, { location: `/up/${sessions}?_state=a%2Fb` })
        else {
          stored = session
          answer(url.includes('digest=') ? 201 : 400)
        }
      }
    })
    const methods = (): string => target.received.map(({ method }) => method).join(' ')
    return { ...target, methods, stored: () => stored, sessions: () => sessions }
  }

  it('is one PUT, to a relative place, with the query that is there', async () => {
    const target = await uploading(() => undefined)
    await registry(target.url).pushBlob('a/app', blob.descriptor, blob.source)
    expect(target.methods()).toBe('HEAD POST PUT')
    expect(target.received[2]).toMatchObject({
      path: `/up/1?_state=a%2Fb&digest=${encodeURIComponent(blob.descriptor.digest)}`,
      headers: { 'content-length': '3000000', 'content-type': 'application/octet-stream' },
    })
    expect(target.stored()?.equals(blob.bytes)).toBe(true)
  })

  it.each([413, 500, 'cut'] as const)('whose PUT ends with %s goes in pieces', async (fault) => {
    const target = await uploading(({ method, size }) => (method === 'PUT' && size > 0 ? fault : undefined))
    await registry(target.url).pushBlob('a/app', blob.descriptor, blob.source)
    expect(target.methods()).toBe('HEAD POST PUT GET PATCH PUT')
    expect(target.received.at(-2)?.headers['content-range']).toBe('0-2999999')
    expect(target.stored()?.equals(blob.bytes)).toBe(true)
  })

  it('in pieces asks how far it is where one is lost, and begins anew where the session is', async () => {
    const large = blobOf(randomBytes(20_000_000))
    let patches = 0
    const lost = await uploading(({ method, size }) => {
      if (method === 'PUT' && size > 0) return 502
      if (method === 'PATCH') patches += 1
      return method === 'PATCH' && patches === 2 ? 'cut' : undefined
    })
    await registry(lost.url).pushBlob('a/app', large.descriptor, large.source)
    expect(lost.methods()).toBe('HEAD POST PUT GET PATCH PATCH GET PATCH PATCH PUT')
    expect(sha(lost.stored())).toBe(large.descriptor.digest)
    let gets = 0
    const gone = await uploading(({ method, size }) => {
      if (method === 'PUT' && size > 0) return 404
      if (method === 'GET') gets += 1
      return method === 'GET' && gets === 1 ? 404 : undefined
    })
    await registry(gone.url).pushBlob('a/app', blob.descriptor, blob.source)
    expect(gone.methods()).toBe('HEAD POST PUT GET DELETE POST PATCH PUT')
    expect([gone.sessions(), sha(gone.stored())]).toEqual([2, blob.descriptor.digest])
  })

  it.each([401, 403, 405])('that is refused with %i is not tried in another way', async (status) => {
    const target = await uploading(({ method }) => (method === 'PUT' ? status : undefined))
    expect(await refusal(registry(target.url).pushBlob('a/app', blob.descriptor, blob.source))).toMatchObject(
      { status },
    )
    expect(target.methods()).toBe('HEAD POST PUT DELETE')
  })

  it('whose mount is refused begins without', async () => {
    const target = await uploading(({ method }, index) =>
      method === 'POST' && index === 1 ? 405 : undefined,
    )
    expect(
      await registry(target.url).pushBlob('a/app', blob.descriptor, blob.source, { mountFrom: 'a/base' }),
    ).toBe('uploaded')
    expect(target.methods()).toBe('HEAD POST POST PUT')
    expect(target.received[1]?.path).toContain('mount=sha256%3A')
    expect(target.received[1]?.path).toContain('from=a%2Fbase')
  })
})

describe('a registry that asks for patience', () => {
  it('gets it from all requests, not only from the one that was told', async () => {
    const waits: number[] = []
    const target = await server((_, index) =>
      index === 0
        ? { status: 429, headers: { 'retry-after': '3' } }
        : {
            status: 200,
            headers: { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '76' },
            body: { tags: [] },
          },
    )
    const it = registry(target.url, {
      parallelism: 1,
      delay: (ms) => {
        waits.push(ms)
        return Promise.resolve()
      },
    })
    await Promise.all([all(it.tags('a')), all(it.tags('b'))])
    expect(waits.length).toBeGreaterThan(1)
    for (const wait of waits) expect(wait).toBeGreaterThan(2500)
    expect(it.rateLimit).toEqual({ limit: 100, windowSeconds: 21_600, remaining: 76 })
  })

  it('for too long gets an error that says when it goes on', async () => {
    const headers = { 'retry-after': '3600', 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0' }
    const target = await server(() => ({
      status: 429,
      headers,
      body: { errors: [{ code: 'TOOMANYREQUESTS' }] },
    }))
    const it = registry(target.url)
    const error = await refusal(it.manifest('a', '1'))
    expect(error).toMatchObject({
      code: 'too-many-requests',
      status: 429,
      hint: 'It takes requests again after 3600 s.',
    })
    expect(error.headers).toMatchObject({ 'retry-after': '3600' })
    expect([target.received.length, it.rateLimit]).toEqual([1, { limit: 5, remaining: 0 }])
  })

  it('or warns is heard, once for each thing', async () => {
    const warnings: string[] = []
    const warning = '299 - "image is old", 299 - "use \\"b\\""'
    const target = await server(() => ({ status: 200, headers: { warning }, body: { tags: [] } }))
    const it = registry(target.url, { onWarning: (text) => warnings.push(text) })
    await all(it.tags('a'))
    await all(it.tags('a'))
    expect(warnings).toEqual(['image is old', 'use "b"'])
  })
})

describe('a manifest', () => {
  it.each([
    ['405', { status: 405 }],
    ['403', { status: 403 }],
    ['no digest', { status: 200, headers: { 'content-type': OCI_MANIFEST, 'content-length': '2' } }],
  ])('whose HEAD gives %s is read with GET', async (_, reply) => {
    const target = await server(({ method }) =>
      method === 'HEAD'
        ? reply
        : { status: 200, headers: { 'content-type': `${OCI_MANIFEST}; charset=utf-8` }, body: '{}' },
    )
    expect(await registry(target.url).head('a', '1')).toMatchObject({ mediaType: OCI_MANIFEST, size: 2 })
    expect(target.received.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
    expect(target.received[1]?.headers.accept?.split(', ')).toHaveLength(5)
  })

  it('that is refused says why, in the words of GET', async () => {
    const target = await server(({ method }) =>
      method === 'HEAD'
        ? { status: 403 }
        : { status: 403, body: { errors: [{ code: 'DENIED', message: 'not yours' }] } },
    )
    expect((await refusal(registry(target.url).head('a', '1'))).message).toBe(
      'cannot read manifest a:1: the registry does not allow it (403, DENIED: not yours)',
    )
  })

  it('has the type of the answer, and its own where that says nothing', async () => {
    const typed = await server(() => ({
      status: 200,
      headers: { 'content-type': 'application/vnd.x+json' },
      body: `{"mediaType":"${OCI_INDEX}"}`,
    }))
    expect(await registry(typed.url).manifest('a', '1')).toMatchObject({
      mediaType: 'application/vnd.x+json',
    })
    const plain = await server(() => ({ status: 200, body: { mediaType: OCI_INDEX } }))
    expect(await registry(plain.url).manifest('a', '1')).toMatchObject({ mediaType: OCI_INDEX })
  })
})

it('an interrupt and a close end what is under way as such', async () => {
  const interrupt = new AbortController()
  const target = await server(() => {
    interrupt.abort()
    return { status: 503 }
  })
  const interrupted = registry(target.url, { signal: interrupt.signal }).manifest('a', '1')
  await expect(interrupted).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
  expect(target.received).toHaveLength(1)
  const silent = await server(() => 'hang')
  const client = registry(silent.url)
  setTimeout(() => client.close(), 50)
  await expect(client.blob('a', blob.descriptor, sink())).rejects.toMatchObject({ code: 'interrupted' })
})

it('a registry below a path, and one that should be asked over TLS', async () => {
  const target = await server(() => ({ status: 200, body: { tags: [] } }))
  await all(registry(`${target.url}/repository/docker-group/`).tags('a'))
  expect(target.received[0]?.path).toBe('/repository/docker-group/v2/a/tags/list?n=1000')
  const plain = await server(({ headers, path }) => ({
    status: 301,
    headers: { location: `https://${headers.host}${path}` },
  }))
  const error = await refusal(registry(`${plain.url}/x`).manifest('a', '1'))
  expect(error).toMatchObject({
    code: 'redirected-to-https',
    hint: `Use ${plain.url.replace('http', 'https')}/x as its URL.`,
  })
})

function sha(bytes: Buffer | undefined): string {
  return `sha256:${createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')}`
}
