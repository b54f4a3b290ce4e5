// Whatever a registry answers, verify ends, tells no secret, and asks nowhere but where it was sent.
import type { ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { type RegistryDoor, registryDoors } from '../../src/verify/registry-door.ts'
import { sandboxFor } from '../helpers/sandbox.ts'
import { certificates, withOpenssl } from '../http/certificates.ts'
import { subject } from './cases.ts'
import { type Rules, reverseProxy } from './reverse-proxy.ts'
import { applyTo, failuresOf, freePorts, images, upstream, verifyOn } from './verify-on.ts'

const version = { 'docker-distribution-api-version': 'registry/2.0' }

async function hosted(): Promise<{ sandbox: Sandbox; document: object; url: string }> {
  const sandbox = await sandboxFor({ version: '3.90.0', connectorOffset: 0 })
  const [port] = await freePorts(1)
  const document = { repositories: { ours: { type: 'hosted', httpPort: port } } }
  await applyTo(sandbox, document)
  return { sandbox, document, url: `http://127.0.0.1:${port}` }
}

/** What verify says of a hosted repository behind a proxy with these rules. */
async function behind(rules: Omit<Rules, 'to'>, layerSize = 512) {
  const { sandbox, document, url } = await hosted()
  const front = await reverseProxy({ to: () => url, ...rules })
  return verifyOn(sandbox, document, { endpoints: { ours: front }, layerSize })
}

const isBlob = ({ method, path }: { method: string; path: string }) =>
  method === 'GET' && path.includes('/blobs/sha256:')

/** Bytes without end, as fast as they are taken. */
function endless(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65536)));
  }
  response.writeHead(200, version).on('drain', more)
  more()
}

it.each([512, 5 * 1024 ** 2])('a layer of %i bytes that has no end is cut off', async (layerSize) => {
  const raw: Rules['raw'] = (asked, response) => {
    if (isBlob(asked)) endless(response)
    return isBlob(asked)
  }
  const answered = await behind({ raw }, layerSize)
  expect(failuresOf(answered)).toEqual(['ours.pull bytes-changed'])
})

it('a layer that comes byte by byte has the time of any other answer', { timeout: 15_000 }, async () => {
  const answered = await behind({
    raw: (asked, response) => {
      if (!isBlob(asked)) return false
      response.writeHead(200, version)
      const timer = setInterval(() => response.write('x'), 200)
      response.on('close', () => clearInterval(timer))
      return true
    },
  })
  expect(failuresOf(answered)).toEqual(['ours.pull unexplained'])
})

it.each([
  ['POST', 'http://['],
  ['POST', '//127.0.0.1:9/upload'],
  ['PATCH', 'http://['],
  ['PATCH', '//127.0.0.1:9/upload'],
  ['PATCH', 'http://127.0.0.1:9/upload'],
])(
  'the address of an upload that %s is answered with is not followed elsewhere: %s',
  async (method, location) => {
    const answered = await behind({
      answers: (headers, asked) => ({
        ...headers,
        ...(asked.method === method && headers.location && { location }),
      }),
    })
    expect(failuresOf(answered)).toEqual(['ours.push wrong-host'])
  },
)

it('a digest that is a path is not followed', async () => {
  const paths: string[] = []
  const answered = await behind({
    instead: ({ path }) => void paths.push(path),
    answers: (headers, { method }) => ({
      ...headers,
      ...(method !== 'PUT' && { 'docker-content-digest': '../../../other/manifests/latest' }),
    }),
  })
  expect(failuresOf(answered)).toEqual([])
  expect(paths.filter((path) => path.includes('other'))).toEqual([])
})

it('a password that the registry says again is not shown in part, wherever the text is cut', async () => {
  const said = (before: number) => 'x'.repeat(before)
  for (const before of [170, 190, 290]) {
    const answered = await behind({
      instead: ({ path }) =>
        path.includes('/uploads/')
          ? {
              status: 400,
              headers: { ...version, 'content-type': 'application/json' },
              body: JSON.stringify({
                errors: [{ code: 'X', message: `${said(before)}admin123 admin:admin123` }],
              }),
            }
          : undefined,
    })
    expect(JSON.stringify(answered)).not.toMatch(/admin1|x{100}adm/)
  }
})

/** What verify says of a proxy repository that answers every manifest with this, and what was asked below `/v2/`. */
async function proxied(manifest: unknown) {
  const sandbox = await sandboxFor({ version: '3.90.0', connectorOffset: 0 })
  const [port] = await freePorts(1)
  const hub = { type: 'proxy', remoteUrl: await upstream(), index: 'registry', httpPort: port }
  const document = { repositories: { hub } }
  await applyTo(sandbox, document)
  const paths: string[] = []
  const front = await reverseProxy({
    to: () => `http://127.0.0.1:${port}`,
    instead: ({ path }) => void paths.push(path),
    rewrites: (body, { path }) =>
      path.includes('/manifests/') ? Buffer.from(JSON.stringify(manifest)) : body,
  })
  const answered = await verifyOn(sandbox, document, { endpoints: { hub: front }, images })
  return { failures: failuresOf(answered), paths }
}

const elsewhere = '../../../other/blobs/x'

it.each([
  ['no object', 5],
  ['nothing', null],
  ['a list that is none', { manifests: { length: 1 } }],
  ['an entry that is none', { manifests: [null] }],
  ['layers that are none', { layers: 5 }],
  ['a layer that is none', { layers: [null] }],
  ['a digest that is no text', { manifests: [{ digest: { a: 1 } }] }],
  ['a digest that is a path', { manifests: [{ digest: elsewhere }] }],
  ['a configuration that is a path', { config: { digest: elsewhere, size: 1 }, layers: [] }],
])('a manifest with %s is told, and what it names is not asked for', async (_, manifest) => {
  const { failures, paths } = await proxied(manifest)
  expect(failures).toEqual(['hub.pull-through bytes-changed'])
  expect(paths.filter((path) => /other|blobs/.test(path))).toEqual([])
})

it('a token server elsewhere gets no password, whenever it is named', async () => {
  const asked: (string | undefined)[] = []
  // A name that is not known for an address within.
  const elsewhere = await reverseProxy({
    to: () => '',
    raw: ({ path }, response) => {
      asked.push(path)
      response.end('{"token": "token"}')
      return true
    },
  })
  const realm = `Bearer realm="${elsewhere.replace('localhost', hostname())}/token"`
  const challenged = async (...challenges: string[]) => {
    let pings = 0
    const answered = await behind({
      instead: () => {
        const challenge = challenges[pings++] ?? challenges.at(-1) ?? ''
        const headers = { ...version, 'content-type': 'application/json', 'www-authenticate': challenge }
        return { status: 401, headers, body: '{}' }
      },
    })
    expect(failuresOf(answered)).toContain('ours.login wrong-host')
  }
  await challenged(`Bearer service="none", ${realm}`)
  await challenged('Basic realm="x"', realm)
  expect(asked).toEqual([])
})

it('redirects without end are no refused password, and none that is taken', async () => {
  const json = { ...version, 'content-type': 'application/json' }
  const challenge = { ...json, 'www-authenticate': 'Basic realm="x"' }
  let asked = 0
  const answered = await behind({
    instead: ({ path }) =>
      asked++ === 0
        ? { status: 401, headers: challenge }
        : { status: 307, headers: { ...json, location: `${path}x` } },
  })
  expect(failuresOf(answered)).toEqual(['ours.login redirected-elsewhere'])
})

it.skipIf(!withOpenssl)('what is said of the server holds for no upstream', async () => {
  const url = await reverseProxy({
    to: () => '',
    tls: certificates().selfSigned,
    instead: () => ({ status: 200 }),
  })
  const login = { username: 'admin', password: 'admin123' }
  const doors = registryDoors({ redactor: createRedactor(), insecure: true }, login, new Map())
  const ping = { step: 'ping', method: 'GET', path: '', as: 'nobody', bare: true } as const
  const asked = async (door: RegistryDoor) => {
    onTestFinished(() => door.close())
    return door.ask(ping)
  }
  expect((await asked(doors.at({ url, prefix: '', way: 'endpoint' }))).status).toBe(200)
  expect((await asked(doors.upstream(url, subject({ name: 'hub', type: 'proxy' })))).failure?.kind).toBe(
    'certificate',
  )
})
