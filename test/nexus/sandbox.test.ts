import { describe, expect, it, onTestFinished } from 'vitest'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { detectServer } from '../../src/nexus/client.ts'
import { callExtDirect } from '../../src/nexus/extdirect.ts'
import { waitReady } from '../../src/nexus/wait/wait-ready.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { client, failure, get } from './helpers.ts'

async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const started = await startSandbox(options)
  onTestFinished(() => started.close())
  return started
}

function signedIn({ url, username, password }: Sandbox, options: Parameters<typeof client>[1] = {}) {
  return client(url, { username, password, timeoutMs: 1000, ...options }).nexus
}

describe('against the sandbox', () => {
  for (const [version, edition] of [
    ['3.28.0', 'oss'],
    ['3.41.1', 'oss'],
    ['3.62.0', 'oss'],
    ['3.71.0', 'oss'],
    ['3.77.1', 'community'],
    ['3.89.0', 'community'],
    ['3.96.0', 'pro'],
  ] as const) {
    it(`${version} ${edition}: is ready, recognised, read and refused in words`, async () => {
      const server = await sandbox({ version, edition, contextPath: '/nexus' })
      await waitReady(
        { url: server.url, redactor: createRedactor() },
        { deadlineMs: 2000, report: () => undefined },
      )
      const nexus = signedIn(server)
      expect(await detectServer(nexus)).toMatchObject({ version, edition })
      expect(Array.isArray(await get(nexus, '/service/rest/v1/repositorySettings'))).toBe(true)
      expect(await callExtDirect(nexus, 'coreui_HttpSettings', 'read', null, 'read')).toHaveProperty(
        'httpEnabled',
      )
      const refused = await failure(
        nexus.request({
          method: 'POST',
          path: '/service/rest/v1/repositories/docker/hosted',
          json: {},
          what: 'create x',
        }),
      )
      expect(refused).toMatchObject({ code: 'refused', status: 400 })
      expect(refused.message).toMatch(/^cannot create x: .*name.*: (must|may) not be (null|empty|blank)/)
    })
  }

  it('a wrong password is one failed sign-in on 3.96, so that the right one still works', async () => {
    const server = await sandbox({ version: '3.96.0', edition: 'community' })
    const nexus = signedIn(server, { password: 'wrong-password' })
    const before = server.requests.length
    const errors = await Promise.all(
      Array.from({ length: 8 }, () => failure(get(nexus, '/service/rest/v1/repositories'))),
    )
    expect(errors.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 'not-authenticated'))
    expect(server.requests.length - before).toBe(1)
    await get(signedIn(server), '/service/rest/v1/repositories')
  })

  it('a locked user name is not asked for again', async () => {
    const server = await sandbox({ version: '3.96.0', edition: 'community' })
    for (let tries = 0; tries < 5; tries += 1) {
      await failure(get(signedIn(server, { password: `wrong-${tries}` }), '/service/rest/v1/repositories'))
    }
    const nexus = signedIn(server)
    const before = server.requests.length
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await failure(get(nexus, '/service/rest/v1/repositories'))).toMatchObject({
        code: 'sign-in-limit',
      })
    }
    expect(server.requests.length - before).toBe(1)
  })

  const FAULTS: [fault: string, method: 'GET' | 'PUT' | 'POST', code: string | undefined][] = [
    ['500', 'GET', undefined],
    ['500', 'PUT', 'server-error'],
    ['503', 'GET', undefined],
    ['503', 'PUT', undefined],
    ['503', 'POST', undefined],
    ['429', 'GET', undefined],
    ['429', 'POST', undefined],
    ['reset', 'GET', undefined],
    ['reset', 'PUT', undefined],
    ['reset', 'POST', 'lost-answer'],
    ['hang', 'GET', undefined],
    ['hang', 'POST', 'lost-answer'],
    ['html', 'GET', undefined],
    ['html', 'POST', undefined],
    ['garbage', 'GET', undefined],
    ['garbage', 'PUT', undefined],
    ['garbage', 'POST', 'lost-answer'],
    ['lost', 'GET', undefined],
    ['lost', 'PUT', undefined],
    ['lost', 'POST', 'lost-answer'],
  ]
  for (const [fault, method, code] of FAULTS) {
    it(`${fault} once on a ${method}: ${code ?? 'repeated'}`, async () => {
      const [path, request] = {
        GET: ['/service/rest/v1/repositories', {}],
        PUT: ['/service/rest/v1/security/realms/active', { json: ['NexusAuthenticatingRealm'] }],
        POST: ['/service/rest/v1/blobstores/file', { json: { name: 'b', path: 'b' } }],
      }[method] as [string, object]
      const server = await sandbox({ faults: [`${fault} ${method} ${path} 1`] })
      const nexus = signedIn(server)
      await get(nexus, '/service/rest/v1/security/anonymous')
      const result = nexus.request({ method, path, ...request })
      if (code === undefined) expect((await result).status).toBeLessThan(300)
      else expect((await failure(result)).code).toBe(code)
    })
  }

  it('a frozen server is waited for, and said', async () => {
    const server = await sandbox()
    server.state.frozen = true
    const lines: string[] = []
    setTimeout(() => {
      server.state.frozen = false
    }, 400)
    await waitReady(
      { url: server.url, redactor: createRedactor() },
      { deadlineMs: 5000, report: ({ reason }) => lines.push(reason) },
    )
    expect([...new Set(lines)]).toEqual(['read-only mode (frozen)'])
  })
})
