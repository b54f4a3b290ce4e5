// Nothing is written unless somebody said so: by --yes, or at a terminal that shows the plan.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { converseAtTerminal } from '../../helpers/at-terminal.ts'
import { newServer, wanting } from '../../helpers/new-server.ts'
import { fileWith, folderWith, runCli } from '../../helpers/run-cli.ts'
import { environmentOf, sandboxFor, writesOf } from '../../helpers/sandbox.ts'
import { screenOf } from '../../helpers/screen.ts'
import { hasPython, startInTerminal } from '../../helpers/terminal.ts'
import { prepare } from '../../helpers/writes.ts'

const yaml = 'version: 1\nrepositories: {apps: {type: hosted}, base: {type: hosted}}\n'
const plan = 'Plan: 2 to create'

describe('where nobody can be asked', () => {
  test.each(['text', 'markdown', 'json', 'ndjson'])('-o %s: exit 3, nothing written', async (output) => {
    const sandbox = await sandboxFor()
    const args = ['apply', '-f', fileWith(yaml), '-o', output]
    const { code, stdout, stderr } = await runCli(args, { env: environmentOf(sandbox) })
    expect(code).toBe(3)
    expect(writesOf(sandbox)).toEqual([])
    expect(stderr).toMatch(/^error: nobody can be asked about these 2 changes .*nothing was changed$/m)
    expect(stderr).toMatch(/hint: Use --yes /)
    const documents = stdout
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as unknown] : []))
    const error = {
      code: 'no-consent',
      message: expect.any(String) as string,
      hint: expect.any(String) as string,
    }
    if (output === 'json') expect(documents).toEqual([{ formatVersion: 1, error }])
    else if (output === 'ndjson')
      expect(documents).toMatchObject([{ type: 'plan' }, { type: 'error', error }])
    // A log says what would have been done.
    else expect(stdout).toContain(output === 'text' ? plan : 'apps')
  })

  test.each([
    ['with --yes', ['apply', '--yes'], 0, 2],
    ['with -y', ['apply', '-y', '-o', 'json'], 0, 2],
    ['plan', ['plan'], 0, 0],
    ['plan --detailed-exitcode', ['plan', '--detailed-exitcode'], 2, 0],
    ['a dry run', ['apply', '--dry-run'], 0, 0],
    ['a dry run with --detailed-exitcode', ['apply', '--dry-run', '--detailed-exitcode'], 2, 0],
    ['a sandbox', ['apply', '--sandbox'], 0, 0],
  ])('%s: needs none', async (_, args, exitCode, writes) => {
    const sandbox = await sandboxFor()
    const { code, stderr } = await runCli([...args, '-f', fileWith(yaml)], { env: environmentOf(sandbox) })
    expect({ code, stderr }).toMatchObject({ code: exitCode })
    expect(writesOf(sandbox)).toHaveLength(writes)
  })

  test.each([[[]], [['--yes']], [['-o', 'json']], [['-o', 'ndjson']]])(
    'nothing to change, flags %j: exit 0',
    async (flags) => {
      const sandbox = await sandboxFor()
      const file = fileWith(yaml)
      await prepare(sandbox, file)
      const { code } = await runCli(['apply', '-f', file, ...flags], { env: environmentOf(sandbox) })
      expect(code).toBe(0)
      expect(writesOf(sandbox)).toHaveLength(2)
    },
  )

  test('what is wrong comes before the question of consent', async () => {
    const sandbox = await sandboxFor()
    const file = fileWith('version: 1\nrepositories: {maven-releases: {type: hosted}}\n')
    const { code, stderr } = await runCli(['apply', '-f', file], { env: environmentOf(sandbox) })
    expect(code).toBe(3)
    expect(stderr).toContain('kind-change')
    expect(stderr).not.toContain('--yes')
  })

  test('a first start is a change: the password and the licence wait for consent too', async () => {
    const { sandbox } = await newServer({ version: '3.96.0', edition: 'community' })
    const folder = folderWith({
      'repos.yml': `bootstrap: {initialPassword: {file: ${sandbox.initialPasswordFile ?? ''}}, acceptEula: true}\n`,
    })
    const { code, stdout } = await runCli(['apply'], { cwd: folder, env: wanting(sandbox) })
    expect(code).toBe(3)
    expect(stdout).toContain('admin password')
    expect(writesOf(sandbox)).toEqual([])
    expect(sandbox.state.eulaAccepted).toBe(false)
  })
})

// Without a pseudo-terminal nothing of this can be seen; in CI that is a failure.
describe.skipIf(!hasPython && !process.env['CI'])('at a terminal', () => {
  test.each([
    ['CI is set', { env: { CI: 'true' } }],
    ['standard input is something else', { redirect: '< /dev/null' }],
    ['standard error goes elsewhere', { redirect: '2> errors.txt' }],
  ])(
    '%s: nobody is asked, nothing is written',
    async (_, { env, redirect }: { env?: object; redirect?: string }) => {
      const sandbox = await sandboxFor()
      const cwd = folderWith({ 'repos.yml': yaml })
      const session = startInTerminal(['apply'], {
        cwd,
        env: { ...environmentOf(sandbox), ...env },
        ...(redirect !== undefined && { redirect }),
      })
      expect(await session.ended).toBe(3)
      expect(screenOf(session.raw(), 80)).toContain(plan)
      const errors = redirect?.startsWith('2>')
        ? readFileSync(join(cwd, 'errors.txt'), 'utf8')
        : session.raw()
      expect(errors).toContain('--yes')
      expect(writesOf(sandbox)).toEqual([])
    },
  )

  test('the log of CI is read elsewhere: no line is broken', async () => {
    const sandbox = await sandboxFor()
    const cwd = folderWith({ 'repos.yml': yaml })
    const env = { ...environmentOf(sandbox), CI: 'true' }
    const session = startInTerminal(['apply'], { cwd, env, columns: 40 })
    expect(await session.ended).toBe(3)
    expect(session.raw()).toMatch(/Plan:\S* 2 to create, 0 to update, 0 to delete, 0 unchanged\./)
    expect(session.raw()).toContain(
      'nobody can be asked about these 2 changes (no terminal, or CI is set); nothing was changed',
    )
  })

  test.each([
    ['standard output goes to a file', [], '> out.txt'],
    ['-o json', ['-o', 'json'], ''],
    ['-o json to a file', ['-o', 'json'], '> out.txt'],
  ])('%s: the plan is shown where the question is', async (_, flags, redirect) => {
    const sandbox = await sandboxFor()
    const cwd = folderWith({ 'repos.yml': yaml })
    const options = { cwd, env: environmentOf(sandbox), redirect }
    const { code, screen } = await converseAtTerminal(
      ['apply', ...flags],
      [['Apply these 2 changes', 'y\r']],
      options,
    )
    expect(code).toBe(0)
    expect(screen.indexOf(plan)).toBeGreaterThan(-1)
    expect(screen.indexOf(plan)).toBeLessThan(screen.indexOf('Apply these 2 changes'))
    // Made for the width that it has: what is broken twice goes on further to the left.
    expect(screen).toMatch(/defaults: [^\n]*,\n {16}\S/)
    expect(writesOf(sandbox)).toHaveLength(2)
  })

  test.each([
    ['n\r', 1, 'Nothing was changed.'],
    ['\r', 1, 'Nothing was changed.'],
    ['\u0003', 130, 'interrupted; nothing was changed'],
  ])('the answer %j: nothing is written', async (keys, exitCode, sentence) => {
    const sandbox = await sandboxFor()
    const options = { cwd: folderWith({ 'repos.yml': yaml }), env: environmentOf(sandbox) }
    const { code, screen } = await converseAtTerminal(['apply'], [['Apply these 2 changes', keys]], options)
    expect(code).toBe(exitCode)
    expect(screen).toContain(sentence)
    expect(writesOf(sandbox)).toEqual([])
  })

  test('Ctrl-Z and fg: the question is still there to be answered', async () => {
    const sandbox = await sandboxFor()
    const cwd = folderWith({ 'repos.yml': yaml })
    const session = startInTerminal(['apply'], { cwd, env: environmentOf(sandbox) })
    await session.shows('(y/N)')
    // Nothing stops here: no shell controls this job. What going on does is the same, once the key has been read.
    session.type('\u001a')
    const goOn = setInterval(() => session.signal('SIGCONT'), 100)
    await session.shows(/\(y\/N\)[\s\S]*\(y\/N\)/).finally(() => clearInterval(goOn))
    session.type('y\r')
    expect(await session.ended).toBe(0)
    expect(writesOf(sandbox)).toHaveLength(2)
  })

  test('a sandbox asks nobody, at a terminal neither', async () => {
    const session = startInTerminal(['apply', '--sandbox'], { cwd: folderWith({ 'repos.yml': yaml }) })
    expect(await session.ended).toBe(0)
    expect(screenOf(session.raw(), 80)).not.toContain('?')
  })
})
