import { describe, expect, test } from 'vitest'
import { valuesOfObject } from '../../src/resources/contract/written.ts'
import { kinds } from '../../src/resources/index.ts'
import { defined } from './defined.ts'
import { loadText, placed } from './load-text.ts'

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

describe('null', () => {
  test('httpProxy: null switches both proxies off and empties the exclusions', async () => {
    const { values } = await objectOf('httpProxy: null\n', 'httpProxy')
    expect(values).toEqual({ http: null, https: null, exclude: [] })
  })

  test('httpProxy: {http: null} leaves https alone', async () => {
    const { values } = await objectOf('httpProxy: {http: null}\n', 'httpProxy')
    expect(values).toEqual({ http: null })
  })

  test('an empty section of names holds none; an empty blob store has defaults alone', async () => {
    const { objects } = await load('repositories:\nblobStores:\n  images:\n')
    expect(objects.map(({ id, spec }) => ({ id, spec }))).toEqual([{ id: 'images', spec: {} }])
  })

  test('httpPort: null closes the connector', async () => {
    const { values } = await objectOf('repositories: {a: {type: hosted, httpPort: null}}', 'a')
    expect(values).toEqual({ httpPort: null })
  })
})

describe('external: true', () => {
  test('may be referred to and is not among the objects', async () => {
    const config = await load(
      'blobStores: {s3: {external: true, type: s3}}\nrepositories:\n  old: {external: true}\n  all: {type: group, blobStore: s3, members: [old]}\n',
    )
    expect(config.objects.map(({ id }) => id)).toEqual(['all'])
    expect(config.externals).toEqual([
      { namespace: 'blobStore', id: 's3', path: ['blobStores', 's3'] },
      { namespace: 'repository', id: 'old', path: ['repositories', 'old'] },
    ])
  })

  test('names of another kind do not count', async () => {
    const loaded = await loadText(
      'blobStores: {old: {external: true}}\nrepositories: {g: {type: group, members: [old]}}\n',
    )
    expect(placed(loaded)).toMatchObject([{ code: 'member-missing' }])
  })
})

describe('${…} in numbers, booleans, words, sizes and lists', () => {
  const environment = {
    PORT: '8082',
    ON: 'true',
    OFF: 'false',
    POLICY: 'allow-once',
    SIZE: '10 GiB',
    AGE: '-1',
    NAME: 'a',
  }

  test('is read as what the field holds', async () => {
    const yaml = `anonymousPull: "\${OFF}"
blobStores: {store: {quota: {type: spaceUsed, limit: "\${SIZE}"}}}
repositories:
  a: {type: hosted, httpPort: "\${PORT}", online: "\${OFF}", v1Enabled: "\${ON}", writePolicy: "\${POLICY}"}
  p: {type: "\${TYPE:-proxy}", upstream: quay.io, contentMaxAge: "\${AGE}"}
  g: {type: group, members: ["\${NAME}", p], httpPort: "1\${PORT}"}
`
    expect((await objectOf(yaml, 'store', environment)).values).toMatchObject({
      'quota.limit': 10 * 1024 ** 3,
    })
    expect((await objectOf(yaml, 'a', environment)).values).toMatchObject({
      httpPort: 8082,
      online: false,
      v1Enabled: true,
      writePolicy: 'allow-once',
      forceBasicAuth: true,
    })
    expect((await objectOf(yaml, 'p', environment)).values).toMatchObject({ contentMaxAge: -1 })
    expect((await objectOf(yaml, 'g', environment)).values).toMatchObject({
      members: ['a', 'p'],
      httpPort: 18082,
    })
  })

  test('stays a text where a text is wanted', async () => {
    const { nexus } = await load(
      'nexus: {username: "${PORT}", password: "${ON}", version: "3.${PORT}"}\n',
      environment,
    )
    expect(nexus).toEqual({ username: '8082', password: 'true', version: '3.8082' })
  })

  test.each([
    ['eighty', /expected a port number, got text/],
    ['80 82', /expected a port number, got text/],
    ['70000', /at most 65535/],
    ['', /expected a port number, got text/],
  ])('a port of "%s" is refused at its place', async (PORT, message) => {
    const loaded = await loadText('repositories:\n  a: {type: hosted, httpPort: "${PORT}"}\n', {
      environment: { PORT },
    })
    expect(placed(loaded)).toMatchObject([{ code: 'invalid-value', line: 2, column: 31 }])
    expect(placed(loaded)[0]?.message).toMatch(message)
  })

  test('a quoted number that is no ${…} stays a mistake', async () => {
    expect(placed(await loadText('repositories: {a: {type: hosted, httpPort: "8082"}}'))).toMatchObject([
      { code: 'invalid-value' },
    ])
  })
})
