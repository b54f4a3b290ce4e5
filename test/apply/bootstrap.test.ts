// A new server set up in this process: killed at each request, and by two runs at once with every kind of overlap.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ApplyResult } from '../../src/apply/types.ts'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { createNexus, type InitialPassword } from '../../src/nexus/client.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { applyOn, configOf, planOn } from '../helpers/in-process.ts'
import { type NewServer, newServer, outcomeOf, WANTED } from '../helpers/new-server.ts'

const document = {
  bootstrap: { initialPassword: 'looked-up-by-the-test', acceptEula: true },
  realms: { ensure: ['DockerToken'] },
  blobStores: { images: { type: 'file' } },
  repositories: {
    apps: { type: 'hosted', blobStore: 'images', httpPort: 8083 },
    docker: { type: 'group', blobStore: 'images', members: ['apps'] },
  },
}

/** As a file is: removed by the server when the password changes. */
function fileOf({ state }: Sandbox, password: string): InitialPassword {
  const there = () => state.initialPasswordFile !== undefined
  return {
    from: 'the file',
    note: undefined,
    evident: () => Promise.resolve(there() ? password : undefined),
    find: () => Promise.resolve(there() ? password : undefined),
    gone: () => !there(),
  }
}

async function run(sandbox: Sandbox, initialPassword: InitialPassword): Promise<ApplyResult> {
  const nexus = createNexus({
    url: sandbox.url,
    username: 'admin',
    password: WANTED,
    initialPassword,
    redactor: createRedactor(),
    retries: 0,
  })
  try {
    const config = await configOf(document)
    const { plan } = await planOn(nexus, config)
    return await applyOn(nexus, plan, config, WANTED)
  } finally {
    nexus.close()
  }
}

const options = { version: '3.96.0', edition: 'community' } as const

async function undisturbed(): Promise<{ server: NewServer; outcome: unknown; requests: number }> {
  const server = await newServer(options)
  const { failed } = await run(server.sandbox, fileOf(server.sandbox, server.sandbox.password))
  expect(failed).toEqual([])
  const outcome = outcomeOf(server.sandbox)
  expect(outcome).toMatchObject({
    users: [{ password: WANTED, status: 'active' }, {}],
    eulaAccepted: true,
    anonymous: { configured: true },
    repositories: [{ name: 'apps' }, { name: 'docker' }],
  })
  return { server, outcome, requests: server.sandbox.requests.length }
}

// The whole matrix, with real kills, is in test/slow.
test.each(['before', 'after'] as const)(
  'killed %s the server does each request, run again: the same server',
  async (when) => {
    const { outcome, requests } = await undisturbed()
    expect(requests).toBeGreaterThan(15)
    for (let number = 1; number <= requests; number += 1) {
      let dead = false
      let struck = false
      const { sandbox, failed } = await newServer({
        ...options,
        hooks: {
          beforeRequest(request) {
            if (request.number === number && when === 'before') dead = struck = true
            if (dead) throw new Error('nobody asks any more')
          },
          afterResponse(request) {
            if (request.number === number && when === 'after') dead = struck = true
          },
        },
      })
      const { password } = sandbox
      await run(sandbox, fileOf(sandbox, password)).catch(() => undefined)
      dead = false
      expect({ number, struck }).toEqual({ number, struck: true })
      const { failed: left } = await run(sandbox, fileOf(sandbox, password))
      expect({ number, left, outcome: outcomeOf(sandbox) }).toEqual({ number, left: [], outcome })
      expect(failed().locked).toBe(0)
      expect(failed().refused).toBeLessThanOrEqual(2)
    }
  },
)

test('two at once, whatever comes first: both end well, nobody is locked', async () => {
  const { outcome } = await undisturbed()
  for (let round = 1; round <= 15; round += 1) {
    const hooks = { beforeRequest: () => sleep(Math.random() * 8) }
    const { sandbox, failed } = await newServer({ ...options, hooks })
    const { password } = sandbox
    const runs = [0, 1].map(async () => {
      await sleep(Math.random() * 60)
      return run(sandbox, fileOf(sandbox, password))
    })
    const results = await Promise.all(runs)
    expect({
      round,
      left: results.map(({ failed: left }) => left.map(({ error }) => error.message)),
    }).toEqual({
      round,
      left: [[], []],
    })
    expect(outcomeOf(sandbox)).toEqual(outcome)
    expect(failed().locked).toBe(0)
  }
})
