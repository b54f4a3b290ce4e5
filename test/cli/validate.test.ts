import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, runCli } from '../helpers/run-cli.ts'

const hosted = (name: string) => `repositories: {${name}: {type: hosted}}\n`

function filesOf(stdout: string): string {
  return /✓ (.*) is valid/.exec(stdout)?.[1] ?? stdout
}

describe('which file', () => {
  const names = ['nexus-docker.yml', 'nexus-docker.yaml', 'repos.yml', 'repos.yaml']

  /** How `validate` ends without -f in a folder, and the file that it took. */
  async function found(cwd: string) {
    const { code, stdout, stderr } = await runCli(['validate'], { cwd })
    return { code, files: code === 0 ? filesOf(stdout) : stderr }
  }
  const nothingIn = (where: string) => ({
    code: 3,
    files: expect.stringContaining(`repos.yaml ${where}\n  hint: Write one with nexus-docker init`) as string,
  })
  const nothing = nothingIn('here')

  test.each(names)('%s is found without -f; in a git checkout from below, too', async (name) => {
    const checkout = folderWith({ [name]: hosted('a'), '.git/HEAD': '', 'sub/deep/x.txt': '' })
    expect(await found(checkout)).toEqual({ code: 0, files: name })
    expect(await found(join(checkout, 'sub/deep'))).toEqual({ code: 0, files: join('../..', name) })
    const folder = folderWith({ [name]: hosted('a'), 'sub/deep/x.txt': '' })
    expect(await found(folder)).toEqual({ code: 0, files: name })
    expect(await found(join(folder, 'sub/deep'))).toEqual(nothing)
  })

  test('the first of the usual names wins, and the closest folder', async () => {
    const folder = folderWith({
      ...Object.fromEntries(names.map((name) => [name, hosted('a')])),
      '.git/HEAD': '',
      'sub/repos.yaml': hosted('b'),
    })
    expect(await found(folder)).toEqual({ code: 0, files: 'nexus-docker.yml' })
    expect(await found(join(folder, 'sub'))).toEqual({ code: 0, files: 'repos.yaml' })
  })

  test('the root of the checkout is as far as it looks, also where .git is the file of a worktree', async () => {
    const folder = folderWith({
      'repos.yml': hosted('a'),
      '.git/HEAD': '',
      'inner/.git': 'gitdir: ../.git/worktrees/inner\n',
      'inner/src/x.txt': '',
    })
    const above = nothingIn('here or above, up to the root of the git checkout')
    expect(await found(join(folder, 'inner/src'))).toEqual(above)
  })

  test.runIf(process.getuid?.() === 0)("another user's .git above is no checkout", async () => {
    const folder = folderWith({ 'repos.yml': hosted('a'), '.git/HEAD': '', 'sub/x.txt': '' })
    chownSync(join(folder, '.git'), 65_534, 65_534)
    expect(await found(join(folder, 'sub'))).toEqual(nothing)
    // A container's root in a checkout of the host's user.
    chownSync(join(folder, 'sub'), 65_534, 65_534)
    expect(await found(join(folder, 'sub'))).toEqual({ code: 0, files: '../repos.yml' })
  })

  test('-f of a directory takes its files in order; -f again lays over; - is standard input', async () => {
    const folder = folderWith({
      'conf/20-b.yml': 'repositories: {a: {httpPort: 8081}}\n',
      'conf/10-a.yaml': 'repositories:\n  a: {type: hosted, httpPort: 8082}\n',
      'conf/notes.txt': 'not: [yaml',
    })
    const first = await runCli(['validate', '-f', 'conf', '-o', 'json'], { cwd: folder })
    expect(first.code).toBe(3)
    expect(JSON.parse(first.stdout)).toMatchObject({
      formatVersion: 1,
      problems: [{ code: 'nexus-port', file: 'conf/20-b.yml', line: 1, column: 30 }],
    })
    const input = 'repositories: {a: {httpPort: 8083}}\n'
    const second = await runCli(['validate', '-f', 'conf', '-f', '-'], { cwd: folder, input })
    expect({ code: second.code, files: filesOf(second.stdout) }).toEqual({
      code: 0,
      files: 'conf/10-a.yaml, conf/20-b.yml, -',
    })
  })
})

describe('what it prints', () => {
  const yaml = 'nexus: {password: {env: NOT_SET}}\nrepositories:\n  a: {type: hosted, htpPort: 8082}\n'

  test('text: place, line, caret, hint and a count, on standard error', async () => {
    const { code, stdout, stderr } = await runCli(['validate', '-f', '-'], { input: yaml })
    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toBe(`warning[secret-missing]: -:1:25: the environment variable NOT_SET is not set
  1 | nexus: {password: {env: NOT_SET}}
    |                         ^^^^^^^
  hint: set it before running: export NOT_SET=…

error[unknown-key]: -:3:21: unknown key "htpPort"
  3 |   a: {type: hosted, htpPort: 8082}
    |                     ^^^^^^^
  hint: did you mean "httpPort"?

2 problems (1 error, 1 warning)
`)
  })

  test('annotations for GitHub beside the rest', async () => {
    const folder = folderWith({ 'repos.yml': yaml })
    const { code, stdout, stderr } = await runCli(['validate', '-o', 'json', '--annotations', 'github'], {
      cwd: folder,
    })
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ line: 1 }, { line: 3 }] })
    expect(stderr).toBe(
      '::warning file=repos.yml,line=1,col=25,title=secret-missing::the environment variable NOT_SET is not set%0Ahint: set it before running: export NOT_SET=…\n::error file=repos.yml,line=3,col=21,title=unknown-key::unknown key "htpPort"%0Ahint: did you mean "httpPort"?\n',
    )
  })

  test('plan and apply refuse a wrong file before they ask the server', async () => {
    const env = { NEXUS_URL: 'http://127.0.0.1:1', NEXUS_PASSWORD: 'irrelevant' }
    for (const command of ['plan', 'apply']) {
      const { code, stdout } = await runCli([command, '-f', '-', '-o', 'json'], { input: yaml, env })
      expect(code).toBe(3)
      expect(JSON.parse(stdout)).toMatchObject({ problems: [{ code: 'unknown-key' }] })
    }
  })
})
