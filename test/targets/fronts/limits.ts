import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'

import type { Target } from '../../../src/targets/contract.ts'
import { type FrontName, fronts, startFront } from '../../programs/fronts.ts'
import { freePort, openWorkshop, reasonToSkip } from '../../programs/workshop.ts'
import { edgeFor } from '../edges.ts'
import { certificateForExample, certificateOfStranger } from './certificate.ts'

/** A front in plain http before one server, and how to ask it: with the body in pieces, some milliseconds between them. */
async function serve(name: FrontName, target: Target, upstream: string, limits = {}) {
  const workshop = openWorkshop()
  onTestFinished(() => workshop.close())
  const port = await freePort()
  const host = `registry.example.com:${port}`
  const edge = edgeFor({ routing: 'path', tls: undefined, hosts: { pull: host }, upstream, limits })
  await startFront(name, target.render({ edge, from: ['repos.yml'] }), [port], workshop)
  return async (
    method: string,
    path: string,
    pieces: readonly Buffer[] = [],
    between = 0,
  ): Promise<number> => {
    const length = between === 0 ? { 'content-length': Buffer.concat(pieces).length } : {}
    const asked = request({ port, method, path, headers: { host, ...length }, agent: false })
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>
    answered.catch(() => undefined)
    for (const piece of pieces) {
      asked.write(piece)
      await delay(between)
    }
    asked.end()
    const [answer] = await answered
    answer.resume()
    return answer.statusCode ?? 0
  }
}

/** Answers when all is there, and to `/v2/rest` never. */
async function nexus(tls?: { cert: string; key: string }): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const answer = (incoming: IncomingMessage, response: ServerResponse) => {
    asked.push(String(incoming.url))
    incoming.resume().on('end', () => {
      if (incoming.url !== '/v2/rest') response.end()
    })
  }
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http${tls ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Sizes and times of a front, with numbers that a test can wait for. */
export function describeLimits(name: FrontName, target: Target): void {
  const skipped = reasonToSkip(...fronts[name].programs, 'openssl') !== undefined
  describe.skipIf(skipped)(`limits of ${name}`, () => {
    it('refuses a body that is larger than the limit, and no other', async () => {
      const { url } = await nexus()
      const ask = await serve(name, target, url, { upload: 1000 })
      expect(await ask('PUT', '/v2/a', [Buffer.alloc(1000)])).toBe(200)
      // Caddy 2.6 has 502 for it.
      expect([413, 502]).toContain(await ask('PUT', '/v2/a', [Buffer.alloc(1001)]))
    })

    it('lets an upload take longer than the time-out, and waits for no answer for ever', async () => {
      const { url } = await nexus()
      const ask = await serve(name, target, url, { timeout: 1 })
      const pieces = Array.from({ length: 5 }, () => Buffer.alloc(10))
      expect(await Promise.all([ask('PATCH', '/v2/a', pieces, 500), ask('GET', '/v2/rest')])).toEqual([
        200, 504,
      ])
    })
  })
}

/** What a front makes of a Nexus with TLS. `known`: the name that the certificate has to have. */
export function describeTrust(
  name: FrontName,
  target: Target,
  known: 'localhost' | 'registry.example.com' = 'localhost',
): void {
  const skipped = reasonToSkip(...fronts[name].programs, 'openssl') !== undefined
  describe.skipIf(skipped)(`${name} before a Nexus with TLS`, () => {
    it.each([
      ['nobody vouches for it', certificateOfStranger],
      ['it is for another name', () => certificateForExample().only['elsewhere.example.com']],
    ])('sends nothing to one whose certificate is wrong: %s', async (_, pem) => {
      const { certificate: cert, key } = pem()
      const { url, asked } = await nexus({ cert, key })
      const ask = await serve(name, target, url.replace('127.0.0.1', 'localhost'))
      expect([500, 502, 503]).toContain(await ask('GET', '/v2/'))
      expect(asked).toEqual([])
    })

    it(`goes to one whose certificate is for ${known}`, async () => {
      const { certificate: cert, key } = certificateForExample().only[known]
      const { url, asked } = await nexus({ cert, key })
      const ask = await serve(name, target, url.replace('127.0.0.1', 'localhost'))
      expect(await ask('GET', '/v2/')).toBe(200)
      expect(asked).toEqual(['/v2/'])
    })
  })
}
