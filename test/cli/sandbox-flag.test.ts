import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileWith, folderWith, runCli } from '../helpers/run-cli.ts'

test('with --sandbox nothing that the file says of the server has to be there', async () => {
  const file = fileWith(
    'nexus: {url: "${UNSET_URL}", password: "${UNSET_PASSWORD}"}\nrepositories: {apps: {type: hosted}}\n',
  )
  const applied = await runCli(['apply', '-f', file, '--sandbox', '3.77.0'])
  expect(applied).toMatchObject({ code: 0 })
  expect(applied.stdout).toContain('Nexus 3.77.0 community')
  const planned = await runCli(['plan', '-f', file], { env: { NEXUS_PASSWORD: 'x' } })
  expect(planned.code).toBe(3)
  expect(planned.stderr).toContain('UNSET_URL')
})

test('a version that is none is one sentence, not a bug', async () => {
  const result = await runCli([
    'plan',
    '-f',
    fileWith('repositories: {apps: {type: hosted}}\n'),
    '--sandbox',
    'foo',
  ])
  expect(result).toMatchObject({ code: 3, stdout: '' })
  expect(result.stderr).toBe('error: --sandbox: not a Nexus version: "foo"; expected e.g. 3.90.0\n')
})

const file = () => fileWith('version: 1\nrepositories: {apps: {type: hosted}}\n')
/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:1'

// What this machine needs on the way to other servers does not concern one that is in the same process.
test.each<[string, Record<string, string>, string[]]>([
  ['HTTP_PROXY', { HTTP_PROXY: nowhere, http_proxy: nowhere }, []],
  ['ALL_PROXY', { ALL_PROXY: nowhere }, []],
  ['a proxy that cannot be used', { HTTP_PROXY: 'ftp://proxy' }, []],
  ['NEXUS_CA_CERT', { NEXUS_CA_CERT: '/nonexistent/ca.pem' }, []],
  ['--ca-cert', {}, ['--ca-cert', '/nonexistent/ca.pem']],
  ['--client-cert alone', {}, ['--client-cert', '/nonexistent/cert.pem']],
  ['--insecure', {}, ['--insecure']],
  ['--password-file', {}, ['--password-file', '/nonexistent/password']],
  [
    'NEXUS_URL and the rest',
    { NEXUS_URL: nowhere, NEXUS_USERNAME: 'u', NEXUS_PASSWORD_FILE: '/nonexistent' },
    [],
  ],
  ['--wait', { HTTP_PROXY: nowhere }, ['--wait', '20s']],
])('with --sandbox %s does not matter', async (_, env, flags) => {
  for (const command of ['plan', 'apply']) {
    const { code, stderr } = await runCli([command, '-f', file(), '--sandbox', ...flags], {
      env,
      timeoutMs: 30_000,
    })
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^sandbox: .*\n/) as string,
    })
    expect(stderr).not.toContain('warning')
  }
})

test('a sandbox ends with the command, whatever that ends with, and leaves nothing behind', async () => {
  const taken = fileWith('version: 1\nrepositories: {maven-releases: {type: hosted}}\n')
  const tmp = folderWith({ x: '' })
  const runs = [
    await runCli(['plan', '-f', taken, '--sandbox'], { env: { TMPDIR: tmp }, timeoutMs: 30_000 }),
    await runCli(['apply', '-f', file(), '--sandbox', '3.19.1'], { env: { TMPDIR: tmp }, timeoutMs: 30_000 }),
  ]
  for (const { code, signal } of runs) {
    expect(signal).toBeNull()
    expect(code).toBeGreaterThan(0)
  }
  expect(readdirSync(tmp)).toEqual(['x'])
})

test('sandbox says which database it behaves as, and which it cannot', async () => {
  const options = ['sandbox', '--port', '0', '-o', 'json', '--nexus-version', '3.41.1']
  const stopped = { whenCatching: (kill: (signal: NodeJS.Signals) => void) => kill('SIGTERM') }
  const usual = await runCli(options, stopped)
  expect(JSON.parse(usual.stdout)).toMatchObject({ version: '3.41.1', database: 'orient' })
  const chosen = await runCli([...options, '--database', 'h2'], stopped)
  expect(JSON.parse(chosen.stdout)).toMatchObject({ version: '3.41.1', database: 'h2' })
  const wrong = await runCli(['sandbox', '--port', '0', '--nexus-version', '3.71.0', '--database', 'orient'])
  expect(wrong).toMatchObject({ code: 3, stdout: '' })
  expect(wrong.stderr).toBe('error: Nexus 3.71.0 has no OrientDB: 3.71 removed it; choose h2\n')
})
