// Docker's daemon.json: what may stand in it, and how it is laid over somebody else's.
import { describe, expect, it } from 'vitest'
import type { Edge } from '../../../src/edge/edge.ts'
import { edgeFor } from '../edges.ts'
import { render } from './render.ts'

const daemonOf = (edge: Edge) => render('docker', edge).files.find(({ name }) => name === 'daemon.json')
const notesOf = (edge: Edge) => render('docker', edge).notes.join('\n')
const settings = (edge: Edge): unknown => JSON.parse(daemonOf(edge)?.text ?? '{}')

describe('registry-mirrors', () => {
  it('is not there where pulls need a login, which the engine would not send', () => {
    const edge = edgeFor({ routing: 'two-hosts' })
    expect(daemonOf(edge)).toBeUndefined()
    expect(notesOf(edge)).toContain(
      'the engine sends no login to a mirror, and pulls from the group "docker" need one',
    )
  })

  it('is the group where the proxy has no name, and says what may be mixed up', () => {
    const edge = edgeFor({ routing: 'two-hosts', anonymous: true })
    expect(settings(edge)).toEqual({ 'registry-mirrors': ['https://registry.example.com'] })
    expect(notesOf(edge)).toContain('docker.io: mirrored by a group')
  })

  it('is the proxy alone where that has a name', () => {
    const repositories = { 'docker-hub': 'hub.example.com:8443' }
    const hosts = { pull: 'registry.example.com', push: 'push.example.com', repositories }
    const edge = edgeFor({ routing: 'two-hosts', anonymous: true, hosts })
    expect(settings(edge)).toEqual({ 'registry-mirrors': ['https://hub.example.com:8443'] })
    expect(notesOf(edge)).not.toContain('mirrored by a group')
  })

  it('has no address with a path, with which an engine before 25 does not start', () => {
    const edge = edgeFor({ routing: 'path', anonymous: true })
    expect(settings(edge)).toEqual({})
    expect(notesOf(edge)).toContain('give "docker-hub" a name of its own (edge.hosts.repositories)')
  })
})

describe('merged', () => {
  const edge = edgeFor({
    routing: 'namespace',
    anonymous: true,
    hosts: { pull: 'registry.lan' },
    tls: undefined,
  })
  const merge = (there: string): string => daemonOf(edge)?.merge?.(there) ?? ''

  it('keeps every other key and entry, ours in front', () => {
    const there =
      '{"bip": "10.0.0.1/24", "registry-mirrors": ["https://other"], "log-opts": {"max-size": "1m"}}'
    expect(JSON.parse(merge(there))).toEqual({
      bip: '10.0.0.1/24',
      'registry-mirrors': ['http://registry.lan', 'https://other'],
      'log-opts': { 'max-size': '1m' },
      'insecure-registries': ['registry.lan'],
    })
  })

  it('twice is once, and what has all of it keeps its bytes', () => {
    const once = merge('{"a":1}')
    expect(merge(once)).toBe(once)
    const own =
      '{"insecure-registries":["x","registry.lan"],   "registry-mirrors":["https://first","http://registry.lan"]}'
    expect(merge(own)).toBe(own)
  })

  it('takes an empty file for none', () => {
    expect(merge(' \n')).toBe(daemonOf(edge)?.text)
  })

  it('keeps the meaning of what is written unusually, and takes a null for no list', () => {
    const there = '{"a\\u00fc\\/": ["\\\\\\"", -1, 0.5], "b": {}, "registry-mirrors": null}'
    expect(JSON.parse(merge(there))).toEqual({
      'aü/': ['\\"', -1, 0.5],
      b: {},
      'registry-mirrors': ['http://registry.lan'],
      'insecure-registries': ['registry.lan'],
    })
  })

  it('keeps what it could not write where nothing is lacking', () => {
    const own =
      '{"mtu": 1e400, "insecure-registries":["registry.lan"], "registry-mirrors":["http://registry.lan"]}'
    expect(merge(own)).toBe(own)
  })

  it.each([
    ['{"mtu": 12345678901234567890}'],
    ['{"mtu": [1e400]}'],
    ['{"a": 1, "a": 2}'],
    [`{"a": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ])('refuses what would not stay as it is: %.40s', (there) => {
    expect(() => merge(there)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^cannot merge daemon\.json: it has what would not stay/) as string,
      }) as Error,
    )
  })

  it.each([
    ['{"registry-mirrors": "https://other"}', 'registry-mirrors is no list'],
    ['{"bip": ', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    ['null', 'it is no JSON object'],
    ['{"bip": "\uFFFD"}', 'it is not UTF-8'],
  ])('refuses %s', (there, why) => {
    expect(() => merge(there)).toThrow(
      expect.objectContaining({ message: `cannot merge daemon.json: ${why}`, exitCode: 3 }) as Error,
    )
  })
})
