// GitHub's workflow commands on standard error: by --annotations, and in a GitHub Actions step by itself.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor, send } from '../helpers/sandbox.ts'
import { freePorts } from '../verify/verify-on.ts'

const yaml = 'repositories:\n  a: {type: hosted, htpPort: 8082}\n'
const inActions = { GITHUB_ACTIONS: 'true', CI: 'true' }
const inFile = (file: string) =>
  `::error file=${file},line=2,col=21,title=unknown-key::unknown key "htpPort"%0Ahint: did you mean "httpPort"?`

function annotationsOf(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('::'))
}

test.each<[string, string[], Record<string, string>, string[]]>([
  ['nowhere else', [], { CI: 'true', GITLAB_CI: 'true' }, []],
  ['when asked', ['--annotations', 'github'], {}, [inFile('repos.yml')]],
  ['in GitHub Actions', [], inActions, [inFile('repos.yml')]],
  ['not where it is switched off', ['--annotations', 'none'], inActions, []],
])('%s', async (_name, args, env, expected) => {
  const folder = folderWith({ 'repos.yml': yaml })
  for (const command of ['validate', 'plan', 'apply']) {
    const { code, stderr } = await runCli(
      [command, '--url', 'http://127.0.0.1:1', ...args].filter((arg) =>
        command === 'validate' ? !['--url', 'http://127.0.0.1:1'].includes(arg) : true,
      ),
      { cwd: folder, env: { NEXUS_PASSWORD: 'irrelevant-1', ...env } },
    )
    expect({ command, code, annotations: annotationsOf(stderr) }).toEqual({
      command,
      code: 3,
      annotations: expected,
    })
  }
})

test('paths count from the root of the repository', async () => {
  const folder = folderWith({ 'infra/nexus/repos.yml': yaml })
  const env = { ...inActions, GITHUB_WORKSPACE: folder }
  const { stderr } = await runCli(['validate'], { cwd: join(folder, 'infra/nexus'), env })
  expect(annotationsOf(stderr)).toEqual([inFile('infra/nexus/repos.yml')])
})

test('an error without a place, and no secret in it', async () => {
  const secret = 'can%ry pass'
  const folder = folderWith({ 'repos.yml': 'repositories: {a: {type: hosted}}\n' })
  const env = { ...inActions, NEXUS_URL: 'http://127.0.0.1:1', NEXUS_PASSWORD: secret }
  const { code, stderr } = await runCli(['plan'], { cwd: folder, env })
  expect(code).toBe(4)
  expect(annotationsOf(stderr)).toEqual([expect.stringMatching(/^::error title=[a-z-]+::.*127\.0\.0\.1/)])

  const quoted = folderWith({ 'repos.yml': `repositories: {a: {type: "${secret}"}}\n` })
  const wrong = await runCli(['plan'], { cwd: quoted, env })
  expect(annotationsOf(wrong.stderr)).toEqual([expect.stringContaining('title=unknown-type')])
  expect(wrong.stderr).not.toContain('can%25ry')
})

test('what verify finds, once: beside what is to change, or the first repository that it concerns', async () => {
  const sandbox = await sandboxFor({ connectorOffset: 0 })
  const [ours, docker] = await freePorts(2)
  const folder = folderWith({
    'repos.yml': `anonymousPull: true
repositories:
  docker: {type: group, httpPort: ${docker}, members: [ours]}
  ours: {type: hosted, httpPort: ${ours}}
`,
  })
  const run = async (...args: string[]) => {
    const { code, stderr } = await runCli(args, {
      cwd: folder,
      env: { ...inActions, ...environmentOf(sandbox) },
    })
    return { code, annotations: annotationsOf(stderr) }
  }
  expect(await run('apply', '--yes', '--verify')).toEqual({ code: 0, annotations: [] })
  await send(sandbox, 'PUT', '/v1/security/realms/active', ['NexusAuthenticatingRealm'])
  const realm = expect.stringMatching(
    /^::error file=repos\.yml,line=3,col=3,title=realm-inactive::docker, ours: the server .*%0Ahint: Run apply.* \(server: Security .*\)$/,
  ) as string
  expect(await run('verify')).toEqual({ code: 2, annotations: [realm] })
  expect(await run('verify', '-o', 'json')).toEqual({ code: 2, annotations: [realm] })
  expect(await run('verify', '--annotations', 'none')).toEqual({ code: 2, annotations: [] })
  await send(sandbox, 'PUT', '/v1/security/realms/active', ['NexusAuthenticatingRealm', 'DockerToken'])
  const off = { enabled: false, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' }
  await send(sandbox, 'PUT', '/v1/security/anonymous', off)
  const closed = expect.stringMatching(
    /^::error file=repos\.yml,line=1,col=1,title=anonymous-off::docker, ours: nobody .*%0Ahint: Run apply[^()]*$/,
  ) as string
  expect(await run('verify')).toEqual({ code: 2, annotations: [closed] })
  await send(sandbox, 'DELETE', '/v1/repositories/docker')
  await send(sandbox, 'DELETE', '/v1/repositories/ours')
  const missing = (line: number, name: string) =>
    expect.stringContaining(
      `::error file=repos.yml,line=${line},col=3,title=repository-missing::${name}: ${sandbox.url} has no docker repository "${name}"%0A`,
    ) as string
  expect(await run('verify')).toEqual({ code: 2, annotations: [missing(3, 'docker'), missing(4, 'ours')] })
})
