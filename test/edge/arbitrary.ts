// Random ways in for property tests: what the schema takes, hostile text wherever it takes free text, and repositories that fit or do not.
import fc from 'fast-check'
import { type Routing, routings } from '../../src/edge/edge.ts'
import type { Repository } from '../../src/edge/repository.ts'
import type { EdgeSection, TlsSection } from '../../src/edge/section.ts'

export interface EdgeCase {
  section: EdgeSection
  repositories: Repository[]
  server: { url?: string; version?: string }
}

/** Text that means something to some configuration: all of it may stand in a path. */
const hostile = fc.constantFrom(
  '/etc/ssl/a b.crt',
  `/etc/"quoted"/it's.crt`,
  '/etc/ssl/a;b{c}d.crt',
  '/etc/$host/${HOME}/`id`.crt',
  '/etc/#no/%h/%%.crt',
  'C:\\certs\\registry.crt',
  '/etc/\u00fcml\u00e4ut/\u{1f433}.crt',
  '-rf',
  '{{ .Values.x }}',
  '/etc/ssl/<a>&b|c.crt',
  '/x */ y // z /* .crt',
)

const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('/etc/ssl/registry.crt', 'ca.crt', '/run/secrets/key') },
  { weight: 2, arbitrary: hostile },
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => `/x${text.replaceAll(/\p{Cc}/gu, '_')}`),
)

const host = fc
  .record({
    name: fc.constantFrom('registry', 'push', 'nexus', 'hub', 'quay', 'Registry'),
    domain: fc.constantFrom('.example.com', '.lan', ''),
    port: fc.option(fc.constantFrom(443, 80, 5000, 8082, 8443), { nil: undefined, freq: 3 }),
  })
  .map(({ name, domain, port }) => `${name}${domain}${port === undefined ? '' : `:${port}`}`)
const anyHost = fc.oneof(
  { weight: 12, arbitrary: host },
  fc.constantFrom('localhost', '127.0.0.1:5000', '10.1.2.3', '[fd00::1]:8443'),
)

const email = fc.constantFrom('admin@example.com', "o'hara+nexus@example.com")
const goodTls: fc.Arbitrary<TlsSection> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { certificate: path, key: path, ca: path },
      { requiredKeys: ['certificate', 'key'] },
    ),
  },
  { weight: 2, arbitrary: fc.record({ acme: fc.record({ email }, { requiredKeys: [] }) }) },
  {
    weight: 2,
    arbitrary: fc.record(
      { endsFurtherOut: fc.constant(true as const), ca: path },
      { requiredKeys: ['endsFurtherOut'] },
    ),
  },
)
const contradiction = fc.record(
  { certificate: path, key: path, ca: path, acme: fc.constant({}) },
  { requiredKeys: [] },
)
const tls: fc.Arbitrary<TlsSection> = fc.oneof({ weight: 9, arbitrary: goodTls }, contradiction)

const namespace = fc.constantFrom('acme', 'acme/backend', 'library', 'a.b_c__d-e', 'backup/docker.io', '0')

const names = [
  'apps',
  'docker-hosted',
  'hub',
  'quay',
  'k8s',
  'docker',
  'all',
  'own.images',
  'A_B',
  'x..y',
] as const

/** Left out, or what the arbitrary says. */
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>, freq = 2) =>
  fc.option(arbitrary, { nil: undefined, freq })

/** Without what is undefined, as a file has it. */
function written<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return JSON.parse(JSON.stringify(value)) as never
}

const section: fc.Arbitrary<EdgeSection> = fc
  .record({
    hosts: fc.record({
      pull: anyHost,
      push: maybe(anyHost),
      web: maybe(anyHost),
      repositories: maybe(fc.dictionary(fc.constantFrom(...names), anyHost, { maxKeys: 2 }), 1),
    }),
    routing: maybe(fc.constantFrom(...routings), 4),
    pull: maybe(fc.constantFrom(...names), 1),
    push: maybe(fc.constantFrom(...names), 1),
    namespaces: maybe(fc.array(namespace, { maxLength: 4 })),
    upstream: maybe(
      fc.constantFrom(
        'http://nexus:8081',
        'https://nexus.lan/nexus/',
        'http://localhost:8081',
        'http://registry.lan:8082',
        'http://[fd00::2]:8081',
      ),
      3,
    ),
    tls: maybe(tls, 8),
    limits: maybe(
      fc.record(
        { upload: fc.integer({ min: 1, max: 2 ** 40 }), timeout: fc.integer({ min: 1, max: 86_400 }) },
        { requiredKeys: [] },
      ),
    ),
  })
  .map((value) => written(value) as EdgeSection)

interface Drawn {
  name: (typeof names)[number]
  type: Repository['type']
  way: 'port' | 'tls-port' | 'subdomain' | 'path' | 'no-path' | 'none'
  open: boolean | undefined
  members: readonly (typeof names)[number][]
  deny: boolean
  v1: boolean
}

const ways = ['port', 'tls-port', 'subdomain', 'path', 'no-path', 'none'] as const
const repository: fc.Arbitrary<Drawn> = fc.record({
  name: fc.constantFrom(...names),
  type: fc.constantFrom('hosted' as const, 'proxy' as const, 'group' as const),
  way: fc.constantFrom(...ways),
  open: maybe(fc.boolean()),
  members: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }),
  deny: fc.boolean(),
  v1: fc.boolean(),
})

/** Ports and subdomains are different, as they have to be. */
function madeOf({ name, type, way, open, members, deny, v1 }: Drawn, index: number): Repository {
  const byWay = {
    port: { httpPort: 8082 + index },
    'tls-port': { httpsPort: 8482 + index },
    subdomain: { subdomain: `s${index}` },
    path: { pathEnabled: true },
    'no-path': { pathEnabled: false },
    none: {},
  }
  const byType = {
    hosted: deny ? { writePolicy: 'deny' } : {},
    proxy: {
      remoteUrl: v1 ? 'https://registry-1.docker.io' : 'https://quay.io',
      index: v1 ? 'hub' : 'registry',
    },
    group: { members: [...members] },
  }
  const values = {
    ...byWay[way],
    ...byType[type],
    v1Enabled: v1,
    ...(open !== undefined && { forceBasicAuth: open }),
  }
  return { name, type, values }
}

/** Most files have one way for all of their repositories. */
const repositories = fc
  .record({
    drawn: fc.uniqueArray(repository, { selector: ({ name }) => name, maxLength: 6 }),
    way: maybe(fc.constantFrom(...ways), 4),
  })
  .map(({ drawn, way }) => drawn.map((one, index) => madeOf({ ...one, ...(way && { way }) }, index)))

/** A hosted repository, two proxies and their group: what most routings want. */
function usualBy(way: Drawn['way'], open: boolean | undefined): Repository[] {
  const make = (name: Drawn['name'], type: Drawn['type'], index: number, members: Drawn['members'] = []) =>
    madeOf({ name, type, way, open, members, deny: false, v1: name === 'hub' }, index)
  return [
    make('apps', 'hosted', 0),
    make('hub', 'proxy', 1),
    make('quay', 'proxy', 2),
    make('docker', 'group', 3, ['apps', 'quay', 'hub']),
  ]
}

const usual = fc
  .record({ way: fc.constantFrom(...ways), open: maybe(fc.boolean()) })
  .map(({ way, open }) => usualBy(way, open))

const wayOf: Partial<Record<Routing, Drawn['way']>> = { path: 'none', ports: 'port', subdomain: 'subdomain' }

/** The same section without what contradicts its routing, and repositories that fit it. */
function fitting({ section: one, server }: EdgeCase, routing: Routing, certain: TlsSection): EdgeCase {
  const { pull: _, push: __, ...rest } = one
  const { web, repositories: own } = one.hosts
  const isAlone = routing === 'ports' || routing === 'subdomain'
  const hosts = {
    pull: 'registry.example.com',
    ...(!isAlone && one.hosts.push !== undefined && { push: 'push.example.com' }),
    ...(web !== undefined && { web: web.startsWith('r') ? 'registry.example.com' : 'nexus.example.com' }),
    ...(own && { repositories: { hub: 'mirror.example.com' } }),
  }
  const namespaces = [...(one.namespaces ?? []), 'acme']
  const tlsOf = one.tls === undefined ? {} : { tls: certain }
  const isFront = one.upstream === undefined || one.upstream.includes('registry')
  const upstream = isFront ? 'http://nexus:8081' : one.upstream
  return {
    section: { ...rest, hosts, routing, namespaces, upstream, ...tlsOf },
    repositories: usualBy(wayOf[routing] ?? (one.limits ? 'none' : 'port'), server.version === undefined),
    server,
  }
}

/** With routing by path the intent has enabled it wherever nothing speaks against it. */
function expanded({ section: one, repositories: all, server }: EdgeCase): EdgeCase {
  const isPath = one.routing === undefined || one.routing === 'path'
  const isFree = (key: string) => !/Port|subdomain|pathEnabled/.test(key)
  const made = all.map((each) => {
    const isEnabled = isPath && Object.keys(each.values).every(isFree)
    return isEnabled ? { ...each, values: { ...each.values, pathEnabled: true } } : each
  })
  return { section: one, repositories: made, server }
}

const server = fc
  .record({
    url: maybe(
      fc.constantFrom('http://localhost:8081', 'https://nexus.example.com/nexus', 'http://registry.lan:8081'),
    ),
    version: maybe(fc.constantFrom('3.77.1', '3.85.0', '3.90.0')),
  })
  .map(written)

const random: fc.Arbitrary<EdgeCase> = fc.record({
  section,
  repositories: fc.oneof({ weight: 3, arbitrary: usual }, { weight: 2, arbitrary: repositories }),
  server,
})

/** A way in as the program considers it, without an error. */
export const goodEdgeCase: fc.Arbitrary<EdgeCase> = fc
  .record({ random, routing: fc.constantFrom(...routings), tls: goodTls })
  .map(({ random: one, routing, tls: certain }) => expanded(fitting(one, routing, certain)))

/** A way in as the program considers it; about half of them have an error. */
export const edgeCase: fc.Arbitrary<EdgeCase> = fc.oneof(random.map(expanded), goodEdgeCase)
