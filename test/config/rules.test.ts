import { describe, expect, test } from 'vitest'
import { loadText, placed } from './load-text.ts'

async function problemsOf(yaml: string) {
  return placed(await loadText(yaml))
}

describe('close to a mistake, and right', () => {
  test.each([
    [
      'a Java pattern with flags',
      'p: {type: proxy, upstream: mcr.microsoft.com, cacheForeignLayers: true, foreignLayerUrlWhitelist: ["(?i)https?://x/.*+", "(?>a|b)"]}',
    ],
    [
      'a preset whose list is not used',
      'p: {type: proxy, upstream: mcr.microsoft.com, cacheForeignLayers: false}',
    ],
    ['a URL in upper case', 'p: {type: proxy, remoteUrl: "HTTPS://Registry.Corp:5000/v3"}'],
    [
      "Docker Hub's own index written out",
      'p: {type: proxy, upstream: docker-hub, indexUrl: "https://index.docker.io/"}',
    ],
    ['a connector that is closed', 'p: {type: hosted, httpPort: 8082, httpsPort: null}'],
    ['the lowest port that any user may open', 'p: {type: hosted, httpPort: 1024}'],
    ['path routing with a closed connector', 'p: {type: hosted, pathEnabled: true, httpPort: null}'],
    [
      'a writable member that the file only refers to',
      'h: {external: true}\n  g: {type: group, members: [h], writableMember: h}',
    ],
    [
      'a group in two groups',
      'h: {type: hosted}\n  a: {type: group, members: [h]}\n  b: {type: group, members: [a]}\n  c: {type: group, members: [a, b]}',
    ],
    ['a name of 200 characters', `${'n'.repeat(200)}: {type: hosted}`],
    ['a subdomain of one letter', 'p: {type: hosted, subdomain: x}'],
    [
      '20 connector ports',
      Array.from({ length: 20 }, (_, n) => `r${n}: {type: hosted, httpPort: ${9000 + n}}`).join('\n  '),
    ],
  ])('%s', async (_, repositories) => {
    expect(await problemsOf(`repositories:\n  ${repositories}\n`)).toEqual([])
  })

  test.each([
    ['the smallest quota', 'blobStores: {a: {quota: {type: spaceUsed, limit: 1 MiB}}}'],
    [
      'directories beside each other',
      'blobStores: {a: {path: /data/a}, ab: {path: /data/ab}, b: {path: data/a}}',
    ],
    [
      'exclusions as Nexus takes them',
      'httpProxy: {exclude: ["*.corp", "10.*", "[::1]", localhost, under_score, "::1", "*example.org"]}',
    ],
    ['exclusions without a word of the proxy', 'httpProxy: {exclude: [localhost]}'],
    [
      'a proxy by address',
      'httpProxy: {http: {host: "10.0.0.1", port: 1}, https: {host: "[fe80::1]", port: 1}}',
    ],
    [
      'realms owned, with those that are needed',
      'anonymousPull: true\nrealms: {exact: [NexusAuthenticatingRealm, DockerToken]}',
    ],
    ['a server below a path', 'nexus: {url: "https://corp.example/nexus/"}'],
  ])('%s', async (_, yaml) => {
    expect(await problemsOf(`${yaml}\n`)).toEqual([])
  })
})

describe('a field that is there and wrong is told once, not as missing too', () => {
  test.each([
    ['index', 'p: {type: proxy, remoteUrl: "https://x.y", index: hubb, indexUrl: "https://i.x"}'],
    ['indexUrl', 'p: {type: proxy, remoteUrl: "https://x.y", index: custom, indexUrl: 5}'],
    ['remoteUrl', 'p: {type: proxy, remoteUrl: 5}'],
    ['upstream', 'p: {type: proxy, upstream: docker-hubb}'],
    [
      'authentication.username',
      'p: {type: proxy, remoteUrl: "https://x.y", authentication: {type: username, username: 5, password: x-secret}}',
    ],
    [
      'cacheForeignLayers',
      'p: {type: proxy, remoteUrl: "https://x.y", foreignLayerUrlWhitelist: [x], cacheForeignLayers: maybe}',
    ],
    ['writePolicy', 'p: {type: hosted, latestPolicy: true, writePolicy: once}'],
    ['members', 'p: {type: group, members: 5, writableMember: h}\n  h: {type: hosted}'],
  ])('%s', async (field, repository) => {
    const problems = await problemsOf(`repositories:\n  ${repository}\n`)
    expect(problems.map(({ path }) => path)).toEqual([`repositories.p.${field}`])
  })
})

test('a blob store around an earlier one is told, too', async () => {
  expect(
    await problemsOf('blobStores: {inner: {path: /data/docker/inner/}, outer: {path: //data/docker}}'),
  ).toMatchObject([
    {
      code: 'blob-store-path',
      path: 'blobStores.outer.path',
      message: expect.stringContaining('"inner"') as string,
    },
  ])
})

test.each([
  ['/data/docker', '/data/docker/'],
  ['/data//docker', '/data/./docker'],
  ['images', './images/'],
  ['a/../images', 'images/deep'],
  ['.', 'images'],
  ['/', '/data'],
])('%s and %s are one directory, or one is in the other', async (one, other) => {
  for (const [first, second] of [
    [one, other],
    [other, one],
  ])
    expect(await problemsOf(`blobStores: {a: {path: "${first}"}, b: {path: "${second}"}}`)).toMatchObject([
      { severity: 'error', code: 'blob-store-path', path: 'blobStores.b.path' },
    ])
})

test.each([
  ['images', '/images'],
  ['images', 'images2'],
  ['/', 'images'],
  ['images/a', 'images/b'],
  ['../images', 'images'],
])('%s and %s have nothing to do with each other', async (one, other) => {
  expect(await problemsOf(`blobStores: {a: {path: "${one}"}, b: {path: "${other}"}}`)).toEqual([])
})

test('a store without a path may be on the server already, with another one: only a server can tell', async () => {
  expect(await problemsOf('blobStores: {images: {}, deep: {path: images/deep}}')).toMatchObject([
    { severity: 'warning', code: 'blob-store-path', path: 'blobStores.deep.path' },
  ])
})

test('http and https connectors share the ports, those of one repository too', async () => {
  const two = 'one: {type: hosted, httpPort: 6000}\n  two: {type: hosted, httpsPort: 6000}'
  const same = 'one: {type: hosted, httpPort: 6000, httpsPort: 6000}'
  for (const [repositories, name, says] of [
    [two, 'two', 'httpsPort 6000 is already used by "one"'],
    [same, 'one', 'httpsPort 6000 is already the httpPort of this repository'],
  ])
    expect(await problemsOf(`repositories:\n  ${repositories}\n`)).toMatchObject([
      { code: 'port-conflict', path: `repositories.${name}.httpsPort`, message: says },
      { code: 'https-connector' },
    ])
})

test('https connectors are spoken of once a file, ports below 1024 each', async () => {
  const yaml = 'repositories:\n  a: {type: hosted, httpsPort: 443}\n  b: {type: hosted, httpsPort: 853}\n'
  expect((await problemsOf(yaml)).map(({ code, path }) => `${code} ${path}`)).toEqual([
    'privileged-port repositories.a.httpsPort',
    'https-connector repositories.a.httpsPort',
    'privileged-port repositories.b.httpsPort',
  ])
})

test("Nexus's name of another type's field", async () => {
  const [problem] = await problemsOf('repositories: {p: {type: proxy, upstream: quay.io, memberNames: [a]}}')
  expect(problem?.hint).toBe('Nexus\'s "memberNames" is "members" here, and belongs to type: group')
})

describe('suggested ports', () => {
  test('are free in the file and at Nexus', async () => {
    const yaml =
      'repositories:\n  a: {type: hosted, httpPort: 8080}\n  b: {type: hosted, httpPort: 8080}\n  c: {type: hosted, httpPort: 8082}\n'
    expect(await problemsOf(yaml)).toMatchObject([
      { hint: 'each connector needs its own port; 8083 is free in this file' },
    ])
  })

  test('begin again above the privileged ones', async () => {
    const yaml = 'repositories:\n  a: {type: hosted, httpPort: 65535}\n  b: {type: hosted, httpPort: 65535}\n'
    expect(await problemsOf(yaml)).toMatchObject([
      { hint: expect.stringContaining('; 1024 is free') as string },
    ])
  })
})

describe('groups in a circle', () => {
  const groups = (members: Record<string, string>) =>
    `repositories:\n${Object.entries(members)
      .map(([name, list]) => `  ${name}: {type: group, members: [${list}]}\n`)
      .join('')}`

  test.each([
    ['of one', { a: 'a' }, ['repositories.a.members[0] a → a']],
    ['of three, told once', { a: 'b', b: 'c', c: 'a' }, ['repositories.a.members[0] a → b → c → a']],
    ['behind a group that is not in it', { x: 'a', a: 'b', b: 'a' }, ['repositories.a.members[0] a → b → a']],
    [
      'twice',
      { a: 'b, c', b: 'a', c: 'a' },
      ['repositories.a.members[0] a → b → a', 'repositories.a.members[1] a → c → a'],
    ],
  ])('%s', async (_, members, expected) => {
    const found = await problemsOf(groups(members))
    expect(found.map(({ path, message }) => `${path} ${message.replace(/^.*: /, '')}`)).toEqual(expected)
  })
})

describe('files that no person writes are answered in time', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('')

  test.each([
    [
      'members that are missing',
      `repositories:\n  g: {type: group, members: [${many(5000, (n) => `missing-member-${n}, `)}]}\n${many(2000, (n) => `  member-${n}: {type: hosted}\n`)}`,
    ],
    [
      'groups in a chain',
      `repositories:\n${many(3000, (n) => `  g${n}: {type: group, members: [g${n + 1}]}\n`)}  g3000: {type: hosted}\n`,
    ],
    [
      'groups in every group above',
      `repositories:\n${many(60, (n) => `  g${n}: {type: group, members: [${many(60 - n, (m) => `g${n + m + 1}, `)}]}\n`)}  g60: {type: hosted}\n`,
    ],
    ['one port for all', `repositories:\n${many(3000, (n) => `  r${n}: {type: hosted, httpPort: 9000}\n`)}`],
    [
      'every port taken',
      `repositories:\n${many(6000, (n) => `  r${n}: {type: hosted, httpPort: ${1 + (n % 3000)}}\n`)}`,
    ],
    ['blob stores', `blobStores:\n${many(10_000, (n) => `  s${n}: {path: /data/${n % 5000}}\n`)}`],
    ['a list of the same', `httpProxy: {exclude: [${'a, '.repeat(20_000)}]}\n`],
  ])('%s', async (_, yaml) => {
    const start = performance.now()
    await loadText(yaml)
    // Usual is a second at most; a busy machine takes a multiple. Looking at every way through the groups would take for ever.
    expect(performance.now() - start).toBeLessThan(60_000)
  })
})
