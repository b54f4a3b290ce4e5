// What decides whether, and in which order, a proxy or a group asks: pure rules, with a clock that the test turns.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { groupMembers } from '../../../src/sandbox/docker/group.ts'
import { createAutoBlock } from '../../../src/sandbox/docker/upstream/auto-block.ts'
import { createProfile } from '../../../src/sandbox/kernel/profile.ts'
import type { Repository, State } from '../../../src/sandbox/kernel/state.ts'
import { proxyFor } from '../../../src/sandbox/outbound/proxies.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T00:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1000)
}

describe('an automatic block', () => {
  it('lasts 40 s twice, then as long as the two before it together, an hour at most', () => {
    const block = createAutoBlock()
    const lengths = Array.from({ length: 13 }, () => {
      block.failed()
      const seconds = ((block.until?.getTime() ?? 0) - Date.now()) / 1000
      pass(seconds)
      expect(block.until).toBeUndefined()
      return seconds
    })
    expect(lengths).toEqual([40, 40, 80, 120, 200, 320, 520, 840, 1360, 2200, 3560, 3600, 3600])
  })

  it('does not grow by failures of requests that were under way when it began', () => {
    const block = createAutoBlock()
    block.failed()
    pass(1)
    block.failed()
    expect(block.until).toEqual(new Date('2026-01-01T00:00:40Z'))
  })

  it('ends, and begins anew with 40 s, once the remote answers', () => {
    const block = createAutoBlock()
    for (let time = 0; time < 4; time++) {
      block.failed()
      pass(200)
    }
    block.failed()
    block.answered()
    expect(block.until).toBeUndefined()
    block.failed()
    expect(block.until).toEqual(new Date(Date.now() + 40_000))
  })
})

describe('the members of a group', () => {
  const repository = (name: string, members?: string[], online = true): Repository => ({
    name,
    format: 'docker',
    type: members ? 'group' : 'hosted',
    attributes: { name, online, ...(members && { group: { memberNames: members } }) },
    secrets: {},
  })
  const namesOf = (version: string, outer: Repository, ...others: Repository[]): string[] => {
    const state = { repositories: [outer, ...others] } as State
    return groupMembers(outer, state, createProfile(version)).map(({ name }) => name)
  }
  const [a, b, c] = [repository('a'), repository('b'), repository('c', undefined, false)]

  it('are asked in their order, those of groups among them in their place, each once', () => {
    const inner = repository('inner', ['b', 'a', 'outer', 'inner'])
    expect(namesOf('3.90.0', repository('outer', ['B', 'inner', 'a', 'gone']), inner, a, b)).toEqual([
      'b',
      'a',
    ])
    expect(namesOf('3.90.0', repository('outer', ['inner', 'a']), inner, a, b)).toEqual(['b', 'a'])
  })

  it.each([
    ['3.88.0', ['c', 'a', 'b']],
    ['3.89.0', ['a']],
  ])('%s asks %s when one member, and a group among them, are offline', (version, expected) => {
    const inner = repository('inner', ['b'], false)
    expect(namesOf(version, repository('outer', ['c', 'a', 'inner']), inner, a, b, c)).toEqual(expected)
  })
})

describe('the way out', () => {
  const both = {
    httpEnabled: true,
    httpHost: 'plain',
    httpPort: 1,
    httpsEnabled: true,
    httpsHost: 'tls',
    httpsPort: 2,
  }
  const { httpHost, httpPort, httpEnabled } = both
  const plain = { httpEnabled, httpHost, httpPort }
  it.each([
    ['http://registry.corp/', both, 'plain'],
    ['https://registry.corp/', both, 'tls'],
    ['https://registry.corp/', plain, 'plain'],
    ['https://registry.corp:5000/', { ...plain, nonProxyHosts: ['*.CORP'] }, undefined],
    ['https://corp/', { ...plain, nonProxyHosts: ['*.corp'] }, 'plain'],
    ['https://registry.corp.example/', { ...plain, nonProxyHosts: ['*.corp'] }, 'plain'],
    ['https://registryxcorp/', { ...plain, nonProxyHosts: ['registry.corp'] }, 'plain'],
  ])('to %s with %j goes through %s', (url, settings, host) => {
    expect(proxyFor(new URL(url), settings)?.host).toBe(host)
  })
})
