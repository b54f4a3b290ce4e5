import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../src/core/versions.ts'
import { CAPABILITIES, type Capability, gateOf, offers, whyNot } from '../../src/nexus/capabilities.ts'
import { detectServer } from '../../src/nexus/client.ts'
import type { Edition } from '../../src/nexus/connection.ts'
import { parseServerHeader, parseVersionHint } from '../../src/nexus/version.ts'
import type { Reply } from '../http/scripted-server.ts'
import { client, failure, get, server } from './helpers.ts'

describe('the Server header', () => {
  for (const [header, version, edition] of [
    ['Nexus/3.89.0-09 (CORE)', '3.89.0', 'core'],
    ['Nexus/3.77.1-01 (COMMUNITY)', '3.77.1', 'community'],
    ['Nexus/3.71.0-06 (OSS)', '3.71.0', 'oss'],
    ['NEXUS/3.96.3-01 (PRO)', '3.96.3', 'pro'],
    ['Nexus/3.96.3-01 (SOMETHING)', '3.96.3', 'unknown'],
    ['Nexus/3.30 (OSS)', '3.30.0', 'oss'],
    ['Nexus/2.14.5-02', '2.14.5', 'unknown'],
  ] as const) {
    it(header, () => expect(parseServerHeader(header)).toEqual({ version, edition, header }))
  }

  for (const header of [undefined, '', 'nginx/1.25', 'Jetty(9.4.53.v20231009)', 'Apache Nexus/3.1.1']) {
    it(`${header ?? 'none'}: not Nexus`, () => expect(parseServerHeader(header)).toBeUndefined())
  }
})

it('a version hint is read with and without edition', () => {
  expect(parseVersionHint('3.90')).toEqual({ version: '3.90.0', edition: 'unknown' })
  expect(parseVersionHint('v3.90.1-02 (PRO)')).toEqual({ version: '3.90.1', edition: 'pro' })
  expect(parseVersionHint('3.90.1/community')).toEqual({ version: '3.90.1', edition: 'community' })
})

it('versions are compared by number', () => {
  expect(compareVersions('3.9.0', '3.26.0')).toBeLessThan(0)
  expect(compareVersions('3.100.0', '3.96.3')).toBeGreaterThan(0)
  expect(compareVersions('3.96', '3.96.0')).toBe(0)
})

describe('detectServer', () => {
  const swagger = (title: string, version: string) => (path: string) =>
    path.endsWith('swagger.json') ? { status: 200, body: { info: { title, version } } } : { status: 200 }

  async function detect(reply: (path: string) => Reply, options = {}) {
    const target = await server(({ path }) => reply(path))
    const { nexus } = client(target.url, options)
    return { target, nexus, run: () => detectServer(nexus) }
  }

  it('asks once, without credentials, where the server says it itself', async () => {
    const { run, target } = await detect(() => ({
      status: 200,
      headers: { server: 'Nexus/3.90.0-01 (PRO)' },
    }))
    expect(await run()).toMatchObject({ version: '3.90.0', edition: 'pro' })
    expect(target.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/service/rest/v1/status', undefined],
    ])
  })

  it('asks nothing where an answer has come already', async () => {
    const { run, nexus, target } = await detect(() => ({
      status: 200,
      headers: { server: 'Nexus/3.90.0-01 (PRO)' },
    }))
    await get(nexus, '/service/rest/v1/repositories')
    await run()
    expect(target.received).toHaveLength(1)
  })

  it('takes the hint where a proxy removes the header', async () => {
    const { run } = await detect(() => ({ status: 200 }), { versionHint: '3.80.0 pro' })
    expect(await run()).toEqual({ version: '3.80.0', edition: 'pro' })
  })

  it('reads swagger.json where there is neither', async () => {
    const { run } = await detect(swagger('Nexus Repository Manager REST API', '3.77.1-01'))
    expect(await run()).toEqual({ version: '3.77.1', edition: 'unknown' })
  })

  for (const [header, path] of [
    ['Nexus/3.25.1-04 (OSS)', 200],
    ['Nexus/2.14.5-02', 404],
    ['Nexus/3.12.0-01 (OSS)', 404],
  ] as const) {
    it(`says that ${header} is too old, and what to do`, async () => {
      const { run } = await detect(() => ({ status: path, headers: { server: header } }))
      const error = await failure(run())
      expect(error).toMatchObject({
        code: 'server-too-old',
        exitCode: 1,
        hint: 'Upgrade the server to 3.26 or later.',
      })
    })
  }

  for (const [name, reply] of [
    ['a REST service of another product', swagger('Petstore', '3.77.1')],
    ['a server that knows no page', () => ({ status: 404, body: { error: 'no' } })],
    ['a server that says yes to everything', () => ({ status: 200, body: 'OK' })],
    [
      'a web site',
      () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Hi</title>' }),
    ],
  ] as const) {
    it(`says that ${name} is not Nexus`, async () => {
      const { run } = await detect(reply)
      const error = await failure(run())
      expect(['not-nexus', 'html-answer']).toContain(error.code)
      expect(error.exitCode).toBe(4)
    })
  }

  it('does not take a Nexus below a wrong path for one that can be used', async () => {
    const { run } = await detect(() => ({
      status: 404,
      headers: { server: 'Nexus/3.90.0-01 (PRO)' },
      body: '',
    }))
    expect(await failure(run())).toMatchObject({ code: 'url-path', exitCode: 4 })
  })
})

describe('capabilities', () => {
  const at = (version: string, edition: Edition) => ({ version, edition })
  const precursor = (version: string) =>
    version.replace(/\.(\d+)\.0$/, (_, minor: string) => `.${Number(minor) - 1}.9`)

  for (const capability of CAPABILITIES) {
    it(`${capability}: not before its version, from then on in its edition`, () => {
      const { since, edition } = gateOf(capability)
      expect(offers(at(precursor(since), 'pro'), capability)).toBe(false)
      expect(offers(at(since, 'pro'), capability)).toBe(edition !== 'community')
      expect(offers(at('3.99.0', edition ?? 'pro'), capability)).toBe(true)
      expect(offers(at(since, 'unknown'), capability)).toBe(true)
      expect(offers(at(since, 'community'), capability)).toBe(edition !== 'pro')
      expect(whyNot(at(precursor(since), 'community'), capability)).toMatch(
        / needs .*; this server is 3\.\d+\.9 Community$/,
      )
    })
  }

  it('have the versions of the reference', () => {
    const expected: [Capability, string, string?][] = [
      ['pathEnabled', '3.83.0'],
      ['proprietaryComponents', '3.30.0'],
      ['latestPolicy', '3.41.0'],
      ['preserveEncodedCharacters', '3.90.0'],
      ['ecrAuth', '3.94.0'],
      ['firewall', '3.94.0'],
      ['bearerToken', '3.76.0'],
      ['lowerCaseNames', '3.89.0'],
      ['writableMember', '3.27.0', 'pro'],
      ['replication', '3.40.0', 'pro'],
      ['httpSettingsRest', '3.70.0'],
      ['dockerSingleGet', '3.27.0'],
      ['blobStoreImmutable', '3.65.0'],
      ['separateBlobStores', '3.29.0'],
      ['authorizingRealmHidden', '3.60.0'],
      ['pathEnabledExcludesPorts', '3.96.0'],
      ['subdomain', '3.20.0', 'pro'],
      // nexus-api 2.10: "Community ≥3.77"; 1.2: "3.96 … not 3.89 [R]".
      ['eula', '3.77.0', 'community'],
      ['signInLimit', '3.90.0'],
    ]
    expect(expected.map(([name, ...gate]) => [name, ...gate]).sort()).toEqual(
      CAPABILITIES.map((name) => {
        const { since, edition } = gateOf(name)
        return edition ? [name, since, edition] : [name, since]
      }).sort(),
    )
  })

  it('the HTTP settings left every edition but Pro with 3.84', () => {
    for (const [version, edition, expected] of [
      ['3.69.0', 'oss', false],
      ['3.71.0', 'oss', true],
      ['3.83.2', 'community', true],
      ['3.84.0', 'community', false],
      ['3.84.0', 'core', false],
      ['3.96.3', 'pro', true],
      ['3.96.3', 'unknown', true],
    ] as const) {
      expect([version, edition, offers(at(version, edition), 'httpSettingsRest')]).toEqual([
        version,
        edition,
        expected,
      ])
    }
    expect(whyNot(at('3.90.0', 'community'), 'httpSettingsRest')).toBe(
      'the REST API for HTTP settings needs Nexus Repository Pro from 3.84 on; this server is 3.90.0 Community',
    )
  })

  it('are refused in one sentence', () => {
    expect(whyNot(at('3.77.1', 'community'), 'pathEnabled')).toBe(
      'docker.pathEnabled needs Nexus 3.83 or later; this server is 3.77.1 Community',
    )
    expect(whyNot(at('3.90.0', 'oss'), 'subdomain')).toBe(
      'docker.subdomain needs Nexus Repository Pro; this server is 3.90.0 OSS',
    )
    expect(whyNot(at('3.30.0', 'unknown'), 'replication')).toBe(
      'replication needs Nexus Repository Pro 3.40 or later; this server is 3.30.0',
    )
  })
})
