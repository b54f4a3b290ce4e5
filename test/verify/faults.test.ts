// Each cause set up on purpose, at a server and a reverse proxy that really answer so: exactly that one is named.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { nexusOf } from '../helpers/in-process.ts'
import { sandboxFor, send } from '../helpers/sandbox.ts'
import { certificates, withOpenssl } from '../http/certificates.ts'
import { type Rules, reverseProxy, threeParts } from './reverse-proxy.ts'
import { applyTo, failuresOf, freePorts, type HowToVerify, images, upstream, verifyOn } from './verify-on.ts'

interface Registry {
  sandbox: Sandbox
  document: { repositories: Record<string, Record<string, unknown>> } & Record<string, unknown>
  hosted: string
  group: string
}

/** A hosted and a proxy repository and a group of both, without pulls for everybody unless `more` says so. */
async function registry(
  more: object = {},
  version = '3.90.0',
  own: Record<string, object> = {},
  edition: SandboxOptions['edition'] = 'community',
): Promise<Registry> {
  const sandbox = await sandboxFor({ version, edition, connectorOffset: 0 })
  const remoteUrl = await upstream()
  const [hosted = 0, group = 0] = await freePorts(2)
  const document = {
    ...more,
    repositories: {
      ours: { type: 'hosted', httpPort: hosted, ...own['ours'] },
      hub: { type: 'proxy', remoteUrl, index: 'registry', ...own['hub'] },
      docker: { type: 'group', httpPort: group, members: ['ours', 'hub'], ...own['docker'] },
      ...(own['theirs'] && { theirs: { type: 'hosted', ...own['theirs'] } }),
    },
  }
  await applyTo(sandbox, document)
  return { sandbox, document, hosted: `http://127.0.0.1:${hosted}`, group: `http://127.0.0.1:${group}` }
}

const verified = async ({ sandbox, document }: Registry, how: HowToVerify = {}) =>
  failuresOf(await verifyOn(sandbox, document, { images, ...how }))

describe('a reverse proxy', () => {
  const tls = () => certificates().localhost
  const isUpload = (path: string) => path.includes('/blobs/uploads/')

  /** The rules, given the right ones; whether TLS ends there; what must fail. */
  const rows: [
    name: string,
    rules: (it: Registry, right: Rules['to']) => Partial<Rules>,
    failures: string[],
    version?: string,
  ][] = [
    [
      'that does not say https',
      () => ({ tls: tls(), tells: () => ({ 'x-forwarded-proto': undefined }) }),
      ['ours.reach forwarded-proto', 'docker.reach forwarded-proto'],
    ],
    [
      'that does not say https, before 3.81',
      () => ({ tls: tls(), tells: () => ({ 'x-forwarded-proto': undefined }) }),
      ['ours.reach realm-null', 'docker.reach realm-null'],
      '3.79.0',
    ],
    [
      'that sends X-Forwarded-Host with a port',
      () => ({
        tells: (headers) => ({ 'x-forwarded-proto': 'http', 'x-forwarded-host': headers.host }),
      }),
      ['ours.reach realm-port-doubled', 'docker.reach realm-port-doubled'],
      '3.79.0',
    ],
    [
      'that passes on a host of its own',
      () => ({ tells: () => ({ 'x-forwarded-proto': 'http', host: 'nexus:8083' }) }),
      ['ours.reach wrong-host', 'docker.reach wrong-host'],
    ],
    [
      'that prefixes everything',
      ({ sandbox }) => ({ to: () => `${sandbox.url}/repository/docker` }),
      ['ours.login blind-prefix', 'docker.login blind-prefix'],
    ],
    [
      'that leads to the web interface',
      ({ sandbox }) => ({ to: () => sandbox.url }),
      ['ours.reach web-interface-answers', 'docker.reach web-interface-answers'],
    ],
    [
      'that takes a header away',
      () => ({ answers: ({ 'docker-distribution-api-version': _, ...headers }) => headers }),
      ['ours.reach api-version-header', 'docker.reach api-version-header'],
    ],
    [
      'that sends HEAD to the hosted repository (method GET)',
      ({ hosted, group }) => ({
        to: ({ method, path }) => (method === 'GET' && !isUpload(path) ? group : hosted),
      }),
      ['docker.routing head-manifest-to-hosted'],
    ],
    [
      'that sends HEAD to the group (methods GET and HEAD)',
      ({ hosted, group }) => ({
        to: ({ method, path }) => (['GET', 'HEAD'].includes(method) && !isUpload(path) ? group : hosted),
      }),
      ['ours.routing head-blob-to-group'],
    ],
    [
      'that splits uploads',
      ({ group }, right) => ({
        to: (asked) => (asked.method === 'GET' && isUpload(asked.path) ? group : right(asked)),
      }),
      ['ours.routing upload-session-split'],
    ],
    ['that sends pushes to the group', ({ group }) => ({ to: () => group }), ['ours.push writes-to-group']],
    [
      'that filters PATCH',
      () => ({ instead: ({ method }) => (method === 'PATCH' ? { status: 405 } : undefined) }),
      ['ours.push methods-filtered'],
    ],
    [
      'that limits bodies to 1 MiB',
      () => ({ instead: (_, length) => (length > 1024 ** 2 ? { status: 413 } : undefined) }),
      ['ours.push body-limit'],
    ],
    [
      'that does not reach Nexus',
      () => ({ instead: () => ({ status: 502 }) }),
      ['ours.reach gateway-unreachable', 'docker.reach gateway-unreachable'],
    ],
    [
      'that cuts uploads off',
      () => ({ instead: ({ method }) => (method === 'PATCH' ? { status: 0, cut: true } : undefined) }),
      ['ours.push gateway-timeout'],
    ],
    [
      'that gives up',
      () => ({ instead: ({ method }) => (method === 'PATCH' ? { status: 504 } : undefined) }),
      ['ours.push gateway-timeout'],
    ],
    [
      'that refuses %2F',
      () => ({
        instead: ({ path }) => (path.includes('from=') && /%2F/i.test(path) ? { status: 404 } : undefined),
      }),
      ['ours.push encoded-slash'],
    ],
    [
      'that changes bodies',
      () => ({
        rewrites: (body, { method, path }) =>
          method === 'GET' && path.includes('/manifests/run-')
            ? Buffer.concat([body, Buffer.from(' ')])
            : body,
      }),
      ['ours.pull bytes-changed', 'docker.pull-member bytes-changed'],
    ],
    [
      'that redirects',
      () => ({ instead: () => ({ status: 301, headers: { location: 'https://registry.example.com/v2/' } }) }),
      ['ours.reach redirected-elsewhere', 'docker.reach redirected-elsewhere'],
    ],
    [
      'that takes every password',
      () => ({
        tells: ({ authorization = '' }) => ({
          'x-forwarded-proto': 'http',
          ...(/^Basic /.test(authorization) && {
            authorization: `Basic ${Buffer.from('admin:admin123').toString('base64')}`,
          }),
        }),
      }),
      ['ours.wrong-password password-unchecked', 'docker.wrong-password password-unchecked'],
    ],
  ]

  it.each(rows)('%s', async (_, rules, failures, version) => {
    const it = await registry({ anonymousPull: true }, version)
    const right = threeParts(it.hosted, it.group)
    const chosen = { to: right, ...rules(it, right) }
    if (chosen.tls && !withOpenssl) return
    const url = await reverseProxy(chosen)
    const caCert = chosen.tls ? certificates().ca : undefined
    const how = { endpoints: { ours: url, docker: url }, ...(caCert !== undefined && { caCert }) }
    expect(await verified(it, how)).toEqual(failures)
  })

  it.skipIf(!withOpenssl)('with TLS: right, unknown, expired, of another name, mixed up', async () => {
    const it = await registry({ anonymousPull: true })
    const { ca, localhost, selfSigned, expired, elsewhere, commonName, notYetValid } = certificates()
    const to = threeParts(it.hosted, it.group)
    const through = async (identity: Rules['tls'], caCert: string | undefined = ca) => {
      const url = await reverseProxy({ to, ...(identity && { tls: identity }) })
      return verified(it, { endpoints: { ours: url, docker: url }, ...(caCert && { caCert }) })
    }
    const both = (code: string) => [`ours.reach ${code}`, `docker.reach ${code}`]
    expect(await through(localhost)).toEqual([])
    expect(await through(localhost, '')).toEqual(both('private-authority'))
    expect(await through(selfSigned, '')).toEqual(both('private-authority'))
    expect(await through(expired)).toEqual(both('certificate-expired'))
    expect(await through(elsewhere)).toEqual(both('certificate-name'))
    expect(await through(commonName)).toEqual(both('certificate-name'))
    expect(await through(notYetValid)).toEqual(both('clock'))
    const secure = await reverseProxy({ to, tls: localhost })
    const plain = secure.replace('https', 'http')
    expect(await verified(it, { endpoints: { ours: plain } })).toEqual(['ours.reach scheme-mixed'])
    const open = (await reverseProxy({ to })).replace('http', 'https')
    expect(await verified(it, { endpoints: { ours: open } })).toEqual(['ours.reach scheme-mixed'])
  })

  it('in front of a group that lets everybody in and a hosted repository that does not', async () => {
    const it = await registry()
    const url = await reverseProxy({
      to: threeParts(it.hosted, it.group),
      instead: ({ path }) =>
        path === '/v2/'
          ? {
              status: 200,
              body: '{}',
              headers: {
                'content-type': 'application/json',
                'docker-distribution-api-version': 'registry/2.0',
              },
            }
          : undefined,
    })
    expect(await verified(it, { endpoints: { ours: url } })).toEqual(['ours.push ping-does-not-challenge'])
  })

  it('that leads to a proxy repository', async () => {
    const [port = 0] = await freePorts(1)
    const it = await registry({}, '3.90.0', { hub: { httpPort: port } })
    const url = await reverseProxy({ to: () => `http://127.0.0.1:${port}` })
    expect(await verified(it, { endpoints: { ours: url } })).toEqual(['ours.push writes-to-proxy'])
  })

  const dropping =
    (name: string): NonNullable<Rules['answers']> =>
    ({ [name]: _, ...headers }) =>
      headers

  it('that takes no chunks, or keeps back what docker reads', async () => {
    const it = await registry()
    const at = async (rules: Partial<Rules>) => {
      const url = await reverseProxy({ to: () => it.hosted, ...rules })
      return verified(it, { endpoints: { ours: url } })
    }
    const chunked: NonNullable<Rules['instead']> = (_, __, headers) =>
      headers['transfer-encoding'] === undefined ? undefined : { status: 411 }
    expect(await at({ instead: chunked })).toEqual(['ours.push length-required'])
    expect(await at({ answers: dropping('range') })).toEqual(['ours.push headers-lost'])
    expect(await at({ answers: dropping('docker-content-digest') })).toEqual(['ours.push headers-lost'])
    expect(await at({})).toEqual([])
  })

  it('that keeps layers for everybody', async () => {
    const it = await registry()
    const kept = new Map<string, number>()
    const url = await reverseProxy({
      to: () => it.hosted,
      instead: ({ method, path }) =>
        method === 'GET' && kept.get(path) === 200 ? { status: 200, body: 'a layer' } : undefined,
      answers: (headers, { method, path }, status) => {
        if (method === 'GET' && path.includes('/blobs/sha256')) kept.set(path, status)
        return headers
      },
    })
    expect(await verified(it, { endpoints: { ours: url } })).toEqual(['ours.anonymous layers-cached'])
  })

  it('that lets no DELETE through: nothing is left all the same', async () => {
    const it = await registry()
    const url = await reverseProxy({
      to: () => it.hosted,
      instead: ({ method }) => (method === 'DELETE' ? { status: 405 } : undefined),
    })
    const { results } = await verifyOn(it.sandbox, it.document, { images, endpoints: { ours: url } })
    expect(failuresOf({ results, interrupted: false })).toEqual([])
    expect(
      results.find(({ repository, check }) => repository === 'ours' && check === 'clean-up')?.note,
    ).toBeUndefined()
    const nexus = nexusOf(it.sandbox)
    const { body } = await nexus.request({ method: 'GET', path: '/service/rest/v1/assets?repository=ours' })
    nexus.close()
    expect(JSON.stringify(body)).not.toContain('manifests/')
  })

  it('that sends the list of tags to the hosted repository', async () => {
    const it = await registry({}, '3.90.0', { docker: { members: ['theirs', 'hub'] }, theirs: {} })
    const url = await reverseProxy({ to: ({ path }) => (path.endsWith('/tags/list') ? it.hosted : it.group) })
    expect(await verified(it, { endpoints: { docker: url } })).toEqual(['docker.pull-member tags-elsewhere'])
  })

  it.each([
    ['by connector', { httpPort: 0 }, 'nexus-docker-verify/image'],
    ['that clients address by path', { pathEnabled: true }, 'ours/nexus-docker-verify/image'],
  ])(
    'that leads to another hosted repository, %s, which gives back what it was given',
    async (_, way, image) => {
      const [ours = 0, port = 0] = await freePorts(2)
      const it = await registry({}, '3.90.0', {
        ours: { httpPort: undefined, ...way, ...('httpPort' in way && { httpPort: ours }) },
        theirs: { httpPort: port },
      })
      const toTheirs = `http://127.0.0.1:${port}`
      const url = await reverseProxy({
        to: ({ path }) => (path.startsWith('/v2/') ? toTheirs : it.sandbox.url),
      })
      const there = 'httpPort' in way ? it.sandbox : { ...it.sandbox, url }
      const endpoints: Record<string, string> = 'httpPort' in way ? { ours: url } : {}
      const { results } = await verifyOn(there, it.document, { images, endpoints })
      const causes = results.flatMap(({ repository, check, diagnosis }) =>
        diagnosis ? [[`${repository}.${check}`, diagnosis.code, diagnosis.message]] : [],
      )
      expect(causes).toEqual([
        [
          'ours.push',
          'pushed-elsewhere',
          `what was pushed to ${url} is not in "ours": it is in "theirs" as ${image}`,
        ],
      ])
      // It is removed from where it went.
      const nexus = nexusOf(it.sandbox)
      const { body } = await nexus.request({
        method: 'GET',
        path: '/service/rest/v1/components?repository=theirs',
      })
      nexus.close()
      expect(body).toMatchObject({ items: [] })
    },
  )

  it('that hides from the group what its member has', async () => {
    const it = await registry({ anonymousPull: true })
    const url = await reverseProxy({
      to: () => it.group,
      instead: ({ path }) => (path.includes('/manifests/run-') ? { status: 404 } : undefined),
    })
    expect(await verified(it, { endpoints: { docker: url } })).toEqual(['docker.pull-member not-in-group'])
  })

  it('that takes connections and says nothing', async () => {
    const it = await registry()
    const silent = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void silent.close())
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const how = { endpoints: { ours: url }, timeoutMs: 300 }
    expect(await verified(it, how)).toEqual(['ours.reach no-answer'])
  })

  it('that is not there', async () => {
    const it = await registry()
    const [port] = await freePorts(1)
    expect(await verified(it, { endpoints: { ours: `http://127.0.0.1:${port}` } })).toEqual([
      'ours.reach not-listening',
    ])
    expect(await verified(it, { endpoints: { ours: 'http://registry.invalid' } })).toEqual([
      'ours.reach host-unknown',
    ])
  })
})

describe('the server', () => {
  const rest = async ({ sandbox }: Registry, method: string, path: string, body?: unknown) => {
    const status = await send(sandbox, method, path, body)
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`)
  }
  const change = (it: Registry, name: string, more: Record<string, unknown>) =>
    applyTo(it.sandbox, {
      ...it.document,
      repositories: { ...it.document.repositories, [name]: { ...it.document.repositories[name], ...more } },
    })
  const open = { anonymousPull: true }

  it('lacks a port, a repository, or is offline', async () => {
    const it = await registry()
    await change(it, 'ours', { httpPort: null })
    expect(await verified(it)).toEqual(['ours.reach connector-not-applied'])
    await change(it, 'docker', { online: false })
    expect(await verified(it)).toEqual(['docker.login repository-offline'])
    await rest(it, 'DELETE', '/v1/repositories/docker')
    expect(await verified(it)).toEqual(['docker.reach repository-missing'])
  })

  it('has a port that somebody else holds', async () => {
    const it = await registry()
    const [port = 0] = await freePorts(1)
    const holder = createServer((socket) => socket.destroy()).listen(port, '127.0.0.2')
    onTestFinished(() => void holder.close())
    const { sandbox } = it
    const closed = await sandboxFor({ version: '3.90.0' })
    await applyTo(closed, it.document)
    await sandbox.close()
    expect(await verified({ ...it, sandbox: closed })).toEqual([
      'ours.reach port-not-published',
      'docker.reach port-not-published',
    ])
  })

  it('gives tokens that it does not take', async () => {
    const it = await registry(open)
    await rest(it, 'PUT', '/v1/security/realms/active', ['NexusAuthenticatingRealm'])
    const failures = await verified(it)
    expect(new Set(failures.map((failure) => failure.split(' ')[1]))).toEqual(new Set(['realm-inactive']))
  })

  it('lets nobody in without a login', async () => {
    const it = await registry(open)
    await rest(it, 'PUT', '/v1/security/anonymous', {
      enabled: false,
      userId: 'anonymous',
      realmName: 'NexusAuthorizingRealm',
    })
    expect(await verified(it)).toEqual(['ours.anonymous anonymous-off', 'docker.anonymous anonymous-off'])
  })

  it('lets in another user than anonymous, or one that may not read, or one that may write', async () => {
    const it = await registry(open)
    const { anonymous, users } = it.sandbox.state
    const [nobody] = users.filter(({ userId }) => userId === 'anonymous')
    if (!nobody) throw new Error('the sandbox has no anonymous user')
    const all = 'browse read add edit'.split(' ').map((one) => `nexus:repository-view:docker:*:${one}`)
    const both = (code: string) => [`ours.anonymous ${code}`, `docker.anonymous ${code}`]
    users.push({ ...nobody, userId: 'guest', roles: [] })
    anonymous.userId = 'guest'
    expect(await verified(it)).toEqual(both('anonymous-user'))
    anonymous.userId = 'anonymous'
    nobody.roles = []
    expect(await verified(it)).toEqual(both('anonymous-rights'))
    nobody.roles = all
    expect(await verified(it)).toEqual(['ours.push push-open'])
  })

  it('has a fault that 3.96.0 has', async () => {
    expect(await verified(await registry({}, '3.96.0'))).toEqual([
      'ours.pull head-digest-500',
      'docker.pull-member head-digest-500',
    ])
  })

  it('lets nobody in without a login at paths, where one address for tokens serves all', async () => {
    const sandbox = await sandboxFor({ version: '3.90.0' })
    const byPath = { type: 'hosted', pathEnabled: true }
    const document = { ...open, repositories: { first: byPath, second: byPath } }
    await applyTo(sandbox, document)
    expect(failuresOf(await verifyOn(sandbox, document))).toEqual([])
    sandbox.state.anonymous.enabled = false
    expect(failuresOf(await verifyOn(sandbox, document))).toEqual([
      'first.anonymous anonymous-off',
      'second.anonymous anonymous-off',
    ])
  })

  it('has no room left', async () => {
    const quota = { type: 'spaceRemaining', limit: '1000000 GiB' }
    const blobStores = { images: { path: 'images', quota } }
    const it = await registry({ blobStores }, '3.90.0', { ours: { blobStore: 'images' } })
    const url = await reverseProxy({
      to: () => it.hosted,
      instead: ({ method }) =>
        method === 'PUT' ? { status: 500, body: '', headers: { 'content-type': 'text/plain' } } : undefined,
    })
    expect(await verified(it, { endpoints: { ours: url } })).toEqual(['ours.push quota'])
  })

  it('has an httpsPort without a key store', async () => {
    const it = await registry()
    const [port] = await freePorts(1)
    await change(it, 'ours', { httpPort: null, httpsPort: port })
    const ours = { type: 'hosted', httpsPort: port }
    const document = { ...it.document, repositories: { ...it.document.repositories, ours } }
    expect(await verified({ ...it, document })).toEqual(['ours.reach https-without-key-store'])
  })

  it('has a group that takes pushes (Pro)', async () => {
    const it = await registry({}, '3.90.0', { docker: { writableMember: null } }, 'pro')
    await change(it, 'docker', { writableMember: 'ours' })
    expect(await verified(it)).toEqual(['docker.refuse-push group-takes-push'])
  })

  it('asks for a login at one repository', async () => {
    const it = await registry(open)
    await change(it, 'docker', { forceBasicAuth: true })
    expect(await verified(it)).toEqual(['docker.anonymous force-basic-auth'])
  })

  it('lets everybody in where the file asks for a login', async () => {
    const it = await registry(open)
    const asking = { ...it, document: { ...it.document, anonymousPull: false } }
    expect(await verified(asking)).toEqual([
      'ours.anonymous anonymous-open',
      'docker.anonymous anonymous-open',
    ])
  })

  it('has another write policy', async () => {
    const it = await registry()
    const wanted = (writePolicy: string) => ({
      ...it,
      document: {
        repositories: {
          ...it.document.repositories,
          ours: { ...it.document.repositories['ours'], writePolicy },
        },
      },
    })
    expect(await verified(wanted('allow-once'))).toEqual(['ours.push-again write-policy'])
    expect(await verified(wanted('deny'))).toEqual(['ours.push write-policy'])
    await change(it, 'ours', { writePolicy: 'deny' })
    expect(await verified(wanted('allow'))).toEqual(['ours.push write-policy'])
  })

  it('has a group without the member', async () => {
    const it = await registry()
    await change(it, 'docker', { members: ['hub'] })
    expect(await verified(it)).toEqual(['docker.pull-member group-lacks-member'])
  })

  it('waits for the licence agreement', async () => {
    const it = await registry()
    it.sandbox.state.eulaAccepted = false
    const failures = await verified(it)
    expect(new Set(failures.map((failure) => failure.split(' ')[1]))).toEqual(new Set(['eula-open']))
  })
})

describe('the user', () => {
  /** A user with these rights on all docker repositories, and none on the API. */
  function robot({ sandbox }: Registry, actions: string) {
    const [admin] = sandbox.state.users
    if (!admin) throw new Error('the sandbox has no user')
    const roles = actions.split(' ').map((action) => `nexus:repository-view:docker:*:${action}`)
    sandbox.state.users.push({ ...admin, userId: 'robot', password: 'robot-password', roles })
    return { username: 'robot', password: 'robot-password' }
  }

  it('may push and pull, and need not know the API', async () => {
    const it = await registry()
    const login = robot(it, 'browse read add edit delete')
    const asRobot = { ...it, sandbox: { ...it.sandbox, ...login } }
    expect(await verified(asRobot, { login })).toEqual([])
  })

  it('is locked (3.96)', async () => {
    const it = await registry({}, '3.96.3')
    const login = robot(it, 'browse read add edit delete')
    it.sandbox.state.signInFailures.set('robot', { count: 3, lastRequest: Date.now() })
    expect(await verified(it, { login })).toEqual(
      ['ours', 'hub', 'docker'].map((name) => `${name}.login sign-in-locked`),
    )
  })

  it('may not push, or does not exist', async () => {
    const it = await registry()
    expect(await verified(it, { login: robot(it, 'browse read') })).toEqual(['ours.push rights-missing'])
    const login = { username: 'nobody', password: 'wrong-password' }
    expect(await verified(it, { login })).toEqual(
      ['ours', 'hub', 'docker'].map((name) => `${name}.login credentials-refused`),
    )
  })
})

describe('the upstream', () => {
  const pulls = (failure: string) => [`hub.pull-through ${failure}`]
  const withHub = (hub: object) => registry({}, '3.90.0', { hub })

  it('is blocked, away, no registry, or lacks the image', async () => {
    expect(await verified(await withHub({ httpClient: { blocked: true } }))).toEqual(
      pulls('upstream-blocked'),
    )
    const [port] = await freePorts(1)
    expect(await verified(await withHub({ remoteUrl: `http://127.0.0.1:${port}` }))).toEqual(
      pulls('upstream-unreachable'),
    )
    const site = await reverseProxy({ to: () => '', instead: () => ({ status: 200 }) })
    expect(await verified(await withHub({ remoteUrl: site }))).toEqual(pulls('upstream-no-registry'))
    const there = await registry()
    expect(await verified(there, { images: { hub: 'library/nothing:1' } })).toEqual(pulls('image-missing'))
    expect(await verified(there, { images: { hub: 'hello:latest' } })).toEqual(pulls('library-missing'))
  })

  it('has had enough, or wants another login', async () => {
    const remote = await upstream()
    const limited = await reverseProxy({
      to: () => new URL(remote).origin,
      instead: ({ path }) => (path.includes('/manifests/') ? { status: 429 } : undefined),
    })
    const below = new URL(remote).pathname
    expect(await verified(await withHub({ remoteUrl: limited + below }))).toEqual(pulls('rate-limit'))
    const refusing = await reverseProxy({
      to: () => new URL(remote).origin,
      instead: ({ path }) => (path.includes('/manifests/') ? { status: 401 } : undefined),
    })
    const login = { username: 'acme', password: 'wrong-password' }
    const hub = { remoteUrl: refusing + below, authentication: login }
    expect(await verified(await withHub(hub))).toEqual(pulls('upstream-credentials'))
  })

  it('was away, and the server has not noticed yet that it is back', async () => {
    const remote = await upstream()
    let isAway = true
    const url = await reverseProxy({
      to: () => new URL(remote).origin,
      instead: () => (isAway ? { status: 503 } : undefined),
    })
    const remoteUrl = url + new URL(remote).pathname
    const it = await withHub({ remoteUrl, httpClient: { autoBlock: true } })
    expect(await verified(it)).toEqual(pulls('upstream-unreachable'))
    isAway = false
    expect(await verified(it)).toEqual(pulls('upstream-auto-blocked'))
  })

  it.skipIf(!withOpenssl)('has a certificate that the server does not trust', async () => {
    const remote = await upstream()
    const to = () => new URL(remote).origin
    const url = await reverseProxy({ to, tls: certificates().localhost })
    expect(await verified(await withHub({ remoteUrl: url + new URL(remote).pathname }))).toEqual(
      pulls('upstream-certificate'),
    )
  })

  it('answers this machine, and not the server', async () => {
    const [port] = await freePorts(1)
    expect(await verified(await registry({ httpProxy: { http: { host: '127.0.0.1', port } } }))).toEqual(
      pulls('no-way-out'),
    )
  })

  it('has the image now, and the server remembers that it had not', async () => {
    const remote = await upstream()
    let isThere = false
    const url = await reverseProxy({
      to: () => new URL(remote).origin,
      instead: ({ path }) => (!isThere && path.includes('/manifests/latest') ? { status: 404 } : undefined),
    })
    const it = await withHub({ remoteUrl: url + new URL(remote).pathname })
    expect(await verified(it)).toEqual(pulls('image-missing'))
    isThere = true
    expect(await verified(it)).toEqual(pulls('negative-cache'))
  })

  it('is kept out by a routing rule', async () => {
    const routingRules = { 'acme-only': { mode: 'ALLOW', matchers: ['^/v2/acme/.*'] } }
    const it = await registry({ routingRules }, '3.90.0', { hub: { routingRule: 'acme-only' } })
    expect(await verified(it)).toEqual(pulls('routing-rule'))
  })
})
