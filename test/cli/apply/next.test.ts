// What to type after an apply, where the server has what the file leaves out, and what is never shown.
import { expect, test } from 'vitest'
import { applyTo, reportOf } from '../../helpers/landscape.ts'
import { fileWith, runCli } from '../../helpers/run-cli.ts'
import { getJson, sandboxFor, send } from '../../helpers/sandbox.ts'
import { prepare } from '../../helpers/writes.ts'

const withPort = 'version: 1\nrepositories: {apps: {type: hosted, httpPort: 8083}}\n'
const without = 'version: 1\nrepositories: {apps: {type: hosted, writePolicy: allow-once}}\n'

test('a port that only the server knows is part of the address', async () => {
  const sandbox = await sandboxFor()
  await prepare(sandbox, fileWith(withPort))
  const { stdout } = await applyTo(sandbox, fileWith(without))
  expect(stdout).toContain('docker push 127.0.0.1:8083/IMAGE')
})

test('what is offline on the server has no address', async () => {
  const sandbox = await sandboxFor()
  await prepare(sandbox, fileWith(withPort))
  const path = '/v1/repositories/docker/hosted/apps'
  const body = (await getJson(sandbox, path)) as object
  expect(await send(sandbox, 'PUT', path, { ...body, online: false })).toBe(204)
  const { code, stdout } = await applyTo(sandbox, fileWith(without))
  expect({ code, next: stdout.includes('Next:') }).toEqual({ code: 0, next: false })
  const again = await applyTo(sandbox, fileWith(without), ['-o', 'json'])
  expect(reportOf(again)).toMatchObject({ registries: [] })
})

test('the credentials of the URL are in no address', async () => {
  for (const output of ['text', 'json', 'ndjson', 'markdown']) {
    const sandbox = await sandboxFor()
    const { url, username, password } = sandbox
    const withUser = url.replace('//', `//${username}:${password}@`)
    const args = ['apply', '--yes', '-f', fileWith(withPort), '--url', withUser, '-o', output]
    const { code, stdout, stderr } = await runCli(args)
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain(password)
    expect(stdout + stderr).not.toContain(`${username}:`)
  }
})

const rehearsal = (yaml: string, env = {}) =>
  runCli(['apply', '--sandbox', '-f', fileWith(yaml)], { env }).then(({ stdout }) => stdout.split('Next:')[1])

test('after a sandbox the server is named only where nothing else names it', async () => {
  expect(await rehearsal(withPort)).toContain(' --url http://localhost:8081 --wait 5m')
  expect(await rehearsal(`${withPort}nexus: {url: 'https://nexus.corp'}\n`)).not.toContain('--url')
  expect(await rehearsal(withPort, { NEXUS_URL: 'https://nexus.corp' })).not.toContain('--url')
})
