import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/core/redact.ts'
import { type Waiting, waitReady } from '../../src/nexus/wait-ready.ts'
import { failure, server } from './helpers.ts'
import { NEXUS, type Reply, startServer } from './scripted-server.ts'

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
      '502 Bad Gateway from what stands in front of it',
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
      'a connector port',
      { status: 404, headers: { 'docker-distribution-api-version': 'registry/2.0' } },
      'registry-port',
    ],
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

  it('puts up with another answer while what is in front starts', async () => {
    const target = await server((_, index) => (index < 2 ? PAGE : READY))
    await wait(target.url, { graceMs: 5000 }).promise
    expect(target.received).toHaveLength(3)
  })

  it('takes a Nexus that asks for credentials, or is too old for the question, as there', async () => {
    for (const status of [401, 403, 404]) {
      await wait((await server(() => ({ status, headers: NEXUS }))).url).promise
    }
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

  it('does not wait for what cannot be a connection', async () => {
    expect(await failure(wait('nexus:8081').promise)).toMatchObject({ code: 'invalid-url', exitCode: 3 })
  })
})
