// Nexus drops what a PUT leaves out and never shows a secret: every field that is one, on servers that keep one.
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { intents } from '../../src/intents/index.ts'
import { refuseLostSecret } from '../../src/plan/lost-secrets.ts'
import { checkAgainstServer } from '../../src/plan/server-rules.ts'
import { dockerProxy } from '../../src/resources/docker/proxy.ts'
import { kinds } from '../../src/resources/index.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { applyOn, configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor, writesOf } from '../helpers/sandbox.ts'
import { repositoryOf } from '../helpers/writes.ts'

interface Row {
  kind: string
  field: string
  servers: SandboxOptions[]
  /** The section with its secret, and the document around it: with it, without it, and with something else changed. */
  section: object
  document: (section: object | null | undefined, changed: boolean) => object
  /** Key of the section in the hint's line. */
  key: string
  stored: (sandbox: Sandbox) => unknown
  secret: string
  /** The server has a way to keep it. */
  kept?: true
}

const pro: SandboxOptions[] = [{ version: '3.96.0', edition: 'pro' }]
const anyServer: SandboxOptions[] = [{ version: '3.26.0' }, { version: '3.77.1' }, ...pro]

function proxyRow(field: string, section: Record<string, unknown>, servers: SandboxOptions[]): Row {
  const [key = '', name = ''] = field.split('.')
  return {
    kind: 'dockerProxy',
    field,
    servers,
    section,
    key,
    document: (written, changed) => ({
      repositories: {
        hub: {
          type: 'proxy',
          remoteUrl: 'https://registry.example.com',
          ...(changed && { online: false }),
          ...(written !== undefined && { [key]: written }),
        },
      },
    }),
    stored: (sandbox) =>
      repositoryOf(sandbox, 'hub').secrets[
        key === 'ecrAuth' ? `dockerProxy.ecrAuth.${name}` : `httpClient.authentication.${name}`
      ],
    secret: String(section[name]),
  }
}

const ecr = {
  enabled: true,
  awsRegion: 'eu-central-1',
  registryId: '123456789012',
  accessKeyId: 'AKIA:EXAMPLE',
  secretAccessKey: 'the-key',
}

function wayOut(scheme: 'http' | 'https'): Row {
  return {
    kind: 'httpProxy',
    field: `${scheme}.authentication.password`,
    // Over ExtDirect before and after the change of its code, and over REST, which would lose it.
    servers: [
      { version: '3.28.0' },
      { version: '3.41.1' },
      { version: '3.71.0', edition: 'core' },
      { version: '3.71.0' },
      { version: '3.77.1' },
      ...pro,
    ],
    section: { username: 'nexus', password: 'the-password' },
    key: scheme,
    document: (written, changed) => ({
      httpProxy: {
        ...((written !== undefined || !changed) && {
          [scheme]: {
            host: 'proxy.corp',
            port: 3128,
            ...(written !== undefined && { authentication: written }),
          },
        }),
        ...(changed && { exclude: ['localhost'] }),
      },
    }),
    stored: ({ state }) => state.httpSettings[`${scheme}AuthPassword`],
    secret: 'the-password',
    kept: true,
  }
}

const rows: Row[] = [
  proxyRow(
    'authentication.password',
    { type: 'username', username: 'robot', password: 'the-password' },
    anyServer,
  ),
  proxyRow(
    'authentication.password',
    { type: 'ntlm', username: 'robot', password: 'the-password', ntlmHost: 'h', ntlmDomain: 'd' },
    anyServer,
  ),
  proxyRow('authentication.bearerToken', { type: 'bearerToken', bearerToken: 'the-token' }, pro),
  proxyRow('ecrAuth.secretAccessKey', ecr, pro),
  proxyRow('ecrAuth.sessionToken', { ...ecr, sessionToken: 'the-session' }, pro),
  wayOut('http'),
  wayOut('https'),
]

test('every secret field has a row', () => {
  const fields = kinds.all.flatMap(({ kind, fields }) =>
    Object.entries(fields)
      .filter(([, { options }]) => options.secret && !options.intent)
      .map(([path]) => `${kind} ${path}`),
  )
  expect([...new Set(rows.map(({ kind, field }) => `${kind} ${field}`))].toSorted()).toEqual(
    fields.toSorted(),
  )
})

interface Ended {
  problems: { code: string; hint: string | undefined }[]
  writes: number
}

async function run(sandbox: Sandbox, document: object): Promise<Ended> {
  const before = writesOf(sandbox).length
  const nexus = nexusOf(sandbox)
  const config = await configOf(document)
  const { state, plan } = await planOn(nexus, config)
  const problems = checkAgainstServer(config, { kinds, intents, state }, plan)
  if (problems.length === 0) expect((await applyOn(nexus, plan, config)).failed).toEqual([])
  nexus.close()
  return {
    problems: problems.map(({ code, hint }) => ({ code, hint })),
    writes: writesOf(sandbox).length - before,
  }
}

const places = rows.flatMap((row) => row.servers.map((server) => ({ ...row, server })))

describe.each(places)('$kind $field on $server.version', (row) => {
  const { server, section, document, stored, secret, kept, key } = row

  async function withSecret(): Promise<Sandbox> {
    const sandbox = await sandboxFor(server)
    expect(await run(sandbox, document(section, false))).toEqual({ problems: [], writes: 1 })
    expect(stored(sandbox)).toBe(secret)
    return sandbox
  }

  test('the file is silent, something else changes: kept, or refused with the line to add', async () => {
    const sandbox = await withSecret()
    const { problems, writes } = await run(sandbox, document(undefined, true))
    expect(stored(sandbox)).toBe(secret)
    if (kept) {
      expect({ problems, writes }).toEqual({ problems: [], writes: 1 })
      return
    }
    expect({ problems, writes }).toMatchObject({
      problems: [{ code: 'upstream-password-missing' }],
      writes: 0,
    })
    const line = /^write (.*), or [\w.]+: null to remove it$/.exec(problems[0]?.hint ?? '')?.[1] ?? ''
    const added = JSON.stringify((parse(line) as Record<string, object>)[key]).replace(
      '{"env":"NAME"}',
      '"new"',
    )
    expect(await run(sandbox, document(JSON.parse(added) as object, true))).toEqual({
      problems: [],
      writes: 1,
    })
  })

  test('the file removes the section: gone', async () => {
    const sandbox = await withSecret()
    expect(await run(sandbox, document(null, true))).toEqual({ problems: [], writes: 1 })
    expect(stored(sandbox) ?? null).toBe(null)
  })

  test('the file writes it: sent', async () => {
    const sandbox = await withSecret()
    expect(await run(sandbox, document(section, true))).toEqual({ problems: [], writes: 1 })
    expect(stored(sandbox)).toBe(secret)
  })

  test('nothing changes: nothing is refused', async () => {
    const sandbox = await withSecret()
    expect(await run(sandbox, document(undefined, false))).toEqual({ problems: [], writes: 0 })
  })
})

test.each([{ version: '3.71.0', edition: 'core' }, { version: '3.71.0' }] as const)(
  'HTTP proxy on $version $edition, a login without a password: no password is made up',
  async (server) => {
    const sandbox = await sandboxFor(server)
    sandbox.state.httpSettings = {
      httpEnabled: true,
      httpHost: 'proxy.corp',
      httpPort: 3128,
      httpAuthEnabled: true,
      httpAuthUsername: 'nexus',
    }
    const { problems, writes } = await run(sandbox, { httpProxy: { exclude: ['localhost'] } })
    expect({ problems, writes }).toEqual({
      problems: [
        {
          code: 'upstream-password-missing',
          hint: 'write http: {host: proxy.corp, port: 3128, authentication: {username: nexus, password: {env: NAME}}}, or http.authentication: null to remove it',
        },
      ],
      writes: 0,
    })
  },
)

test('no login is switched on that the file does not write', async () => {
  for (const server of [
    { version: '3.77.0', edition: 'community' },
    { version: '3.96.0', edition: 'community' },
    ...pro,
  ] as const) {
    const sandbox = await sandboxFor(server)
    await run(sandbox, { httpProxy: { http: { host: 'proxy.corp', port: 3128 } } })
    const { httpHost, httpAuthEnabled = null } = sandbox.state.httpSettings
    expect({ server, httpHost, on: httpAuthEnabled === true }).toEqual({
      server,
      httpHost: 'proxy.corp',
      on: false,
    })
  }
})

const authentication = (value: unknown) => ({
  id: 'hub',
  wire: { httpClient: { authentication: value as null } },
})
const ecrAuth = (value: unknown) => ({ id: 'hub', wire: { dockerProxy: { ecrAuth: value as null } } })

test.each([
  [
    'a token on the server and a password in the file',
    authentication({ type: 'bearerToken' }),
    { 'authentication.password': 'p' },
    true,
  ],
  [
    'the login becomes one of another type',
    authentication({ type: 'username' }),
    { 'authentication.type': 'bearerToken', 'authentication.bearerToken': 't' },
    false,
  ],
  ['no login', authentication(null), {}, false],
  ['an ECR login that was never made', ecrAuth({ enabled: false, accessKeyId: null }), {}, false],
  ['an ECR login by the role of the machine, which is on', ecrAuth({ enabled: true }), {}, true],
] as const)('%s', (_, actual, values, refused) => {
  expect(refuseLostSecret(dockerProxy, actual, values) !== undefined).toBe(refused)
})
