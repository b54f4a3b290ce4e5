import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { expectedOf, readServer } from './helpers/examples.ts'
import { runCli } from './helpers/run-cli.ts'
import { environmentOf, getJson, sandboxFor, send, writesOf } from './helpers/sandbox.ts'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const secrets = { DOCKERHUB_TOKEN: 'token-of-the-example' }

type Json = Record<string, unknown>

/** What somebody changes by hand on the server; `change` gets the object as the server has it and edits it. */
const drifts: Record<string, { path: string; change: (wire: Json) => void }> = {
  quickstart: {
    path: '/v1/repositories/docker/hosted/docker-hosted',
    change: (wire) => Object.assign(wire['storage'] as Json, { writePolicy: 'ALLOW' }),
  },
  'swarm-traefik-read-write': {
    path: '/v1/repositories/docker/group/docker-group',
    change: (wire) => Object.assign(wire['docker'] as Json, { httpPort: 9082 }),
  },
  'one-name-for-push-and-pull': {
    path: '/v1/repositories/docker/proxy/daocloud',
    change: (wire) => Object.assign(wire['proxy'] as Json, { remoteUrl: 'https://mirror.example.com' }),
  },
  'backup-and-cache': {
    path: '/v1/blobstores/file/registry-cache',
    change: (wire) => Object.assign(wire['softQuota'] as Json, { limit: 1_000_000 }),
  },
  'corporate-proxy-mirror': {
    path: '/v1/repositories/docker/group/docker',
    change: (wire) => (wire['group'] as { memberNames: string[] }).memberNames.reverse(),
  },
  'first-start': {
    path: '/v1/repositories/docker/hosted/ours',
    change: (wire) => Object.assign(wire['storage'] as Json, { writePolicy: 'ALLOW' }),
  },
  'team-registry': {
    path: '/v1/security/anonymous',
    change: (wire) => Object.assign(wire, { enabled: true }),
  },
}

it('has a drift for each example', () => {
  expect(Object.keys(drifts).toSorted()).toEqual(readdirSync(folder).toSorted())
})

describe.each(Object.entries(drifts))('examples/%s', (name, drift) => {
  const file = `${folder}${name}/repos.yml`
  const content = parse(readFileSync(file, 'utf8')) as Json

  it('is valid, with nothing to warn of once the secrets are set', async () => {
    const result = await runCli(['validate', '-f', file], { env: { NEXUS_PASSWORD: 'x', ...secrets } })
    expect(result).toMatchObject({ code: 0, stderr: '' })
  })

  it('is applied once, and puts drift right with one write', async () => {
    const sandbox = await sandboxFor()
    const env = { ...environmentOf(sandbox), ...secrets }
    const expected = expectedOf(content)

    const planned = await runCli(['plan', '-f', file, '-o', 'json', '--detailed-exitcode'], { env })
    expect(planned).toMatchObject({ code: 2, stderr: '' })
    expect(writesOf(sandbox)).toEqual([])

    const first = await runCli(['apply', '-f', file, '--yes'], { env })
    expect(first.code, first.stderr).toBe(0)
    expect(await readServer(sandbox, expected)).toEqual(expected)

    const afterFirst = writesOf(sandbox).length
    const second = await runCli(['apply', '-f', file, '--yes'], { env })
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(second.stdout).toContain('No changes.')
    const calm = await runCli(['plan', '-f', file, '--detailed-exitcode'], { env })
    expect(calm.code, calm.stdout).toBe(0)
    expect(writesOf(sandbox)).toHaveLength(afterFirst)

    const wire = (await getJson(sandbox, drift.path)) as Json
    drift.change(wire)
    expect(await send(sandbox, 'PUT', drift.path, wire)).toBeLessThan(300)
    expect(await readServer(sandbox, expected)).not.toEqual(expected)
    const before = writesOf(sandbox).length

    const drifted = await runCli(['plan', '-f', file, '--detailed-exitcode'], { env })
    expect(drifted.code, drifted.stdout).toBe(2)
    const healed = await runCli(['apply', '-f', file, '--yes'], { env })
    expect(healed.code, healed.stderr).toBe(0)
    expect(writesOf(sandbox)).toHaveLength(before + 1)
    expect(await readServer(sandbox, expected)).toEqual(expected)
  })
})
