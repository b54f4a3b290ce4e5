// The Docker format can't be recorded (it is not in the open-source core): nexus-api sections 2.4 to 2.7, 3 and 6 decide.
import type {
  DockerHostedRepositoryApiRequest,
  DockerProxyAttributes,
  EcrAuthAttributes,
  HttpClientConnectionAttributes,
  ProxyAttributes,
} from '@sonatype/nexus-repo-api-client'
import { describe, expect, it } from 'vitest'
import { docker, dockerProxy, group, hosted, server, stored } from './repositories-client.ts'

const HOSTED = '/v1/repositories/docker/hosted'
const PROXY = '/v1/repositories/docker/proxy'
const GROUP = '/v1/repositories/docker/group'
const storage = { blobStoreName: 'default', strictContentTypeValidation: true, writePolicy: 'ALLOW' }

/** Every field of a model, optional ones included: the compiler says when the official client gains one. */
type Whole<Model> = { [Name in keyof Model]-?: Whole<NonNullable<Model[Name]>> }

describe('docker hosted', () => {
  it('answers every field of the model as it was written', async () => {
    const nexus = await server('3.96.0', { edition: 'pro' })
    const body: Whole<DockerHostedRepositoryApiRequest> = {
      name: 'images',
      online: false,
      storage: { ...storage, writePolicy: 'allow_once', latestPolicy: true },
      cleanup: { policyNames: [] },
      component: { proprietaryComponents: true },
      docker: {
        v1Enabled: true,
        forceBasicAuth: false,
        httpPort: 8082,
        httpsPort: 8443,
        subdomain: 'images',
        pathEnabled: false,
      },
    }
    expect((await nexus.post(HOSTED, body)).status).toBe(201)
    expect(await nexus.settings('docker/hosted/images')).toEqual({
      ...body,
      storage: { ...storage, writePolicy: 'ALLOW_ONCE', latestPolicy: true },
      format: 'docker',
      type: 'hosted',
      url: `${nexus.sandbox.url}/repository/images`,
    })
  })

  it('fills what was left out', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('images', docker()))
    expect(await nexus.settings('docker/hosted/images')).toMatchObject({
      storage: { latestPolicy: false },
      cleanup: null,
      component: { proprietaryComponents: false },
      docker: { httpPort: null, httpsPort: null, subdomain: null, pathEnabled: null },
    })
  })

  it('replaces everything on PUT', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(
      HOSTED,
      hosted('images', { ...docker({ httpPort: 8082 }), cleanup: { policyNames: [] } }),
    )
    expect((await nexus.put(`${HOSTED}/images`, hosted('images', docker()))).status).toBe(204)
    expect(await nexus.settings('docker/hosted/images')).toMatchObject({
      cleanup: null,
      docker: { httpPort: null },
    })
  })

  it('ignores and drops fields that it does not know', async () => {
    const nexus = await server('3.90.0')
    const body = hosted('images', { ...docker({ httpProt: 8082 }), nonsense: { a: 1 } })
    expect((await nexus.post(HOSTED, body)).status).toBe(201)
    const settings = await nexus.settings('docker/hosted/images')
    expect(settings).not.toHaveProperty('nonsense')
    expect(settings.docker).not.toHaveProperty('httpProt')
  })

  it('needs the docker section with both flags', async () => {
    const nexus = await server('3.90.0')
    const without = await nexus.post(HOSTED, hosted('images'))
    expect(without).toMatchObject({
      status: 400,
      body: [{ id: 'PARAMETER docker', message: 'must not be null' }],
    })
    const empty = await nexus.post(HOSTED, hosted('images', { docker: {} }))
    expect(empty.body).toMatchObject([{ id: 'PARAMETER v1Enabled' }, { id: 'PARAMETER forceBasicAuth' }])
  })

  it.each([
    ['3.29.0', 'component', undefined, undefined],
    ['3.30.0', 'component', { proprietaryComponents: false }, undefined],
    ['3.40.0', 'latestPolicy', { proprietaryComponents: false }, undefined],
    ['3.41.0', 'latestPolicy', { proprietaryComponents: false }, true],
  ])('%s: gate of %s', async (version, _field, component, latestPolicy) => {
    const nexus = await server(version)
    await nexus.post(HOSTED, hosted('images', { ...docker(), storage: { ...storage, latestPolicy: true } }))
    const settings = await nexus.settings('docker/hosted/images')
    expect([settings.component, settings.storage.latestPolicy]).toEqual([component, latestPolicy])
  })

  it('leaves latestPolicy out of answers where the sandbox is told so, and keeps it', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('images', { ...docker(), storage: { ...storage, latestPolicy: true } }))
    nexus.sandbox.state.omitLatestPolicy = true
    expect((await nexus.settings('docker/hosted/images')).storage).toEqual(storage)
    const [listed] = await nexus.list('/v1/repositorySettings')
    expect(listed?.storage).toEqual(storage)
    nexus.sandbox.state.omitLatestPolicy = false
    expect((await nexus.settings('docker/hosted/images')).storage.latestPolicy).toBe(true)
  })

  it('does not exist in the open-source core', async () => {
    const nexus = await server('3.89.0', { edition: 'core' })
    expect(await nexus.post(HOSTED, hosted('images', docker()))).toEqual({ status: 404, body: '' })
  })
})

describe('docker names', () => {
  const message = 'Docker repository names must be lowercase to support path-based routing'

  it('are lower case from 3.89 on, also for a PUT of an older repository', async () => {
    const nexus = await server('3.89.0', { edition: 'community' })
    const refused = { status: 400, body: [{ id: 'PARAMETER arg0', message }] }
    expect(await nexus.post(HOSTED, hosted('Images', docker()))).toEqual(refused)
    await nexus.post(HOSTED, hosted('images', docker()))
    stored(nexus, 'images').name = 'Images'
    expect(await nexus.put(`${HOSTED}/Images`, hosted('Images', docker()))).toEqual(refused)
    expect((await nexus.get(`${HOSTED}/Images`)).status).toBe(200)
  })

  it('may be in any case before, and for other formats', async () => {
    const older = await server('3.88.0')
    expect((await older.post(HOSTED, hosted('Images', docker()))).status).toBe(201)
    const newer = await server('3.90.0')
    expect((await newer.post('/v1/repositories/raw/hosted', hosted('Files'))).status).toBe(201)
  })
})

describe('docker connectors', () => {
  const conflict = (field: string, name: string) => ({
    status: 400,
    body: [
      {
        id: `HelperBean.attributes.docker.${field}`,
        message: `Port must be unique (conflicts with repository '${name}')`,
      },
    ],
  })

  it('have ports that are unique over all repositories, http and https together', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('first', docker({ httpPort: 8082, httpsPort: 8443 })))
    expect(await nexus.post(HOSTED, hosted('second', docker({ httpPort: 8082 })))).toEqual(
      conflict('httpPort', 'first'),
    )
    expect(await nexus.post(HOSTED, hosted('second', docker({ httpPort: 8443 })))).toEqual(
      conflict('httpPort', 'first'),
    )
    const other = dockerProxy('second', docker({ httpsPort: 8082 }))
    expect(await nexus.post(PROXY, other)).toEqual(conflict('httpsPort', 'first'))
    expect((await nexus.get(`${HOSTED}/second`)).status).toBe(404)
  })

  it('keep their own port on update and free it when they let go', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('first', docker({ httpPort: 8082 })))
    await nexus.post(HOSTED, hosted('second', docker({ httpPort: 8083 })))
    expect((await nexus.put(`${HOSTED}/first`, hosted('first', docker({ httpPort: 8082 })))).status).toBe(204)
    const swap = hosted('second', docker({ httpPort: 8082 }))
    expect(await nexus.put(`${HOSTED}/second`, swap)).toEqual(conflict('httpPort', 'first'))
    await nexus.put(`${HOSTED}/first`, hosted('first', docker({ httpPort: null })))
    expect((await nexus.put(`${HOSTED}/second`, swap)).status).toBe(204)
    await nexus.remove('/v1/repositories/second')
    expect((await nexus.put(`${HOSTED}/first`, hosted('first', docker({ httpPort: 8082 })))).status).toBe(204)
  })

  it.each([
    [{ httpPort: 0 }, 'httpPort'],
    [{ httpPort: 65536 }, 'httpPort'],
    [{ httpsPort: -1 }, 'httpsPort'],
    [{ httpPort: 8082, httpsPort: 8082 }, 'httpsPort'],
  ])('refuse %j', async (connectors, field) => {
    const nexus = await server('3.90.0')
    const answer = await nexus.post(HOSTED, hosted('images', docker(connectors)))
    expect(answer).toMatchObject({ status: 400, body: [{ id: `HelperBean.attributes.docker.${field}` }] })
  })

  it('take the ends of the range, text and all', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(HOSTED, hosted('images', docker({ httpPort: '1', httpsPort: 65535 })))
    expect((await nexus.settings('docker/hosted/images')).docker).toMatchObject({
      httpPort: 1,
      httpsPort: 65535,
    })
  })

  it("refuse the server's own port", async () => {
    const nexus = await server('3.90.0')
    const httpPort = Number(new URL(nexus.sandbox.url).port)
    expect((await nexus.post(HOSTED, hosted('images', docker({ httpPort })))).status).toBe(400)
  })

  it.each([
    ['3.82.0', undefined],
    ['3.83.0', true],
  ])('%s: pathEnabled in answers is %s', async (version, shown) => {
    const nexus = await server(version)
    await nexus.post(HOSTED, hosted('images', docker({ pathEnabled: true })))
    expect((await nexus.settings('docker/hosted/images')).docker.pathEnabled).toBe(shown)
  })

  it.each([
    ['3.89.0', false, 201],
    ['3.90.0', false, 400],
    ['3.95.0', true, 201],
    ['3.96.0', true, 400],
  ])(
    '%s: path routing together with a port (may be taken: %s) answers %d',
    async (version, acceptsPathWithPort, status) => {
      const nexus = await server(version, { acceptsPathWithPort })
      const both = hosted('images', docker({ pathEnabled: true, httpPort: 8082 }))
      expect((await nexus.post(HOSTED, both)).status).toBe(status)
      expect((await nexus.post(HOSTED, hosted('path', docker({ pathEnabled: true })))).status).toBe(201)
      const off = hosted('port', docker({ pathEnabled: false, httpPort: 8083 }))
      expect((await nexus.post(HOSTED, off)).status).toBe(201)
    },
  )

  it('have a subdomain with Pro alone, which is a unique label', async () => {
    const community = await server('3.90.0')
    expect((await community.post(HOSTED, hosted('images', docker({ subdomain: 'images' })))).status).toBe(400)
    const pro = await server('3.90.0', { edition: 'pro' })
    for (const subdomain of ['1st', 'a-', 'a.b', 'x'.repeat(64)]) {
      expect((await pro.post(HOSTED, hosted('images', docker({ subdomain })))).status).toBe(400)
    }
    expect((await pro.post(HOSTED, hosted('images', docker({ subdomain: 'images' })))).status).toBe(201)
    expect((await pro.post(HOSTED, hosted('more', docker({ subdomain: 'images' })))).status).toBe(400)
    expect((await pro.post(HOSTED, hosted('one', docker({ subdomain: 'x' })))).status).toBe(201)
  })
})

describe('docker proxy', () => {
  it('answers every field of the model as it was written, without secrets', async () => {
    const nexus = await server('3.96.0', { edition: 'pro' })
    const authentication = { type: 'ntlm', username: 'u', ntlmHost: 'h', ntlmDomain: 'd' }
    const ecrAuth = { enabled: true, awsRegion: 'eu-1', registryId: '1', accessKeyId: 'k' }
    const connection = {
      retries: 3,
      userAgentSuffix: 'suffix',
      timeout: 30,
      enableCircularRedirects: true,
      enableCookies: true,
      useTrustStore: true,
    } satisfies Whole<HttpClientConnectionAttributes>
    const httpClient = { blocked: true, autoBlock: false, connection, authentication }
    const dockerSection = {
      indexType: 'CUSTOM',
      indexUrl: 'https://index.example',
      cacheForeignLayers: true,
      foreignLayerUrlWhitelist: ['b.*', 'a.*', 'a.*'],
      ecrAuth,
    } satisfies Omit<Whole<DockerProxyAttributes>, 'ecrAuth'> & { ecrAuth: object }
    const body = dockerProxy('hub', {
      cleanup: { policyNames: [] },
      proxy: {
        remoteUrl: 'https://registry.example/path',
        contentMaxAge: -1,
        metadataMaxAge: 5,
        preserveEncodedCharacters: true,
      } satisfies Whole<ProxyAttributes>,
      negativeCache: { enabled: false, timeToLive: 7 },
      httpClient,
      dockerProxy: dockerSection,
      firewall: { mode: 'QUARANTINE' },
    })
    const withSecrets = {
      ...body,
      httpClient: { ...httpClient, authentication: { ...authentication, password: 'canary-1' } },
      dockerProxy: {
        ...dockerSection,
        ecrAuth: {
          ...ecrAuth,
          secretAccessKey: 'canary-2',
          sessionToken: 'canary-3',
        } satisfies Whole<EcrAuthAttributes>,
      },
    }
    expect((await nexus.post(PROXY, withSecrets)).status).toBe(201)
    const settings = await nexus.settings('docker/proxy/hub')
    expect(settings).toMatchObject(body)
    const everything = JSON.stringify([settings, (await nexus.get('/v1/repositorySettings')).body])
    expect(everything).not.toContain('canary')
    expect(stored(nexus, 'hub').secrets).toEqual({
      'httpClient.authentication.password': 'canary-1',
      'dockerProxy.ecrAuth.secretAccessKey': 'canary-2',
      'dockerProxy.ecrAuth.sessionToken': 'canary-3',
    })
  })

  it('fills what was left out', async () => {
    const nexus = await server('3.90.0')
    await nexus.post(PROXY, dockerProxy('hub'))
    const settings = await nexus.settings('docker/proxy/hub')
    expect(settings).toMatchObject({
      cleanup: null,
      proxy: { preserveEncodedCharacters: false },
      httpClient: {
        connection: {
          retries: null,
          userAgentSuffix: null,
          timeout: null,
          enableCircularRedirects: false,
          enableCookies: false,
          useTrustStore: false,
        },
        authentication: null,
      },
      routingRuleName: null,
      dockerProxy: { indexUrl: null, cacheForeignLayers: null, foreignLayerUrlWhitelist: [] },
    })
    expect(settings).not.toHaveProperty('replication')
    expect(settings).not.toHaveProperty('routingRule')
  })

  it.each([
    ['3.89.0', false, false],
    ['3.90.0', true, false],
    ['3.93.0', true, false],
    ['3.94.0', true, true],
  ])('%s: has preserveEncodedCharacters %s, ecrAuth and firewall %s', async (version, preserves, hasEcr) => {
    const nexus = await server(version, { edition: 'community' })
    const dockerSection = { indexType: 'REGISTRY', ecrAuth: { enabled: true } }
    await nexus.post(PROXY, dockerProxy('hub', { dockerProxy: dockerSection, firewall: { mode: 'AUDIT' } }))
    const settings = await nexus.settings('docker/proxy/hub')
    expect('preserveEncodedCharacters' in settings.proxy).toBe(preserves)
    expect(['ecrAuth' in settings.dockerProxy, 'firewall' in settings]).toEqual([hasEcr, hasEcr])
  })

  it.each([
    ['3.71.0', 'rule', null],
    ['3.89.0', 'rule', 'rule'],
    ['3.94.0', null, 'rule'],
  ])('%s: reads the rule from routingRule (%s), from routingRuleName (%s)', async (version, old, renamed) => {
    const nexus = await server(version, { edition: 'oss' })
    await nexus.post('/v1/routing-rules', { name: 'rule', description: '', mode: 'BLOCK', matchers: ['.*'] })
    await nexus.post(PROXY, dockerProxy('a', { routingRule: 'rule' }))
    await nexus.post(PROXY, dockerProxy('b', { routingRuleName: 'rule' }))
    await nexus.post(PROXY, dockerProxy('c', { routingRule: 'rule', routingRuleName: 'rule' }))
    const names = ['a', 'b', 'c'].map((name) => nexus.settings(`docker/proxy/${name}`))
    const shown = (await Promise.all(names)).map(({ routingRuleName }) => routingRuleName)
    expect(shown).toEqual([old, renamed, 'rule'])
  })

  it('has an index of three types', async () => {
    const nexus = await server('3.90.0')
    const missing = await nexus.post(PROXY, dockerProxy('hub', { dockerProxy: {} }))
    expect(missing.body).toEqual([{ id: 'PARAMETER indexType', message: 'must not be empty' }])
    const unknown = await nexus.post(PROXY, dockerProxy('hub', { dockerProxy: { indexType: 'NONE' } }))
    expect(unknown.status).toBe(400)
    const bare = await nexus.post(PROXY, dockerProxy('hub', { dockerProxy: { indexType: 'CUSTOM' } }))
    expect(bare.status).toBe(400)
    await nexus.post(PROXY, dockerProxy('hub', { dockerProxy: { indexType: 'hub' } }))
    expect((await nexus.settings('docker/proxy/hub')).dockerProxy.indexType).toBe('HUB')
  })

  it('wants the password with every write', async () => {
    const nexus = await server('3.90.0')
    const authentication = { type: 'username', username: 'u', password: 'p' }
    const httpClient = { blocked: false, autoBlock: true, authentication }
    await nexus.post(PROXY, dockerProxy('hub', { httpClient }))
    const shown = { type: 'username', username: 'u', ntlmHost: null, ntlmDomain: null }
    const settings = await nexus.settings('docker/proxy/hub')
    expect(settings.httpClient.authentication).toEqual(shown)
    const id = 'UsernameAuthenticationConfiguration.attributes[httpclient].authentication.password'
    expect(await nexus.put(`${PROXY}/hub`, settings)).toEqual({
      status: 400,
      body: [{ id, message: 'must not be null' }],
    })
    const bearer = {
      blocked: false,
      autoBlock: true,
      authentication: { type: 'bearerToken', bearerToken: 't' },
    }
    expect((await nexus.put(`${PROXY}/hub`, dockerProxy('hub', { httpClient: bearer }))).status).toBe(204)
    expect(stored(nexus, 'hub').secrets).toEqual({
      'httpClient.authentication.bearerToken': 't',
    })
  })

  it('uses the trust store for https alone', async () => {
    const nexus = await server('3.90.0')
    const httpClient = { blocked: false, autoBlock: true, connection: { useTrustStore: true } }
    const plain = { remoteUrl: 'http://registry.example', contentMaxAge: 1, metadataMaxAge: 1 }
    expect(await nexus.post(PROXY, dockerProxy('hub', { httpClient, proxy: plain }))).toEqual({
      status: 400,
      body: { id: '*', message: '"TrustStore is available only with HTTPS remote URLs"' },
    })
    expect((await nexus.post(PROXY, dockerProxy('hub', { httpClient }))).status).toBe(201)
  })
})

describe('docker group', () => {
  it('keeps the order of its members and takes no other format', async () => {
    const nexus = await server('3.90.0')
    for (const name of ['a', 'b']) await nexus.post(HOSTED, hosted(name, docker()))
    await nexus.post(GROUP, group('all', ['b', 'a'], docker({ httpPort: 8082 })))
    const settings = await nexus.settings('docker/group/all')
    expect(settings).toMatchObject({ group: { memberNames: ['b', 'a'] }, docker: { httpPort: 8082 } })
    expect(settings.group).not.toHaveProperty('writableMember')
    expect(await nexus.put(`${GROUP}/all`, group('all', ['a', 'maven-releases', 'c'], docker()))).toEqual({
      status: 400,
      body: [
        'Member repository format does not match group repository format: maven-releases',
        'Member repository does not exist: c',
      ].map((message) => ({ id: 'HelperBean.memberNames', message })),
    })
  })

  it('has a writable member with Pro alone, which is a hosted member', async () => {
    const withMember = (writableMember: string) =>
      group('all', ['a', 'hub'], { ...docker(), group: { memberNames: ['a', 'hub'], writableMember } })
    const expected = { community: [400], pro: [201] } as const
    for (const edition of ['community', 'pro'] as const) {
      const nexus = await server('3.90.0', { edition })
      for (const name of ['a', 'b']) await nexus.post(HOSTED, hosted(name, docker()))
      await nexus.post(PROXY, dockerProxy('hub'))
      for (const name of ['nosuch', 'hub', 'b']) {
        const answer = await nexus.post(GROUP, withMember(name))
        expect(answer).toMatchObject({ status: 400, body: [{ id: 'HelperBean.writableMember' }] })
      }
      expect((await nexus.post(GROUP, withMember('a'))).status).toBe(expected[edition][0])
      if (edition === 'pro') expect((await nexus.settings('docker/group/all')).group.writableMember).toBe('a')
    }
  })
})
