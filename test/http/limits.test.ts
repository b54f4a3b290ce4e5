// No answer lasts longer or grows larger than it may, whatever the server does.
import type { Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { client, failure, get, server, signedInTo } from '../nexus/helpers.ts'
import { drip, HEAD, rawServer } from './raw-server.ts'
import { NEXUS } from './scripted-server.ts'

const MIB = 1024 ** 2

describe('--timeout bounds an attempt', () => {
  const slow: [name: string, answer: (socket: Socket) => unknown][] = [
    ['that gets nothing', () => undefined],
    [
      'whose status line drips',
      (socket) => {
        socket.write('HTTP/1.1 200 O')
        drip(socket, 'K', 20)
      },
    ],
    [
      'whose headers drip',
      (socket) => {
        socket.write(HEAD)
        drip(socket, 'x-a: b\r\n', 20)
      },
    ],
    [
      'whose body drips',
      (socket) => {
        socket.write(`${HEAD}Content-Length: 100000\r\n\r\n`)
        drip(socket, ' ', 20)
      },
    ],
    [
      'whose chunks drip',
      (socket) => {
        socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`)
        drip(socket, '1\r\n \r\n', 20)
      },
    ],
    [
      'whose error page drips',
      (socket) => {
        socket.write('HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n')
        drip(socket, ' ', 20)
      },
    ],
    [
      'whose compressed body stops',
      (socket) =>
        socket.write(
          Buffer.concat([
            Buffer.from(`${HEAD}Content-Encoding: gzip\r\nContent-Length: 999\r\n\r\n`),
            gzipSync('[]').subarray(0, 12),
          ]),
        ),
    ],
    ['that is told to wait for ever', (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 20)],
  ]
  it.each(slow)('%s', async (_, answer) => {
    const target = await rawServer(answer)
    const { nexus } = client(target.url, { timeoutMs: 300, retries: 0 })
    const start = performance.now()
    expect(await failure(get(nexus, '/x'))).toMatchObject({ code: 'timeout', exitCode: 4 })
    expect(performance.now() - start).toBeLessThan(5000)
  })

  it('whose TLS handshake stops', async () => {
    const target = await rawServer(() => undefined)
    const url = target.url.replace('http:', 'https:')
    const { nexus } = client(url, { timeoutMs: 300, retries: 0 })
    const error = await failure(nexus.request({ method: 'POST', path: '/x' }))
    // For certain nothing was sent: not a lost answer.
    expect(error).toMatchObject({ code: 'timeout', exitCode: 4 })
  })

  it.each<[string, (socket: Socket) => unknown]>([
    ['does not answer CONNECT', () => undefined],
    [
      'answers CONNECT byte by byte',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        drip(socket, 'x-a: b\r\n', 20)
      },
    ],
    ['opens a tunnel to nothing', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
  ])('whose proxy %s', async (_, answer) => {
    const proxy = await rawServer(answer)
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
    const { nexus } = client('https://nexus.invalid', { environment, timeoutMs: 300, retries: 0 })
    expect(await failure(nexus.request({ method: 'POST', path: '/x' }))).toMatchObject({ code: 'timeout' })
    nexus.close()
    await expect.poll(proxy.open).toBe(0)
  })
})

describe('a status that is no answer', () => {
  it.each([101, 104, 150, 199])('%i is an error at once, and no request is repeated', async (status) => {
    const target = await rawServer((socket) =>
      socket.write(`HTTP/1.1 ${status} Odd\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`),
    )
    const { nexus } = client(target.url)
    const error = await failure(get(nexus, '/x', 'list'))
    expect(error).toMatchObject({ code: 'unexpected-answer', exitCode: 4 })
    expect(error.message).toMatch(new RegExp(`^cannot list: .* answered ${status}`))
    expect(target.received).toHaveLength(1)
  })

  it.each(['100 Continue', '102 Processing', '103 Early Hints'])('%s comes before one', async (line) => {
    const body = `${HEAD}Content-Length: 2\r\n\r\n[]`
    const target = await rawServer((socket) => socket.write(`HTTP/1.1 ${line}\r\n\r\n${body}`))
    expect(await get(client(target.url).nexus, '/x')).toEqual([])
  })
})

describe('the size of an answer', () => {
  const text = (size: number) => `"${' '.repeat(size - 2)}"`

  it('may be as large as the limit, and not larger', async () => {
    for (const [size, code] of [
      [MIB, undefined],
      [MIB + 1, 'answer-too-large'],
    ] as const) {
      const { nexus, target } = await signedInTo(() => ({ status: 200, headers: NEXUS, body: text(size) }), {
        maxAnswerBytes: MIB,
      })
      const outcome = get(nexus, '/x', 'list')
      if (code === undefined) expect(await outcome).toHaveLength(size - 2)
      else {
        const error = await failure(outcome)
        expect(error).toMatchObject({ code, exitCode: 4 })
        expect(error.message).toBe(`cannot list: the answer from ${target.url} is larger than 1 MiB`)
        expect(error.hint).toContain('--max-answer')
        expect(target.received).toHaveLength(1)
      }
    }
  })

  it('is counted decompressed, while it comes', async () => {
    const bomb = Buffer.alloc(300 * MIB, ' ')
    for (const [encoding, packed] of [
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync(bomb, { params: { 1: 1 } })],
    ] as const) {
      const target = await rawServer((socket) => {
        socket.write(`${HEAD}Content-Encoding: ${encoding}\r\nContent-Length: ${packed.length}\r\n\r\n`)
        socket.write(packed)
      })
      const before = process.memoryUsage.rss()
      const error = await failure(get(client(target.url).nexus, '/x'))
      expect(error.code).toBe('answer-too-large')
      expect(error.message).toContain('32 MiB')
      expect(process.memoryUsage.rss() - before).toBeLessThan(200 * MIB)
    }
  }, 60_000)

  it('of a change leaves open whether it was made', async () => {
    const { nexus } = await signedInTo(() => ({ status: 200, headers: NEXUS, body: text(9000) }), {
      maxAnswerBytes: 1024,
    })
    expect(await failure(nexus.request({ method: 'POST', path: '/x' }))).toMatchObject({
      code: 'lost-answer',
    })
  })

  it('of an error is cut, and the error is the same', async () => {
    const target = await server(() => ({
      status: 400,
      headers: { ...NEXUS, 'content-type': 'text/plain' },
      body: `no ä${'ä'.repeat(5 * MIB)}`,
    }))
    const error = await failure(get(client(target.url).nexus, '/x'))
    expect(error).toMatchObject({ code: 'refused', status: 400 })
    expect(error.message).toContain('no ä')
    expect(error.message.length).toBeLessThan(1000)
    expect(error.message).not.toContain('\uFFFD')
  })

  it('of an error that never ends is read no further', async () => {
    const target = await rawServer((socket) => {
      socket.write('HTTP/1.1 400 No\r\nContent-Type: text/plain\r\n\r\n')
      drip(socket, 'no '.repeat(30_000), 1)
    })
    const { nexus } = client(target.url, { timeoutMs: 30_000 })
    expect((await failure(get(nexus, '/x'))).code).toBe('refused')
    await expect.poll(target.open).toBe(0)
  })
})

it('JSON that is nested without end is damaged', async () => {
  for (const body of ['['.repeat(200) + ']'.repeat(200), '['.repeat(500_000) + ']'.repeat(500_000)]) {
    const { nexus } = await signedInTo(() => ({ status: 200, headers: NEXUS, body }))
    const error = await failure(get(nexus, '/x'))
    expect(error.code).toBe('garbage-answer')
    expect(error.message).toContain('nested too deeply')
  }
  const body = '['.repeat(90) + ']'.repeat(90)
  const { nexus } = await signedInTo(() => ({ status: 200, headers: NEXUS, body }))
  expect(await get(nexus, '/x')).toHaveLength(1)
})

it('a compressed body that is none is damaged', async () => {
  for (const encoding of ['gzip', 'deflate', 'br']) {
    const target = await rawServer((socket) =>
      socket.write(`${HEAD}Content-Encoding: ${encoding}\r\nContent-Length: 9\r\n\r\nnot that!`),
    )
    const error = await failure(get(client(target.url).nexus, '/x'))
    expect({ encoding, code: error.code }).toEqual({ encoding, code: 'garbage-answer' })
  }
})
