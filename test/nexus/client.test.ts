import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import type { RequestEvent } from '../../src/http/options.ts'
import { createNexus } from '../../src/nexus/client.ts'
import { NEXUS } from '../http/scripted-server.ts'
import { client, failure, get, PASSWORD, server, signedInTo } from './helpers.ts'

describe('a request', () => {
  it('goes below the context path, with or without a slash at the end', async () => {
    const target = await server(() => ({ status: 200, headers: NEXUS, body: [1] }))
    for (const suffix of ['', '/', '/nexus', '/nexus/', '/nexus/#browse/welcome', '/a/b//']) {
      const { nexus } = client(target.url + suffix)
      expect(await get(nexus, '/service/rest/v1/repositories')).toEqual([1])
    }
    expect(
      target.received.map(({ path }) => path.replace('/service/rest/v1/repositories', '')).join(' '),
    ).toBe('  /nexus /nexus /nexus /a/b')
  })

  it('carries JSON, text or nothing, each with its type', async () => {
    const target = await server(() => ({ status: 204, headers: NEXUS }))
    const { nexus } = client(target.url)
    await nexus.request({ method: 'PUT', path: '/j', json: { a: 'ü' } })
    await nexus.request({ method: 'PUT', path: '/t', text: 'pass word' })
    const empty = await nexus.request({ method: 'DELETE', path: '/d' })
    expect(target.received.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['{"a":"ü"}', 'application/json'],
      ['pass word', 'text/plain'],
      ['', undefined],
    ])
    expect(empty.body).toBeUndefined()
    expect(nexus.counts).toEqual({ total: 3, writes: 3 })
  })

  it('returns text where the answer is no JSON, and parses JSON whatever its type', async () => {
    const target = await server(({ path }) => ({
      status: 200,
      headers: NEXUS,
      body: path === '/t' ? 'plain' : '{"a":1}',
    }))
    const { nexus } = client(target.url)
    expect(await get(nexus, '/t')).toBe('plain')
    expect(await get(nexus, '/j')).toEqual({ a: 1 })
  })

  it('keeps at most as many connections as the parallelism, and uses them again', async () => {
    const target = await server(() => ({ status: 200, headers: NEXUS, body: [], delayMs: 5 }))
    const { nexus } = client(target.url, { parallelism: 3, timeoutMs: 5000 })
    await Promise.all(Array.from({ length: 120 }, () => get(nexus, '/x')))
    expect(target.maxInFlight()).toBe(3)
    expect(target.connections()).toBe(3)
    expect(target.received).toHaveLength(120)
  })

  it('does not count the time in the queue against its timeout', async () => {
    const target = await server(() => ({ status: 200, headers: NEXUS, body: [], delayMs: 100 }))
    const { nexus } = client(target.url, { parallelism: 1, timeoutMs: 1500 })
    await Promise.all(Array.from({ length: 18 }, () => get(nexus, '/x')))
    expect(target.received).toHaveLength(18)
  })

  it('is told of, each attempt', async () => {
    const events: RequestEvent[] = []
    const { nexus } = await signedInTo(
      (_, index) => (index === 0 ? 'reset' : { status: 200, headers: NEXUS, body: { a: 1 } }),
      { onRequest: (event) => events.push(event) },
    )
    events.length = 0
    await nexus.request({ method: 'PUT', path: '/x', json: { b: 2 } })
    expect(events).toMatchObject([
      { method: 'PUT', path: '/x', attempt: 1, error: 'reset (ECONNRESET)', requestBody: { b: 2 } },
      { method: 'PUT', path: '/x', attempt: 2, status: 200, requestBody: { b: 2 }, responseBody: { a: 1 } },
    ])
    expect(events[1]?.milliseconds).toBeGreaterThan(0)
    expect(JSON.stringify(events)).not.toContain(PASSWORD)
  })

  it('learns the server from any answer, an error too; else from the hint', async () => {
    const target = await server(() => ({ status: 403, headers: { server: 'Nexus/3.96.2-01 (PRO)' } }))
    const { nexus } = client(target.url, { versionHint: '3.80.0' })
    expect(nexus.server).toBeUndefined()
    await failure(get(nexus, '/x'))
    expect(nexus.server).toEqual({ version: '3.96.2', edition: 'pro', header: 'Nexus/3.96.2-01 (PRO)' })
    const bare = await server(() => ({ status: 200 }))
    const hinted = client(bare.url, { versionHint: '3.80 Community' }).nexus
    expect(hinted.server).toBeUndefined()
    await get(hinted, '/x')
    expect(hinted.server).toEqual({ version: '3.80.0', edition: 'community' })
  })
})

describe('what cannot be a connection', () => {
  for (const [name, options, code] of [
    ['no scheme', { url: 'localhost:8081' }, 'invalid-url'],
    ['nothing', { url: '' }, 'invalid-url'],
    ['another scheme', { url: 'ftp://x' }, 'invalid-url'],
    ['a version hint', { url: 'http://x', versionHint: 'new' }, 'invalid-version-hint'],
    ['a CA that is none', { url: 'https://x', caCert: 'hello' }, 'invalid-ca-cert'],
    [
      'a CA that is damaged',
      { url: 'https://x', caCert: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'invalid-ca-cert',
    ],
    ['a client certificate without key', { url: 'https://x', clientCert: 'x' }, 'invalid-client-cert'],
    [
      'a proxy of another kind',
      { url: 'http://x', environment: { HTTP_PROXY: 'socks5://p:1080' } },
      'invalid-proxy',
    ],
  ] as const) {
    it(`is said before the first request: ${name}`, async () => {
      const error = await failure(
        Promise.resolve().then(() => createNexus({ redactor: createRedactor(), ...options })),
      )
      expect(error).toMatchObject({ code, exitCode: 3 })
    })
  }

  it('is named without its credentials, with what was probably meant', async () => {
    const error = await failure(
      Promise.resolve().then(() => createNexus({ redactor: createRedactor(), url: 'bob:canary@host:8081' })),
    )
    expect(error.message + String(error.hint)).not.toContain('canary')
    const meant = await failure(
      Promise.resolve().then(() => createNexus({ redactor: createRedactor(), url: 'nexus:8081' })),
    )
    expect(meant.hint).toContain('http://nexus:8081')
  })
})
