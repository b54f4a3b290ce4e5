// What was done is read back before it is called done: servers that keep something else, lag behind, or are written by somebody else.
import { expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { type Front, frontOf } from '../../helpers/front.ts'
import { applyTo, reportOf } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { sandboxFor } from '../../helpers/sandbox.ts'
import { namesOfWrites } from '../../helpers/writes.ts'

const isRead = (method: string, path: string) => method === 'GET' && path.endsWith('/realms/active')
const isWrite = (method: string, path: string) => method === 'PUT' && path.endsWith('/realms/active')
const docker = 'version: 1\nrealms: {ensure: [DockerToken]}\n'

/** Shows the realms as they were for so long after they were set. `read` is told of each such look, counted from 1. */
async function lagging(sandbox: Sandbox, lagMs: number, read?: (look: number) => void): Promise<Front> {
  const before = JSON.stringify(sandbox.state.realms)
  const written = { at: Number.NaN, looks: 0 }
  return frontOf(sandbox, {
    instead({ method, path }) {
      if (isWrite(method, path)) written.at = performance.now()
      if (!isRead(method, path) || !(performance.now() - written.at < lagMs)) return undefined
      written.looks += 1
      read?.(written.looks)
      return { status: 200, body: before }
    },
  })
}

test('a server that keeps another value than it was sent: not-kept, with both values; the rest stays done', async () => {
  const sandbox = await sandboxFor()
  const front = await frontOf(sandbox, {
    reword: ({ method, path }, json) =>
      method === 'GET' && path.endsWith('/repositorySettings')
        ? (json as { name: string }[]).map((entry) =>
            entry.name === 'apps' ? { ...entry, docker: { httpPort: null } } : entry,
          )
        : json,
  })
  const file = fileWith(
    'version: 1\nrepositories: {apps: {type: hosted, httpPort: 8083, httpsPort: 8443}, base: {type: hosted}}\n',
  )
  const result = await applyTo(front, file, ['-o', 'ndjson'])
  const events = result.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; id?: string; done: unknown; failed: unknown })
  expect(result.code).toBe(5)
  const summary = events.at(-1)
  expect(summary?.done).toMatchObject([{ id: 'base' }])
  expect(summary?.failed).toMatchObject([
    {
      id: 'apps',
      error: {
        code: 'not-kept',
        message:
          'the server accepted docker/hosted "apps" but did not store it as written (httpPort: the server has null, the file wants 8083)',
        hint: expect.stringContaining('Another run or person') as string,
      },
    },
  ])
  const own = events.filter(({ id }) => id === 'apps').map(({ type }) => type)
  expect(own).toEqual(['start', 'done', 'failed'])
  expect(namesOfWrites(sandbox)).toHaveLength(2)
})

test.each([
  { what: 'null in its place', authentication: null, exitCode: 5 },
  { what: 'no word of it', authentication: undefined, exitCode: 0 },
])('a login that the server dropped is seen where it answers $what', async ({ authentication, exitCode }) => {
  const sandbox = await sandboxFor()
  const front = await frontOf(sandbox, {
    reword: ({ method, path }, json) =>
      method === 'GET' && path.endsWith('/repositorySettings')
        ? (json as { httpClient?: object }[]).map((entry) =>
            entry.httpClient ? { ...entry, httpClient: { ...entry.httpClient, authentication } } : entry,
          )
        : json,
  })
  const login = 'authentication: {username: robot, password: canary-of-the-login}'
  const file = fileWith(
    `version: 1\nrepositories: {hub: {type: proxy, remoteUrl: "https://r.example", ${login}}}\n`,
  )
  const result = await applyTo(front, file, ['-o', 'json'])
  expect(result.code).toBe(exitCode)
  expect(reportOf(result).failed.map(({ error }) => error.message)).toEqual(
    exitCode === 0 ? [] : [expect.stringContaining('authentication.password: the server has none') as string],
  )
  expect(result.stdout + result.stderr).not.toContain('canary-of-the-login')
})

test('a created object that the server does not show: not-kept', async () => {
  const sandbox = await sandboxFor()
  const front = await frontOf(sandbox, {
    reword: ({ method, path }, json) =>
      method === 'GET' && path.endsWith('/blobstores')
        ? (json as { name: string }[]).filter(({ name }) => name !== 's')
        : json,
  })
  const { code, stderr, stdout } = await applyTo(front, fileWith('version: 1\nblobStores: {s: {}}\n'))
  expect({ code, stderr }).toMatchObject({ code: 5 })
  expect(stderr).toContain('the server accepted blob store "s" but does not show it')
  expect(stdout).toContain('Not applied: 0 created, 0 updated, 0 unchanged, 1 failed.')
})

test('a node that lags behind for two seconds: done, and written once', async () => {
  const sandbox = await sandboxFor()
  const front = await lagging(sandbox, 2000)
  const result = await applyTo(front, fileWith(docker), ['-o', 'json'])
  expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 })
  expect(reportOf(result)).toMatchObject({ done: [{ kind: 'realms' }], failed: [], requests: { writes: 1 } })
  expect(reportOf(result)).not.toHaveProperty('notVerified')
})

test('a node that never shows it: not-kept after a bounded time, not written again', async () => {
  const sandbox = await sandboxFor()
  const looks: number[] = []
  const front = await lagging(sandbox, Number.POSITIVE_INFINITY, (look) => looks.push(look))
  const result = await applyTo(front, fileWith(docker), ['-o', 'json'])
  expect(result.code).toBe(5)
  expect(reportOf(result)).toMatchObject({ done: [], failed: [{ error: { code: 'not-kept' } }] })
  expect(namesOfWrites(sandbox)).toHaveLength(1)
  expect(looks.length).toBeGreaterThan(2)
  expect(looks.length).toBeLessThan(10)
})

test('an interrupt while a node lags ends the wait at once: done, and said that nobody knows', async () => {
  const sandbox = await sandboxFor()
  const held: { kill?: (signal: NodeJS.Signals) => void; at?: number } = {}
  // The fourth look is followed by the pause that is longest but one.
  const front = await lagging(sandbox, Number.POSITIVE_INFINITY, (look) => {
    if (look !== 4) return
    held.at = performance.now()
    held.kill?.('SIGTERM')
  })
  const result = await applyTo(front, fileWith(docker), ['-o', 'json'], {
    onStart: (kill) => (held.kill = kill),
  })
  expect(held.at).toBeDefined()
  expect(result.code).toBe(130)
  expect(reportOf(result)).toMatchObject({
    done: [{ kind: 'realms' }],
    failed: [],
    interrupted: true,
    notVerified: { code: 'not-verified' },
  })
  expect(sandbox.state.realms).toContain('DockerToken')
})

test('two runs that each add a realm to the whole list: whoever is overwritten does not end with 0', async () => {
  const waiting: (() => void)[] = []
  const sandbox = await sandboxFor({
    hooks: {
      async beforeRequest({ method, path }) {
        if (!isWrite(method, path)) return
        // Both have looked at the list; the one that came first goes first, and the other is behind it.
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length === 2) for (const go of waiting) go()
        })
      },
    },
  })
  const runs = await Promise.all(
    ['DockerToken', 'NpmToken'].map(async (realm) => ({
      realm,
      result: await applyTo(sandbox, fileWith(`version: 1\nrealms: {ensure: [${realm}]}\n`), ['-o', 'json']),
    })),
  )
  const active = sandbox.state.realms
  expect(runs.filter(({ realm }) => active.includes(realm))).toHaveLength(1)
  for (const { realm, result } of runs) {
    expect(result.code).toBe(active.includes(realm) ? 0 : 5)
    expect(reportOf(result).failed.map(({ error }) => error.code)).toEqual(
      active.includes(realm) ? [] : ['not-kept'],
    )
  }
})

test.each([
  ['an error', { status: 403, body: '{}' }],
  ['a list of something else', { status: 500, body: 'oops' }],
])('the last reading fails (%s): done stays done, nobody knows, exit 5', async (_, answer) => {
  const sandbox = await sandboxFor()
  const state = { written: false }
  const front = await frontOf(sandbox, {
    instead({ method, path }) {
      if (isWrite(method, path)) state.written = true
      return state.written && isRead(method, path) ? answer : undefined
    },
  })
  const result = await applyTo(front, fileWith(docker), ['-o', 'json'])
  expect(result.code).toBe(5)
  expect(reportOf(result)).toMatchObject({
    done: [{ kind: 'realms' }],
    failed: [],
    interrupted: false,
    notVerified: {
      code: 'not-verified',
      message: expect.stringContaining('read the active realms') as string,
    },
  })
  const text = await applyTo(front, fileWith(docker.replace('DockerToken', 'NpmToken')))
  expect(text.code).not.toBe(0)
})

test('only what was written is worth a look: a run with nothing to do, or of which all failed, asks no more', async () => {
  const sandbox = await sandboxFor()
  const since = async (run: () => Promise<unknown>) => {
    const before = sandbox.requests.length
    await run()
    return sandbox.requests.slice(before).map(({ method }) => method)
  }
  const file = fileWith(docker)
  const first = await since(() => applyTo(sandbox, file))
  const second = await since(() => applyTo(sandbox, file))
  const reads = second.length
  expect(second.every((method) => method === 'GET')).toBe(true)
  // Read, looked at once more, written, read.
  expect(first).toHaveLength(reads + 2 + reads)
  expect(first.lastIndexOf('PUT')).toBe(reads + 1)
  const failing = await sandboxFor({ faults: ['400 PUT /service/rest/v1/security/realms/active *'] })
  expect((await applyTo(failing, file)).code).toBe(1)
  expect(failing.requests.at(-1)?.method).toBe('PUT')
})
