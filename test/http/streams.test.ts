// Bodies that are bytes, bodies that are streamed either way, and answers that belong to the caller.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import type { HttpRequest } from '../../src/http/message.ts'
import type { TransportOptions } from '../../src/http/options.ts'
import { Transport } from '../../src/http/transport.ts'
import { failure, server } from '../nexus/helpers.ts'
import { drip, HEAD, rawServer } from './raw-server.ts'

const MIB = 1024 ** 2

function transport(url: string, options: Partial<TransportOptions> = {}): Transport {
  const made = new Transport(
    { url, redactor: createRedactor(), delay: () => Promise.resolve(), ...options },
    { name: 'it', port: 80, example: 'http://host' },
  )
  onTestFinished(() => made.close())
  return made
}

/** A server of Node, for what a script of whole answers cannot do. */
async function serving(handle: http.RequestListener): Promise<{ url: string; connections: () => number }> {
  let connections = 0
  const started = http.createServer(handle).on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    started.close()
    started.closeAllConnections()
  })
  const { port } = started.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, connections: () => connections }
}

/** Keeps what it gets; each piece takes it `ms`. */
function sink(ms = 0): Writable & { bytes: () => Buffer } {
  const chunks: Buffer[] = []
  const made = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      if (ms === 0) done()
      else setTimeout(done, ms)
    },
  })
  return Object.assign(made, { bytes: () => Buffer.concat(chunks) })
}

const bytes = Buffer.from([0, 255, 254, 10, 13, 128, 200])

describe('a body', () => {
  it('of bytes goes out and comes back as it is', async () => {
    const target = await serving((request, response) => {
      response.writeHead(200, { 'x-type': request.headers['content-type'] })
      request.pipe(response)
    })
    for (const body of [bytes, Buffer.alloc(0)]) {
      const { answer } = await transport(target.url).request({ method: 'PUT', path: '/x', body })
      expect(answer.bytes.equals(body)).toBe(true)
      expect(answer.headers['x-type']).toBe('application/octet-stream')
    }
  })

  it('from a factory is sent anew with each attempt, with the length that is given', async () => {
    const target = await server((_, index) => ({ status: index === 0 ? 503 : 201 }))
    let made = 0
    const body = (): Readable => {
      made += 1
      return Readable.from([Buffer.from('ab'), Buffer.from('c')])
    }
    const headers = { 'content-type': 'application/x', 'content-length': '3' }
    const { answer } = await transport(target.url).request({ method: 'PUT', path: '/x', body, headers })
    expect([answer.status, made]).toEqual([201, 2])
    expect(target.received.map((one) => [one.body, one.headers['content-length']])).toEqual([
      ['abc', '3'],
      ['abc', '3'],
    ])
    await transport(target.url).request({ method: 'PATCH', path: '/x', body })
    expect(target.received.at(-1)).toMatchObject({
      method: 'PATCH',
      body: 'abc',
      headers: { 'transfer-encoding': 'chunked' },
    })
  })

  it('that fails is the error of whoever reads it, and cuts the request', async () => {
    const target = await serving(() => undefined)
    const body = (): Readable =>
      new Readable({
        read() {
          this.push(Buffer.alloc(10))
          this.destroy(new Error('the disk is gone'))
        },
      })
    const request = transport(target.url).request({ method: 'PUT', path: '/x', body })
    await expect(request).rejects.toThrow('the disk is gone')
  })

  it('that the server does not want to the end gets its answer, and is read no further', async () => {
    let read = 0
    const target = await serving((_, response) => {
      response.writeHead(413).end('no')
    })
    const body = (): Readable =>
      Readable.from(
        (async function* () {
          for (; read < 1000; read += 1) {
            yield Buffer.alloc(64 * 1024)
            await sleep(1)
          }
        })(),
      )
    const { answer } = await transport(target.url).request({ method: 'PUT', path: '/x', body })
    expect([answer.status, answer.text]).toEqual([413, 'no'])
    expect(read).toBeLessThan(900)
  })

  it('may take longer than the timeout, as long as it goes on', async () => {
    const target = await serving((request, response) => {
      request.resume().on('end', () => response.end())
    })
    const slow = (gapMs: number) => (): Readable =>
      Readable.from(
        (async function* () {
          for (let part = 0; part < 8; part += 1) {
            await sleep(gapMs)
            yield Buffer.alloc(1000)
          }
        })(),
      )
    const it = transport(target.url, { timeoutMs: 300, retries: 0 })
    expect((await it.request({ method: 'PUT', path: '/x', body: slow(80) })).answer.status).toBe(200)
    const silent = it.request({ method: 'PUT', path: '/x', body: slow(2000) })
    expect(await failure(silent)).toMatchObject({ code: 'timeout' })
  })
})

describe('HEAD and PATCH', () => {
  it('HEAD has headers alone, is repeated and redirected like a GET, and is no write', async () => {
    const target = await server(({ path }, index) => {
      if (index === 0) return { status: 500 }
      return path === '/x'
        ? { status: 307, headers: { location: '/y' } }
        : { status: 200, headers: { 'content-length': '1234', 'x-a': 'b' } }
    })
    const it = transport(target.url)
    const { answer, body } = await it.request({ method: 'HEAD', path: '/x' })
    expect([answer.status, answer.headers['x-a'], answer.text, body]).toEqual([200, 'b', '', undefined])
    expect(answer.headers['content-length']).toBe('1234')
    expect(it.counts).toEqual({ total: 3, writes: 0 })
  })

  it('PATCH is never done twice: a lost answer is told', async () => {
    const target = await server(() => 'reset')
    const patch = transport(target.url).request({ method: 'PATCH', path: '/x', body: bytes })
    expect(await failure(patch)).toMatchObject({ code: 'lost-answer' })
    expect(target.received).toHaveLength(1)
  })
})

it("a redirect may be the caller's to judge", async () => {
  const target = await server(() => ({ status: 307, headers: { location: 'https://cdn.invalid/x?sig=1' } }))
  for (const method of ['GET', 'PUT'] as const) {
    const { answer } = await transport(target.url).request({ method, path: '/x', redirects: 'answer' })
    expect([answer.status, answer.headers['location']]).toEqual([307, 'https://cdn.invalid/x?sig=1'])
  }
})

describe('an answer into a stream', () => {
  const get = (into: HttpRequest['into'], options: Partial<HttpRequest> = {}) =>
    ({ method: 'GET', path: '/x', into, ...options }) as HttpRequest

  it('is larger than the limit, and is there when the stream has finished', async () => {
    const target = await serving((_, response) => {
      Readable.from(Array.from({ length: 40 }, (_, index) => Buffer.alloc(64 * 1024, index))).pipe(response)
    })
    const it = transport(target.url, { maxAnswerBytes: 1000 })
    for (let time = 0; time < 2; time += 1) {
      const to = sink(1)
      const { answer, body } = await it.request(get(() => to))
      expect([answer.status, answer.text, answer.bytes.length, body]).toEqual([200, '', 0, undefined])
      expect(to.writableFinished).toBe(true)
      expect(to.bytes().length).toBe(40 * 64 * 1024)
      expect(to.bytes().at(-1)).toBe(39)
    }
    expect(target.connections()).toBe(1)
  })

  it('is for a success that the caller wants there', async () => {
    const target = await server(({ path }) => ({
      status: path === '/x' ? 206 : 404,
      headers: { 'x-a': 'b' },
      body: 'text',
    }))
    const it = transport(target.url)
    const heads: unknown[] = []
    const inMemory = await it.request(
      get(({ status, headers }) => {
        heads.push([status, headers['x-a']])
        return undefined
      }),
    )
    const refused = await it.request(get(() => sink(), { path: '/no' }))
    expect([inMemory.answer.text, refused.answer.text, heads]).toEqual(['text', 'text', [[206, 'b']]])
  })

  it.each([
    ['with a length', 'Content-Length: 100\r\n\r\nhalf'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('that is cut short %s is a failure, not asked for again', async (_, rest) => {
    const target = await rawServer((socket) => socket.end(HEAD + rest))
    const to = sink()
    const error = await failure(
      transport(target.url).request(
        get(() => to),
        { mayRepeat: () => true },
      ),
    )
    expect(error.code).toBe('connection-reset')
    expect(error.message).toContain('in the middle of its answer')
    expect([to.bytes().toString(), to.destroyed, target.received.length]).toEqual(['half', true, 1])
  })

  it('that is cut before its first byte is asked for again', async () => {
    const target = await rawServer((socket) => {
      if (target.received.length === 1) socket.end(`${HEAD}Content-Length: 4\r\n\r\n`)
      else socket.write(`${HEAD}Content-Length: 4\r\n\r\nfull`)
    })
    let last = sink()
    await transport(target.url).request(get(() => (last = sink())))
    expect(last.bytes().toString()).toBe('full')
  })

  it('may take longer than the timeout, but not be silent for so long', async () => {
    const dripping = await rawServer((socket) => {
      socket.write(`${HEAD}Content-Length: 12\r\n\r\n`)
      drip(socket, 'x', 60)
    })
    const options = { timeoutMs: 300, retries: 0 }
    const to = sink()
    await transport(dripping.url, options).request(get(() => to))
    expect(to.bytes()).toHaveLength(12)
    const silent = await rawServer((socket) => socket.write(`${HEAD}Content-Length: 9\r\n\r\nx`))
    const error = await failure(transport(silent.url, options).request(get(() => sink())))
    expect(error).toMatchObject({ code: 'timeout' })
    expect(error.message).toContain('nothing more from')
  })

  it('waits for a stream that takes its time, and holds no more in memory meanwhile', async () => {
    let sent = 0
    const target = await serving((_, response) => {
      Readable.from(
        (function* () {
          for (; sent < 64; sent += 1) yield Buffer.alloc(MIB)
        })(),
      ).pipe(response)
    })
    let free: () => void = () => undefined
    let first = true
    let got = 0
    const to = new Writable({
      write(chunk: Buffer, _, done) {
        got += chunk.length
        if (first) free = done
        else done()
        first = false
      },
    })
    const request = transport(target.url, { timeoutMs: 200 }).request(get(() => to))
    await sleep(600)
    expect(sent).toBeLessThan(40)
    free()
    await request
    expect(got).toBe(64 * MIB)
  })

  it('into a stream that fails ends with its error, at once', async () => {
    const endless = await rawServer((socket) => {
      socket.write(`${HEAD}Content-Length: 100000000\r\n\r\n`)
      drip(socket, 'x'.repeat(1000), 5)
    })
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    })
    await expect(transport(endless.url).request(get(() => full))).rejects.toThrow('full')
    await expect.poll(endless.open).toBe(0)
    const gone = sink()
    setTimeout(() => gone.destroy(), 50)
    await expect(transport(endless.url).request(get(() => gone))).rejects.toThrow(/premature/i)
  })

  it('is cut by closing', async () => {
    const endless = await rawServer((socket) => {
      socket.write(`${HEAD}Content-Length: 100000000\r\n\r\n`)
      drip(socket, 'x', 5)
    })
    const it = transport(endless.url)
    setTimeout(() => it.close(), 100)
    expect(await failure(it.request(get(() => sink())))).toMatchObject({ code: 'interrupted' })
    await expect.poll(endless.open).toBe(0)
  })
})
