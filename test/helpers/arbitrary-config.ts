import fc from 'fast-check'

type Fields = Record<string, unknown>

/** Any subset of the given fields, each with any of its values. */
function some(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Fields> {
  return fc.record(fields, { requiredKeys: [] })
}

const common = {
  online: fc.boolean(),
  strictContentTypeValidation: fc.boolean(),
  forceBasicAuth: fc.boolean(),
  v1Enabled: fc.boolean(),
}

const hostedFields = some({
  ...common,
  writePolicy: fc.constantFrom('allow', 'allow-once', 'deny'),
  proprietaryComponents: fc.boolean(),
  cleanupPolicies: fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3')),
})

const proxyFields = some({
  ...common,
  contentMaxAge: fc.integer({ min: -1, max: 3000 }),
  metadataMaxAge: fc.integer({ min: -1, max: 3000 }),
  preserveEncodedCharacters: fc.boolean(),
  index: fc.constantFrom('hub', 'registry'),
  cacheForeignLayers: fc.boolean(),
  foreignLayerUrlWhitelist: fc.uniqueArray(fc.constantFrom('https://a/.*', 'https://b/.*')),
  cleanupPolicies: fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3')),
  negativeCache: some({ enabled: fc.boolean(), timeToLive: fc.integer({ min: 0, max: 3000 }) }),
  routingRule: fc.constantFrom('rule1', 'rule2', null),
  httpClient: some({
    blocked: fc.boolean(),
    autoBlock: fc.boolean(),
    retries: fc.option(fc.integer({ min: 0, max: 10 })),
    timeout: fc.option(fc.integer({ min: 1, max: 3600 })),
    userAgentSuffix: fc.option(fc.constantFrom('a', 'b')),
    enableCircularRedirects: fc.boolean(),
    enableCookies: fc.boolean(),
    useTrustStore: fc.boolean(),
  }),
})

/** The login is always written: an update of a proxy that logs in needs the password. */
const login = fc.option(
  fc.record({ username: fc.constantFrom('u', 'v'), password: fc.constantFrom('secret-1', 'secret-2') }),
)
const proxies = fc
  .record({ remoteUrl: fc.constantFrom('https://one.example', 'https://two.example/'), login, proxyFields })
  .map(({ remoteUrl, login: authentication, proxyFields: fields }) => ({
    remoteUrl,
    authentication,
    ...fields,
  }))

const blobStores = fc.record({
  s1: some({
    quota: fc.option(
      fc.record({
        type: fc.constantFrom('spaceUsed', 'spaceRemaining'),
        limit: fc.integer({ min: 1_000_000, max: 9_000_000 }),
      }),
    ),
  }),
})

const settings = some({
  httpProxy: fc.option(
    some({
      http: fc.option(
        fc.record({ host: fc.constantFrom('p', 'q'), port: fc.integer({ min: 1, max: 65535 }) }),
      ),
      https: fc.option(
        fc.record({ host: fc.constantFrom('p', 'q'), port: fc.integer({ min: 1, max: 65535 }) }),
      ),
      exclude: fc.uniqueArray(fc.constantFrom('localhost', '*.corp', '10.*')),
      timeout: fc.option(fc.integer({ min: 1, max: 3600 })),
      retries: fc.option(fc.integer({ min: 0, max: 10 })),
    }),
  ),
  realms: some({ ensure: fc.subarray(['DockerToken', 'NpmToken']) }),
  anonymous: some({ enabled: fc.boolean() }),
})

const names = { hosted: ['h1', 'h2'], proxy: ['p1', 'p2'], group: ['g1', 'g2'] }

/** Each repository's ports: its own, one of the others', none, or not written. A port is written once at most. */
const ports = fc
  .tuple(
    fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 6, maxLength: 8 }),
    fc.array(fc.constantFrom('http', 'https', 'none', 'null', 'both'), { minLength: 6, maxLength: 6 }),
  )
  .map(([order, choices]) =>
    choices.map((choice, index): Fields => {
      const port = 20000 + (order[index] ?? 0)
      const spare = order[index + 6]
      if (choice === 'http') return { httpPort: port, httpsPort: null }
      if (choice === 'https') return { httpPort: null, httpsPort: port }
      if (choice === 'both') return { httpPort: port, httpsPort: spare === undefined ? null : 20000 + spare }
      return choice === 'null' ? { httpPort: null, httpsPort: null } : {}
    }),
  )

/**
 * A valid document of nine kinds of sections with random fields: two hosted, two proxies, a group of them and a group of groups,
 * whose ports may be anybody's. Two documents of this kind differ in fields, members and ports, never in what an object is.
 */
export const documents: fc.Arbitrary<Fields> = fc
  .record({
    stores: blobStores,
    hosted: fc.tuple(hostedFields, hostedFields),
    proxies: fc.tuple(proxies, proxies),
    groups: fc.tuple(some(common), some(common)),
    members: fc.shuffledSubarray(['h1', 'h2', 'p1', 'p2'], { minLength: 1 }),
    outer: fc.shuffledSubarray(['g1', 'h1', 'p2'], { minLength: 1 }),
    ports,
    settings,
  })
  .map(({ stores, hosted, proxies: cached, groups, members, outer, ports: taken, settings: others }) => {
    const repositories: Record<string, Fields> = {}
    const all = [...names.hosted, ...names.proxy, ...names.group]
    const fields = [...hosted, ...cached, { ...groups[0], members }, { ...groups[1], members: outer }]
    for (const [index, name] of all.entries()) {
      const type = Object.entries(names).find(([, list]) => list.includes(name))?.[0]
      repositories[name] = { type, blobStore: 's1', ...fields[index], ...taken[index] }
    }
    return { blobStores: stores, repositories, ...others }
  })

/** The same document with the keys of every object in another order. */
export function reordered(value: unknown, swap: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => reordered(item, swap))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, reordered(item, swap)] as const)
  const early = entries.filter(() => swap())
  return Object.fromEntries([...early, ...entries.filter((entry) => !early.includes(entry))])
}
