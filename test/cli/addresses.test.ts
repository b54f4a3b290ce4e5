// Addresses that people copy from a browser, a guide or a Dockerfile, and that are not the server's.
import { expect, test } from 'vitest'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import { frontOf } from '../helpers/front.ts'
import { fileWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../helpers/sandbox.ts'

const file = () => fileWith('repositories: {apps: {type: hosted, httpPort: 8083}}\n')

const servers: [name: string, options: SandboxOptions][] = [
  ['at the root', {}],
  ['below a context path', { contextPath: '/nexus' }],
  ['3.96, which asks everybody to sign in', { version: '3.96.0' }],
]

/** What is behind the server's own address, and how much of it the message has to name. */
const wrong: [path: string, part: string][] = [
  ['/service/rest', '/service/rest'],
  ['/service/rest/v1/', '/service/rest/v1'],
  ['/service/rest/swagger.json', '/service/rest/swagger.json'],
  ['/service/extdirect', '/service/extdirect'],
  ['/repository/hub', '/repository/hub'],
  ['/repository/maven-public/', '/repository/maven-public'],
  ['/repository/hub/v2/', '/repository/hub/v2'],
  ['/v2/', '/v2'],
  ['/nexus', '/nexus'],
  ['/swagger-ui/?x#y', '/swagger-ui'],
]

const commands = [
  ['plan', '-o', 'json'],
  ['apply', '--yes', '-o', 'json'],
  ['wait', '--for', '60s', '-o', 'json'],
]

// Every server gets every path, every server and every path get every command.
test.each(servers.map(([name, options], number) => ({ name, options, number })))(
  'a URL with a part that is too much is said in one sentence: $name',
  async ({ options, number }) => {
    const sandbox = await sandboxFor(options)
    for (const [index, [path, part]] of wrong.entries()) {
      const command = commands[(index + number) % commands.length] ?? []
      const url = `${sandbox.url.replace('//', `//${sandbox.username}:${sandbox.password}@`)}${path}`
      const before = sandbox.requests.length
      const { code, stdout, stderr } = await runCli([...command, '-f', file(), '--url', url])
      const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }
      const context = `${command[0]} ${path}: ${error.message} ${error.hint}`
      expect({ code, error: error.code, context }).toEqual({ code: 4, error: 'url-path', context })
      expect(error.message).toContain(part)
      // Below an unknown path the whole path is what Nexus does not have.
      const own = /\/(service|repository|v2)\b/.test(path)
      expect(error.hint).toContain(`--url ${own ? sandbox.url : new URL(sandbox.url).origin}`)
      expect(error.hint).not.toContain('may not see')
      expect(stdout + stderr).not.toContain(sandbox.password)
      expect(sandbox.requests.length - before).toBe(1)
    }
    expect(sandbox.requests.every(({ method }) => method === 'GET')).toBe(true)
  },
)

test.each(servers.slice(0, 2))(
  'what the browser adds to the address does no harm: %s',
  async (_, options) => {
    const sandbox = await sandboxFor(options)
    const { NEXUS_URL: own = '', ...env } = environmentOf(sandbox)
    for (const path of [
      '/',
      '/#browse/welcome',
      '/?_dc=1#admin/repository/repositories',
      '/#browse/browse:hub',
    ]) {
      const url = own + path
      expect((await runCli(['plan', '-f', file(), '--url', url], { env })).code).toBe(0)
      expect((await runCli(['wait', '--for', '60s', '--url', url])).code).toBe(0)
    }
  },
)

test.each([
  [
    'the connector of a repository',
    { status: 400, body: '<html><head><title>Error 400 Not a Docker request</title></head></html>' },
    'registry-port',
  ],
  [
    'the same, with the name of Nexus',
    { status: 400, body: '<title>Not a Docker request</title>' },
    'registry-port',
  ],
  [
    'the same, with a title that says nothing',
    {
      status: 400,
      body: '<!DOCTYPE html><title>400 - Sonatype Nexus Repository</title><p>Not a docker request</p>',
    },
    'registry-port',
  ],
  ['a registry that is no Nexus', { status: 404, body: '404 page not found' }, 'not-nexus'],
])('%s is said in one sentence', async (name, answer, code) => {
  const sandbox = await sandboxFor()
  const type = answer.status === 400 ? 'text/html;charset=iso-8859-1' : 'text/plain'
  const server = name.includes('name of Nexus') ? { server: 'Nexus/3.90.0-01 (OSS)' } : {}
  const front = await frontOf(sandbox, {
    instead: () => ({ ...answer, headers: { 'content-type': type, ...server } }),
  })
  for (const command of commands.slice(0, 2)) {
    const run = await runCli([...command, '-f', file()], { env: environmentOf(front) })
    const { error } = JSON.parse(run.stdout) as { error: { code: string } }
    expect([run.code, error.code]).toEqual([4, code])
  }
  expect(front.seen).toHaveLength(2)
})
