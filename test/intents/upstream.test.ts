// `upstream: docker-hub`: what it stands for, what of an earlier one is left (nothing), and where a hint leads.
import { describe, expect, test } from 'vitest'
import { upstreamHint } from '../../src/intents/upstream-hint.ts'
import { ecrHosts, type Preset, presetOf, upstreamNames } from '../../src/intents/upstreams.ts'
import { layOver } from '../../src/plan/diff.ts'
import { defaultsFor } from '../../src/resources/contract/fields.ts'
import { valuesOfObject } from '../../src/resources/contract/written.ts'
import { dockerProxy } from '../../src/resources/docker/proxy.ts'
import { defined } from '../config/defined.ts'
import { loadText, placed } from '../config/load-text.ts'
import { emptyState, planFor } from '../helpers/in-process.ts'

const ecr = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
const five = ['remoteUrl', 'index', 'indexUrl', 'cacheForeignLayers', 'foreignLayerUrlWhitelist']
/** Every upstream that a file can name, one of the many of Amazon's among them. */
const names = [...upstreamNames, ecr]

async function configOf(fields: string) {
  const { config } = await loadText(`repositories: {up: {type: proxy, ${fields}}}\n`)
  return defined(config)
}

async function proxyOf(fields: string) {
  const [object] = (await configOf(fields)).objects
  return { values: valuesOfObject(dockerProxy, defined(object)), because: defined(object).because }
}

/** What a server has after a proxy with these fields was created there. */
async function created(fields: string) {
  const { values } = await proxyOf(fields)
  return layOver(
    dockerProxy,
    { name: 'up', storage: {}, docker: {} },
    { ...defaultsFor(dockerProxy.fields, values), ...values },
  )
}

/** What a file changes of a proxy that is there. */
async function changesOf(fields: string, wire: Awaited<ReturnType<typeof created>>) {
  const state = emptyState()
  const server = { ...state, actual: new Map([...state.actual, ['dockerProxy', [{ id: 'up', wire }]]]) }
  const [change] = planFor(await configOf(fields), server).changes
  return { fields: change?.fields ?? [], wire: layOver(dockerProxy, wire, change?.values ?? {}) }
}

/** The registries of the file format, by what a proxy of them needs: where each one answers, and nothing foreign. */
const known: [name: string, remoteUrl: string][] = [
  ['quay.io', 'https://quay.io'],
  ['ghcr.io', 'https://ghcr.io'],
  ['gcr.io', 'https://gcr.io'],
  ['mirror.gcr.io', 'https://mirror.gcr.io'],
  ['registry.k8s.io', 'https://registry.k8s.io'],
  ['mcr.microsoft.com', 'https://mcr.microsoft.com'],
  ['docker.elastic.co', 'https://docker.elastic.co'],
  ['public.ecr.aws', 'https://public.ecr.aws'],
  ['registry.gitlab.com', 'https://registry.gitlab.com'],
  ['nvcr.io', 'https://nvcr.io'],
]

describe('what a word stands for', () => {
  test.each(known)('%s answers for itself, and has no foreign layers', (name, remoteUrl) => {
    expect(presetOf(name)).toEqual({
      remoteUrl,
      index: 'registry',
      indexUrl: null,
      cacheForeignLayers: false,
      foreignLayerUrlWhitelist: [],
    })
  })

  test('there are no others, but for two that have an index elsewhere', () => {
    const others = { 'docker-hub': 'hub', 'registry.redhat.io': 'custom' }
    expect([...upstreamNames].toSorted()).toEqual(
      [...known.map(([name]) => name), ...Object.keys(others)].toSorted(),
    )
    for (const [name, index] of Object.entries(others))
      expect(presetOf(name)).toMatchObject({ index, cacheForeignLayers: false, foreignLayerUrlWhitelist: [] })
  })
})

describe('a preset owns five fields', () => {
  test.each(names)('%s: each with its reason', async (name) => {
    const { values, because } = await proxyOf(`upstream: ${name}`)
    expect(values).toEqual(presetOf(name))
    expect(Object.keys(values).toSorted()).toEqual(five.toSorted())
    expect(because).toEqual(Object.fromEntries(five.map((field) => [field, `upstream: ${name}`])))
  })

  test('whichever comes after whichever, nothing of the first is left', async () => {
    for (const first of names) {
      for (const second of names) {
        const before = await created(
          `upstream: ${first}, cacheForeignLayers: true, foreignLayerUrlWhitelist: ["x"]`,
        )
        const { fields, wire } = await changesOf(`upstream: ${second}`, before)
        expect(wire, `${first} → ${second}`).toMatchObject(await created(`upstream: ${second}`))
        expect(fields.every(({ because }) => because === `upstream: ${second}`)).toBe(true)
        expect((await changesOf(`upstream: ${second}`, wire)).fields).toEqual([])
      }
    }
  })

  test.each([
    ['without an index URL', { indexUrl: null }],
    ["with the web interface's", { indexUrl: 'https://index.docker.io/' }],
    ['with that and no slash', { indexUrl: 'https://index.docker.io' }],
    [
      'where foreign layers were never mentioned',
      { cacheForeignLayers: null, foreignLayerUrlWhitelist: null },
    ],
    [
      'from a server that leaves fields out',
      { indexUrl: undefined, cacheForeignLayers: undefined, foreignLayerUrlWhitelist: undefined },
    ],
  ])('an existing proxy of Docker Hub %s is as it should be', async (_, own) => {
    const { dockerProxy: section, ...rest } = await created('upstream: docker-hub')
    const wire = JSON.parse(
      JSON.stringify({ ...rest, dockerProxy: { ...(section as object), ...own } }),
    ) as typeof rest
    expect((await changesOf('upstream: docker-hub', wire)).fields).toEqual([])
  })
})

describe('what the file writes beside it wins, and takes along what belongs to it', () => {
  test.each<[string, string, Partial<Preset>, string[]]>([
    ['another index', 'upstream: docker-hub, index: registry', { index: 'registry' }, ['indexUrl']],
    [
      'the same index',
      'upstream: docker-hub, index: hub',
      { index: 'hub', indexUrl: 'https://index.docker.io/' },
      [],
    ],
    [
      'an index of its own',
      'upstream: quay.io, index: custom, indexUrl: "https://i.x"',
      { index: 'custom', indexUrl: 'https://i.x' },
      [],
    ],
    [
      'foreign layers',
      'upstream: mcr.microsoft.com, cacheForeignLayers: true',
      { cacheForeignLayers: true },
      ['foreignLayerUrlWhitelist'],
    ],
    [
      'no foreign layers',
      'upstream: mcr.microsoft.com, cacheForeignLayers: false',
      { cacheForeignLayers: false, foreignLayerUrlWhitelist: [] },
      [],
    ],
    [
      'both of them',
      'upstream: mcr.microsoft.com, cacheForeignLayers: true, foreignLayerUrlWhitelist: [x]',
      { cacheForeignLayers: true, foreignLayerUrlWhitelist: ['x'] },
      [],
    ],
  ])('%s', async (_, fields, expected, absent) => {
    const { values, because } = await proxyOf(fields)
    expect(values).toMatchObject(expected)
    expect(five.filter((field) => !(field in values))).toEqual(absent)
    const written = fields
      .split(', ')
      .slice(1)
      .map((part) => part.split(':')[0])
    expect(Object.keys(because).filter((field) => written.includes(field))).toEqual([])
  })

  test('null takes the preset back, for a file that is laid over another', async () => {
    const { values, because } = await proxyOf('upstream: null, remoteUrl: "https://mirror.corp", index: hub')
    expect(values).toEqual({ remoteUrl: 'https://mirror.corp', index: 'hub' })
    expect(because).toEqual({})
  })
})

describe("Amazon's private registries are hosts of one form", () => {
  test.each([
    [ecr, true],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', true],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', true],
    ['12345.dkr.ecr.eu-central-1.amazonaws.com', false],
    [`${ecr}.example.com`, false],
    [`x.${ecr}`, false],
    ['123456789012.dkr.ecr.amazonaws.com', false],
    [ecrHosts, false],
    ['constructor', false],
  ])('%s: %s', (name, known) => {
    expect(presetOf(name)?.remoteUrl).toBe(known ? `https://${name}` : undefined)
  })

  const login = 'authentication: {username: AWS, password: token}'
  test.each([
    ['without a login', `upstream: ${ecr}`, 'upstream'],
    ['with one that lapses', `upstream: ${ecr}, ${login}`, 'authentication'],
    ['by its address', `remoteUrl: "https://${ecr}"`, 'remoteUrl'],
    ['by its address, with a login', `remoteUrl: "https://${ecr}/", ${login}`, 'authentication'],
    ['with ecrAuth switched off', `upstream: ${ecr}, ecrAuth: {enabled: false}`, 'upstream'],
    ['with ecrAuth removed', `upstream: ${ecr}, ecrAuth: null`, 'upstream'],
    ['with ecrAuth', `upstream: ${ecr}, ecrAuth: {enabled: true, awsRegion: eu-central-1}`, undefined],
    ["Amazon's public one", 'upstream: public.ecr.aws', undefined],
  ])('%s', async (_, fields, at) => {
    const problems = placed(await loadText(`repositories: {up: {type: proxy, ${fields}}}\n`))
    const expected = { severity: 'warning', code: 'ecr-token', path: `repositories.up.${at}` }
    expect(problems).toMatchObject(at === undefined ? [] : [expected])
  })
})

describe('a word that is no upstream leads to the right one', () => {
  test.each([
    ...[
      'docker.io',
      'index.docker.io',
      'registry-1.docker.io',
      'hub.docker.com',
      'https://registry-1.docker.io/',
      'dockerhub',
      'Docker Hub',
      'docker_hub',
      'DockerHub',
      'docker-hubb',
      'docker',
      'hub',
    ].map((word) => [word, 'docker-hub']),
    ['Quay.io', 'quay.io'],
    ['https://quay.io', 'quay.io'],
    ['quay', 'quay.io'],
    ['qauy.io', 'quay.io'],
    ['quayio', 'quay.io'],
    ['ghcr', 'ghcr.io'],
    ['gchr.io', 'ghcr.io'],
    ['k8s', 'registry.k8s.io'],
    ['k8s.gcr.io', 'registry.k8s.io'],
    ['mcr', 'mcr.microsoft.com'],
    ['registry.gitlab.co', 'registry.gitlab.com'],
    ['redhat', 'registry.redhat.io'],
  ])('%s → %s', (word = '', meant) => {
    expect(upstreamHint(word)).toContain(`did you mean "${meant}"?`)
  })

  /** Registries that exist and are none of ours; some are one letter away. */
  const others = [
    'icr.io',
    'lscr.io',
    'cgr.dev',
    'us.gcr.io',
    'eu.gcr.io',
    'gcr.dev',
    'ocr.io',
    'mcr.io',
    'cr.yandex',
    'docker.n8n.io',
    'registry.example.com',
    'registry.gitlab.example.com',
    'registry.access.redhat.com',
    'registry.connect.redhat.com',
    'europe-docker.pkg.dev',
    'acme.azurecr.io',
    'localhost:5000',
    'registry.suse.com',
  ]
  test.each(others)('%s is a registry of its own', async (host) => {
    expect(upstreamHint(host)).toBe(`for a registry of that name write "remoteUrl: https://${host}"`)
    const [problem] = placed(await loadText(`repositories: {up: {type: proxy, upstream: "${host}"}}\n`))
    expect(problem).toMatchObject({
      code: 'invalid-value',
      path: 'repositories.up.upstream',
      hint: upstreamHint(host),
    })
  })

  test('what is no host at all', () => {
    expect(upstreamHint('something else')).toBe('any other registry is written "remoteUrl: https://…"')
    // Credentials are not repeated.
    expect(upstreamHint('https://user:secret@quay.example')).not.toContain('secret')
  })
})

describe('addresses where no registry answers', () => {
  test.each([
    ['https://quay.io/v2', 'write "remoteUrl: https://quay.io"'],
    ['https://registry.example.com/v2/', 'write "remoteUrl: https://registry.example.com"'],
    [
      'https://registry.example.com:5000/team/v2',
      'write "remoteUrl: https://registry.example.com:5000/team"',
    ],
    ['https://hub.docker.com', 'upstream: docker-hub'],
    ['https://hub.docker.com/r/library/alpine', 'upstream: docker-hub'],
    ['https://docker.io', 'upstream: docker-hub'],
    ['https://HUB.docker.com/', 'upstream: docker-hub'],
    ['https://quay.io/repository/prometheus/prometheus', 'upstream: quay.io'],
    ['https://ghcr.io/owner', 'upstream: ghcr.io'],
    ['https://gcr.io/google-containers/', 'upstream: gcr.io'],
    ['https://gallery.ecr.aws', 'upstream: public.ecr.aws'],
    ['https://registry-1.docker.io/library', 'upstream: docker-hub'],
    ['https://index.docker.io/v1/', 'upstream: docker-hub'],
    ['https://registry.hub.docker.com/library', 'upstream: docker-hub'],
    [`https://${ecr}/team`, `upstream: ${ecr}`],
  ])('%s', async (remoteUrl, hint) => {
    const yaml = `repositories: {up: {type: proxy, remoteUrl: "${remoteUrl}", ecrAuth: {enabled: true}}}\n`
    const problems = placed(await loadText(yaml))
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'not-a-registry', path: 'repositories.up.remoteUrl' },
    ])
    expect(problems[0]?.hint).toContain(hint)
  })

  test.each([
    'https://quay.io',
    'https://quay.io/',
    'https://registry-1.docker.io',
    'https://index.docker.io',
    'https://registry.hub.docker.com',
    'https://registry.example.com/team/v2x',
    'https://registry.example.com/v2/team',
    'https://nexus.example.com/repository/docker/',
    'https://mirror.example.com/hub.docker.com',
    'https://myhub.docker.com.example.com',
    'https://example.com/quay.io/x',
    'https://hub.docker.com.example',
    'https://quay.io.example.com/team',
    'https://hub/team',
    'https://gitlab/team',
    'https://docker-hub/team',
  ])('%s is left alone', async (remoteUrl) => {
    expect(placed(await loadText(`repositories: {up: {type: proxy, remoteUrl: "${remoteUrl}"}}\n`))).toEqual(
      [],
    )
  })
})

describe('the index follows the host of the address', () => {
  test.each([
    ['https://registry-1.docker.io', 'hub'],
    ['https://registry-1.docker.io/', 'hub'],
    ['https://REGISTRY-1.docker.io:443', 'hub'],
    ['https://index.docker.io', 'hub'],
    ['https://mirror.example.com/api/docker/registry-1.docker.io', 'registry'],
    ['https://registry-1.docker.io.example.com', 'registry'],
    ['https://my-registry-1.docker.io', 'registry'],
    ['https://quay.io', 'registry'],
    ['no address', 'registry'],
  ])('%s: %s', (remoteUrl, index) => {
    expect(defaultsFor(dockerProxy.fields, { remoteUrl })['index']).toBe(index)
  })

  test.each([
    ['hub', 'https://index.docker.io/', []],
    ['hub', 'https://index.docker.io', []],
    ['registry', 'https://index.docker.io', []],
    ['custom', 'https://r.example/auth?service=docker-registry', []],
    ['custom', 'https://r.example/auth?a=b&c=d#x', ['error invalid-url']],
    ['custom', 'https://u:p@r.example/auth?a=b', ['error credentials-in-url']],
    ['registry', 'https://r.example/', ['warning index-url']],
    ['hub', 'https://r.example/', ['warning index-url']],
  ])('index: %s with %s', async (index, indexUrl, expected) => {
    const yaml = `repositories: {up: {type: proxy, remoteUrl: "https://r.example", index: ${index}, indexUrl: "${indexUrl}"}}\n`
    expect(placed(await loadText(yaml)).map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected)
  })

  test('a slash at the end of an index URL is no difference, one of a query is', async () => {
    const custom = (url: string) => `remoteUrl: "https://r.example", index: custom, indexUrl: "${url}"`
    const changed = async (a: string, b: string) =>
      (await changesOf(custom(a), await created(custom(b)))).fields.length
    expect(await changed('https://i.example', 'https://i.example/')).toBe(0)
    expect(await changed('https://i.example/?a=b', 'https://i.example/?a=b/')).toBe(1)
  })
})

describe('upstream and remoteUrl', () => {
  test.each(['upstream: quay.io, remoteUrl: "https://x.y"', 'remoteUrl: "https://x.y", upstream: quay.io'])(
    '%s',
    async (fields) => {
      const [problem] = placed(await loadText(`repositories: {up: {type: proxy, ${fields}}}\n`))
      expect(problem).toMatchObject({ code: 'upstream-and-url', path: 'repositories.up.remoteUrl' })
      expect(problem?.hint).toContain('upstream: null')
    },
  )
})
