// The command as scripts and people meet it: what it prints, ends with, leaves behind, and never says.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { fileWith, folderWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor, send } from '../helpers/sandbox.ts'
import { freePorts } from '../verify/verify-on.ts'

async function registry() {
  const sandbox = await sandboxFor({ version: '3.90.0', connectorOffset: 0 })
  const [hosted = 0, group = 0] = await freePorts(2)
  const file = fileWith(`version: 1
anonymousPull: true
repositories:
  ours: { type: hosted, httpPort: ${hosted}, writePolicy: allow-once }
  docker: { type: group, httpPort: ${group}, members: [ours] }
`)
  const env = environmentOf(sandbox)
  const { code, stderr } = await runCli(['apply', '--yes', '-f', file], { env })
  expect(code, stderr).toBe(0)
  return { sandbox, file, env, hosted: `http://127.0.0.1:${hosted}` }
}

interface Document {
  checks: { id: string; status: string; needs?: string; cause?: { code: string; where: object } }[]
  summary: object
}

const close = (it: { sandbox: Sandbox }) =>
  send(it.sandbox, 'PUT', '/v1/security/realms/active', ['NexusAuthenticatingRealm'])

async function tagsOf({ hosted, sandbox }: { hosted: string; sandbox: Sandbox }): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64')}`
  const answer = await fetch(`${hosted}/v2/nexus-docker-verify/image/tags/list`, {
    headers: { authorization },
  })
  return answer.text()
}

describe('verify', () => {
  it('ends with 0 and says what works', async () => {
    const { file, env } = await registry()
    const { code, stdout, stderr } = await runCli(['verify', '-f', file], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('✓ gives what was pushed to its hosted members: from ours')
    expect(stdout).toMatch(/\n\nIt works: 14 passed\. \(\d+\.\d s\)\n$/)
  })

  it('ends with 2, and names the cause in every form', async () => {
    const it = await registry()
    await close(it)
    const run = async (output: string) => {
      const { code, stdout } = await runCli(['verify', '-f', it.file, '-o', output], { env: it.env })
      expect(code).toBe(2)
      return stdout
    }
    const document = JSON.parse(await run('json')) as Document
    expect(document).toMatchObject({ formatVersion: 1, server: { version: '3.90.0' }, interrupted: false })
    expect(document.checks.find(({ id }) => id === 'docker.login')).toMatchObject({
      repository: 'docker',
      status: 'failed',
      cause: {
        code: 'realm-inactive',
        where: { kind: 'server', setting: expect.stringContaining('Realms') as string },
      },
    })
    expect(document.summary).toMatchObject({ failed: 2 })
    // What both found is told once.
    const text = await run('text')
    expect(text.match(/✗ takes the login: realm-inactive, told below\n/g)).toHaveLength(2)
    expect(text).toMatch(
      /\n\nrealm-inactive: the server .*\n {2}concerns: ours, docker\n {2}change: .*\n {2}hint: .*\n\nIt does not work/,
    )
    expect(text.match(/the realm DockerToken is not active/g)).toHaveLength(1)
    expect(document.checks.find(({ id }) => id === 'docker.anonymous')).toMatchObject({
      status: 'skipped',
      needs: 'docker.login',
    })
    const markdown = await run('markdown')
    expect(markdown).toContain('| ✗ | `ours` | takes the login | `realm-inactive`, told below |\n')
    expect(markdown).toMatch(/\|\n\n- `ours`, `docker`: `realm-inactive` the server .*\n$/)
    const junit = await run('junit')
    expect(junit).toMatch(/^<\?xml version="1.0"/)
    expect(junit.match(/<failure type="realm-inactive" message="the server/g)).toHaveLength(2)
    expect(junit).toMatch(/<testsuites name="nexus-docker verify" tests="\d+" failures="2"/)
  })

  it('tells what one check alone found where it failed', async () => {
    const it = await registry()
    await close(it)
    const run = async (output: string) => {
      const args = ['verify', '-f', it.file, '--only', 'docker', '-o', output]
      return (await runCli(args, { env: it.env })).stdout
    }
    const text = await run('text')
    expect(text).toMatch(/✗ takes the login\n {4}realm-inactive: the server .*\n {4}change: .*\n {4}hint: /)
    expect(text).not.toContain('concerns:')
    expect(await run('markdown')).toMatch(/\| takes the login \| `realm-inactive` the server .* \|\n/)
  })

  it('has one line for all that the check above keeps from being made', async () => {
    const it = await registry()
    await send(it.sandbox, 'DELETE', '/v1/repositories/docker')
    await send(it.sandbox, 'DELETE', '/v1/repositories/ours')
    const missing = await runCli(['verify', '-f', it.file], { env: it.env })
    expect(missing.stdout).toMatch(
      /\n {4}hint: Run apply first.*\n {2}- 7 checks skipped: they need the one above\n\n/,
    )
    expect(missing.stdout).not.toContain('needs:')
    await runCli(['apply', '--yes', '-f', it.file], { env: it.env })
    await send(it.sandbox, 'PUT', '/v1/security/anonymous', {
      enabled: false,
      userId: 'anonymous',
      realmName: 'NexusAuthorizingRealm',
    })
    const closed = await runCli(['verify', '-f', it.file, '--read-only'], { env: it.env })
    expect(closed.stdout).toContain(
      '- lets everybody pull without a login (skipped: no image is known there)\n',
    )
    const offline = fileWith(`version: 1\nrepositories: { ours: { type: hosted, online: false } }\n`)
    const skipped = await runCli(['verify', '-f', offline], { env: it.env })
    expect(skipped.stdout).toMatch(/\nours\n {2}- \d checks skipped: the file has it offline\n\n/)
  })

  it('says the line of the file', async () => {
    const { sandbox, file, env } = await registry()
    const other = fileWith(`version: 1
repositories:
  docker:
    type: group
    httpPort: 9
    members: [ours]
  ours: { type: hosted }
`)
    expect(sandbox.state.repositories.length).toBeGreaterThan(0)
    const { code, stdout } = await runCli(
      ['verify', '-f', file, '-f', other, '--only', 'docker', '-o', 'json'],
      { env },
    )
    expect(code).toBe(2)
    const [check] = (JSON.parse(stdout) as Document).checks
    expect(check?.cause).toMatchObject({
      code: 'connector-not-applied',
      where: { kind: 'file', path: 'repositories.docker.httpPort', file: other, line: 5, column: 5 },
    })
  })

  it.each([
    [
      ['--only', 'dokcer'],
      /--only: the file has no docker repository "dokcer"\n {2}hint: Did you mean "docker"\?/,
    ],
    [['--endpoint', 'https://registry.example.com'], /has no name of a repository/],
    [['--endpoint', 'docker=registry'], /is not the URL of a server/],
    [
      ['--endpoint', 'docker=https://registry.example.com/v2/'],
      /ends with \/v2\n {2}hint: Write --endpoint docker=https:\/\/registry\.example\.com\.\n/,
    ],
    [['--endpoint', 'docker=https://user:password@registry'], /the URL contains credentials/],
    [['--endpoint', 'docker=http://a', '--endpoint', 'docker=http://b'], /is there twice for "docker"/],
    [['--image', 'hub=Alpine'], /names no image/],
    [['--image', 'docker=alpine:3'], /the file has no proxy repository "docker"\n {2}hint: It has hub\./],
    [['--as-password-stdin'], /are for --as/],
    [['--layer-size', '2GiB'], /Write a size from 1B to 256MiB/],
  ])('%s: ends with 3', async (args, complaint) => {
    const file = fileWith(`version: 1
repositories:
  docker: { type: hosted, httpPort: 8083 }
  hub: { type: proxy, upstream: docker-hub }
`)
    const env = { NEXUS_URL: 'http://127.0.0.1:1', NEXUS_PASSWORD: 'canary-password' }
    const { code, stderr } = await runCli(['verify', '-f', file, ...args], { env })
    expect(stderr).toMatch(complaint)
    expect(code).toBe(3)
  })

  it('ends with 4 where the server does not answer, or refuses the password, and asks no registry then', async () => {
    const { sandbox, file, env } = await registry()
    const away = await runCli(['verify', '-f', file], { env: { ...env, NEXUS_URL: 'http://127.0.0.1:1' } })
    expect(away.code).toBe(4)
    const before = sandbox.requests.length
    const refused = await runCli(['verify', '-f', file], {
      env: { ...env, NEXUS_PASSWORD: 'canary-password' },
    })
    expect(refused.code).toBe(4)
    expect(sandbox.requests.slice(before).filter(({ path }) => path.includes('/v2/'))).toEqual([])
    expect(refused.stdout + refused.stderr).not.toContain('canary')
  })

  it('--wait begins once the server takes changes, and without that asks no registry', async () => {
    const { sandbox, file, env } = await registry()
    sandbox.state.frozen = true
    const before = sandbox.requests.length
    const never = await runCli(['verify', '-f', file, '--wait', '300ms'], { env })
    expect(never).toMatchObject({ code: 4, stdout: '' })
    expect(sandbox.requests.slice(before).filter(({ path }) => path.includes('/v2/'))).toEqual([])
    const run = await runCli(['verify', '-f', file, '--wait', '60s'], {
      env,
      onStderr: (text) => {
        if (text.includes('waiting')) sandbox.state.frozen = false
      },
    })
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('It works: 14 passed') as string })
  })

  it('--wait waits for a server that is not there yet', async () => {
    const [port = 0] = await freePorts(1)
    const file = fileWith('version: 1\nrepositories: {ours: {type: hosted, httpPort: 8083}}\n')
    const env = { NEXUS_URL: `http://127.0.0.1:${port}`, NEXUS_PASSWORD: 'admin123' }
    const away = await runCli(['verify', '-f', file], { env })
    expect(away).toMatchObject({ code: 4, stderr: expect.stringContaining('Use --wait') as string })
    let late: Promise<Sandbox> | undefined
    const { code, stdout } = await runCli(['verify', '-f', file, '--wait', '60s'], {
      env,
      onStderr: (text) => {
        if (text.includes('connection refused')) late ??= startSandbox({ port })
      },
    })
    await (await late)?.close()
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: expect.stringContaining('repository-missing') as string,
    })
  })

  it('--as logs in as somebody else, whose password is shown nowhere', async () => {
    const { file, env } = await registry()
    const run = (extra: string[], more: object = {}) =>
      runCli(['verify', '-f', file, '--as', 'ci', '--debug', ...extra], { env: { ...env, ...more } })
    const without = await run([])
    expect(without.code).toBe(4)
    expect(without.stderr).toContain('there is no password for --as ci')
    const wrong = await run([], { NEXUS_AS_PASSWORD: 'canary-password' })
    expect(wrong.code).toBe(2)
    expect(wrong.stdout).toContain(
      'credentials-refused: the registry refuses the user "ci" with the password from NEXUS_AS_PASSWORD (401',
    )
    const folder = folderWith({ password: 'canary-password' })
    const path = join(folder, 'password')
    const fromFile = await run(['--as-password-file', path])
    expect(fromFile.stdout).toContain(`with the password from --as-password-file (${path}) (401`)
    expect(fromFile.stdout + fromFile.stderr).not.toContain('canary')
    const all = wrong.stdout + wrong.stderr
    expect(all).not.toContain('canary')
    expect(all).not.toContain(Buffer.from('ci:canary-password').toString('base64'))
    const right = await runCli(['verify', '-f', file, '--as', 'admin', '--as-password-stdin'], {
      env,
      input: env['NEXUS_PASSWORD'] ?? '',
    })
    expect(right.code).toBe(0)
  })

  it('Ctrl-C removes what was pushed, and ends with 130', async () => {
    const it = await registry()
    let stop: () => void = () => undefined
    it.sandbox.state.frozen = false
    const watch = setInterval(() => {
      if (it.sandbox.requests.some(({ method, path }) => method === 'PUT' && path.includes('/manifests/')))
        stop()
    }, 1)
    const { code, stdout, stderr } = await runCli(['verify', '-f', it.file], {
      env: it.env,
      onStart: (kill) => {
        stop = () => {
          clearInterval(watch)
          kill('SIGINT')
        }
      },
    })
    clearInterval(watch)
    expect(code).toBe(130)
    expect(stderr).toContain('SIGINT: stopping, once what was pushed is removed; once more to stop at once\n')
    expect(stdout).toContain('Interrupted:')
    expect(await tagsOf(it)).not.toContain('run-')
  })

  it('what a killed run leaves is removed by the next one', async () => {
    const it = await registry()
    let stop: () => void = () => undefined
    const watch = setInterval(() => {
      if (it.sandbox.requests.some(({ method, path }) => method === 'PUT' && path.includes('/manifests/')))
        stop()
    }, 1)
    await runCli(['verify', '-f', it.file], {
      env: it.env,
      onStart: (kill) => {
        stop = () => {
          clearInterval(watch)
          kill('SIGKILL')
        }
      },
    })
    clearInterval(watch)
    expect(await tagsOf(it)).toContain('run-')
    const { code, stdout } = await runCli(['verify', '-f', it.file], { env: it.env })
    expect(code).toBe(0)
    expect(stdout).toContain('✓ what was pushed is removed: with 1 of earlier runs')
    expect(await tagsOf(it)).not.toContain('run-')
  })
})

describe('apply --verify', () => {
  it('--sandbox proves the sandbox, not what else listens at the ports of the file', async () => {
    const { sandbox, file } = await registry()
    const before = sandbox.requests.length
    const { code, stdout } = await runCli(['apply', '--sandbox', '--verify', '-f', file])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('It works: 14 passed') as string,
    })
    expect(sandbox.requests).toHaveLength(before)
  })

  it('applies, and proves it', async () => {
    const sandbox = await sandboxFor({ version: '3.90.0', connectorOffset: 0 })
    const [port] = await freePorts(1)
    const file = fileWith(`version: 1\nrepositories: {ours: {type: hosted, httpPort: ${port}}}\n`)
    const run = (...args: string[]) =>
      runCli(['apply', '-f', file, '--yes', '--verify', ...args], { env: environmentOf(sandbox) })
    const first = await run()
    expect({ code: first.code, stdout: first.stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/Applied: 1 created[\s\S]*It works: 8 passed/) as string,
    })
    const again = await run('-o', 'json')
    expect(JSON.parse(again.stdout)).toMatchObject({
      summary: { unchanged: 1 },
      verification: { summary: { failed: 0 } },
    })
    await send(sandbox, 'PUT', '/v1/security/anonymous', {
      enabled: true,
      userId: 'anonymous',
      realmName: 'NexusAuthorizingRealm',
    })
    const dry = await run('--dry-run')
    expect(dry.code).toBe(3)
  })
})
