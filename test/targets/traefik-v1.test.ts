// Traefik 1.7 can no longer be built: its rules are read here as its source reads them (v1.7 rules/rules.go, server/server.go).
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Edge } from '../../src/edge/edge.ts'
import { traefikV1 } from '../../src/targets/traefik-v1.ts'
import { edgeFor } from './edges.ts'
import { shapes } from './fronts/shapes.ts'

interface Segment {
  rule: string
  priority: number
  port: number
  redirect: string | undefined
}

const render = (edge: Edge) => traefikV1.render({ edge, from: ['repos.yml'] }).files[0]?.text ?? ''

/** `traefik.<segment>.<property>=<value>` after Compose has read it. */
function segmentsOf(text: string): Segment[] {
  const { services } = parse(text) as { services: { nexus: { deploy: { labels: string[] } } } }
  const segments = new Map<string, Record<string, string>>()
  for (const label of services.nexus.deploy.labels) {
    const [, name = '', property = '', value = ''] = /^traefik\.([^.]+)\.([^=]+)=(.*)$/.exec(label) ?? []
    if (name !== '')
      segments.set(name, { ...segments.get(name), [property]: value.replaceAll('$$', () => '$') })
  }
  return [...segments.values()].map((one) => ({
    rule: one['frontend.rule'] ?? '',
    priority: Number(one['frontend.priority']),
    port: Number(one['port']),
    redirect: one['frontend.redirect.replacement'],
  }))
}

interface Request {
  host: string
  method: string
  path: string
}

/** A template of mux with `{name:pattern}`; matched from the beginning of the path. */
function templateOf(text: string): RegExp {
  const source = text.replaceAll(/\{\w+:([^}]+)\}|[^{]+/g, (part, pattern: string | undefined) =>
    pattern === undefined ? part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?:${pattern})`,
  )
  return new RegExp(`^${source}`)
}

/** `;` parts matchers, the first `:` the name, `,` the values. */
function fits(rule: string, { host, method, path }: Request): boolean {
  return rule.split(';').every((matcher) => {
    const colon = matcher.indexOf(':')
    const values = matcher.slice(colon + 1).split(',')
    switch (matcher.slice(0, colon)) {
      case 'Host':
        return values.includes(host)
      case 'Method':
        return values.includes(method)
      case 'PathPrefix':
        return values.some((value) =>
          value.includes('{') ? templateOf(value).test(path) : path.startsWith(value),
        )
      default:
        throw new Error(`who knows ${matcher}?`)
    }
  })
}

/** Where Traefik sends it: a port, a path that it redirects to, or 404. */
function routed(segments: readonly Segment[], request: Request): number | string {
  const [first] = segments
    .filter(({ rule }) => fits(rule, request))
    .toSorted((a, b) => b.priority - a.priority)
  return first?.redirect ?? first?.port ?? 404
}

const host = 'registry.example.com'

describe('traefik-v1', () => {
  it.each(['method', 'namespace'] as const)('sends every request where it belongs: %s', (routing) => {
    const segments = segmentsOf(render(edgeFor({ routing })))
    expect(new Set(segments.map(({ priority }) => priority)).size).toBeGreaterThan(5)
    for (const { method, path: asked, ...by } of shapes) {
      const [path = ''] = asked.split('?')
      // It compares what is decoded, and resolves neither `//` nor `..`.
      if (/\/\/|\.\.|%2e/.test(path)) continue
      const to = { pull: 8082, push: 8083 }[routing === 'method' ? by.byMethod : by.byNamespace]
      expect(routed(segments, { host, method, path: decodeURIComponent(path) }), `${method} ${path}`).toBe(to)
    }
  })

  it('leads /v2 to the slash, and the ping not back', () => {
    const segments = segmentsOf(render(edgeFor({ routing: 'two-hosts' })))
    const get = (path: string, at = host) => routed(segments, { host: at, method: 'GET', path })
    expect(get('/v2')).toBe('/v2/')
    expect(get('/v2/')).toBe(8082)
    expect(get('/v2/', 'push.example.com')).toBe(8083)
    expect([get('/'), get('/v2x'), get('/service/rest/v1/status')]).toEqual([404, 404, 404])
    expect(get('/service/rest/v1/status', 'nexus.example.com')).toBe(8081)
  })

  it("sees what is wrong with the write-up's rules", () => {
    const read = { rule: `Host:${host};Method:GET,HEAD`, priority: 1, port: 8082, redirect: undefined }
    const write = { ...read, rule: `Host:${host};Method:PUT,DELETE,POST,PATCH`, port: 8083 }
    const misled = shapes.filter(({ method, path, byMethod }) => {
      return routed([read, write], { host, method, path }) !== { pull: 8082, push: 8083 }[byMethod]
    })
    const requests = misled.map(
      ({ method, path }) => `${method} ${path.replace(/[\w-]{36}$|sha256:\w+$/, '…')}`,
    )
    expect(requests).toEqual([
      'GET /v2/',
      'HEAD /v2/acme/app/blobs/…',
      'HEAD /v2/library/base/blobs/…',
      'GET /v2/acme/app/blobs/uploads/…',
      'HEAD /v2/acme/app/%62lobs/…',
    ])
  })

  it('refuses what its rules would take for something else', () => {
    const edge = edgeFor({ routing: 'namespace' })
    for (const text of ['/v2/a,b/', '/v2/a;Host:x/', '/v2/{a:.*}/', '/v2/a b/', '/v2/a\nb/']) {
      const rules = [{ path: { prefix: text }, action: { to: 'nexus' }, purpose: '' }]
      const hostile = { ...edge, sites: [{ host, port: 443, rules }] }
      expect(() => render(hostile), text).toThrow(
        expect.objectContaining({ code: 'not-renderable', exitCode: 3 }),
      )
    }
  })

  it('says https where TLS ends further out, and nothing of it elsewhere', () => {
    const tls = { endsFurtherOut: true as const }
    const label = 'frontend.headers.customRequestHeaders=X-Forwarded-Proto:https'
    expect(render(edgeFor({ routing: 'path', tls }))).toContain(label)
    expect(render(edgeFor({ routing: 'path' }))).not.toContain('customRequestHeaders')
  })

  it('is as it was looked at', async () => {
    await expect(render(edgeFor({ routing: 'method' }))).toMatchFileSnapshot(
      '../golden/targets/traefik-v1.yml',
    )
  })
})
