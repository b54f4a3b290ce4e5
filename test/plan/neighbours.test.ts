// The rules among what else the server has: objects that the file does not describe, of every format.
import { expect, test } from 'vitest'
import { intents } from '../../src/intents/index.ts'
import { checkAgainstServer } from '../../src/plan/server-rules.ts'
import { kinds } from '../../src/resources/index.ts'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import type { Repository, State } from '../../src/sandbox/kernel/state.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor, writesOf } from '../helpers/sandbox.ts'

interface Row {
  what: string
  server?: SandboxOptions
  /** Applied before. */
  before?: object
  /** What no file can make. */
  put?: (state: State) => void
  file: object
  /** `code path` of each problem; a warning begins with `warning`. */
  told: string[]
  /** A part of the first message or hint. */
  says?: string
}

const hosted = { type: 'hosted' }
const quay = { type: 'proxy', remoteUrl: 'https://quay.io' }
const pro: SandboxOptions = { version: '3.90.0', edition: 'pro' }
const newest: SandboxOptions = { version: '3.96.0', edition: 'pro' }
const section = { v1Enabled: false, forceBasicAuth: true }
const storage = { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' }

function repository(name: string, format: string, attributes: Record<string, unknown>): Repository {
  return {
    name,
    format,
    type: 'hosted',
    secrets: {},
    attributes: { name, online: true, storage, ...attributes },
  }
}

/** A name with capitals that is older than the server's version. */
const putTeam = (state: State) =>
  void state.repositories.push(repository('Team', 'docker', { docker: section }))

const putPolicies = ({ cleanupPolicies }: State) =>
  void cleanupPolicies.push(
    { name: 'images', format: 'docker' },
    { name: 'any', format: '*' },
    { name: 'all', format: 'ALL_FORMATS' },
    { name: 'jars', format: 'maven2' },
    { name: 'packages', format: 'npm' },
  )

const ports: Row[] = [
  {
    what: 'a port of an unmanaged Docker repository, http over https',
    before: { repositories: { old: { ...hosted, httpsPort: 5001 } } },
    file: { repositories: { apps: { ...hosted, httpPort: 5001 } } },
    told: ['port-taken repositories.apps.httpPort'],
    says: 'used by docker/hosted "old" on the server',
  },
  {
    what: 'a port of an external repository',
    before: { repositories: { old: { ...quay, httpPort: 5001 } } },
    file: {
      repositories: { old: { external: true }, all: { type: 'group', members: ['old'], httpPort: 5001 } },
    },
    told: ['port-taken repositories.all.httpPort'],
  },
  {
    what: 'an update that takes a port',
    before: { repositories: { old: { ...hosted, httpPort: 5001 }, apps: hosted } },
    file: { repositories: { apps: { ...hosted, httpPort: 5001 } } },
    told: ['port-taken repositories.apps.httpPort'],
  },
  {
    what: 'a port that nobody has, and one that the server has closed',
    before: { repositories: { old: { ...hosted, httpPort: 5001 } } },
    file: { repositories: { apps: { ...hosted, httpPort: 5002 }, other: { ...hosted, httpPort: null } } },
    told: [],
  },
  {
    what: 'a subdomain of an unmanaged repository',
    server: pro,
    before: { repositories: { old: { ...hosted, subdomain: 'apps' } } },
    file: { repositories: { apps: { ...hosted, subdomain: 'apps' } } },
    told: ['subdomain-conflict repositories.apps.subdomain'],
    says: '"old"',
  },
  {
    what: 'a connector at the port of the address, which the server takes or not',
    file: { repositories: { apps: { ...hosted, httpPort: 1 } } },
    told: [
      'warning nexus-port repositories.apps.httpPort',
      'warning privileged-port repositories.apps.httpPort',
    ],
  },
  {
    what: 'the same connector, once the server has it',
    before: { repositories: { apps: { ...hosted, httpPort: 1 } } },
    file: { repositories: { apps: { ...hosted, httpPort: 1, online: false } } },
    told: [],
  },
  {
    what: 'the first https connector of a server',
    file: { repositories: { apps: { ...hosted, httpsPort: 5001 }, base: { ...hosted, httpsPort: 5002 } } },
    told: ['warning https-connector repositories.apps.httpsPort'],
  },
  {
    what: 'another https connector, where an unmanaged repository has one',
    before: { repositories: { old: { ...hosted, httpsPort: 5001 } } },
    file: { repositories: { apps: { ...hosted, httpsPort: 5002 } } },
    told: [],
  },
  {
    what: 'another https connector, where one in the file is there already',
    before: { repositories: { old: { ...hosted, httpsPort: 5001 } } },
    file: { repositories: { apps: { ...hosted, httpsPort: 5002 }, old: { ...hosted, httpsPort: 5001 } } },
    told: [],
  },
]

const members: Row[] = [
  {
    what: 'a member of another format',
    file: {
      repositories: {
        'maven-central': { external: true },
        apps: hosted,
        all: { type: 'group', members: ['apps', 'maven-central'] },
      },
    },
    told: ['member-format repositories.all.members[1]'],
    says: 'maven2/proxy',
  },
  {
    what: 'a writable member of another format is told once',
    server: pro,
    file: {
      repositories: {
        'maven-releases': { external: true },
        all: { type: 'group', members: ['maven-releases'], writableMember: 'maven-releases' },
      },
    },
    told: ['member-format repositories.all.members[0]'],
  },
  {
    what: 'a writable member that is a proxy of the server',
    server: pro,
    before: { repositories: { hub: quay } },
    file: {
      repositories: {
        hub: { external: true },
        all: { type: 'group', members: ['hub'], writableMember: 'hub' },
      },
    },
    told: ['writable-member repositories.all.writableMember'],
    says: 'proxy repository',
  },
  {
    what: "the server's writable member, once the file takes it out of the members",
    server: pro,
    before: {
      repositories: {
        apps: hosted,
        base: hosted,
        all: { type: 'group', members: ['base', 'apps'], writableMember: 'apps' },
      },
    },
    file: { repositories: { base: { external: true }, all: { type: 'group', members: ['base'] } } },
    told: ['writable-member repositories.all.writableMember'],
    says: 'the server has writableMember: apps',
  },
  {
    what: 'a circle through a group that only the server has',
    before: {
      repositories: {
        apps: hosted,
        all: { type: 'group', members: ['apps'] },
        inner: { type: 'group', members: ['all'] },
      },
    },
    file: { repositories: { inner: { external: true }, all: { type: 'group', members: ['inner'] } } },
    told: ['member-cycle repositories.all.members[0]'],
    says: 'all → inner → all',
  },
  {
    what: 'a circle through two groups of the server',
    before: {
      repositories: {
        apps: hosted,
        all: { type: 'group', members: ['apps'] },
        one: { type: 'group', members: ['all'] },
        two: { type: 'group', members: ['apps', 'one'] },
      },
    },
    file: {
      repositories: {
        two: { external: true },
        apps: hosted,
        all: { type: 'group', members: ['apps', 'two'] },
      },
    },
    told: ['member-cycle repositories.all.members[1]'],
    says: 'all → two → one → all',
  },
  {
    what: 'a group of the server beside, without a circle',
    before: { repositories: { apps: hosted, inner: { type: 'group', members: ['apps'] } } },
    file: { repositories: { inner: { external: true }, all: { type: 'group', members: ['inner'] } } },
    told: [],
  },
]

const stores: Row[] = [
  ...['default/sub', './default/', 'default', 'x/../default/a//b'].map((path) => ({
    what: `a directory in that of another store: ${path}`,
    file: { blobStores: { new: { path } } },
    told: ['blob-store-path blobStores.new.path'],
    says: '"default" (default)',
  })),
  {
    what: 'a directory around that of another store, by the name alone',
    before: { blobStores: { deep: { path: 'images/deep' } } },
    file: { blobStores: { images: {} } },
    told: ['blob-store-path blobStores.images'],
    says: '"deep" (images/deep)',
  },
  {
    what: 'a store that is in the file without its path, which is not its name',
    before: { blobStores: { old: { path: 'images' } } },
    file: { blobStores: { old: {}, new: { path: 'old/new' } } },
    told: [],
  },
  {
    what: 'the same, and the new one in its real directory',
    before: { blobStores: { old: { path: 'images' } } },
    file: { blobStores: { new: { path: 'images/new' }, old: {} } },
    told: ['blob-store-path blobStores.new.path'],
  },
  {
    what: 'a server of before 3.29 takes it',
    server: { version: '3.28.0' },
    file: { blobStores: { new: { path: 'default/sub' } } },
    told: ['warning blob-store-path blobStores.new.path'],
  },
  {
    what: 'stores that overlap on the server already, and another change',
    put: ({ blobStores }) =>
      void blobStores.push(
        { name: 'a', type: 'File', path: 'p', softQuota: null },
        { name: 'b', type: 'File', path: 'p/q', softQuota: null },
      ),
    file: { blobStores: { b: { path: 'p/q', quota: { type: 'spaceUsed', limit: '1 GiB' } }, c: {} } },
    told: [],
  },
]

const policies: Row[] = [
  {
    what: 'cleanup policies: each of another format, no other',
    put: putPolicies,
    file: {
      repositories: { hub: { ...quay, cleanupPolicies: ['images', 'jars', 'any', 'packages', 'all'] } },
    },
    told: [
      'cleanup-policy-format repositories.hub.cleanupPolicies[1]',
      'cleanup-policy-format repositories.hub.cleanupPolicies[3]',
    ],
    says: '"jars" is for maven2 repositories',
  },
  {
    what: 'a policy that a repository has already is not held against another change',
    put(state) {
      putPolicies(state)
      state.repositories.push(
        repository('apps', 'docker', { docker: section, cleanup: { policyNames: ['jars'] } }),
      )
    },
    file: { repositories: { apps: { ...hosted, online: false } } },
    told: [],
  },
]

const names: Row[] = [
  {
    what: 'a new name with capitals',
    server: pro,
    file: { repositories: { Apps: hosted } },
    told: ['upper-case-name repositories.Apps'],
    says: 'write "apps"',
  },
  {
    what: 'a new name with capitals on a server that takes it',
    server: { version: '3.88.0' },
    file: { repositories: { Apps: hosted } },
    told: [],
  },
  {
    what: 'an old name with capitals',
    server: pro,
    put: putTeam,
    file: { repositories: { Team: hosted } },
    told: [],
  },
  {
    what: 'an old name with capitals beside a change',
    server: pro,
    put: putTeam,
    file: { repositories: { Team: hosted, apps: hosted } },
    told: [],
  },
  {
    what: 'a change of a repository with such a name',
    server: pro,
    put: putTeam,
    file: { repositories: { Team: { ...hosted, httpPort: 5001 } } },
    told: ['upper-case-name repositories.Team'],
    says: 'write what the server has',
  },
  {
    what: 'an old name in lower case: the hint has the spelling of the server, which is right',
    server: pro,
    put: putTeam,
    file: { repositories: { team: hosted } },
    told: ['name-case repositories.team'],
    says: 'write "Team"',
  },
  {
    what: 'an external one in the spelling of the server',
    server: pro,
    put: putTeam,
    file: { repositories: { Team: { external: true }, all: { type: 'group', members: ['Team'] } } },
    told: [],
  },
  {
    what: 'an external one in another spelling',
    server: pro,
    put: putTeam,
    file: { repositories: { team: { external: true }, all: { type: 'group', members: ['team'] } } },
    told: ['external-missing repositories.team'],
    says: 'write "Team"',
  },
]

const fields: Row[] = [
  {
    what: 'latestPolicy and a writePolicy of the server that fits',
    before: { repositories: { apps: { ...hosted, writePolicy: 'allow-once' } } },
    file: { repositories: { apps: { ...hosted, latestPolicy: true } } },
    told: [],
  },
  {
    what: 'latestPolicy and a writePolicy of the server that does not',
    before: { repositories: { apps: hosted } },
    file: { repositories: { apps: { ...hosted, latestPolicy: true } } },
    told: ['warning latest-policy repositories.apps.latestPolicy'],
  },
  {
    what: 'latestPolicy and the default of a new repository',
    file: { repositories: { apps: { ...hosted, latestPolicy: true } } },
    told: ['warning latest-policy repositories.apps.latestPolicy'],
  },
  {
    what: 'pathEnabled beside a port, in the file alone, on a server that refuses both',
    server: newest,
    file: { repositories: { apps: { ...hosted, pathEnabled: true, httpPort: 5001 } } },
    told: ['path-and-port repositories.apps.httpPort'],
  },
  {
    what: 'the same where the file says that it is for an older server',
    server: newest,
    file: {
      nexus: { version: '3.90.0' },
      repositories: { apps: { ...hosted, pathEnabled: true, httpPort: 5001 } },
    },
    told: ['path-and-port repositories.apps.httpPort'],
  },
]

async function problemsOf({ server = {}, before, put, file }: Row) {
  const sandbox = await sandboxFor(server)
  const nexus = nexusOf(sandbox)
  put?.(sandbox.state)
  for (const document of before ? [before] : []) {
    const config = await configOf(document)
    expect((await applyOn(nexus, (await planOn(nexus, config)).plan, config)).failed).toEqual([])
  }
  const writes = writesOf(sandbox).length
  const config = await configOf(file)
  const { state, plan } = await planOn(nexus, config)
  nexus.close()
  expect(writesOf(sandbox)).toHaveLength(writes)
  return checkAgainstServer(config, { kinds, intents, state }, plan)
}

test.each([...ports, ...members, ...stores, ...policies, ...names, ...fields])('$what', async (row) => {
  const problems = await problemsOf(row)
  const told = problems.map(
    ({ severity, code, path }) => `${severity === 'warning' ? 'warning ' : ''}${code} ${path}`,
  )
  expect(told).toEqual(row.told)
  expect(`${problems[0]?.message} ${problems[0]?.hint}`).toContain(row.says ?? '')
})

/** As 3.94 and later answer (nexus-api 2.8); the sandbox has no such repositories. */
test.each(['httpPort', 'httpsPort'])('a port of an oci repository: %s', async (field) => {
  const sandbox = await sandboxFor(newest)
  const nexus = nexusOf(sandbox)
  const charts = { name: 'charts', format: 'oci', type: 'hosted', oci: { ...section, [field]: 5001 } }
  const withCharts: typeof nexus = {
    ...nexus,
    get server() {
      return nexus.server
    },
    async request(request) {
      const answer = await nexus.request(request)
      const isList = /\/repositor(ies|ySettings)$/.test(request.path)
      return isList ? { ...answer, body: [...(answer.body as unknown[]), charts] } : answer
    },
  }
  const check = async (document: object) => {
    const config = await configOf(document)
    const { state, plan } = await planOn(withCharts, config)
    return checkAgainstServer(config, { kinds, intents, state }, plan)
  }
  expect(await check({ repositories: { apps: { ...hosted, httpPort: 5001 } } })).toMatchObject([
    {
      code: 'port-taken',
      path: 'repositories.apps.httpPort',
      message: 'httpPort 5001 is used by oci/hosted "charts" on the server',
      hint: 'choose another port, e.g. 5002, or change "charts" on the server first',
    },
  ])
  const group = { repositories: { charts: { external: true }, all: { type: 'group', members: ['charts'] } } }
  expect(await check(group)).toMatchObject([
    {
      code: 'member-format',
      path: 'repositories.all.members[0]',
      message: expect.stringContaining('oci/hosted') as string,
    },
  ])
  nexus.close()
})

test('what a file makes is read about, what it leaves is not', async () => {
  const sandbox = await sandboxFor()
  const nexus = nexusOf(sandbox)
  const asked = async (document: object) => {
    const config = await configOf(document)
    const from = sandbox.requests.length
    const { plan } = await planOn(nexus, config)
    const paths = sandbox.requests.slice(from).map(({ path }) => path.replace('/service/rest/v1', ''))
    expect((await applyOn(nexus, plan, config)).failed).toEqual([])
    return paths.sort()
  }
  const file = { blobStores: { one: {}, two: {} }, repositories: { apps: { ...hosted, httpPort: 5001 } } }
  const first = await asked(file)
  expect(first).toContain('/blobstores/file/default')
  // Nothing is to be made any more: no path is asked for.
  const second = await asked(file)
  expect(second.filter((path) => path.startsWith('/blobstores'))).toEqual(['/blobstores'])
})

test('groups that pass a member on: who lets go comes first, through groups of the server too', async () => {
  for (const through of [false, true]) {
    const sandbox = await sandboxFor(pro)
    const nexus = nexusOf(sandbox)
    const run = async (document: object) => {
      const config = await configOf(document)
      const { state, plan } = await planOn(nexus, config)
      expect(checkAgainstServer(config, { kinds, intents, state }, plan)).toEqual([])
      expect((await applyOn(nexus, plan, config)).failed).toEqual([])
    }
    const group = (...list: string[]) => ({ type: 'group', members: list })
    const inner = through ? 'between' : 'b'
    const last = { between: group('b') }
    await run({ repositories: { h: hosted, a: group('h'), b: group('a'), ...last } })
    await run({
      repositories: {
        a: group(inner),
        b: group('h'),
        h: hosted,
        ...(through && { between: { external: true } }),
      },
    })
  }
})

test('subdomains are swapped as ports are', async () => {
  const sandbox = await sandboxFor(pro)
  const nexus = nexusOf(sandbox)
  const run = async (a: string, b: string) => {
    const config = await configOf({
      repositories: { a: { ...hosted, subdomain: a }, b: { ...hosted, subdomain: b } },
    })
    const { state, plan } = await planOn(nexus, config)
    expect(checkAgainstServer(config, { kinds, intents, state }, plan)).toEqual([])
    expect((await applyOn(nexus, plan, config)).failed).toEqual([])
    return plan.steps.some(({ release }) => release.length > 0)
  }
  expect(await run('one', 'two')).toBe(false)
  expect(await run('two', 'one')).toBe(true)
  nexus.close()
})
