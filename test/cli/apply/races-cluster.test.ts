// A cluster's other nodes learn of a change a while later: wait for what was created, write nothing twice.
import { expect, test } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { type Front, frontOf } from '../../helpers/front.ts'
import { applyTo, reportOf } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { sandboxFor, send } from '../../helpers/sandbox.ts'
import { namesOfWrites } from '../../helpers/writes.ts'

/** A cluster whose other node shows a new repository only a while after its creation. */
async function laggingCluster(sandbox: Sandbox, lagMs: number): Promise<Front> {
  const created = new Map<string, number>()
  const hidden = (name: string) => {
    const at = created.get(name)
    return at !== undefined && performance.now() - at < lagMs
  }
  return frontOf(sandbox, {
    instead({ method, path, body }) {
      if (method === 'POST' && path.includes('/repositories/docker/')) {
        const { name, group } = JSON.parse(body) as { name: string; group?: { memberNames: string[] } }
        const missing = group?.memberNames.filter(hidden) ?? []
        if (missing.length > 0) {
          const message = `Member repository does not exist: ${missing[0] ?? ''}`
          return { status: 400, body: JSON.stringify([{ id: 'HelperBean.memberNames', message }]) }
        }
        created.set(name, performance.now())
      }
      const single = /\/docker\/\w+\/([^/]+)$/.exec(path)?.[1]
      return method === 'GET' && single !== undefined && hidden(single)
        ? { status: 404, body: '"Repository not found"' }
        : undefined
    },
  })
}

test.each([50, 1200])(
  'a cluster shows what was created %i ms later: waits, and creates nothing twice',
  async (lagMs) => {
    const sandbox = await sandboxFor()
    const cluster = await laggingCluster(sandbox, lagMs)
    const file = fileWith(`version: 1
repositories:
  apps: {type: hosted}
  hub: {type: proxy, upstream: docker-hub}
  docker: {type: group, members: [apps, hub]}
`)
    const { code, stderr } = await applyTo(cluster, file)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const accepted = cluster.seen.filter(({ method, status }) => method === 'POST' && status === 201)
    expect(accepted.map(({ body }) => (JSON.parse(body) as { name: string }).name).toSorted()).toEqual([
      'apps',
      'docker',
      'hub',
    ])
    expect(namesOfWrites(sandbox)).toHaveLength(3)
    expect((await applyTo(cluster, file, ['-o', 'json'])).stdout).toContain('"writes":0')
  },
)

test('what a member is refused for is said after one more try, not waited for', async () => {
  const sandbox = await sandboxFor()
  const refusing = await frontOf(sandbox, {
    instead: ({ method, path }) =>
      method === 'POST' && path.endsWith('/docker/group')
        ? { status: 400, body: '[{"id":"HelperBean.memberNames","message":"no"}]' }
        : undefined,
  })
  const file = fileWith('version: 1\nrepositories: {a: {type: hosted}, g: {type: group, members: [a]}}\n')
  const result = await applyTo(refusing, file, ['-o', 'json'])
  expect(result.code).toBe(5)
  expect(reportOf(result)).toMatchObject({ done: [{ id: 'a' }], failed: [{ id: 'g' }] })
  expect(refusing.seen.filter(({ path }) => path.endsWith('/docker/group'))).toHaveLength(2)
  expect(await send(sandbox, 'GET', '/v1/repositories/docker/group/g')).toBe(404)
})
