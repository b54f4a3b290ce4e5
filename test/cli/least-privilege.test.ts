// The roles of docs/how-to/permissions.md: each is enough for its command, and none of its privileges can be left out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { blocksOf } from '../helpers/documents.ts'
import { folderWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../helpers/sandbox.ts'

const page = fileURLToPath(new URL('../../docs/how-to/permissions.md', import.meta.url))
interface Role {
  id: string
  privileges: string[]
}
interface User {
  userId: string
  roles: string[]
}
const shown = blocksOf(readFileSync(page, 'utf8'))
  .filter(({ language }) => language === 'json')
  .map(({ lines }) => JSON.parse(lines.join('\n')) as Role | User)
const roles = shown.filter((it): it is Role => 'privileges' in it)
const users = shown.filter((it): it is User => 'userId' in it)

const before = `version: 1
blobStores:
  images: { path: images }
repositories:
  ours: { type: hosted, blobStore: images, httpPort: 8083 }
`
/** Something to create and something to change of everything that the roles are for. */
const after = `version: 1
anonymousPull: true
httpProxy: { http: { host: proxy.corp, port: 3128 } }
blobStores:
  images: { path: images, quota: { type: spaceUsed, limit: 10 GiB } }
  cache: { path: cache }
repositories:
  ours: { type: hosted, blobStore: images, httpPort: 8083, writePolicy: allow-once }
  hub: { type: proxy, blobStore: cache, upstream: docker-hub }
  docker: { type: group, blobStore: images, httpPort: 8082, members: [ours, hub] }
`
/** The permission behind a built-in privilege (nexus-api section 2). */
function permissionOf(privilege: string): string {
  const [, domain = '', action = ''] =
    /^nx-(repository-admin|blobstores|settings)(?:-\*-\*)?-(\w+)$/.exec(privilege) ?? []
  if (action === '') throw new Error(`${privilege} is none that this test knows`)
  return `nexus:${domain}${domain === 'repository-admin' ? ':*:*' : ''}:${action}`
}

/** Runs the command as a user with these privileges; the end, and what it counted. */
async function runAs(privileges: readonly string[], version: string, command: readonly string[], owned = '') {
  const folder = folderWith({ 'before.yml': before + owned, 'repos.yml': after + owned })
  const sandbox = await sandboxFor({ version })
  const prepared = await runCli(['apply', '--yes', '-f', join(folder, 'before.yml')], {
    env: environmentOf(sandbox),
  })
  expect(prepared.code, prepared.stderr).toBe(0)
  const [admin] = sandbox.state.users
  if (!admin) throw new Error('the sandbox has no user')
  sandbox.state.users.push({
    ...admin,
    userId: 'robot',
    password: 'robot-password',
    roles: privileges.map(permissionOf),
  })
  const env = { NEXUS_URL: sandbox.url, NEXUS_USERNAME: 'robot', NEXUS_PASSWORD: 'robot-password' }
  const { code, stdout } = await runCli([...command, '-f', join(folder, 'repos.yml'), '-o', 'json'], { env })
  const { summary } = JSON.parse(stdout) as { summary?: { create: number; update: number } }
  return { code, summary }
}

const commands: Record<string, string[]> = { 'registry-plan': ['plan'], 'registry-apply': ['apply', '--yes'] }

it('has a role for each of the two commands', () => {
  expect(roles.map(({ id }) => id)).toEqual(Object.keys(commands))
})

it('gives the user a role that it has shown, and all that Nexus asks for', () => {
  expect(users).toHaveLength(1)
  // POST /v1/security/users requires each of these, and takes a role that does not exist without a word (recorded, 3.28 to 3.89)
  for (const user of users) {
    expect(Object.keys(user)).toEqual(
      expect.arrayContaining(['userId', 'firstName', 'lastName', 'emailAddress', 'password', 'status']),
    )
    expect(roles.map(({ id }) => id)).toEqual(expect.arrayContaining(user.roles))
  }
})

it('is enough where bootstrap and the routing rules are up to date', async () => {
  const [, { privileges } = { privileges: [] }] = roles
  const owned =
    'bootstrap: { acceptEula: true }\nroutingRules: { none: { mode: BLOCK, matchers: [".*secret.*"] } }\n'
  const { code, summary } = await runAs(privileges, '3.90.0', ['apply', '--yes'], owned)
  expect(code).toBe(0)
  expect(summary).toMatchObject({ create: 3 })
})

describe.each(roles)('the role $id', ({ id, privileges }) => {
  const command = commands[id] ?? []

  it.each(['3.41.1', '3.77.1', '3.96.0'])('is enough on %s', async (version) => {
    const { code, summary } = await runAs(privileges, version, command)
    expect(code).toBe(0)
    expect(summary).toMatchObject({ create: 3 })
  })

  it.each(privileges)('needs %s', async (left) => {
    const fewer = privileges.filter((privilege) => privilege !== left)
    const { code, summary } = await runAs(fewer, '3.90.0', command)
    // Without the right to read, repositories are left out of lists: the plan creates what exists.
    expect(code === 0 && summary?.create === 3).toBe(false)
  })
})
