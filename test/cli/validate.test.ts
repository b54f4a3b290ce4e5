import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, runCli } from '../helpers/run-cli.ts'

const hosted = (name: string) => `repositories: {${name}: {type: hosted}}\n`

function filesOf(stdout: string): string {
  return /✓ (.*) is valid/.exec(stdout)?.[1] ?? stdout
}

describe('which file', () => {
  const names = ['nexus-docker.yml', 'nexus-docker.yaml', 'repos.yml', 'repos.yaml']

  test.each(names)('%s is found without -f, from below too', async (name) => {
    const folder = folderWith({ [name]: hosted('a'), 'sub/deep/x.txt': '' })
    const here = await runCli(['validate'], { cwd: folder })
    expect({ code: here.code, files: filesOf(here.stdout) }).toEqual({ code: 0, files: name })
    const below = await runCli(['validate'], { cwd: join(folder, 'sub/deep') })
    expect({ code: below.code, files: filesOf(below.stdout) }).toEqual({
      code: 0,
      files: join('../..', name),
    })
  })

  test('the first of the usual names wins, and the closest folder', async () => {
    const folder = folderWith({
      ...Object.fromEntries(names.map((name) => [name, hosted('a')])),
      'sub/repos.yaml': hosted('b'),
    })
    expect(filesOf((await runCli(['validate'], { cwd: folder })).stdout)).toBe('nexus-docker.yml')
    expect(filesOf((await runCli(['validate'], { cwd: join(folder, 'sub') })).stdout)).toBe('repos.yaml')
  })

  test('the root of a repository is as far as it looks', async () => {
    const folder = folderWith({ 'repos.yml': hosted('a'), 'project/.git/HEAD': '', 'project/src/x.txt': '' })
    const { code, stderr } = await runCli(['validate'], { cwd: join(folder, 'project/src') })
    expect(code).toBe(3)
    expect(stderr).toContain('-f repos.yml')
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
