import { describe, expect, test } from 'vitest'
import type { Edge, Routing } from '../../src/edge/edge.ts'
import type { Repository } from '../../src/edge/repository.ts'
import { normalised, routeOf } from '../../src/edge/route.ts'
import { edgeFor } from '../targets/edges.ts'
import { dodges, imageShapes, registryShapes, type Shape } from './shapes.ts'

/** The answer in one word: the back end, `308 /v2/` or `404`. */
function answerOf(edge: Edge, authority: string, { method, path }: Pick<Shape, 'method' | 'path'>): string {
  const site = edge.sites.find(({ host, port }) => `${host}:${port}` === authority)
  if (!site) return 'no site'
  const action = routeOf(site, method, path)
  if ('to' in action) return action.to
  return 'redirect' in action ? `308 ${action.redirect}` : '404'
}

const [pull, push, web] = ['registry.example.com:443', 'push.example.com:443', 'nexus.example.com:443']
const [group, hosted] = ['repository-docker', 'repository-docker-hosted']

/** What every shape comes to, one line each. */
function table(edge: Edge, authority: string, shapes: readonly Shape[]): Record<string, string> {
  return Object.fromEntries(shapes.map((shape) => [shape.what, answerOf(edge, authority, shape)]))
}

const all = (shapes: readonly Shape[], answer: string) =>
  Object.fromEntries(shapes.map(({ what }) => [what, answer]))

/** What holds for a name of one repository with a connector. */
const connector = (answer: string) => ({
  ping: answer,
  'ping without the slash': '308 /v2/',
  'get a token': answer,
  'post for a token': answer,
  catalog: answer,
  search: '404',
  'the address of a repository': '404',
  'another page': '404',
})

/** What holds for a name where Nexus itself finds the repository. */
const byNexus = { ...connector('nexus'), 'the address of a repository': 'nexus' }

describe('path: everything goes to the port of Nexus', () => {
  const edge = edgeFor({ routing: 'path' })

  test('images of every repository', () => {
    for (const image of ['docker/library/base', 'docker-hosted/acme/app', 'quay/coreos/etcd'])
      expect(table(edge, pull, imageShapes(image))).toEqual(all(imageShapes(image), 'nexus'))
  })

  test('the registry, and the address that the realm of its tokens has since 3.84', () => {
    for (const repository of ['docker', 'docker-hosted', 'quay'])
      expect(table(edge, pull, registryShapes(repository))).toEqual(byNexus)
  })
})

describe('two-hosts: each name has one repository', () => {
  const edge = edgeFor({ routing: 'two-hosts' })

  test.each([
    ['pulls', pull, group],
    ['pushes', push, hosted],
  ])('the name for %s', (_, authority, answer) => {
    for (const image of ['library/base', 'acme/app'])
      expect(table(edge, authority, imageShapes(image))).toEqual(all(imageShapes(image), answer))
    expect(table(edge, authority, registryShapes('docker'))).toEqual(connector(answer))
    expect(table(edge, authority, dodges)).toEqual(all(dodges, answer))
  })

  test('proxies behind the name for pulls have their addresses there, and no other repository has', () => {
    const address = (name: string) =>
      ({ method: 'GET', path: `/repository/${name}/v2/a/manifests/1` }) as const
    expect(answerOf(edge, pull, address('quay'))).toBe('nexus')
    expect(answerOf(edge, pull, address('docker-hosted'))).toBe('404')
    expect(answerOf(edge, push, address('quay'))).toBe('404')
  })
})

describe('namespace: private images are hosted, whatever is asked', () => {
  const edge = edgeFor({ routing: 'namespace' })

  test('images', () => {
    for (const image of ['acme/app', 'acme/backend/app', 'backup/docker.io/nginx'])
      expect(table(edge, pull, imageShapes(image))).toEqual(all(imageShapes(image), hosted))
    for (const image of ['library/base', 'acmexyz/app', 'x/acme/app'])
      expect(table(edge, pull, imageShapes(image))).toEqual(all(imageShapes(image), group))
  })

  test('the ping asks for the login that pushes need', () => {
    expect(table(edge, pull, registryShapes('docker'))).toEqual({ ...connector(group), ping: hosted })
  })

  test('no spelling dodges the rule', () => {
    expect(table(edge, pull, dodges)).toEqual(all(dodges, hosted))
  })
})

describe('method: what only reads goes to the group, but for what a push asks', () => {
  const edge = edgeFor({ routing: 'method' })

  test('images', () => {
    const expected = {
      'pull by tag': group,
      'ask for a tag': group,
      'pull by digest': group,
      'ask for a digest': group,
      'pull a layer': group,
      'ask for a layer': hosted,
      'begin an upload': hosted,
      'mount a layer': hosted,
      'upload a chunk': hosted,
      'end an upload': hosted,
      'ask for an upload': hosted,
      'give an upload up': hosted,
      'push a manifest': hosted,
      'list tags': group,
    }
    for (const image of ['library/base', 'acme/app'])
      expect(table(edge, pull, imageShapes(image))).toEqual(expected)
  })

  test('the registry', () => {
    expect(table(edge, pull, registryShapes('docker'))).toEqual({
      ...connector(group),
      ping: hosted,
      'post for a token': hosted,
    })
  })

  test('no spelling dodges a rule', () => {
    const spelt = '/v2/acme//app/%62lobs/x/../sha256:a'
    expect(answerOf(edge, pull, { method: 'HEAD', path: spelt })).toBe(hosted)
    expect(answerOf(edge, pull, { method: 'GET', path: '/v2/acme/app/blobs/%75ploads/1' })).toBe(hosted)
  })
})

describe('ports: each connector has its own', () => {
  const edge = edgeFor({ routing: 'ports' })

  test.each([
    ['registry.example.com:8082', group],
    ['registry.example.com:8083', hosted],
  ])('%s', (authority, answer) => {
    expect(table(edge, authority, imageShapes('acme/app'))).toEqual(all(imageShapes('acme/app'), answer))
    expect(table(edge, authority, registryShapes('docker'))).toEqual(connector(answer))
  })

  test('nothing else is there', () => {
    expect(answerOf(edge, pull, { method: 'GET', path: '/v2/' })).toBe('no site')
  })
})

describe('subdomain: Nexus looks at the host', () => {
  const edge = edgeFor({ routing: 'subdomain' })

  test.each([
    ['docker.registry.example.com:443', 'docker'],
    ['push.registry.example.com:443', 'docker-hosted'],
  ])('%s', (authority, repository) => {
    expect(table(edge, authority, imageShapes('acme/app'))).toEqual(all(imageShapes('acme/app'), 'nexus'))
    expect(table(edge, authority, registryShapes(repository))).toEqual(byNexus)
  })
})

describe('without connectors: repositories are asked at their addresses on the main port', () => {
  const edge = edgeFor({ routing: 'method', connectors: false, upstream: 'http://nexus:8081/nexus' })

  test('the prefix is laid before /v2/ alone', () => {
    expect(edge.backEnds).toEqual([
      { name: 'nexus', host: 'nexus', port: 8081, tls: false, prefix: '' },
      { name: group, host: 'nexus', port: 8081, tls: false, prefix: '/nexus/repository/docker' },
      { name: hosted, host: 'nexus', port: 8081, tls: false, prefix: '/nexus/repository/docker-hosted' },
    ])
  })

  test('what Nexus gives as an address goes there as it is', () => {
    const token = (repository: string) =>
      ({ method: 'GET', path: `/nexus/repository/${repository}/v2/token?service=x` }) as const
    expect(answerOf(edge, pull, token('docker'))).toBe('nexus')
    expect(answerOf(edge, pull, token('docker-hosted'))).toBe('nexus')
    expect(answerOf(edge, pull, token('other'))).toBe('404')
  })
})

test('the web interface: a name of its own, or what the registry leaves of the same', () => {
  const own = edgeFor({ routing: 'two-hosts' })
  for (const path of ['/', '/service/rest/v1/status', '/repository/docker/v2/', '/v2/'])
    expect(answerOf(own, web, { method: 'GET', path })).toBe('nexus')
  const hosts = { pull: 'registry.example.com', push: 'push.example.com', web: 'registry.example.com' }
  const shared = edgeFor({ routing: 'two-hosts', hosts, upstream: 'http://nexus:8081/nexus' })
  expect(answerOf(shared, pull, { method: 'GET', path: '/v2/' })).toBe(group)
  expect(answerOf(shared, pull, { method: 'GET', path: '/nexus/' })).toBe('nexus')
  expect(answerOf(shared, pull, { method: 'GET', path: '/' })).toBe('308 /nexus/')
})

test('with a context path the name of a repository follows /v2/, and Nexus has the path before it', () => {
  const edge = edgeFor({ routing: 'path', upstream: 'http://nexus:8081/nexus' })
  expect(edge.backEnds.find(({ name }) => name === 'nexus-context')?.prefix).toBe('/nexus')
  expect(answerOf(edge, pull, { method: 'GET', path: '/v2/docker/a/manifests/1' })).toBe('nexus-context')
  expect(answerOf(edge, pull, { method: 'GET', path: '/nexus/v2/token' })).toBe('nexus')
})

test.each<[Routing, boolean, string]>([
  ['two-hosts', true, group],
  ['two-hosts', false, '404'],
])('%s, v1Enabled %s: docker search', (routing, v1Enabled, answer) => {
  const edge = edgeFor({ routing, repositories: withV1(v1Enabled) })
  expect(answerOf(edge, pull, { method: 'GET', path: '/v1/search?q=alpine' })).toBe(answer)
})

function withV1(v1Enabled: boolean): Repository[] {
  return [
    { name: 'docker-hosted', type: 'hosted', values: { httpPort: 8083 } },
    { name: 'docker', type: 'group', values: { httpPort: 8082, members: ['docker-hosted'], v1Enabled } },
  ]
}

test.each([
  ['/v2/', '/v2/'],
  ['/v2', '/v2'],
  ['', '/'],
  ['/', '/'],
  ['//', '/'],
  ['/v2/%61cme/', '/v2/acme/'],
  ['/v2//acme///app', '/v2/acme/app'],
  ['/v2/x/../acme/', '/v2/acme/'],
  ['/v2/x/..', '/v2/'],
  ['/v2/./acme/.', '/v2/acme/'],
  ['/../../v2/acme', '/v2/acme'],
  ['/v2/%2e%2E/v2/acme', '/v2/acme'],
  ['/v2/acme%2Fapp', '/v2/acme%2Fapp'],
  ['/v2/acme/app?x=/../y', '/v2/acme/app'],
  ['/v2/%zz/a', '/v2/%zz/a'],
])('%j is %j', (written, plain) => {
  expect(normalised(written)).toBe(plain)
  expect(normalised(plain)).toBe(plain)
})
