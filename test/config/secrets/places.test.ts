import { describe, expect, test } from 'vitest'
import { secretsIn, secretTest } from '../../../src/config/secrets/places.ts'
import { createRedactor } from '../../../src/core/secrets/redact.ts'
import { intents } from '../../../src/intents/index.ts'
import { kinds } from '../../../src/resources/index.ts'
import { formatPath } from '../../../src/yaml/located.ts'
import { parseYaml } from '../../../src/yaml/parse.ts'
import { defined } from '../defined.ts'
import { loadText } from '../load-text.ts'

const tables = { kinds, intents }

function rootOf(text: string) {
  return defined(parseYaml({ name: 'f.yml', text }).root)
}

function placesIn(text: string): string[] {
  return secretsIn(rootOf(text), tables).map(({ path }) => formatPath(path))
}

const login = 'authentication: {username: u, password: p, bearerToken: t}'

describe('where a secret stands is said by kinds and intents', () => {
  test.each([
    ['the server', 'nexus: {url: u, password: p}', ['nexus.password']],
    ['an intent', 'bootstrap: {initialPassword: p, acceptEula: true}', ['bootstrap.initialPassword']],
    [
      'a block',
      'httpProxy: {http: {host: h, authentication: {password: p}}, exclude: [a]}',
      ['httpProxy.http.authentication.password'],
    ],
    [
      'an entry of its kind',
      `repositories: {a: {type: proxy, ${login}}}`,
      ['repositories.a.authentication.password', 'repositories.a.authentication.bearerToken'],
    ],
    ['an entry of a kind without secrets', `repositories: {a: {type: hosted, ${login}}}`, []],
    [
      'an entry that does not say what it is: all of its section',
      `repositories: {a: {${login}}}`,
      ['repositories.a.authentication.password', 'repositories.a.authentication.bearerToken'],
    ],
    [
      'an entry of a type that nobody has',
      'repositories: {a: {type: proxi, authentication: {password: p}}}',
      ['repositories.a.authentication.password'],
    ],
    ['names and other places', 'repositories: {password: {type: hosted}}\nrealms: {password: p}', []],
  ])('%s', (_, text, places) => {
    expect(placesIn(text)).toEqual(places)
  })

  test('a reference is inside of one', () => {
    const root = rootOf('nexus: {password: {env: NAME}, url: {env: NAME}}')
    const isSecret = secretTest(root, tables, { inside: true })
    expect(isSecret(['nexus', 'password'])).toBe(true)
    expect(isSecret(['nexus', 'password', 'env'])).toBe(true)
    expect(isSecret(['nexus', 'url', 'env'])).toBe(false)
    expect(secretTest(root, tables, { inside: false })(['nexus', 'password', 'env'])).toBe(false)
  })
})

describe('what the redactor knows of a file', () => {
  async function hidden(yaml: string): Promise<string> {
    const redactor = createRedactor()
    await loadText(yaml, { redactor })
    return redactor.redact('canary-of-file')
  }

  test.each([
    'nexus: {password: canary-of-file}',
    'password: canary-of-file',
    'nexsus: {password: canary-of-file}',
    'repositories: {password: canary-of-file}',
    'repositories: {a: {type: hosted, password: canary-of-file}}',
    'repositories: {a: {type: hosted, authentication: {bearerToken: canary-of-file}}}',
    'repositories: {a: {type: proxy, authentication: {password: [canary-of-file]}}}',
    'repositories: {a: {type: proxy, authentication: {password: {vault: canary-of-file}}}}',
    'httpProxy: {password: canary-of-file}',
    'bootstrap: {initialPassword: {text: canary-of-file}}',
    'bootstrap: {password: canary-of-file}',
  ])('a secret, wherever it went: %s', async (yaml) => {
    expect(await hidden(`${yaml}\n`)).toBe('***')
  })

  test.each([
    'repositories: {password: {type: hosted, blobStore: canary-of-file}}',
    'nexus: {password: {env: canary-of-file}}',
    'nexus: {username: canary-of-file}',
  ])('nothing else: %s', async (yaml) => {
    expect(await hidden(`${yaml}\n`)).toBe(yaml.includes('env') ? '***' : 'canary-of-file')
  })
})

test('objects hold a word in place of a secret, which stands beside them', async () => {
  const yaml =
    'repositories:\n  a: {type: proxy, upstream: quay.io, authentication: {username: u, password: {env: KEY}}}\n'
  const environment = { KEY: 'value-of-key' }
  const { config } = await loadText(yaml, { environment, lenientSecrets: false })
  const { objects, secrets } = defined(config)
  expect(JSON.stringify(objects)).not.toContain('value-of-key')
  expect(objects[0]?.spec['authentication']).toEqual({
    type: 'username',
    username: 'u',
    password: 'sensitive',
  })
  expect(secrets.get('dockerProxy a')).toEqual({ 'authentication.password': 'value-of-key' })
})

describe('what belongs to a login is of no use without its secret, and spared with it', () => {
  test.each([
    ['the server', 'nexus: {url: "${A}", username: "${B}", password: "${C}"}', 3],
    [
      'a proxy',
      'repositories: {a: {type: proxy, upstream: quay.io, authentication: {username: "${A}", password: "${B}"}}}',
      2,
    ],
    [
      'NTLM',
      'repositories: {a: {type: proxy, upstream: quay.io, authentication: {username: u, password: {env: A}, ntlmHost: "${B}", ntlmDomain: "${C}"}}}',
      3,
    ],
    [
      'the HTTP proxy',
      'httpProxy: {http: {host: h, port: 1, authentication: {username: "${A}", password: "${B}"}}}',
      2,
    ],
  ])('%s', async (_, yaml, count) => {
    const spared = await loadText(yaml)
    expect(spared.problems.map(({ severity }) => severity)).toEqual(
      Array.from({ length: count }, () => 'warning'),
    )
    expect(spared.config).toBeDefined()
    const needed = await loadText(yaml, { lenientSecrets: false })
    expect(needed.problems.map(({ severity }) => severity)).toEqual(
      Array.from({ length: count }, () => 'error'),
    )
  })

  test.each([
    'repositories: {a: {type: proxy, remoteUrl: "${A}"}}',
    'repositories: {a: {type: hosted, httpPort: "${A}"}}',
    'httpProxy: {http: {host: "${A}", port: 1}}',
    'repositories: {a: {type: proxy, upstream: quay.io, authentication: {type: "${A}", username: u, password: p-secret}}}',
  ])('nothing else is: %s', async (yaml) => {
    expect((await loadText(yaml)).problems).toMatchObject([{ severity: 'error', code: 'unset-variable' }])
  })
})
