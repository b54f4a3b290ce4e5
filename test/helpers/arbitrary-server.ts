// Random servers with objects that a file may describe, refer to or not know, and random files that meet them.
import fc from 'fast-check'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import type { Repository, State } from '../../src/sandbox/kernel/state.ts'

type Fields = Record<string, unknown>

/** What stands in the way of a file: by name, what there may be on the server. */
export interface Neighbourhood {
  server: Required<Pick<SandboxOptions, 'version' | 'edition'>>
  /** Applied before, in this order. */
  documents: Fields[]
  /** What no document can make, put into the state. */
  put: (state: State) => void
}

export interface Meeting extends Neighbourhood {
  file: Fields
}

const ports = [9001, 9002, 9003, 9004, 9005, 9006]
const directories = [
  'pool',
  'pool/a',
  'pool/b',
  'other',
  'other/b',
  '/srv/pool',
  '/srv/pool/a',
  'default/sub',
]
/** Nexus normalises them before it compares them (nexus-api 2.2). */
const spellings: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => path,
  (path) => `${path}/`,
  (path) => path.replaceAll('/', '//'),
  (path) => (path.startsWith('/') ? `/srv/..${path}` : `./${path}/`),
  (path) => `${path}/x/..`,
]
const paths = fc
  .tuple(fc.constantFrom(...directories), fc.constantFrom(...spellings))
  .map(([path, spell]) => spell(path))
const labels = ['one', 'two', 'three']

function some(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> {
  return fc.record(fields, { requiredKeys: [] })
}

/** Often nothing: what clashes everywhere says nothing of the parts. */
function rarely(arbitrary: fc.Arbitrary<Fields>): fc.Arbitrary<Fields> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary })
}

const connectors = fc
  .tuple(
    some({ httpPort: fc.constantFrom(...ports, null) }),
    rarely(some({ httpsPort: fc.constantFrom(...ports, null) })),
    rarely(some({ subdomain: fc.constantFrom(...labels, null), pathEnabled: fc.boolean() })),
  )
  .map(([first, second, third]): Fields => ({ ...first, ...second, ...third }))

const hosted = fc
  .tuple(
    connectors,
    rarely(
      some({
        latestPolicy: fc.boolean(),
        writePolicy: fc.constantFrom('allow', 'allow-once', 'deny'),
        cleanupPolicies: fc.uniqueArray(
          fc.constantFrom('for-docker', 'for-all', 'for-docker', 'for-all', 'for-maven'),
        ),
      }),
    ),
  )
  .map(([first, second]) => ({ type: 'hosted', ...first, ...second }))

const proxy = fc
  .tuple(
    connectors,
    fc.constantFrom('https://one.example', 'http://one.example'),
    rarely(some({ httpClient: some({ useTrustStore: fc.boolean() }) })),
  )
  .map(([first, remoteUrl, second]) => ({ type: 'proxy', remoteUrl, ...first, ...second }))

const dockerNames = ['h1', 'h2', 'p1']
const groupNames = ['g1', 'g2', 'g3']

function group(candidates: readonly string[]): fc.Arbitrary<Fields> {
  return fc
    .tuple(
      connectors,
      fc.uniqueArray(fc.constantFrom(...candidates), { minLength: 1, maxLength: 3 }),
      rarely(some({ writableMember: fc.constantFrom('h1', 'h2', 'p1', null) })),
    )
    .map(([first, members, second]) => ({ type: 'group', members, ...first, ...second }))
}

const store = some({
  path: paths,
  quota: fc.constantFrom({ type: 'spaceUsed', limit: '1 GiB' }, null),
})

/** Some of these objects, a few at most. */
function subset(
  of: Record<string, fc.Arbitrary<Fields>>,
  maxLength = 2,
): fc.Arbitrary<Record<string, Fields>> {
  return fc
    .tuple(fc.shuffledSubarray(Object.keys(of), { maxLength }), fc.record(of))
    .map(([names, all]) => Object.fromEntries(names.map((name) => [name, all[name] ?? {}])))
}

/** What has to be in the file for its references to be in it, as an error of the file alone would hide what the server says. */
function withExternals(repositories: Record<string, Fields>): Record<string, Fields> {
  const all = { ...repositories }
  for (const { members } of Object.values(repositories))
    for (const member of (members ?? []) as string[]) all[member] ??= { external: true }
  return all
}

/** `maven-releases` is on every new server. */
const members = [...dockerNames, ...dockerNames, ...groupNames, ...groupNames, 'maven-releases', 'Team']

const server = fc.record({
  version: fc.constantFrom('3.28.0', '3.41.1', '3.62.0', '3.71.0', '3.77.0', '3.88.0', '3.90.0', '3.96.0'),
  edition: fc.constantFrom('pro' as const, 'community' as const),
})

function bare(name: string, format: string, type: Repository['type'], attributes: Fields): Repository {
  return { name, format, type, secrets: {}, attributes: { name, online: true, ...attributes } }
}

const dockerSection = { v1Enabled: false, forceBasicAuth: true }
const storage = { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' }

/** A server that was used before, and a file that meets it. */
export const meetings: fc.Arbitrary<Meeting> = fc
  .record({
    server,
    stores: subset({ s1: store, s2: store }),
    flat: fc.record({ h1: hosted, h2: hosted, p1: proxy }),
    inner: fc.record({ g1: group(dockerNames) }),
    outer: fc.record({ g2: group([...dockerNames, 'g1']), g3: group([...dockerNames, 'g1', 'g2']) }),
    upper: fc.option(fc.constantFrom(...ports)),
    file: fc.record({
      stores: rarely(subset({ s3: store, s4: store })),
      repositories: subset(
        {
          h1: hosted,
          h2: hosted,
          h3: hosted,
          p1: proxy,
          g1: group(members),
          g2: group(members),
          g3: group(members),
        },
        3,
      ),
      upper: rarely(subset({ Team: hosted, New: hosted }, 1)),
    }),
  })
  .map(({ server: options, stores, flat, inner, outer, upper, file }) => {
    const isNew = (version: string) => options.version.localeCompare(version, 'en', { numeric: true }) >= 0
    return {
      server: options,
      documents: [
        { blobStores: stores },
        { repositories: flat },
        { repositories: withExternals(inner) },
        { repositories: withExternals(outer) },
      ],
      put(state) {
        state.cleanupPolicies.push({ name: 'for-docker', format: 'docker' }, { name: 'for-all', format: '*' })
        // Older servers do not tell their policies: nobody can know that this one does not fit.
        if (isNew('3.29.1')) state.cleanupPolicies.push({ name: 'for-maven', format: 'maven2' })
        // Made before the server was upgraded.
        if (upper !== null)
          state.repositories.push(
            bare('Team', 'docker', 'hosted', {
              storage,
              docker: { ...dockerSection, httpPort: isNew('3.90.0') ? null : 9100 },
            }),
          )
      },
      file: {
        blobStores: file.stores,
        repositories: withExternals({ ...file.repositories, ...(file.upper as Record<string, Fields>) }),
      },
    }
  })
