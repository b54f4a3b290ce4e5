import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../../src/core/secrets/redact.ts'
import { type Waiting, waitReady } from '../../../src/nexus/wait/wait-ready.ts'
import { NEXUS, type Reply, startServer } from '../../http/scripted-server.ts'
import { failure, server } from '../helpers.ts'

const READY: Reply = { status: 200, headers: NEXUS }
const PAGE: Reply = { status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Grafana</title>' }

function wait(url: string, waiting: Partial<Waiting> = {}) {
  const lines: string[] = []
  const connection = { url, username: 'admin', password: 'canary', redactor: createRedactor() }
  const promise = waitReady(connection, {
    deadlineMs: 3000,
    report: ({ reason }) => lines.at(-1) !== reason && lines.push(reason),
    ...waiting,
  })
  return { lines, promise }
}

/** The URL of an HTTP proxy that answers every CONNECT so. Closed after the test. */
async function proxyThatAnswers(status: number): Promise<string> {
  const proxy = createServer().on('connect', (_, socket) => {
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}

describe('waiting for the server', () => {
  it('is over at once where it is ready, and sends no credentials', async () => {
    const target = await server(() => READY)
    const { lines, promise } = wait(target.url)
    await promise
    expect(lines).toEqual([])
    expect(target.received.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual(
      [['GET', '/service/rest/v1/status/writable', undefined]],
    )
  })

  it('says what it waits for whenever that changes, and only then', async () => {
    const gone = await startServer(() => READY)
    await gone.close()
    const { lines, promise } = wait(gone.url, { deadlineMs: 8000 })
    const proxy: Reply = {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<title>502 Bad Gateway</title>',
    }
    const frozen = (path: string): Reply => ({
      status: path.endsWith('writable') ? 503 : 200,
      headers: NEXUS,
    })
    await new Promise((resolve) => setTimeout(resolve, 800))
    let phase = 0
    const started = await server(
      ({ path }) => {
        phase += 1
        return phase <= 2 ? proxy : phase <= 4 ? frozen(path) : READY
      },
      { port: gone.port },
    )
    await promise
    expect(lines).toEqual([
      'connection refused',
      '502 Bad Gateway from what is in front of it',
      'read-only mode (frozen)',
    ])
    expect(started.received.length).toBeGreaterThanOrEqual(5)
  })

  const OBSTACLES: [name: string, reply: (path: string) => Reply, says: string][] = [
    ['a proxy in front', () => ({ status: 503, body: 'no available server' }), '503 Service Unavailable'],
    [
      'a frozen server',
      (path) => ({ status: path.endsWith('writable') ? 503 : 200, headers: NEXUS }),
      'read-only mode (frozen)',
    ],
    [
      'a frozen server whose name a proxy removes',
      (path) => ({ status: path.endsWith('writable') ? 503 : 200 }),
      'read-only mode (frozen)',
    ],
    [
      'a server that stops',
      () => ({ status: 503, headers: { server: 'Jetty(9.4.53)' } }),
      'the server is stopping',
    ],
    ['silence', () => 'hang', 'no answer from'],
    ['resets', () => 'reset', 'closed the connection'],
  ]
  for (const [name, reply, says] of OBSTACLES) {
    it(`ends at the deadline with the last thing seen: ${name}`, async () => {
      const target = await server(({ path }) => reply(path))
      const start = performance.now()
      const error = await failure(wait(target.url, { deadlineMs: 400 }).promise)
      expect(error).toMatchObject({ code: 'not-ready', exitCode: 4 })
      expect(error.message).toContain('the server was not ready within 0.4 s: ')
      expect(error.message).toContain(says)
      expect(performance.now() - start).toBeLessThan(10_000)
    })
  }

  it('for a name that is not known goes on until the deadline', async () => {
    const error = await failure(wait('http://no-such-host.invalid', { deadlineMs: 300 }).promise)
    expect(error.message).toContain('no-such-host.invalid')
    expect(error.code).toBe('not-ready')
  })

  const OTHERS: [name: string, reply: Reply, code: string][] = [
    ['a web site', PAGE, 'html-answer'],
    [
      'a server that knows no such page',
      { status: 404, headers: { server: 'Apache' }, body: 'no' },
      'not-nexus',
    ],
    ['a server that says yes to everything', { status: 200, body: '' }, 'not-nexus'],
    [
      'a redirect to https',
      { status: 301, headers: { location: 'https://127.0.0.1/service/rest/v1/status/writable' } },
      'redirected-to-https',
    ],
  ]
  for (const [name, reply, code] of OTHERS) {
    it(`gives up after a short grace: ${name}`, async () => {
      const target = await server(() => reply)
      const start = performance.now()
      const error = await failure(wait(target.url, { deadlineMs: 60_000, graceMs: 100 }).promise)
      expect(error).toMatchObject({ code, exitCode: 4 })
      expect(target.received.length).toBeGreaterThan(1)
      expect(performance.now() - start).toBeLessThan(10_000)
    })
  }

  const NEVER: [name: string, reply: Reply, path: string, code: string][] = [
    [
      'a connector port',
      { status: 404, headers: { 'docker-distribution-api-version': 'registry/2.0' } },
      '',
      'registry-port',
    ],
    ['a path that Nexus does not have', { status: 404, headers: NEXUS }, '/nexus', 'url-path'],
    ['a repository that wants a sign-in', { status: 401, headers: NEXUS }, '/repository/hub', 'url-path'],
  ]
  it.each(NEVER)('ends at once where time cures nothing: %s', async (_, reply, path, code) => {
    const target = await server(() => reply)
    const error = await failure(wait(target.url + path, { deadlineMs: 60_000 }).promise)
    expect(error).toMatchObject({ code, exitCode: 4 })
    expect(error.message).toMatch(/^there is nothing to wait for at /)
    expect(target.received).toHaveLength(1)
  })

  it('says that it gave up, for how long it tried, and why', async () => {
    const target = await server(() => PAGE)
    const error = await failure(wait(target.url, { deadlineMs: 60_000, graceMs: 100 }).promise)
    expect(error.message).toBe(
      `gave up waiting for ${target.url} after 0 s: it answered with a web page ("Grafana")`,
    )
    expect(error.hint).toContain('Another product answers there')
  })

  it('leaves a front in peace for as long as it asks for', async () => {
    const times: number[] = []
    const target = await server((_, index) => {
      times.push(performance.now())
      return index < 2 ? { status: 503, headers: { 'retry-after': '1' }, body: 'starting' } : READY
    })
    await wait(target.url).promise
    // The second is the look at /status that tells a frozen server from one that is not there.
    expect(target.received.map(({ path }) => path.slice(-8))).toEqual(['writable', '1/status', 'writable'])
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990)
  })

  it('… but no longer than there is time', async () => {
    const target = await server(() => ({ status: 503, headers: { 'retry-after': '3600' }, body: 'starting' }))
    const start = performance.now()
    const error = await failure(wait(target.url, { deadlineMs: 600 }).promise)
    expect(error).toMatchObject({ code: 'not-ready', exitCode: 4 })
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(target.received.length).toBeLessThanOrEqual(4)
  })

  it('is told how long it has waited, of how long, and the code of what is in the way', async () => {
    const seen: object[] = []
    const target = await server((_, index) => (index < 2 ? { status: 502, body: '' } : READY))
    await wait(target.url, { report: (obstacle) => seen.push(obstacle) }).promise
    const elapsedMs = expect.any(Number) as number
    const reason = '502 Bad Gateway from what is in front of it'
    expect(seen).toEqual(Array(2).fill({ code: 'bad-gateway', reason, elapsedMs, limitMs: 3000 }))
  })

  it('waits for a server behind an HTTP proxy that cannot connect to it yet, and not where the proxy refuses', async () => {
    for (const [status, code] of [
      [503, 'not-ready'],
      [403, 'proxy-refused'],
    ] as const) {
      const proxy = await proxyThatAnswers(status)
      const connection = {
        url: 'https://nexus.test',
        environment: { HTTPS_PROXY: proxy },
        redactor: createRedactor(),
      }
      const waiting = { deadlineMs: 800, graceMs: 100, report: () => undefined }
      expect(await failure(waitReady(connection, waiting))).toMatchObject({ code, exitCode: 4 })
    }
  })

  it('puts up with another answer while what is in front starts', async () => {
    const target = await server((_, index) => (index < 2 ? PAGE : READY))
    await wait(target.url, { graceMs: 5000 }).promise
    expect(target.received).toHaveLength(3)
  })

  it('takes a Nexus that asks for credentials, or is too old for the question, as there', async () => {
    for (const status of [401, 403]) {
      await wait((await server(() => ({ status, headers: NEXUS }))).url).promise
    }
    const old = { server: 'Nexus/3.14.0-04 (OSS)' }
    await wait((await server(() => ({ status: 404, headers: old }))).url).promise
  })

  it('recognises a Nexus whose name a proxy removes', async () => {
    const target = await server(({ path }) => ({ status: path.endsWith('writable') ? 200 : 404 }))
    await wait(target.url).promise
    expect(target.received).toHaveLength(2)
  })

  it('ends when interrupted', async () => {
    const abort = new AbortController()
    const target = await server(() => ({ status: 503, headers: NEXUS }))
    const { promise } = wait(target.url, { signal: abort.signal, deadlineMs: 60_000 })
    setTimeout(() => abort.abort(), 100)
    const start = performance.now()
    expect(await failure(promise)).toMatchObject({ code: 'interrupted', exitCode: 130 })
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('… also when the server does not answer', async () => {
    const abort = new AbortController()
    const target = await server(() => 'hang')
    const { promise } = wait(target.url, { signal: abort.signal, deadlineMs: 60_000 })
    setTimeout(() => abort.abort(), 100)
    const start = performance.now()
    expect(await failure(promise)).toMatchObject({ code: 'interrupted', exitCode: 130 })
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('does not wait for what cannot be a connection', async () => {
    expect(await failure(wait('nexus:8081').promise)).toMatchObject({ code: 'invalid-url', exitCode: 3 })
  })
})
