// A password goes to Nexus alone: whatever else answers at the address gets none, with --wait and without.
import { describe, expect, onTestFinished, test } from 'vitest'
import { isLoopback } from '../../../src/core/ports.ts'
import { fileWith, runCli } from '../../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../../helpers/sandbox.ts'
import { NEXUS, type Reply, startServer } from '../../http/scripted-server.ts'

async function stranger(reply: (path: string) => Reply) {
  const server = await startServer(({ path }) => reply(path))
  onTestFinished(() => server.close())
  // A loopback address would be trusted; the unspecified one leads to this machine as well.
  return { ...server, url: server.url.replace('127.0.0.1', '0.0.0.0') }
}

const env = (url: string) => ({ NEXUS_URL: url, NEXUS_USERNAME: 'admin', NEXUS_PASSWORD: 'canary-password' })
const file = (head = '') => fileWith(`version: 1\n${head}repositories: {apps: {type: hosted}}\n`)
const credentialsOf = ({ received }: Awaited<ReturnType<typeof stranger>>) =>
  received.flatMap(({ headers }) => headers.authorization ?? [])

const strangers: [name: string, reply: Reply, code: string][] = [
  [
    'asks for a sign-in',
    { status: 401, headers: { 'www-authenticate': 'Basic realm="Router"' } },
    'front-authentication',
  ],
  ['asks without saying who it is', { status: 401 }, 'not-authenticated'],
  [
    'shows a web page',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Jenkins</title>' },
    'html-answer',
  ],
  ['answers in JSON', { status: 200, body: { status: 'UP' } }, 'not-nexus'],
  ['says yes to everything', { status: 200 }, 'not-nexus'],
  ['has no such page', { status: 404, body: 'no' }, 'not-nexus'],
  [
    'is a registry',
    { status: 401, headers: { 'docker-distribution-api-version': 'registry/2.0' } },
    'registry-port',
  ],
  ['leads elsewhere', { status: 302, headers: { location: 'http://127.0.0.2:1/' } }, 'redirected'],
]

describe('what is not Nexus', () => {
  test.each(strangers)('%s: exit 4, and it gets no password', async (_, reply, code) => {
    // Something else is put up with for longer than that; but a registry never becomes Nexus, however long one would wait.
    const wait = code === 'registry-port' ? '1m' : '300ms'
    const commands = [['plan'], ['apply', '--yes'], ['apply', '--yes', '--wait', wait]]
    await Promise.all(
      commands.map(async (args) => {
        const server = await stranger(() => reply)
        const result = await runCli([...args, '-f', file(), '-o', 'json'], { env: env(server.url) })
        const { error } = JSON.parse(result.stdout) as { error: { code: string } }
        const expected = args.includes('300ms') ? 'not-ready' : code
        expect({ exit: result.code, code: error.code }).toEqual({ exit: 4, code: expected })
        expect(credentialsOf(server)).toEqual([])
      }),
    )
  })
})

test('a front that takes the same credentials gets them where the file says which Nexus is behind it', async () => {
  const reply: Reply = { status: 401, headers: { 'www-authenticate': 'Basic realm="Router"' } }
  const server = await stranger(() => reply)
  const head = 'nexus: {version: 3.90.0}\n'
  expect((await runCli(['plan', '-f', file(head)], { env: env(server.url) })).code).toBe(4)
  expect(credentialsOf(server)).toHaveLength(1)
})

test('a Nexus whose name a proxy removes gets them', async () => {
  const server = await stranger((path) => ({ status: path.endsWith('/v1/status') ? 200 : 404 }))
  await runCli(['plan', '-f', file()], { env: env(server.url) })
  expect(credentialsOf(server).length).toBeGreaterThan(0)
})

test('a Nexus that is busy is asked again before it gets them', async () => {
  let asked = 0
  const server = await stranger(() => {
    asked += 1
    return asked === 1 ? { status: 502, body: '' } : { status: 401, headers: NEXUS }
  })
  const { stderr } = await runCli(['plan', '-f', file()], { env: env(server.url) })
  expect(server.received.map(({ headers }) => headers.authorization !== undefined)).toEqual([
    false,
    false,
    true,
  ])
  expect(stderr).toContain('does not accept the password of user "admin"')
})

test('on this machine the password goes along with the first request', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const server = await stranger(() => ({ status: 401, headers: NEXUS }))
    await runCli(['plan', '-f', file()], { env: env(server.url.replace('0.0.0.0', host)) })
    expect(server.received.map(({ path }) => path)).toEqual(['/service/rest/v1/repositories'])
  }
})

test.each(['127.0.0.1.example.com', 'localhost.example.com', '10.0.0.1', '[::2]'])(
  '%s is not this machine',
  (host) => {
    expect(isLoopback(new URL(`http://${host}:8081/nexus`).hostname)).toBe(false)
  },
)

test('nobody is asked who it is where there is no password to send', async () => {
  const sandbox = await sandboxFor()
  const { code } = await runCli(['plan', '-f', file()], {
    env: { ...environmentOf(sandbox), NEXUS_PASSWORD: '' },
  })
  expect(code).toBe(4)
  expect(sandbox.requests).toEqual([])
})

describe('after a refusal the run ends at once, whatever else is under way', () => {
  /** Everything but the refusal is answered so late that waiting for it would be seen. */
  const LATE_MS = 50_000
  const apply = (url: string) =>
    runCli(['apply', '--yes', '-f', file(), '--timeout', '40s'], { env: env(url), timeoutMs: LATE_MS })

  test('a sign-in that is refused in the middle', async () => {
    const late = new Promise<Reply>(() => undefined)
    let credentials = 0
    const server = await startServer(({ headers }) => {
      if (headers.authorization === undefined) return { status: 200, headers: NEXUS }
      credentials += 1
      if (credentials === 1) return { status: 200, headers: NEXUS, body: [] }
      return credentials === 2 ? { status: 401, headers: NEXUS, delayMs: 200 } : late
    })
    onTestFinished(() => server.close())
    const { code, stderr } = await apply(server.url)
    expect({ code, stderr }).toMatchObject({ code: 4 })
    expect(stderr).toContain('does not accept the password')
  })

  test('something that is not Nexus', async () => {
    const server = await stranger((path) => (path.endsWith('/status') ? { status: 200, body: {} } : 'hang'))
    const { code, stderr } = await apply(server.url)
    expect({ code, stderr }).toMatchObject({ code: 4 })
    expect(stderr).toContain('not Nexus')
    expect(credentialsOf(server)).toEqual([])
  })

  test('a front that is busy for the others', async () => {
    let credentials = 0
    const server = await startServer(({ headers }) => {
      if (headers.authorization === undefined) return { status: 200, headers: NEXUS }
      credentials += 1
      if (credentials === 1) return { status: 200, headers: NEXUS, body: [] }
      if (credentials === 2) return { status: 401, headers: NEXUS, delayMs: 500 }
      return { status: 503, headers: { 'retry-after': '30' } }
    })
    onTestFinished(() => server.close())
    const { code, stderr } = await apply(server.url)
    expect({ code, stderr }).toMatchObject({ code: 4 })
    expect(stderr).toContain('does not accept the password')
  })
})
