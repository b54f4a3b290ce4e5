import { describe, expect, test } from 'vitest'
import { considerEdge } from '../../src/edge/edge-of.ts'
import type { EdgeSection } from '../../src/edge/section.ts'
import { repositoriesFor } from '../targets/edges.ts'

const repositories = repositoriesFor({ routing: 'path' })
const hosts = { pull: 'registry.example.com', web: 'nexus.example.com' }
const tls = { endsFurtherOut: true } as const

function upstreamOf(section: Partial<EdgeSection>, url?: string) {
  const { edge } = considerEdge({ section: { hosts, tls, ...section }, repositories, server: { url } })
  const main = edge?.backEnds.find(({ name }) => name.startsWith('nexus'))
  return { at: main && `${main.host}:${main.port}${main.prefix}`, unknown: edge?.upstreamUnknown }
}

describe('where Nexus is', () => {
  test.each([
    ['edge.upstream', { upstream: 'http://nexus:8081' }, 'https://nexus.example.com', 'nexus:8081'],
    ['its port by the scheme', { upstream: 'https://nexus.lan/' }, undefined, 'nexus.lan:443'],
    ['else nexus.url', {}, 'http://10.0.0.7:8081', '10.0.0.7:8081'],
    ['also on the machine of the front', {}, 'http://registry.example.com:8081', 'registry.example.com:8081'],
  ])('%s', (_, section, url, at) => {
    expect(upstreamOf(section, url)).toEqual({ at, unknown: undefined })
  })

  test.each([
    ['the name of the web interface', 'https://nexus.example.com'],
    ['the name for pulls', 'https://registry.example.com/'],
    ['a name without TLS, which leads there, too', 'http://nexus.example.com'],
  ])('nexus.url is %s: enough for clients and a proof, and no front can be rendered', (_, url) => {
    expect(upstreamOf({}, url).unknown).toBe('nexus.url leads to the reverse proxy itself')
    expect(upstreamOf({ upstream: 'http://nexus:8081' }, url).unknown).toBeUndefined()
  })

  test('the context path of nexus.url is known all the same', () => {
    const section = { hosts, tls, routing: 'two-hosts' } as const
    const { edge } = considerEdge({
      section,
      repositories: repositoriesFor({ routing: 'two-hosts' }),
      server: { url: 'https://nexus.example.com/nexus' },
    })
    expect(edge?.upstreamUnknown).toBeDefined()
    expect(edge?.registries.find(({ repository }) => repository === 'quay')?.apiUrl).toBe(
      'https://registry.example.com/nexus/repository/quay/v2',
    )
  })

  test('nothing says it', () => {
    expect(upstreamOf({})).toEqual({ at: 'nexus:8081', unknown: 'the file does not say where Nexus is' })
  })
})
