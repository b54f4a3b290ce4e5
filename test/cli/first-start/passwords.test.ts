// Which password is sent when, and what is said when none is right. Passwords never appear in the output.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { reportOf } from '../../helpers/landscape.ts'
import { bootstrapFile, newServer, outcomeOf, WANTED, wanting } from '../../helpers/new-server.ts'
import { type CliResult, fileWith, folderWith, runCli } from '../../helpers/run-cli.ts'
import { writesOf } from '../../helpers/sandbox.ts'

const WRONG = 'wrong-canary-2'
const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e'

interface Run {
  initial: string
  env?: Record<string, string>
  flags?: string[]
  bootstrap?: string
}

function applyTo(sandbox: { url: string }, { initial, env, flags = [], bootstrap }: Run): Promise<CliResult> {
  const file = fileWith(bootstrapFile(initial, bootstrap))
  return runCli(['apply', '--yes', '-f', file, ...flags], { env: { ...wanting(sandbox), ...env } })
}

/** Exit code 4, nothing written, no password in the output. */
function expectRefusal(result: CliResult, says: RegExp): void {
  const { code, stdout, stderr } = result
  expect({ code, stdout, stderr }).toMatchObject({ code: 4 })
  expect(stderr).toMatch(says)
  expect(stdout + stderr).not.toMatch(/canary/)
}

describe.each(['3.77.1', '3.96.0'])('no password is right (%s)', (version) => {
  test.each<[string, Run, RegExp]>([
    ['a value', { initial: WRONG }, /from NEXUS_PASSWORD nor the one from bootstrap\.initialPassword/],
    ['a variable', { initial: '{env: FIRST}', env: { FIRST: WRONG } }, /initialPassword \(variable FIRST\)/],
    ['a file', { initial: `{file: first}` }, /initialPassword \(file first\)/],
  ])('%s', async (_, run, says) => {
    const { sandbox, failed } = await newServer({ version })
    const folder = folderWith({ 'repos.yml': bootstrapFile(run.initial), first: WRONG })
    const result = await runCli(['apply', '--yes'], { cwd: folder, env: { ...wanting(sandbox), ...run.env } })
    expectRefusal(result, says)
    expect(failed()).toEqual({ refused: 2, locked: 0 })
    expect(writesOf(sandbox)).toEqual([])
  })

  test('and there is no initial one: one failed sign-in', async () => {
    const { sandbox, failed } = await newServer({ version })
    const result = await runCli(['apply', '--yes', '-f', fileWith('realms: {ensure: [DockerToken]}\n')], {
      env: wanting(sandbox),
    })
    expectRefusal(result, /does not accept the password of user "admin".*came from NEXUS_PASSWORD/)
    expect(result.stderr).toContain('write its initial password into bootstrap.initialPassword')
    expect(failed()).toEqual({ refused: 1, locked: 0 })
  })
})

describe('the source of the initial password', () => {
  const sources: [string, Run, RegExp][] = [
    ['does not exist', { initial: '{file: none}' }, /the file none does not exist \(\S*repos\.yml:3:27\)/],
    ['is empty', { initial: '{file: empty}' }, /the file empty is empty/],
    ['is a directory', { initial: '{file: folder}' }, /the file folder is a directory/],
    ['cannot be read', { initial: '{file: loop}' }, /the file loop cannot be read \(ELOOP\)/],
    ['is an unset variable', { initial: '{env: FIRST}' }, /variable FIRST is not set/],
    [
      'is the password',
      { initial: '{env: my canary!}' },
      /the value of env: is not the name of an environment/,
    ],
    ['is a short one', { initial: '{env: canary.}' }, /the value of env: is not the name of an environment/],
    ['is an empty variable', { initial: '{env: FIRST}', env: { FIRST: '' } }, /variable FIRST is empty/],
  ]

  function folderOf({ initial }: Run): string {
    const folder = folderWith({ 'repos.yml': bootstrapFile(initial), empty: '\n' })
    mkdirSync(join(folder, 'folder'))
    symlinkSync('loop', join(folder, 'loop'))
    return folder
  }

  test.each(sources)('%s: told with its place, after one failed sign-in', async (_, run, says) => {
    const { sandbox, failed } = await newServer()
    const options = { cwd: folderOf(run), env: { ...wanting(sandbox), ...run.env } }
    const result = await runCli(['apply', '--yes', '--debug'], options)
    expectRefusal(result, says)
    expect(failed()).toEqual({ refused: 1, locked: 0 })
    expect(writesOf(sandbox)).toEqual([])
    const json = await runCli(['plan', '-o', 'json'], options)
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'initial-password' } })
  })

  test('does not matter where the wanted password works, and never to validate', async () => {
    const { sandbox, passwordFile, failed } = await newServer()
    expect((await applyTo(sandbox, { initial: `{file: ${passwordFile}}` })).code).toBe(0)
    const before = failed()
    for (const [, run] of sources) {
      const cwd = folderOf(run)
      const plan = await runCli(['plan'], { cwd, env: { ...wanting(sandbox), ...run.env } })
      expect(plan).toMatchObject({ code: 0 })
      expect(plan.stdout).toContain('No changes.')
      const { code, stdout, stderr } = await runCli(['validate'], { cwd, env: run.env ?? {} })
      expect({ code, text: stdout + stderr }).toMatchObject({ code: 0 })
      expect(stdout + stderr).not.toMatch(/warning/)
    }
    expect(failed()).toEqual(before)
  })

  test('may be a file that appears late, and is filled later still', async () => {
    const { sandbox, failed } = await newServer()
    const folder = folderWith({ 'repos.yml': bootstrapFile('{file: volume/admin.password}') })
    const file = join(folder, 'volume/admin.password')
    const { code, stderr } = await runCli(['apply', '--yes', '--wait', '50s'], {
      cwd: folder,
      env: wanting(sandbox),
      onStderr(text) {
        if (text.includes('is empty')) writeFileSync(file, sandbox.password)
        else if (text.includes('does not exist') && !existsSync(file)) {
          mkdirSync(dirname(file))
          writeFileSync(file, '')
        }
      },
    })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stderr.match(/waiting for the initial password: the file .*/g)).toEqual([
      expect.stringMatching(/does not exist \(\d+ s of \d+ s\)$/),
      expect.stringMatching(/is empty \(\d+ s of \d+ s\)$/),
    ])
    expect(failed()).toEqual({ refused: 1, locked: 0 })
  })

  test('is waited for until somebody interrupts', async () => {
    const { sandbox } = await newServer()
    const file = fileWith(bootstrapFile('{file: none}'))
    let kill: ((signal: NodeJS.Signals) => void) | undefined
    const { code, stderr } = await runCli(['apply', '--yes', '-f', file, '--wait', '55s'], {
      env: wanting(sandbox),
      onStart: (send) => (kill = send),
      onStderr(text) {
        if (!text.includes('waiting for the initial password')) return
        kill?.('SIGTERM')
        kill = undefined
      },
    })
    expect({ code, stderr }).toMatchObject({ code: 130 })
    expect(stderr).toContain('waiting for the initial password: the file none does not exist')
  })

  test('is waited for no longer than --wait', async () => {
    const { sandbox } = await newServer()
    const start = performance.now()
    const result = await applyTo(sandbox, { initial: '{file: none}', flags: ['--wait', '1s'] })
    expectRefusal(result, /does not exist/)
    expect(performance.now() - start).toBeGreaterThan(1000)
  })

  test('is out of date: the wanted password wins', async () => {
    const { sandbox, passwordFile, failed } = await newServer()
    const stale = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
    const first = sandbox.password
    await runCli(['apply', '--yes', '-f', stale], { env: wanting(sandbox) })
    writeFileSync(passwordFile, first) // as servers from 3.71 do when they start again
    expect(failed()).toEqual({ refused: 0, locked: 0 })
    const result = await runCli(['apply', '--yes', '-f', stale, '-o', 'json'], { env: wanting(sandbox) })
    expect(reportOf(result)).toMatchObject({ done: [], requests: { writes: 0 } })
    expect(failed()).toEqual({ refused: 1, locked: 0 })
  })
})

describe('a line break at the end of the file', () => {
  interface Case {
    what: string
    /** Of the file. */
    name: string
    /** What the server has, and what the file has. */
    password: string
    content: string
  }

  const cases: Case[] = [
    { what: 'a copy of what the server made', name: 'copy', password: UUID, content: `${UUID}\n` },
    { what: '… by an editor of another system', name: 'copy', password: UUID, content: `${UUID}\r\n` },
    { what: '… under its own name', name: 'admin.password', password: UUID, content: `${UUID}\n` },
    { what: 'a copy of what the server was given', name: 'secret', password: 'given', content: 'given\n' },
    { what: 'what the server was given', name: 'admin.password', password: 'given\n', content: 'given\n' },
  ]

  test.each(cases)('$what', async ({ name, password, content }) => {
    const { sandbox, failed } = await newServer({ version: '3.96.0', initialPassword: password })
    const folder = folderWith({ 'repos.yml': bootstrapFile(`{file: ${name}}`), [name]: content })
    const { code, stderr } = await runCli(['apply', '--yes'], { cwd: folder, env: wanting(sandbox) })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(failed()).toEqual({ refused: 0, locked: 0 })
    expect(outcomeOf(sandbox).users[0]?.password).toBe(WANTED)
  })

  test.each(['3.77.1', '3.96.0'])('never costs a third failure (%s)', async (version) => {
    const { sandbox, failed } = await newServer({ version })
    const folder = folderWith({ 'repos.yml': bootstrapFile('{file: f}'), f: `${WRONG}\n` })
    const result = await runCli(['apply', '--yes'], { cwd: folder, env: wanting(sandbox) })
    expectRefusal(result, /tried without it, not with it, because a server may lock/)
    expect(failed()).toEqual({ refused: 2, locked: 0 })
  })
})

describe('users', () => {
  test('another one than admin: the initial password is never sent', async () => {
    const { sandbox, passwordFile } = await newServer()
    const env = { NEXUS_USERNAME: 'bob' }
    const result = await applyTo(sandbox, { initial: `{file: ${passwordFile}}`, env })
    expectRefusal(result, /user "bob".*\n.*was not tried: it is the password of "admin", not of "bob"/)
    const signIns = sandbox.requests.flatMap(({ user }) => user ?? [])
    expect(signIns).toEqual(['bob'])
  })

  test('… and with the right password admin keeps its own', async () => {
    const { sandbox, passwordFile } = await newServer()
    sandbox.state.users.push({ userId: 'bob', password: WANTED, status: 'active', roles: ['nx-admin'] })
    const first = sandbox.password
    const env = { NEXUS_USERNAME: 'bob' }
    const result = await applyTo(sandbox, { initial: `{file: ${passwordFile}}`, env })
    expect(result).toMatchObject({ code: 0 })
    expect(outcomeOf(sandbox).users).toMatchObject([
      { userId: 'admin', password: first, status: 'changepassword' },
      { userId: 'anonymous' },
      { userId: 'bob', password: WANTED, status: 'active' },
    ])
    expect(writesOf(sandbox).filter(({ path }) => path.includes('/users'))).toEqual([])
  })

  test('nothing else about any user is ever changed', async () => {
    const { sandbox, passwordFile } = await newServer()
    await applyTo(sandbox, { initial: `{file: ${passwordFile}}` })
    const writes = writesOf(sandbox).filter(({ path }) => path.includes('/users'))
    expect(writes).toEqual([{ method: 'PUT', path: '/service/rest/v1/security/users/admin/change-password' }])
  })
})

describe('the wanted password', () => {
  test('is missing: there is nothing to replace the initial one by', async () => {
    const { sandbox, passwordFile } = await newServer()
    const file = fileWith(bootstrapFile(`{file: ${passwordFile}}`))
    const { code, stderr } = await runCli(['apply', '--yes', '-f', file], { env: { NEXUS_URL: sandbox.url } })
    expect(code).toBe(4)
    expect(stderr).toMatch(/there is no password for user "admin"/)
    expect(stderr).toMatch(/initialPassword is the server's initial password/)
    expect(sandbox.requests).toEqual([])
  })

  test.each([
    ['blank', '  '],
    ['a placeholder', '#~NXRM~PLACEHOLDER~PASSWORD~#'],
  ])('is %s: it is not sent', async (_, password) => {
    const { sandbox, passwordFile } = await newServer()
    const env = wanting(sandbox, password)
    const { code, stderr } = await applyTo(sandbox, { initial: `{file: ${passwordFile}}`, env })
    expect({ code, stderr }).toMatchObject({ code: 4 })
    expect(stderr).toMatch(/the password given for user "admin" is/)
    expect(sandbox.requests).toEqual([])
  })

  test('is the initial one: admin is settled with it, then nothing changes', async () => {
    const { sandbox, failed } = await newServer({ version: '3.96.0' })
    const first = sandbox.password
    const run = { initial: first, env: wanting(sandbox, first), flags: ['-o', 'json'] }
    const report = reportOf(await applyTo(sandbox, run))
    expect(report.done.map(({ kind }) => kind)).toContain('adminPassword')
    expect(outcomeOf(sandbox).users[0]).toMatchObject({ password: first, status: 'active' })
    expect(reportOf(await applyTo(sandbox, run)).requests.writes).toBe(0)
    expect(failed()).toEqual({ refused: 0, locked: 0 })
  })

  test('meets no rule of the server: one precise error, nothing else is tried', async () => {
    const { sandbox, passwordFile } = await newServer({ faults: ['400 PUT **/change-password *'] })
    const before = outcomeOf(sandbox)
    const result = await applyTo(sandbox, { initial: `{file: ${passwordFile}}`, flags: ['-o', 'json'] })
    expect(result.code).toBe(1)
    const { failed, skipped, done } = reportOf(result)
    expect(failed).toMatchObject([{ kind: 'adminPassword', error: { code: 'password-refused' } }])
    expect(failed[0]?.error.message).toMatch(/set the password of user "admin".*from NEXUS_PASSWORD/)
    expect(done).toEqual([])
    expect(skipped).toHaveLength(6)
    expect(outcomeOf(sandbox)).toEqual(before)
  })

  test('is set although the answer is lost', async () => {
    const { sandbox, passwordFile, failed } = await newServer({
      version: '3.96.0',
      faults: ['lost PUT **/change-password'],
    })
    const result = await applyTo(sandbox, { initial: `{file: ${passwordFile}}`, flags: ['-o', 'json'] })
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 })
    expect(outcomeOf(sandbox).users[0]).toMatchObject({ password: WANTED, status: 'active' })
    expect(failed()).toEqual({ refused: 0, locked: 0 })
  })
})

test('a locked user name is asked once, and explained', async () => {
  const { sandbox, passwordFile, failed } = await newServer({ version: '3.96.0' })
  sandbox.state.signInFailures.set('admin', { count: 3, lastRequest: Date.now() })
  const result = await applyTo(sandbox, { initial: `{file: ${passwordFile}}`, flags: ['--wait', '5s'] })
  expectRefusal(result, /locked user "admin".*came from bootstrap\.initialPassword/)
  expect(result.stderr).toContain('Wait 15 minutes')
  expect(failed()).toEqual({ refused: 0, locked: 1 })
})

test('a server that lets nobody in: two failed sign-ins, and single sign-on is named', async () => {
  const { sandbox, passwordFile, failed } = await newServer()
  sandbox.state.realms = ['SamlRealm']
  const result = await applyTo(sandbox, { initial: `{file: ${passwordFile}}` })
  expectRefusal(result, /only accepts single sign-on/)
  expect(failed()).toEqual({ refused: 2, locked: 0 })
})
