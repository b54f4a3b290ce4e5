// What only the server can tell is said before the first write, with the place in the file and what to do.
import { expect, test } from 'vitest'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { applyTo, planFor, reportOf } from '../helpers/landscape.ts'
import { fileWith, runCli } from '../helpers/run-cli.ts'
import { sandboxFor, writesOf } from '../helpers/sandbox.ts'
import { prepare } from '../helpers/writes.ts'

interface Refusal {
  what: string
  server?: SandboxOptions
  /** Applied first. */
  before?: string
  /** Done to the sandbox after that. */
  prepare?: (sandbox: Sandbox) => void
  file: string
  code: string
  /** `line:column` */
  place: string
  message: string
  hint: string
}

const refusals: Refusal[] = [
  {
    what: 'another type of the same name',
    before: 'repositories: {apps: {type: hosted}}',
    file: 'repositories:\n  apps:\n    type: proxy\n    remoteUrl: https://r.example\n',
    code: 'kind-change',
    place: '4:11',
    message: 'the server has "apps" as docker/hosted',
    hint: 'choose another name',
  },
  {
    what: 'another format of the same name',
    file: 'repositories:\n  maven-releases: {type: hosted}\n',
    code: 'kind-change',
    place: '3:26',
    message: 'the server has "maven-releases" as maven2/hosted',
    hint: 'choose another name',
  },
  {
    what: 'another blob store',
    before: 'repositories: {apps: {type: hosted}}',
    file: 'blobStores: {s: {}}\nrepositories:\n  apps: {type: hosted, blobStore: s}\n',
    code: 'immutable-field',
    place: '4:35',
    message: 'blobStore of "apps" cannot be changed from "default" to "s"',
    hint: 'write blobStore: default',
  },
  {
    what: 'another path of a blob store',
    before: 'blobStores: {s: {path: one}}',
    file: 'blobStores:\n  s: {path: two}\n',
    code: 'immutable-field',
    place: '3:13',
    message: 'path of "s" cannot be changed from "one" to "two"',
    hint: 'write path: one',
  },
  {
    what: 'another case of the same name',
    server: { version: '3.71.0' },
    before: 'repositories: {apps: {type: hosted}}',
    file: 'nexus: {version: 3.71.0}\nrepositories:\n  Apps: {type: hosted}\n',
    code: 'name-case',
    place: '4:3',
    message: 'the server has it as "apps"',
    hint: 'write "apps"',
  },
  {
    what: 'a blob store in another case',
    before: 'blobStores: {images: {}}',
    file: 'blobStores:\n  Images: {}\n',
    code: 'name-case',
    place: '3:3',
    message: 'the server has it as "images"',
    hint: 'write "images"',
  },
  {
    what: 'a name in upper case, in a file for an older server than this one',
    server: { version: '3.90.0' },
    file: 'nexus: {version: 3.71.0}\nblobStores: {s: {}}\nrepositories:\n  Apps: {type: hosted}\n',
    code: 'upper-case-name',
    place: '5:3',
    message: 'only in lower case',
    hint: 'write "apps"',
  },
  {
    what: 'a field of Pro on Community',
    file: 'repositories:\n  apps: {type: hosted, subdomain: apps}\n',
    code: '',
    place: '3:35',
    message: 'docker.subdomain needs Nexus Repository Pro; this server is 3.90.0 Community',
    hint: '',
  },
  {
    what: 'a writable member on Community',
    file: 'repositories:\n  a: {type: hosted}\n  g: {type: group, members: [a], writableMember: a}\n',
    code: '',
    place: '4:50',
    message: 'needs Nexus Repository Pro',
    hint: '',
  },
  {
    what: 'a field that came later',
    server: { version: '3.71.0' },
    file: 'repositories:\n  apps: {type: hosted, pathEnabled: true}\n',
    code: '',
    place: '3:37',
    message: 'docker.pathEnabled needs Nexus 3.83 or later; this server is 3.71.0 OSS',
    hint: '',
  },
  {
    what: 'an external repository that is not there',
    file: 'repositories:\n  old: {external: true}\n  g: {type: group, members: [old]}\n',
    code: 'external-missing',
    place: '3:3',
    message: 'repository "old" does not exist on the server',
    hint: 'create it there',
  },
  {
    what: 'an external blob store that is not there',
    file: 'blobStores:\n  s3: {external: true}\nrepositories:\n  a: {type: hosted, blobStore: s3}\n',
    code: 'external-missing',
    place: '3:3',
    message: 'blob store "s3" does not exist on the server',
    hint: 'create it there',
  },
  {
    what: 'the blob store default, deleted on the server',
    prepare: ({ state }) => (state.blobStores = [{ name: 'x', type: 'File', path: 'x', softQuota: null }]),
    file: 'repositories:\n  a: {type: hosted, blobStore: default}\n',
    code: 'blob-store-missing',
    place: '3:32',
    message: 'the server has no blob store "default"',
    hint: 'create it on the server first',
  },
  {
    what: 'a realm that the server does not have',
    file: 'realms:\n  ensure: [DockerToken, GothamRealm]\n',
    code: 'unknown-realm',
    place: '3:25',
    message: 'the server has no realm "GothamRealm"',
    hint: 'it has:',
  },
  {
    what: 'a proxy that logs in, and no password in the file',
    before:
      'repositories: {hub: {type: proxy, remoteUrl: "https://r.example", authentication: {username: u, password: p}}}',
    file: 'repositories:\n  hub: {type: proxy, remoteUrl: "https://other.example"}\n',
    code: 'upstream-password-missing',
    place: '3:3',
    message: `the server's "hub" has authentication.password, which Nexus never returns`,
    hint: 'write authentication: {type: username, username: u, password: {env: NAME}}, or authentication: null to remove it',
  },
]

test.each(refusals)('$what: exit 3 before the first write', async (refusal) => {
  const { server = {}, before, prepare, code, place, message, hint } = refusal
  const sandbox = await sandboxFor(server)
  if (before !== undefined) {
    const { code: exit, stderr } = await applyTo(sandbox, fileWith(`version: 1\n${before}\n`))
    expect({ exit, stderr }).toMatchObject({ exit: 0 })
  }
  prepare?.(sandbox)
  const writes = writesOf(sandbox).length
  const file = fileWith(`version: 1\n${refusal.file}`)
  const text = await applyTo(sandbox, file)
  expect(text.code).toBe(3)
  expect(text.stderr).toContain(`${file}:${place}`)
  expect(text.stderr).toContain(message)
  expect(text.stderr).toContain(hint)
  const [problem, ...others] = reportOf(await applyTo(sandbox, file, ['-o', 'json'])).problems ?? []
  expect(others).toEqual([])
  if (code !== '') expect(problem?.code).toBe(code)
  expect(`${problem?.line}:${problem?.column}`).toBe(place)
  expect(writesOf(sandbox)).toHaveLength(writes)
})

test('all refusals are told at once, each with its place, and nothing that could be done is done', async () => {
  const sandbox = await sandboxFor()
  await prepare(sandbox, fileWith('version: 1\nrepositories: {apps: {type: hosted, httpPort: 8001}}\n'))
  const writes = writesOf(sandbox).length
  const file = fileWith(`version: 1
nexus: {version: 3.71.0}
blobStores: {s: {}}
realms: {ensure: [Nonsense]}
repositories:
  apps: {type: hosted, blobStore: s}
  Upper: {type: hosted}
  maven-public: {type: hosted}
  taker: {type: hosted, httpPort: 8001}
`)
  const { problems = [] } = reportOf(await applyTo(sandbox, file, ['-o', 'json']))
  expect(problems.map(({ code, line }) => `${line} ${code}`).toSorted()).toEqual([
    '4 unknown-realm',
    '6 immutable-field',
    '7 upper-case-name',
    '8 kind-change',
    '9 port-taken',
  ])
  expect((await planFor(sandbox, file)).code).toBe(3)
  expect(writesOf(sandbox)).toHaveLength(writes)
})

test('a refused replacement is shown in the plan as one, with its reason', async () => {
  const sandbox = await sandboxFor()
  await prepare(sandbox, fileWith('version: 1\nrepositories: {apps: {type: hosted}}\n'))
  const file = fileWith('version: 1\nrepositories: {apps: {type: proxy, remoteUrl: "https://r.example"}}\n')
  const { stdout } = await planFor(sandbox, file, ['-o', 'json'])
  expect(JSON.parse(stdout)).toMatchObject({
    summary: { create: 0, update: 0, replace: 0, delete: 0, refused: 1, unchanged: 0 },
    changes: [{ action: 'replace', kind: 'dockerProxy', id: 'apps', refused: { code: 'kind-change' } }],
  })
})

const twoRepositories =
  'version: 1\nrepositories:\n  mine: {type: hosted, httpPort: 8001}\n  theirs: {type: hosted, httpPort: 8002}\n'

test.each(['3.71.0', '3.77.1', '3.90.0'])(
  'a repository that the user may see but not administer (%s): one precise error',
  async (version) => {
    const sandbox = await sandboxFor({ version })
    await prepare(sandbox, fileWith(twoRepositories))
    sandbox.state.users.push({
      userId: 'robot',
      password: 'robot-pass',
      status: 'active',
      roles: ['repository-admin:mine', 'nexus:repository-view:*:*:browse', 'nexus:blobstores:read'],
    })
    const robot = { ...sandbox, username: 'robot', password: 'robot-pass' }
    const file = fileWith(twoRepositories.replace('8002', '8003'))
    const writes = writesOf(sandbox).length
    const { code, stderr } = await applyTo(robot, file)
    expect(code).toBe(3)
    expect(stderr).toContain(`${file}:4:3`)
    expect(stderr).toContain('the user may not administer it')
    expect(stderr).toContain('nexus:repository-admin:docker:*:*')
    expect(stderr).toContain('1 problem (1 error)')
    expect(writesOf(sandbox)).toHaveLength(writes)
    const own = fileWith('version: 1\nrepositories: {mine: {type: hosted, httpPort: 8004}}\n')
    expect((await applyTo(robot, own)).code).toBe(0)
  },
)

test('a repository that the user may not even see: the server says it is there, in one precise error', async () => {
  const sandbox = await sandboxFor()
  await prepare(sandbox, fileWith(twoRepositories))
  sandbox.state.users.push({
    userId: 'robot',
    password: 'robot-pass',
    status: 'active',
    roles: ['repository-admin:mine', 'nexus:repository-admin:*:*:add', 'nexus:blobstores:read'],
  })
  const robot = { ...sandbox, username: 'robot', password: 'robot-pass' }
  const result = await applyTo(robot, fileWith(twoRepositories), ['-o', 'json'])
  expect(result.code).not.toBe(0)
  const { failed } = reportOf(result)
  expect(failed).toHaveLength(1)
  expect(failed[0]).toMatchObject({ id: 'theirs' })
  expect(failed[0]?.error.message).toMatch(/already|unique|used/)
})

test.each(['text', 'json', 'ndjson'])('each problem is annotated once, -o %s', async (output) => {
  const sandbox = await sandboxFor()
  const file = fileWith(
    'repositories:\n  maven-releases: {type: hosted}\n  hub: {type: proxy, upstream: docker-hub}\n  all: {type: group, members: [hub, own]}\n  own: {type: hosted}\n',
  )
  const { code, stderr } = await applyTo(sandbox, file, ['-o', output, '--annotations', 'github'])
  expect(code).toBe(3)
  expect(stderr.match(/^::\w+/gm)).toEqual(['::warning', '::error'])
})

test('what only a server can settle is told by validate, and by plan where it concerns what is sent', async () => {
  const sandbox = await sandboxFor({ version: '3.88.0' })
  const file = fileWith('version: 1\nrepositories:\n  Apps: {type: hosted, httpsPort: 443}\n')
  const codesOf = ({ stdout }: { stdout: string }) =>
    (JSON.parse(stdout) as { problems: { code: string }[] }).problems.map(({ code }) => code)
  const validated = await runCli(['validate', '-f', file, '-o', 'json'])
  expect(codesOf(validated)).toEqual(['upper-case-name', 'privileged-port', 'https-connector'])
  // This server takes the name; the connectors it is about to get.
  expect(codesOf(await planFor(sandbox, file, ['-o', 'json']))).toEqual([
    'privileged-port',
    'https-connector',
  ])
  expect((await applyTo(sandbox, file)).code).toBe(0)
  const again = await planFor(sandbox, file, ['--detailed-exitcode'])
  expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' })
})
