// The rules of the table without a registry: two servers that say who was asked.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startNginx } from './nginx.ts'
import { type ProxyRuleName, proxyRules } from './reverse-proxies.ts'
import { reasonToSkip } from './workshop.ts'

const reason = reasonToSkip('nginx')

it('has nginx to stand in front of a registry', ({ skip }) => {
  skip(reason !== undefined, reason)
})

async function echo(name: string): Promise<string> {
  const server = createServer((request: IncomingMessage, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0', 'x-who': name })
      response.end(
        request.method === 'HEAD'
          ? undefined
          : JSON.stringify({ url: request.url, headers: request.headers }),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Requests of pulls and pushes, and who has to answer them. */
const shapes: [method: string, path: string, who: 'hosted' | 'group'][] = [
  ['GET', '/v2/', 'group'],
  ['GET', '/v2/library/base/manifests/1', 'group'],
  ['HEAD', '/v2/library/base/manifests/1', 'group'],
  ['GET', '/v2/library/base/blobs/sha256:1', 'group'],
  ['GET', '/v2/library/base/tags/list', 'group'],
  ['HEAD', '/v2/team/app/blobs/sha256:1', 'hosted'],
  ['POST', '/v2/team/app/blobs/uploads/', 'hosted'],
  ['POST', '/v2/team/app/blobs/uploads/?mount=sha256:1&from=library/base', 'hosted'],
  ['GET', '/v2/team/app/blobs/uploads/1', 'hosted'],
  ['PATCH', '/v2/team/app/blobs/uploads/1', 'hosted'],
  ['PUT', '/v2/team/app/blobs/uploads/1?digest=sha256:1', 'hosted'],
  ['DELETE', '/v2/team/app/blobs/uploads/1', 'hosted'],
  ['PUT', '/v2/team/app/manifests/1', 'hosted'],
  ['DELETE', '/v2/team/app/manifests/sha256:1', 'hosted'],
]

/** Which of the requests a rule sends to the wrong place. */
const wrong: Partial<Record<ProxyRuleName, string[]>> = {
  'three-part': [],
  'three-part-ping-hosted': ['GET /v2/'],
  namespace: ['GET /v2/'],
  'get-only': ['HEAD /v2/library/base/manifests/1', 'GET /v2/team/app/blobs/uploads/1'],
  'get-head': ['HEAD /v2/team/app/blobs/sha256:1', 'GET /v2/team/app/blobs/uploads/1'],
  'put-only': shapes
    .filter(([method, , who]) => who === 'hosted' && method !== 'PUT')
    .map(([method, path]) => `${method} ${path}`),
  'split-uploads': ['PATCH /v2/team/app/blobs/uploads/1'],
  'upload-status': ['GET /v2/team/app/blobs/uploads/1'],
}

describe.skipIf(reason !== undefined)('nginx', () => {
  it.each(Object.entries(wrong))(
    '%s sends to the wrong place what the table says',
    async (rule, expected) => {
      const [push, pull] = [await echo('hosted'), await echo('group')]
      const proxy = await startNginx({ rule: rule as ProxyRuleName, push, pull })
      onTestFinished(() => proxy.close())
      const misled: string[] = []
      for (const [method, path, who] of shapes) {
        const answer = await fetch(`${proxy.url}${path}`, { method })
        await answer.arrayBuffer()
        expect(answer.status).toBe(200)
        if (answer.headers.get('x-who') !== who) misled.push(`${method} ${path}`)
      }
      expect(misled).toEqual(expected)
    },
  )

  it.each(Object.keys(proxyRules) as ProxyRuleName[])(
    '%s is a configuration that nginx takes',
    async (rule) => {
      const push = await echo('hosted')
      const proxy = await startNginx({
        rule,
        push: `${push}/repository/ours`,
        pull: `${push}/repository/all`,
      })
      onTestFinished(() => proxy.close())
      const answer = await fetch(`${proxy.url}/v2/`)
      const { url, headers } = (await answer.json()) as { url: string; headers: Record<string, string> }
      const prefixed = rule === 'prefix' || rule === 'blind-prefix'
      const repository = rule === 'prefix' ? '/repository/all' : '/repository/ours'
      expect(url).toBe(prefixed ? `${repository}/v2/` : '/v2/')
      expect(headers['x-forwarded-proto']).toBe(rule === 'no-forwarded-proto' ? undefined : 'http')
      if (rule !== 'host-without-port' && rule !== 'host-of-upstream')
        expect(headers['host']).toBe(proxy.host)
      else expect(headers['host']).not.toBe(proxy.host)
    },
  )
})
