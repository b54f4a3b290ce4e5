// A line end or a byte order mark that came with a file is no part of a secret, wherever the secret comes from.
import { expect, test } from 'vitest'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { sandboxFor } from '../../helpers/sandbox.ts'

const YAML = 'version: 1\nrepositories: {apps: {type: hosted}}\n'

/** Every way in which a run gets the password of the server. */
const sources: Record<
  string,
  (
    password: string,
    url: string,
  ) => { yaml?: string; args?: string[]; env?: Record<string, string>; input?: string }
> = {
  NEXUS_PASSWORD: (password) => ({ env: { NEXUS_PASSWORD: password } }),
  NEXUS_PASSWORD_FILE: () => ({ env: { NEXUS_PASSWORD_FILE: 'secret' } }),
  '--password-file': () => ({ args: ['--password-file', 'secret'] }),
  '--password-stdin': (password) => ({ args: ['--password-stdin'], input: password }),
  '{file: …}': () => ({ yaml: `nexus: {password: {file: secret}}\n${YAML}` }),
  '{env: …}': (password) => ({
    yaml: `nexus: {password: {env: MY_SECRET}}\n${YAML}`,
    env: { MY_SECRET: password },
  }),
  '${…}': (password) => ({
    yaml: `nexus: {password: "\${MY_SECRET}"}\n${YAML}`,
    env: { MY_SECRET: password },
  }),
  'a text of the file': (password) => ({ yaml: `nexus: {password: ${JSON.stringify(password)}}\n${YAML}` }),
  'the user and the URL as well': (password, url) => ({
    env: { NEXUS_PASSWORD: password, NEXUS_USERNAME: 'admin\r\n', NEXUS_URL: `${url}\r\n` },
  }),
}

test.each(Object.keys(sources))('%s', async (source) => {
  const sandbox = await sandboxFor()
  for (const end of ['\n', '\r\n', '\r']) {
    const password = `${sandbox.password}${end}`
    const { yaml = YAML, args = [], env = {}, input } = sources[source]?.(password, sandbox.url) ?? {}
    const cwd = folderWith({ 'repos.yml': yaml, secret: `\ufeff${password}` })
    const options = { cwd, env: { NEXUS_URL: sandbox.url, ...env }, ...(input !== undefined && { input }) }
    const { code, stderr } = await runCli(['plan', ...args], options)
    expect({ code, stderr }, JSON.stringify(end)).toMatchObject({ code: 0 })
  }
})

test('what is left of white space is told when the password is refused, and never shown', async () => {
  const sandbox = await sandboxFor()
  const cwd = folderWith({ 'repos.yml': YAML })
  const run = (password: string) =>
    runCli(['plan'], { cwd, env: { NEXUS_URL: sandbox.url, NEXUS_PASSWORD: password } })
  const refused = await run(`${sandbox.password} \n`)
  expect(refused.code).toBe(4)
  expect(refused.stderr).toContain('begins or ends with white space')
  const plain = await run('wrong-password')
  expect(plain.code).toBe(4)
  expect(plain.stderr).not.toContain('white space')
})

test('a variable that is nothing but a line end is empty', async () => {
  const sandbox = await sandboxFor()
  const cwd = folderWith({ 'repos.yml': `nexus: {password: {env: MY_SECRET}}\n${YAML}` })
  const { code, stderr } = await runCli(['plan'], { cwd, env: { NEXUS_URL: sandbox.url, MY_SECRET: '\n' } })
  expect(code).toBe(3)
  expect(stderr).toContain('MY_SECRET is empty')
})
