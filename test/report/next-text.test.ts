// What to type after an apply: addresses that follow from the file and the server's URL.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/core/display-width.ts'
import { UserError } from '../../src/core/errors.ts'
import { plain } from '../../src/core/paint.ts'
import type { Plan } from '../../src/plan/types.ts'
import { valuesAfter } from '../../src/plan/values-after.ts'
import { applyDocument } from '../../src/report/apply-document.ts'
import { renderNext } from '../../src/report/next-text.ts'
import { registriesOf } from '../../src/report/registries.ts'
import { kinds } from '../../src/resources/index.ts'
import { edgeOfConfig } from '../../src/run/edge-of-config.ts'
import { documents } from '../helpers/arbitrary-config.ts'
import { configOf, emptyState, planFor } from '../helpers/in-process.ts'

const requests = { total: 1, writes: 1 }

interface Ending {
  /** Names of objects that failed. */
  failed?: string[]
  interrupted?: boolean
}

/** The document of an apply that made all of a file, but for what failed. */
async function endOf(file: object, url: string, { failed = [], interrupted = false }: Ending = {}) {
  const config = await configOf(file)
  const plan: Plan = planFor(config, emptyState())
  const isFailed = ({ id }: { id: string }) => failed.includes(id)
  const missing = plan.changes.filter(isFailed)
  const result = {
    done: plan.changes.filter((change) => !isFailed(change)).map((change) => ({ change, milliseconds: 1 })),
    failed: missing.map((change) => ({ change, milliseconds: 1, error: new UserError('x', 'x') })),
    skipped: [],
    interrupted,
  }
  const valuesOf = valuesAfter(kinds, emptyState(), plan)
  const registries = registriesOf(config, { kinds, valuesOf, url, edge: edgeOfConfig(config), missing })
  return applyDocument(plan, result as never, { url, requests, registries })
}

/** The commands, without what they are for. */
async function nextOf(...parameters: Parameters<typeof endOf>): Promise<string[]> {
  const text = renderNext(await endOf(...parameters), plain)
  return text.split('\n').map((line) => line.replace(/ +#.*/, '').trim())
}

const quickStart = {
  repositories: {
    ours: { type: 'hosted', httpPort: 8083 },
    hub: { type: 'proxy', upstream: 'docker-hub' },
    docker: { type: 'group', httpPort: 8082, members: ['ours', 'hub'] },
  },
}
const push = (host: string) => [
  `docker login ${host}`,
  `docker tag IMAGE ${host}/IMAGE`,
  `docker push ${host}/IMAGE`,
]

describe('the commands', () => {
  test('on this machine', async () => {
    expect(await nextOf(quickStart, 'http://localhost:8081')).toEqual([
      'Next:',
      'docker login localhost:8082',
      'docker pull localhost:8082/library/alpine',
      ...push('localhost:8083'),
      'Plain HTTP works only with Docker on this machine; from elsewhere it needs TLS in front.',
    ])
  })

  test('without a login to pull, on another machine', async () => {
    const open = { ...quickStart, anonymousPull: true }
    expect(await nextOf(open, 'http://nexus.corp:8081/nexus')).toEqual([
      'Next:',
      'docker pull nexus.corp:8082/library/alpine',
      ...push('nexus.corp:8083'),
      'Docker refuses plain HTTP: put TLS in front, or list nexus.corp:8082 and nexus.corp:8083 under "insecure-registries" in its daemon.json.',
    ])
  })

  test('with the name of the repository in the path', async () => {
    const file = {
      repositories: {
        apps: { type: 'hosted', pathEnabled: true },
        all: { type: 'group', pathEnabled: true, members: ['apps'] },
      },
    }
    expect(await nextOf(file, 'https://nexus.corp')).toEqual([
      'Next:',
      'docker login nexus.corp',
      'docker pull nexus.corp/all/IMAGE',
      'docker tag IMAGE nexus.corp/apps/IMAGE',
      'docker push nexus.corp/apps/IMAGE',
    ])
  })

  test('by a subdomain, with the port of the server', async () => {
    const file = { repositories: { apps: { type: 'hosted', subdomain: 'apps' } } }
    expect(await nextOf(file, 'https://nexus.corp:8443')).toEqual([
      'Next:',
      'docker login apps.nexus.corp:8443',
      'docker tag IMAGE apps.nexus.corp:8443/IMAGE',
      'docker push apps.nexus.corp:8443/IMAGE',
      'docker pull apps.nexus.corp:8443/IMAGE',
    ])
  })

  test('by the names of the edge, and by no others', async () => {
    const edge = {
      hosts: { pull: 'registry.example.com', push: 'push.example.com' },
      tls: { acme: {} },
    }
    const open = { ...quickStart, anonymousPull: true, edge }
    expect(await nextOf(open, 'http://nexus.corp:8081/nexus')).toEqual([
      'Next:',
      'docker pull registry.example.com/library/alpine',
      ...push('push.example.com'),
    ])
    const byNamespace = { hosts: { pull: 'r.corp' }, routing: 'namespace', namespaces: ['acme'] }
    expect(await nextOf({ ...quickStart, edge: byNamespace }, 'http://nexus.corp:8081')).toEqual([
      'Next:',
      'docker login r.corp',
      'docker pull r.corp/library/alpine',
      'docker tag IMAGE r.corp/acme/IMAGE',
      'docker push r.corp/acme/IMAGE',
      expect.stringMatching(/^Docker refuses plain HTTP: .* list r\.corp under/),
    ])
  })

  test('by the names of the edge where Nexus itself has no way in for clients', async () => {
    const { hub } = quickStart.repositories
    const repositories = {
      ours: { type: 'hosted', forceBasicAuth: true },
      hub,
      docker: { type: 'group', members: ['hub'] },
    }
    const edge = {
      hosts: { pull: 'registry.example.com', push: 'push.example.com' },
      routing: 'two-hosts',
      tls: { acme: {} },
    }
    const file = { anonymousPull: true, repositories, edge }
    const { registries } = await endOf(file, 'http://nexus:8081')
    expect(registries.map(({ id, prefix }) => [id, prefix])).toEqual([
      ['ours', 'push.example.com/'],
      ['docker', 'registry.example.com/'],
    ])
    expect(await nextOf(file, 'http://nexus:8081')).toEqual([
      'Next:',
      'docker pull registry.example.com/library/alpine',
      ...push('push.example.com'),
    ])
  })

  test('the proof comes last', async () => {
    const proof = 'nexus-docker verify -f repos.yml'
    const text = renderNext(await endOf(quickStart, 'https://nexus.corp'), plain, { proof })
    expect(text.split('\n').slice(-2)).toEqual([
      expect.stringMatching(/^ {2}nexus-docker verify -f repos\.yml +# proves that all of it works$/),
      expect.stringMatching(/^Docker refuses plain HTTP/),
    ])
  })

  test('a connector with TLS of its own comes before one without', async () => {
    const file = {
      repositories: { hub: { type: 'proxy', upstream: 'docker-hub', httpPort: 8082, httpsPort: 8443 } },
    }
    expect(await nextOf(file, 'http://nexus.corp:8081')).toEqual([
      'Next:',
      'docker login nexus.corp:8443',
      'docker pull nexus.corp:8443/library/alpine',
    ])
  })

  test('a group that takes what is pushed is one address', async () => {
    const file = {
      repositories: {
        apps: { type: 'hosted', httpPort: 8083 },
        all: { type: 'group', httpPort: 8082, members: ['apps'], writableMember: 'apps' },
      },
    }
    expect((await nextOf(file, 'http://localhost:8081')).slice(0, 6)).toEqual([
      'Next:',
      'docker login localhost:8082',
      'docker tag IMAGE localhost:8082/IMAGE',
      'docker push localhost:8082/IMAGE',
      'docker pull localhost:8082/IMAGE',
      '(1 more address: apply -o json has them all)',
    ])
  })

  test.each<[string, object, Ending]>([
    ['when something failed', quickStart, { failed: ['ours'] }],
    ['when interrupted', quickStart, { interrupted: true }],
    ['where nothing has a way in', { repositories: { apps: { type: 'hosted' } } }, {}],
    [
      'where it is offline',
      { repositories: { apps: { type: 'hosted', httpPort: 8083, online: false } } },
      {},
    ],
    ['where there is no registry', { blobStores: { images: {} } }, {}],
  ])('nothing %s', async (_, file, ending) => {
    expect(await nextOf(file, 'http://localhost:8081', ending)).toEqual([''])
  })

  test('nothing where no registry changed', async () => {
    const document = await endOf(quickStart, 'http://localhost:8081')
    const done = [{ action: 'update', kind: 'blobStore', id: 'docker', milliseconds: 1 }] as const
    expect(renderNext({ ...document, done: [...done] }, plain)).toBe('')
  })

  test('a host that would be read as a part of the name has its port, and brackets are quoted', async () => {
    const file = { repositories: { apps: { type: 'hosted', pathEnabled: true } } }
    expect(await nextOf(file, 'http://nexus')).toContain('docker push nexus:80/apps/IMAGE')
    expect(await nextOf(file, 'https://nexus')).toContain('docker push nexus:443/apps/IMAGE')
    expect(await nextOf(file, 'http://localhost')).toContain('docker push localhost/apps/IMAGE')
    expect(await nextOf(file, 'https://[fd00::1]')).toContain("docker push '[fd00::1]/apps/IMAGE'")
    expect(await nextOf(quickStart, 'http://[::1]:8081')).toContain("docker login '[::1]:8083'")
  })

  test.each([
    ['in a path below a context path', { pathEnabled: true }, 'http://nexus.corp/nexus'],
    ['by a subdomain below a context path', { subdomain: 'apps' }, 'http://nexus.corp/nexus'],
    ['by a subdomain of an IPv4 address', { subdomain: 'apps' }, 'http://10.0.0.5:8081'],
    ['by a subdomain of an IPv6 address', { subdomain: 'apps' }, 'http://[::1]:8081'],
    ['of a host with an underscore', { httpPort: 8083 }, 'http://my_nexus:8081'],
    ['of a host with a dot at the end', { httpPort: 8083 }, 'http://nexus.corp.:8081'],
  ])('no address %s: no name of an image leads there', async (_, way, url) => {
    const file = { repositories: { apps: { type: 'hosted', ...way } } }
    expect((await endOf(file, url)).registries).toEqual([])
  })

  test('an image is not promised through a member that is offline', async () => {
    const { hub } = quickStart.repositories
    const file = { repositories: { ...quickStart.repositories, hub: { ...hub, online: false } } }
    const commands = await nextOf(file, 'http://localhost:8081')
    expect(commands).toContain('docker pull localhost:8082/IMAGE')
  })

  test('an address is not promised for what was not made', async () => {
    const { registries } = await endOf(quickStart, 'http://localhost:8081', { failed: ['docker'] })
    expect(registries.map(({ id }) => id)).toEqual(['ours'])
  })
})

// github.com/distribution/reference, reference.go: the grammar of a name whose first part is a domain.
const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const reference = new RegExp(`^(${domain})(?:/${part})+$`)

const hosts = fc.constantFrom('nexus', 'localhost', 'nexus.corp', 'my_nexus', '10.0.0.5', '[fd00::1]', 'n-1.')
const servers = fc
  .tuple(fc.constantFrom('http', 'https'), hosts, fc.constantFrom('', ':8081'), fc.constantFrom('', '/nexus'))
  .map(([scheme, host, port, path]) => `${scheme}://${host}${port}${path}`)
const ways = fc.constantFrom(
  { httpPort: 8083 },
  { httpsPort: 8443 },
  { subdomain: 'apps' },
  { pathEnabled: true },
)

test('whatever the server: what is printed is a name that Docker takes, and takes for one of that host', async () => {
  let addresses = 0
  const property = fc.asyncProperty(servers, ways, async (url, way) => {
    const { registries } = await endOf({ repositories: { apps: { type: 'hosted', ...way } } }, url)
    for (const { host, prefix } of registries) {
      const [, first = ''] = reference.exec(`${prefix}image`) ?? []
      expect(first).toBe(host)
      expect(host === 'localhost' || /[.:]/.test(host)).toBe(true)
      addresses += 1
    }
  })
  await fc.assert(property, { numRuns: 300, seed: 2026 })
  expect(addresses).toBeGreaterThan(50)
})

test('whatever the width: commands stay whole, and notes are folded', async () => {
  const document = await endOf(quickStart, 'http://nexus.corp:8081')
  const commands = await nextOf(quickStart, 'http://nexus.corp:8081')
  for (let columns = 30; columns <= 200; columns += 1) {
    const lines = renderNext(document, plain, { columns }).split('\n')
    const shown = lines.map((line) => line.replace(/ +#.*/, '').trim())
    for (const command of commands.filter((line) => line.startsWith('docker ')))
      expect(shown).toContain(command)
    for (const line of lines.filter((each) => !each.includes('docker ')))
      expect(displayWidth(line)).toBeLessThanOrEqual(columns)
  }
})

test('whatever the file: each address is one of the file, and each is shown or counted', async () => {
  let several = 0
  const property = fc.asyncProperty(documents, async (document) => {
    const end = await endOf(document, 'http://nexus.corp:8081')
    const text = renderNext(end, plain)
    const ports = end.registries.map(({ host }) => host)
    const named = new Set([...text.matchAll(/docker login (\S+)/g)].map(([, host]) => host))
    for (const host of named) expect(ports).toContain(host)
    if (end.registries.length === 0) expect(text).toBe('')
    else {
      const hosts = new Set([...text.matchAll(/docker (?:pull|push) (\S+)\//g)].map(([, prefix]) => prefix))
      const counted = Number(/\((\d+) more address/.exec(text)?.[1] ?? 0)
      expect(hosts.size + counted).toBe(end.registries.length)
      expect(text.split('\n').length).toBeLessThanOrEqual(8)
    }
    if (end.registries.length > 2) several += 1
  })
  await fc.assert(property, { numRuns: 150, seed: 2026 })
  expect(several).toBeGreaterThan(5)
})
