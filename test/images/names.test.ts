import { describe, expect, test } from 'vitest'
import type { Edge } from '../../src/edge/edge.ts'
import { type ImageNames, imageNames } from '../../src/images/names.ts'
import { parseReference } from '../../src/images/reference.ts'
import { edgeFor, repositoriesFor } from '../targets/edges.ts'

function namesOf(edge: Edge, written: string) {
  const reference = parseReference(written)
  if ('why' in reference) throw new Error(reference.why)
  return imageNames(edge, reference)
}

function pairs(edge: Edge, asked: Record<string, [pull: string, push?: string]>) {
  for (const [written, [pull, push]] of Object.entries(asked)) {
    const { note: _, ...names } = namesOf(edge, written) as ImageNames
    expect(names, written).toEqual({ pull, ...(push !== undefined && { push }) })
  }
}

const digest = `@sha256:${'0a'.repeat(32)}`

describe('what may come from another registry is noted', () => {
  const noteOn = (edge: Edge, written: string) => (namesOf(edge, written) as ImageNames).note

  test('of a group that asks Docker Hub before', () => {
    const names = ['docker-hosted', 'ghcr', 'docker-hub', 'quay', 'gcr']
    const repositories = repositoriesFor({ routing: 'two-hosts' }).map((one) =>
      one.type === 'group' ? { ...one, values: { ...one.values, members: names } } : one,
    )
    const edge = edgeFor({ routing: 'two-hosts', namespaces: ['acme'], repositories })
    const note = '"docker" looks in Docker Hub first, and what has the same name there is what you get'
    expect(noteOn(edge, 'quay.io/a/b')).toBe(`${note}: make its proxy the last member`)
    expect(noteOn(edge, 'gcr.io/a/b')).toBe(noteOn(edge, 'quay.io/a/b'))
    for (const sure of ['nginx', 'ghcr.io/a/b', 'acme/app', 'push.example.com/acme/app'])
      expect(noteOn(edge, sure)).toBeUndefined()
  })

  test('not where Docker Hub is asked last, as init proposes, or not at all', () => {
    const edge = edgeFor({ routing: 'two-hosts', namespaces: ['acme'] })
    for (const sure of ['nginx', 'registry.k8s.io/pause', 'quay.io/a/b', 'gcr.io/a/b', 'acme/app'])
      expect(noteOn(edge, sure)).toBeUndefined()
    const repositories = repositoriesFor({ routing: 'two-hosts' }).filter(({ name }) => name !== 'docker-hub')
    const group = repositories.find(({ type }) => type === 'group')
    Object.assign(group?.values ?? {}, { members: ['docker-hosted', 'quay', 'gcr'] })
    expect(noteOn(edgeFor({ routing: 'two-hosts', repositories }), 'gcr.io/a/b')).toBeUndefined()
  })

  test('of a name without a registry, where nothing says which names are ours', () => {
    const note = /taken for Docker Hub's: edge\.namespaces says which/
    const edge = edgeFor({ routing: 'path' })
    for (const perhaps of ['nginx', 'acme/app']) expect(noteOn(edge, perhaps)).toMatch(note)
    for (const sure of ['docker.io/library/nginx', 'quay.io/a/b', 'registry.example.com/docker-hosted/app'])
      expect(noteOn(edge, sure)).toBeUndefined()
    expect(noteOn(edgeFor({ routing: 'path', namespaces: ['acme'] }), 'nginx')).toBeUndefined()
    const cache = repositoriesFor({ routing: 'path' }).filter(({ type }) => type === 'proxy')
    expect(noteOn(edgeFor({ routing: 'path', repositories: cache }), 'nginx')).toBeUndefined()
  })

  test('not by path: every registry has a name of its own', () => {
    expect(noteOn(edgeFor({ routing: 'path' }), 'quay.io/a/b')).toBeUndefined()
  })
})

test('behind one name a namespace of ours hides the images of others', () => {
  const edge = edgeFor({ routing: 'namespace', namespaces: ['acme'] })
  for (const hidden of ['quay.io/acme/app', 'docker.io/acme/app'])
    expect(namesOf(edge, hidden)).toMatchObject({
      message: expect.stringMatching(/registry\.example\.com\/acme\/ leads to images of your own/) as string,
    })
  expect(namesOf(edge, 'acme/app')).toMatchObject({ pull: 'registry.example.com/acme/app' })
})

test.each(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])(
  '%s is Docker Hub: its proxy has the images, and what is written with it is never ours',
  (host) => {
    const edge = edgeFor({ routing: 'path', namespaces: ['acme'] })
    const { pull } = namesOf(edge, `${host}/acme/app:1`) as ImageNames
    expect(pull).toBe('registry.example.com/docker-hub/acme/app:1')
    const repositories = repositoriesFor({ routing: 'path' }).filter(({ name }) => name !== 'docker-hub')
    expect(namesOf(edgeFor({ routing: 'path', repositories }), `${host}/acme/app`)).toMatchObject({
      hint: expect.stringMatching(/docker\.io: \{type: proxy, upstream: docker-hub\}/) as string,
    })
    // A proxy of such a host is one of Docker Hub, whatever its index.
    const [other] = repositories.filter(({ name }) => name === 'quay')
    Object.assign(other?.values ?? {}, { remoteUrl: `https://${host}` })
    const { pull: byOther } = namesOf(edgeFor({ routing: 'path', repositories }), 'nginx') as ImageNames
    expect(byOther).toBe('registry.example.com/quay/library/nginx')
  },
)

describe('by routing', () => {
  test('path: every proxy has its name, pushes go to the hosted repository', () => {
    pairs(edgeFor({ routing: 'path', namespaces: ['acme'] }), {
      'nginx:1': [
        'registry.example.com/docker-hub/library/nginx:1',
        'registry.example.com/docker-hosted/library/nginx:1',
      ],
      [`quay.io/a/b${digest}`]: [
        `registry.example.com/quay/a/b${digest}`,
        'registry.example.com/docker-hosted/a/b',
      ],
      'acme/app:1': [
        'registry.example.com/docker/acme/app:1',
        'registry.example.com/docker-hosted/acme/app:1',
      ],
      'registry.example.com/docker-hosted/acme/app': [
        'registry.example.com/docker-hosted/acme/app',
        'registry.example.com/docker-hosted/acme/app',
      ],
      'registry.example.com/quay/a/b:1': [
        'registry.example.com/quay/a/b:1',
        'registry.example.com/docker-hosted/a/b:1',
      ],
      'registry.example.com/elsewhere/a:1': ['registry.example.com/elsewhere/a:1'],
    })
  })

  test('two hosts: pulls by the group, pushes by the other name', () => {
    pairs(edgeFor({ routing: 'two-hosts', namespaces: ['acme'] }), {
      nginx: ['registry.example.com/library/nginx', 'push.example.com/library/nginx'],
      'registry.k8s.io/pause:3': ['registry.example.com/pause:3', 'push.example.com/pause:3'],
      'acme/app': ['registry.example.com/acme/app', 'push.example.com/acme/app'],
      'docker.io/acme/app': ['registry.example.com/acme/app', 'push.example.com/acme/app'],
      'push.example.com/acme/app': ['push.example.com/acme/app', 'push.example.com/acme/app'],
      'registry.example.com/acme/app:1': ['registry.example.com/acme/app:1', 'push.example.com/acme/app:1'],
    })
  })

  test.each(['namespace', 'method'] as const)('%s: one name for both', (routing) => {
    pairs(edgeFor({ routing }), {
      'gcr.io/a/b:1': ['registry.example.com/a/b:1', 'registry.example.com/a/b:1'],
      'registry.example.com/acme/app:1': [
        'registry.example.com/acme/app:1',
        'registry.example.com/acme/app:1',
      ],
    })
  })

  test('ports: what has no port of its own is reached through the group', () => {
    const repositories = repositoriesFor({ routing: 'ports' }).map((one) =>
      one.name === 'quay'
        ? one
        : { ...one, values: one.name === 'k8s' ? { ...one.values, httpPort: 9000 } : one.values },
    )
    pairs(edgeFor({ routing: 'ports', repositories }), {
      'registry.k8s.io/pause': ['registry.example.com:9000/pause', 'registry.example.com:8083/pause'],
      'quay.io/a/b:1': ['registry.example.com:8082/a/b:1', 'registry.example.com:8083/a/b:1'],
      'registry.example.com:8083/acme/app': [
        'registry.example.com:8083/acme/app',
        'registry.example.com:8083/acme/app',
      ],
    })
  })

  test('subdomain', () => {
    pairs(edgeFor({ routing: 'subdomain' }), {
      nginx: ['docker.registry.example.com/library/nginx', 'push.registry.example.com/library/nginx'],
    })
  })
})

test.each([
  ['registry.example.com:443', undefined, 'registry.example.com'],
  ['Registry.Example.com:443', { ca: 'ca.crt', endsFurtherOut: true } as const, 'registry.example.com'],
])('%s is the host without the port', (host, tls, shown) => {
  const edge = edgeFor({ routing: 'path', ...(tls && { tls }) })
  for (const [path, push = path] of [['docker-hosted/acme/app:1'], ['quay/a/b', 'docker-hosted/a/b']])
    pairs(edge, { [`${host}/${path}`]: [`${shown}/${path}`, `${shown}/${push}`] })
  pairs(edge, { [`${host}/elsewhere/a`]: [`${shown}/elsewhere/a`] })
  expect(namesOf(edge, 'registry.example.com:80/docker-hosted/a')).toHaveProperty('message')
})

test('without TLS :80 is the usual port, and :443 is not', () => {
  const edge = edgeFor({ routing: 'path', tls: undefined })
  pairs(edge, {
    'registry.example.com:80/docker-hosted/a': [
      'registry.example.com/docker-hosted/a',
      'registry.example.com/docker-hosted/a',
    ],
  })
  expect(namesOf(edge, 'registry.example.com:443/docker-hosted/a')).toHaveProperty('message')
})

test('an IPv6 address is a host like others', () => {
  const edge = edgeFor({ routing: 'path', hosts: { pull: '[fd00::1]:5000' } })
  pairs(edge, {
    '[FD00::1]:5000/quay/a:1': ['[fd00::1]:5000/quay/a:1', '[fd00::1]:5000/docker-hosted/a:1'],
  })
})

test('an image of another hosted repository goes back to where it is', () => {
  const other = { name: 'other', type: 'hosted' as const, values: { pathEnabled: true } }
  const repositories = [other, ...repositoriesFor({ routing: 'path' })]
  pairs(edgeFor({ routing: 'path', repositories, push: 'docker-hosted' }), {
    'registry.example.com/other/a:1': ['registry.example.com/other/a:1', 'registry.example.com/other/a:1'],
  })
})

const hub = (name: string, values = {}) => ({
  name,
  type: 'proxy' as const,
  values: { remoteUrl: 'https://registry-1.docker.io', index: 'hub', pathEnabled: true, ...values },
})

test('of several proxies of a registry one in the group comes first, else the first of the file', () => {
  const group = (members: string[]) => ({
    name: 'all',
    type: 'group' as const,
    values: { members, pathEnabled: true },
  })
  const pullOf = (members: string[]) =>
    namesOf(
      edgeFor({ routing: 'path', repositories: [hub('a'), hub('b'), hub('c'), group(members)] }),
      'nginx',
    )
  expect(pullOf(['c'])).toEqual({ pull: 'registry.example.com/c/library/nginx' })
  expect(pullOf(['c', 'b'])).toEqual({ pull: 'registry.example.com/b/library/nginx' })
  expect(namesOf(edgeFor({ routing: 'path', repositories: [hub('b'), hub('a')] }), 'nginx')).toEqual({
    pull: 'registry.example.com/b/library/nginx',
  })
})

test('a registry with a port is another one than the same host without', () => {
  const repositories = [hub('own', { remoteUrl: 'https://reg.corp:5000', index: 'registry' })]
  const edge = edgeFor({ routing: 'path', repositories })
  expect(namesOf(edge, 'reg.corp:5000/a:1')).toEqual({ pull: 'registry.example.com/own/a:1' })
  expect(namesOf(edge, 'reg.corp/a:1')).toHaveProperty('message')
})

describe('no name', () => {
  test.each([
    ['mcr.microsoft.com/dotnet/sdk', 'mcr.microsoft.com: {type: proxy, upstream: mcr.microsoft.com}'],
    ['reg.corp:5000/a', 'reg.corp-5000: {type: proxy, remoteUrl: "https://reg.corp:5000"}'],
    ['[fd00::1]:5000/a', ' fd00-1-5000: {type: proxy, remoteUrl: "https://[fd00::1]:5000"}'],
  ])('%s: says which registries there are and what to add', (written, line) => {
    const found = namesOf(edgeFor({ routing: 'path' }), written)
    if (!('message' in found)) throw new Error(found.pull)
    expect(found.message).toContain('only to those of registry.k8s.io, quay.io, ghcr.io, gcr.io, docker.io')
    expect(found.hint).toContain(line)
  })

  test('a proxy that no public name leads to is none', () => {
    const repositories = repositoriesFor({ routing: 'two-hosts' }).map((one) =>
      one.type === 'group' ? { ...one, values: { ...one.values, members: ['docker-hosted', 'quay'] } } : one,
    )
    const edge = edgeFor({ routing: 'two-hosts', repositories })
    expect(namesOf(edge, 'quay.io/a')).toHaveProperty('pull')
    expect(namesOf(edge, 'nginx')).toMatchObject({
      message: 'no public name leads to images of docker.io, only to those of quay.io',
      hint: expect.stringContaining('docker.io: {type: proxy, upstream: docker-hub}') as string,
    })
  })
})
