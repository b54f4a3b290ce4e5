import { describe, expect, it } from 'vitest'
import { AnswerError, LostAnswerError, type NexusRequest } from '../../src/nexus/client.ts'
import { NEXUS, type Reply } from '../http/scripted-server.ts'
import { client, failure, get, server, signedInTo } from './helpers.ts'

type Method = NexusRequest['method']

const HTML = { 'content-type': 'text/html' }
const OK: Reply = { status: 200, headers: NEXUS, body: { fine: true } }
const BAD_GATEWAY: Reply = { status: 502, headers: HTML, body: '<html><title>502 Bad Gateway</title></html>' }
const STOPPED: Reply = {
  status: 400,
  headers: { ...NEXUS, 'content-type': 'application/json' },
  body: { id: '*', message: '"Invalid state: STOPPED; allowed: [STARTED]"' },
}

/** One bad answer, then good ones: which methods get over it, and how those end that do not. */
const CASES: [name: string, reply: Reply, retried: Method[], others: string][] = [
  [
    '429 of something in front',
    { status: 429, headers: { 'content-type': 'text/plain', 'retry-after': '2' }, body: 'slow down' },
    ['GET', 'PUT', 'DELETE', 'POST'],
    '',
  ],
  [
    '500',
    {
      status: 500,
      headers: { ...NEXUS, 'content-type': 'text/plain' },
      body: 'ERROR: (ID 1-2) java.lang.X: no',
    },
    ['GET'],
    'server-error',
  ],
  ['502 of a reverse proxy', BAD_GATEWAY, ['GET', 'PUT', 'DELETE', 'POST'], ''],
  ['502 without a page', { status: 502, body: '' }, ['GET', 'PUT', 'DELETE'], 'lost-answer'],
  ['503', { status: 503, body: '' }, ['GET', 'PUT', 'DELETE', 'POST'], ''],
  ['504', { status: 504, headers: HTML, body: '<html></html>' }, ['GET', 'PUT', 'DELETE'], 'lost-answer'],
  ['a reset', 'reset', ['GET', 'PUT', 'DELETE'], 'lost-answer'],
  ['garbage', { raw: 'garbage\r\n\r\n' }, ['GET', 'PUT', 'DELETE'], 'lost-answer'],
  [
    'JSON that is cut off',
    { status: 200, headers: { ...NEXUS, 'content-type': 'application/json' }, body: '{"a":' },
    ['GET', 'PUT', 'DELETE'],
    'lost-answer',
  ],
  [
    'a body that is cut off',
    { raw: 'HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"a"' },
    ['GET', 'PUT', 'DELETE'],
    'lost-answer',
  ],
  ['a timeout', 'hang', ['GET', 'PUT', 'DELETE'], 'lost-answer'],
  [
    'a web page',
    { status: 200, headers: HTML, body: '<html><title>Hello</title></html>' },
    [],
    'html-answer',
  ],
  ['the state of a repository that restarts', STOPPED, ['PUT'], 'refused'],
  ['400', { status: 400, headers: NEXUS, body: [{ id: 'name', message: 'no' }] }, [], 'refused'],
  ['401', { status: 401, headers: NEXUS, body: '' }, [], 'not-authenticated'],
  ['403', { status: 403, headers: NEXUS, body: '' }, [], 'forbidden'],
  ['404', { status: 404, headers: { ...NEXUS, 'x-siesta-faultid': 'f' }, body: '' }, [], 'not-found'],
]

describe('one bad answer', () => {
  for (const [name, reply, retried, others] of CASES) {
    for (const method of ['GET', 'PUT', 'DELETE', 'POST'] as const) {
      it(`${method}: ${name}`, async () => {
        const { nexus, target } = await signedInTo((_, index) => (index === 0 ? reply : OK), {
          timeoutMs: reply === 'hang' ? 500 : 30_000,
        })
        const request = nexus.request({
          method,
          path: '/service/rest/v1/x',
          ...(method !== 'GET' && { json: {} }),
        })
        if (retried.includes(method)) {
          expect((await request).body).toEqual({ fine: true })
          expect(target.received).toHaveLength(2)
          return
        }
        const error = await failure(request)
        expect(error.code).toBe(others === 'html-answer' && method === 'POST' ? 'lost-answer' : others)
        expect(target.received).toHaveLength(1)
      })
    }
  }
})

/** The answers that say that a request was not looked at. */
const NOT_LOOKED_AT = ['429 of something in front', '502 of a reverse proxy', '502 without a page', '503']

describe('one bad answer before a sign-in was accepted', () => {
  for (const [name, reply, retried] of CASES.filter(([, , methods]) => methods.includes('GET'))) {
    it(`${name}: the password is ${NOT_LOOKED_AT.includes(name) ? 'sent again' : 'sent once'}`, async () => {
      const target = await server((_, index) => (index === 0 ? reply : OK))
      const outcome = await get(client(target.url, { timeoutMs: 300 }).nexus, '/service/rest/v1/x').catch(
        (error: unknown) => error,
      )
      const sent = NOT_LOOKED_AT.includes(name) ? 2 : 1
      expect({ retried, sent: target.received.length }).toEqual({ retried, sent })
      if (sent === 1) expect(outcome).toBeInstanceOf(Error)
    })
    it(`${name}: a request without a password is sent again`, async () => {
      const target = await server((_, index) => (index === 0 ? reply : OK))
      const { nexus } = client(target.url, { timeoutMs: 300 })
      await nexus.request({ method: 'GET', path: '/service/rest/v1/x', anonymous: true })
      expect(target.received).toHaveLength(2)
    })
  }

  it('429 without Retry-After: the password is sent once', async () => {
    const target = await server(() => ({ status: 429, body: 'slow down' }))
    await failure(get(client(target.url).nexus, '/service/rest/v1/x'))
    expect(target.received).toHaveLength(1)
  })
})

describe('retries', () => {
  it('are bounded, and wait longer each time', async () => {
    const target = await server(() => ({ status: 503, body: '' }))
    const { nexus, waits } = client(target.url)
    const error = await failure(get(nexus, '/service/rest/v1/x'))
    expect(error.code).toBe('bad-gateway')
    expect(error.exitCode).toBe(4)
    expect(target.received).toHaveLength(5)
    expect(waits).toHaveLength(4)
    for (const [index, base] of [200, 400, 800, 1600].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(base / 2)
      expect(waits[index]).toBeLessThanOrEqual(base)
    }
    expect(nexus.counts).toEqual({ total: 5, writes: 0 })
  })

  it('wait as long as Retry-After says, up to 30 seconds', async () => {
    for (const [value, expected] of [
      ['7', 7000],
      ['30', 30_000],
    ] as const) {
      const target = await server((_, index) =>
        index === 0 ? { status: 429, headers: { 'retry-after': value } } : OK,
      )
      const { nexus, waits } = client(target.url)
      await get(nexus, '/service/rest/v1/x')
      expect(waits).toEqual([expected])
    }
    const patient = await server(() => ({ status: 503, headers: { ...NEXUS, 'retry-after': '60' } }))
    const error = await failure(get(client(patient.url).nexus, '/service/rest/v1/x'))
    expect(patient.received).toHaveLength(1)
    expect(error.message).toContain('60 s')
  })

  it('are spent on a silent server once only', async () => {
    const { nexus, target } = await signedInTo(() => 'hang', { timeoutMs: 100 })
    const error = await failure(get(nexus, '/service/rest/v1/x', 'list repositories'))
    expect(error).toMatchObject({ code: 'timeout', exitCode: 4 })
    expect(error.message).toBe(`cannot list repositories: no answer from ${target.url} within 0.1 s`)
    expect(target.received).toHaveLength(2)
  })

  it('do not happen for an address where nothing ever answered', async () => {
    const gone = await server(() => OK)
    await gone.close()
    const { nexus, waits } = client(gone.url)
    const error = await failure(get(nexus, '/service/rest/v1/x'))
    expect(error).toMatchObject({ code: 'connection-refused', exitCode: 4 })
    expect(waits).toEqual([])
  })

  it('get over the restart of a server that has answered, POST included: nothing was executed', async () => {
    // No kept-alive connection: its end would be a reset, not a refusal.
    const first = await server(() => ({ status: 200, headers: { ...NEXUS, connection: 'close' } }))
    const { nexus } = client(first.url, {
      delay: async () => {
        if (!restarted) restarted = await server(() => OK, { port: first.port })
      },
    })
    let restarted: Awaited<ReturnType<typeof server>> | undefined
    await get(nexus, '/service/rest/v1/x')
    await first.close()
    const answer = await nexus.request({ method: 'POST', path: '/service/rest/v1/x', json: {} })
    expect(answer.status).toBe(200)
    expect(restarted?.received).toHaveLength(1)
  })

  it('leave an answer alone that the caller allows', async () => {
    const target = await server(() => ({ status: 503, headers: NEXUS }))
    const { nexus } = client(target.url)
    const { status } = await nexus.request({ method: 'GET', path: '/service/rest/v1/status', allow: [503] })
    expect(status).toBe(503)
    expect(target.received).toHaveLength(1)
  })

  it('repeat a POST that only reads, which is no write', async () => {
    const { nexus } = await signedInTo((_, index) => (index === 0 ? 'reset' : OK))
    await nexus.request({ method: 'POST', path: '/service/extdirect', json: {}, readOnly: true })
    expect(nexus.counts).toEqual({ total: 3, writes: 0 })
  })

  it('tell a POST that may have been executed from one that was refused', async () => {
    const lost = await server(() => 'reset')
    const error = await failure(
      client(lost.url).nexus.request({ method: 'POST', path: '/x', what: 'create repository "a"' }),
    )
    expect(error).toBeInstanceOf(LostAnswerError)
    expect(error.message).toBe(
      `cannot create repository "a": ${lost.url} closed the connection without an answer, after the request was sent: the server may or may not have done it`,
    )
    const refusing = await server(() => ({
      status: 400,
      headers: NEXUS,
      body: [{ id: 'PARAMETER name', message: 'bad' }],
    }))
    const refused = await failure(client(refusing.url).nexus.request({ method: 'POST', path: '/x' }))
    expect(refused).toBeInstanceOf(AnswerError)
    expect(refused).toMatchObject({ status: 400, complaints: [{ field: 'name' }] })
  })

  it('name the fault of the server for a change that failed', async () => {
    const body = 'ERROR: (ID 7c4b-11) java.lang.IllegalStateException: in use'
    const target = await server(() => ({
      status: 500,
      headers: { ...NEXUS, 'content-type': 'text/plain' },
      body,
    }))
    const error = await failure(
      client(target.url).nexus.request({ method: 'DELETE', path: '/x', what: 'delete x' }),
    )
    expect(error).toMatchObject({ code: 'server-error', exitCode: 1, faultId: '7c4b-11' })
    expect(error.message).toBe(
      'cannot delete x: server error: java.lang.IllegalStateException: in use (fault 7c4b-11)',
    )
  })

  it('end when the run is interrupted', async () => {
    const abort = new AbortController()
    const target = await server(() => {
      setTimeout(() => abort.abort(), 20)
      return { status: 503 }
    })
    const { nexus } = client(target.url, { signal: abort.signal, delay: undefined, retries: 10 })
    const error = await failure(get(nexus, '/service/rest/v1/x'))
    expect(error).toMatchObject({ code: 'interrupted', exitCode: 130 })
    expect(target.received.length).toBeLessThan(4)
  })
})
