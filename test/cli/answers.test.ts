// An answer that is something else than what was asked for, in the words of the program.
import { expect, test } from 'vitest'
import { frontOf } from '../helpers/front.ts'
import { applyTo, planFor, reportOf } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { sandboxFor } from '../helpers/sandbox.ts'
import { namesOfWrites } from '../helpers/writes.ts'

const file = `version: 1
blobStores:
  images: {}
repositories:
  apps: {type: hosted, blobStore: images, httpPort: 8083}
`

const nexus = { server: 'Nexus/3.90.0-01 (COMMUNITY)' }

test.each([
  ['{}', 'expected a list, got an object'],
  ['', 'expected a list, got nothing'],
  ['[{"name":"a"}]', '[0].format: expected text, got nothing'],
  ['[{"name":17,"format":"raw","type":"hosted"}]', '[0].name: expected text, got a number'],
])('the list of repositories is %s: one sentence, exit 4, nothing is written', async (body, fault) => {
  const sandbox = await sandboxFor()
  const front = await frontOf(sandbox, {
    instead: ({ method, path }) =>
      method === 'GET' && path.endsWith('/v1/repositories')
        ? { status: 200, body, headers: nexus }
        : undefined,
  })
  const path = fileWith(file)
  for (const run of [planFor, applyTo]) {
    const { code, stdout, stderr } = await run(front, path)
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toBe(
      `error: cannot list the repositories: the server did not answer with a list of repositories (${fault})\n` +
        '  hint: Check what is between this machine and the server (a proxy, a gateway, a cache): it may have answered instead.\n',
    )
  }
  expect(namesOfWrites(sandbox)).toEqual([])
})

test('a repository is {} just before its update: failed, what was done is said, exit 5', async () => {
  const sandbox = await sandboxFor()
  const first = fileWith(file)
  expect(await applyTo(sandbox, first)).toMatchObject({ code: 0 })
  const front = await frontOf(sandbox, {
    instead: ({ method, path }) =>
      method === 'GET' && path.endsWith('/hosted/apps') ? { status: 200, body: '{}' } : undefined,
  })
  const second = fileWith(
    `${file.replace('8083', '8084')}  all: {type: group, blobStore: images, members: [apps]}\n`,
  )
  const result = await applyTo(front, second, ['-o', 'json'])
  const { done, failed } = reportOf(result)
  expect({ code: result.code, done, failed }).toMatchObject({
    code: 5,
    done: [{ id: 'all' }],
    failed: [
      {
        id: 'apps',
        error: {
          code: 'unexpected-answer',
          message:
            'cannot read docker/hosted "apps": the server did not answer with that docker/hosted repository (name: expected text, got nothing)',
        },
      },
    ],
  })
})
