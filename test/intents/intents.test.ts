import { describe, expect, test } from 'vitest'
import { intents } from '../../src/intents/index.ts'
import { valuesOfObject } from '../../src/resources/contract/written.ts'
import { kinds } from '../../src/resources/index.ts'
import { defined } from '../config/defined.ts'
import { loadText, placed } from '../config/load-text.ts'

async function load(yaml: string, environment: Record<string, string> = {}) {
  const loaded = await loadText(yaml, { environment, lenientSecrets: false })
  expect(placed(loaded)).toEqual([])
  return defined(loaded.config)
}

async function objectOf(yaml: string, id: string, environment: Record<string, string> = {}) {
  const { objects } = await load(yaml, environment)
  const object = defined(objects.find((candidate) => candidate.id === id))
  return {
    values: valuesOfObject(kinds.named(object.kind), object),
    because: object.because,
    path: object.path,
  }
}

describe('anonymousPull', () => {
  const repositories = 'repositories:\n  a: {type: hosted}\n  b: {type: hosted, forceBasicAuth: true}\n'

  test('true: no login for pulls, anonymous access, the DockerToken realm, each with its reason', async () => {
    const { objects, sections } = await load(`anonymousPull: true\n${repositories}`)
    const reason = 'anonymousPull: true'
    expect(sections['anonymousPull']).toBe(true)
    expect(objects.map(({ id, spec, because, path }) => ({ id, spec, because, path }))).toEqual([
      {
        id: 'a',
        spec: { forceBasicAuth: false },
        because: { forceBasicAuth: reason },
        path: ['repositories', 'a'],
      },
      { id: 'b', spec: { forceBasicAuth: true }, because: {}, path: ['repositories', 'b'] },
      {
        id: 'realms',
        spec: { ensure: ['DockerToken'] },
        because: { active: reason },
        path: ['anonymousPull'],
      },
      { id: 'anonymous', spec: { enabled: true }, because: { enabled: reason }, path: ['anonymousPull'] },
    ])
  })

  test('true keeps what the file says of realms and anonymous access', async () => {
    const yaml =
      'anonymousPull: true\nrealms: {ensure: [LdapRealm]}\nanonymous: {realmName: LdapRealm, enabled: true}\n'
    const { objects } = await load(yaml)
    expect(objects.map(({ id, spec, because }) => ({ id, spec, because }))).toEqual([
      {
        id: 'realms',
        spec: { ensure: ['LdapRealm', 'DockerToken'] },
        because: { active: 'anonymousPull: true' },
      },
      { id: 'anonymous', spec: { enabled: true, realmName: 'LdapRealm' }, because: {} },
    ])
  })

  test('true adds DockerToken once', async () => {
    const { values } = await objectOf('anonymousPull: true\nrealms: {ensure: [DockerToken]}\n', 'realms')
    expect(values).toEqual({})
    const { objects } = await load('anonymousPull: true\nrealms: {ensure: [DockerToken]}\n')
    expect(objects.find(({ id }) => id === 'realms')?.spec).toEqual({ ensure: ['DockerToken'] })
  })

  test('false: every repository asks for a login, the server is left alone', async () => {
    const { objects } = await load(`anonymousPull: false\n${repositories}`)
    expect(objects.map(({ id, spec }) => ({ id, spec }))).toEqual([
      { id: 'a', spec: { forceBasicAuth: true } },
      { id: 'b', spec: { forceBasicAuth: true } },
    ])
    expect(objects[0]?.because).toEqual({ forceBasicAuth: 'anonymousPull: false' })
  })

  test('left out: nothing is added', async () => {
    const { objects } = await load(repositories)
    expect(objects.map(({ spec }) => spec)).toEqual([{}, { forceBasicAuth: true }])
  })
})

describe('authentication says what it is by what it has', () => {
  test.each([
    ['{username: u, password: pass}', 'username'],
    ['{username: u, password: pass, ntlmHost: h}', 'ntlm'],
    ['{username: u, password: pass, ntlmDomain: d}', 'ntlm'],
    ['{bearerToken: token}', 'bearerToken'],
    ['{type: NTLM, username: u, password: pass}', 'ntlm'],
  ])('%s', async (login, type) => {
    const yaml = `repositories: {p: {type: proxy, upstream: quay.io, authentication: ${login}}}`
    const { values } = await objectOf(yaml, 'p')
    expect(values['authentication.type']).toBe(type)
  })

  test('null removes the login as a whole, and nothing is concluded from it', async () => {
    const { values } = await objectOf(
      'repositories: {p: {type: proxy, upstream: quay.io, authentication: null}}',
      'p',
    )
    expect(Object.entries(values).filter(([path]) => path.startsWith('authentication'))).toEqual([
      ['authentication', null],
    ])
  })
})

describe('bootstrap', () => {
  const shown = async (yaml: string) => {
    const { objects } = await load(yaml)
    return objects.map(({ kind, id, spec, because, path }) => ({ kind, id, spec, because, path }))
  }

  test('asks for the password, the licence and a choice, each with its reason and its place', async () => {
    expect(await shown('bootstrap: {initialPassword: first-secret, acceptEula: true}')).toEqual([
      {
        kind: 'adminPassword',
        id: 'admin',
        spec: {},
        because: { password: 'bootstrap.initialPassword' },
        path: ['bootstrap', 'initialPassword'],
      },
      {
        kind: 'eula',
        id: 'eula',
        spec: { accepted: true },
        because: { accepted: 'bootstrap.acceptEula' },
        path: ['bootstrap', 'acceptEula'],
      },
      {
        kind: 'anonymous',
        id: 'anonymous',
        spec: { confirmed: true },
        because: { confirmed: 'bootstrap' },
        path: ['bootstrap'],
      },
    ])
  })

  test('no consent is assumed, and what the file says of anonymous access is the choice', async () => {
    expect(await shown('bootstrap: {acceptEula: false}\nanonymous: {enabled: false}')).toEqual([
      {
        kind: 'anonymous',
        id: 'anonymous',
        spec: { enabled: false, confirmed: true },
        because: { confirmed: 'bootstrap' },
        path: ['anonymous'],
      },
    ])
  })
})

test('every section says what it is for', () => {
  const undescribed = intents.filter(({ section }) => section && !section.description).map(({ name }) => name)
  expect(undescribed).toEqual([])
})
