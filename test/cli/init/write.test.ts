// What `init` writes is there whole or not at all, whatever the place is like.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { folderWith } from '../../helpers/run-cli.ts'

const bin = fileURLToPath(new URL('../../../bin/nexus-docker.js', import.meta.url))

/** `init` after some lines of shell. */
function init(cwd: string, out: string, before = ':') {
  const script = `${before}; exec "$0" "$@"`
  const args = [process.execPath, bin, 'init', '--yes', '--offline', '--force', '--out', out]
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, stdout, stderr }
}

describe.skipIf(process.platform === 'win32')('init --out', () => {
  // A limit of the shell is what a test can have; a full disk fails at the same call.
  test.each([{ before: undefined }, { before: 'old: 1\n' }])(
    'no room for the file: $before',
    ({ before }) => {
      const cwd = folderWith(before === undefined ? {} : { 'repos.yml': before })
      const { status, stdout, stderr } = init(cwd, 'repos.yml', 'ulimit -f 0')
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(
        /^error: cannot write .*repos\.yml: the file would be larger than is allowed here\n {2}hint: /m,
      )
      expect(stderr).not.toMatch(/bug| {4}at /)
      expect(readdirSync(cwd)).toEqual(before === undefined ? [] : ['repos.yml'])
      if (before !== undefined) expect(readFileSync(join(cwd, 'repos.yml'), 'utf8')).toBe(before)
    },
  )

  test.each(['/dev/null', '/dev/full', 'pipe', 'link'])('%s is no file to replace', (out) => {
    const cwd = folderWith({})
    symlinkSync('/dev/null', join(cwd, 'link'))
    const { status, stderr } = init(cwd, out, 'mkfifo pipe')
    expect(status).toBe(3)
    expect(stderr).toContain(
      `--out: cannot write ${out}: it is a device or a pipe; - writes to standard output`,
    )
    expect(existsSync('/dev/null') && statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test.skipIf(process.getuid?.() === 0)('a folder without permission', () => {
    const cwd = folderWith({ 'closed/other.txt': '' })
    const { status, stderr } = init(cwd, 'closed/repos.yml', 'chmod 555 closed')
    expect(status).toBe(3)
    expect(stderr).toContain('cannot write closed/repos.yml: no permission')
  })

  test('a file where a folder should be', () => {
    const { status, stderr } = init(folderWith({ file: '' }), 'file/repos.yml')
    expect(status).toBe(3)
    expect(stderr).toContain('--out: cannot write file/repos.yml: a part of its path is not a directory')
  })
})
