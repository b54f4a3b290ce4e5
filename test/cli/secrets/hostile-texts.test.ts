// Texts of a server, a file and the command line that try to reach the terminal or the log as something else than text, in every output.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { printableJson } from '../../../src/core/printable.ts'
import { frontOf } from '../../helpers/front.ts'
import { forgedCommands, hostileTexts, rawControls } from '../../helpers/hostile/hostile.ts'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { environmentOf } from '../../helpers/sandbox.ts'
import { applied } from '../../helpers/writes.ts'

const everything = hostileTexts.join(' ')
const file = `version: 1
blobStores: { images: {} }
repositories:
  apps: { type: hosted, httpPort: 8083 }
  all: { type: group, members: [apps], httpPort: 8084 }
`

interface Scene {
  args: readonly string[]
  env: Record<string, string | undefined>
  cwd: string
  input?: string
}

/** What has to be there so that the scene proves something. */
interface Expected {
  code: number
  shown: RegExp
}

/** A Nexus that answers everything with this. */
async function server(status: number, type: string, body: string): Promise<string> {
  const it = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type, server: 'Nexus/3.90.0-01 (PRO)' }).end(body)
  })
  await new Promise<void>((resolve) => it.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    it.closeAllConnections()
    it.close()
  })
  return `http://127.0.0.1:${(it.address() as AddressInfo).port}`
}

const credentials = { NEXUS_USERNAME: 'admin', NEXUS_PASSWORD: 'some-password' }

async function against(status: number, type: string, body: string, args: readonly string[]): Promise<Scene> {
  const env = { ...credentials, NEXUS_URL: await server(status, type, body) }
  return { args, env, cwd: folderWith({ 'repos.yml': file }) }
}

/** A server that has repositories of such names, in a group of ours, too. */
async function landscape(args: readonly string[]): Promise<Scene> {
  const front = await frontOf((await applied(file, { edition: 'pro' })).sandbox, {
    reword({ path }, json) {
      if (!/\/v1\/repositor(ies|ySettings)$/.test(path)) return json
      const list = json as { name: string; group?: { memberNames: string[] } }[]
      const group = list.find(({ name }) => name === 'all')?.group
      if (group) group.memberNames = ['apps', ...hostileTexts]
      const hosted = list.find(({ name }) => name === 'apps')
      return [...list, ...hostileTexts.map((name) => ({ ...hosted, name }))]
    },
  })
  return { args, env: environmentOf(front), cwd: folderWith({ 'repos.yml': file }) }
}

/** A server that refuses what is written with such words. */
async function refusal(args: readonly string[]): Promise<Scene> {
  const front = await frontOf((await applied(file, { edition: 'pro' })).sandbox, {
    instead: ({ method, path }) =>
      method === 'POST' && !path.includes('extdirect')
        ? { status: 400, body: JSON.stringify([{ id: `FIELD ${everything}`, message: everything }]) }
        : undefined,
  })
  const more = `${file}  more: { type: hosted, httpPort: 8085 }\n`
  return { args, env: environmentOf(front), cwd: folderWith({ 'repos.yml': more }) }
}

const wrongFile = `version: 1
${hostileTexts.map((text) => `${printableJson(text)}: ${printableJson(text)}`).join('\n')}
repositories:
${hostileTexts.map((text) => `  ${printableJson(`${text}1`)}: { type: ${printableJson(text)} }`).join('\n')}
  proxy: { type: proxy, remoteUrl: ${printableJson(everything)}, blobStore: ${printableJson(everything)} }
`
const hostileName = `a\u001b[2J\u009bb\u202ec\n::error::forged.yml`

const scenes: Record<
  string,
  Expected & { outputs: readonly string[]; of: (output: string) => Promise<Scene> | Scene }
> = {
  'a refusal in JSON': {
    outputs: ['text', 'json', 'markdown', 'ndjson'],
    code: 1,
    shown: /title/,
    of: (output) =>
      against(400, 'application/json', JSON.stringify([{ id: '*', message: everything }]), [
        'plan',
        '-o',
        output,
        '--debug',
      ]),
  },
  'a refusal as a page': {
    outputs: ['text', 'json'],
    code: 1,
    shown: /title/,
    of: (output) =>
      against(400, 'text/html', `<html><title>${everything}</title></html>`, [
        'plan',
        '-o',
        output,
        '--debug',
      ]),
  },
  'a refusal as text': {
    outputs: ['text', 'ndjson'],
    code: 1,
    shown: /title/,
    of: (output) => against(400, 'text/plain', everything, ['apply', '--yes', '-o', output, '--debug']),
  },
  'names and values on the server': {
    outputs: ['text', 'json', 'markdown', 'ndjson'],
    code: 0,
    shown: /title/,
    of: (output) => landscape(['plan', '-o', output, '--debug']),
  },
  'a refused write': {
    outputs: ['text', 'json', 'markdown', 'ndjson'],
    code: 1,
    shown: /failed/,
    of: (output) => refusal(['apply', '--yes', '-o', output]),
  },
  'a server that is not ready': {
    outputs: ['text', 'json', 'ndjson'],
    code: 4,
    shown: /title/,
    of: (output) =>
      against(503, 'text/html', `<html><title>${everything}</title></html>`, [
        'wait',
        '--for',
        '1s',
        '-o',
        output,
        '--debug',
      ]),
  },
  'a wrong file, from standard input': {
    outputs: ['text', 'json'],
    code: 3,
    shown: /unknown-key/,
    of: (output) => ({
      args: ['validate', '-f', '-', '-o', output],
      env: {},
      cwd: folderWith({}),
      input: wrongFile,
    }),
  },
  'a broken file with such a name': {
    outputs: ['text', 'json'],
    code: 3,
    shown: /forged\.yml/,
    of: (output) => ({
      args: ['validate', '-f', hostileName, '-o', output],
      env: {},
      cwd: folderWith({ [hostileName]: `version: 1\nrepositories: {a: "${everything}\n: }` }),
    }),
  },
  'a file that is not there': {
    outputs: ['text', 'json'],
    code: 3,
    shown: /forged/,
    of: (output) => ({
      args: ['plan', '-f', 'no\u001b[2J\n::error::forged', '-o', output],
      env: credentials,
      cwd: folderWith({}),
    }),
  },
  'the command line': {
    outputs: [
      '--x\u001b[2J\n::error::forged',
      '\n::error::forged',
      '--output=\u009b\n::error::forged',
      '--timeout=\u202e\n::error::forged',
    ],
    code: 3,
    shown: /^error: /m,
    of: (argument) => ({ args: ['plan', argument], env: {}, cwd: folderWith({}) }),
  },
  'an address': {
    outputs: ['text', 'json'],
    code: 3,
    shown: /error/,
    of: (output) => ({
      args: ['plan', '-o', output],
      env: { ...credentials, NEXUS_URL: `nexus\u001b[2J\n::error::forged` },
      cwd: folderWith({ 'repos.yml': file }),
    }),
  },
  'a file that the wizard would replace': {
    outputs: ['text'],
    code: 1,
    shown: /title/,
    of: () => ({
      args: ['init', '--yes', '--offline'],
      env: {},
      cwd: folderWith({ 'repos.yml': everything }),
    }),
  },
  'a file that the wizard writes': {
    outputs: ['text', 'json'],
    code: 0,
    shown: /forged/,
    of: (output) => ({
      args: ['init', '--yes', '--offline', '--out', hostileName, '-o', output],
      env: {},
      cwd: folderWith({}),
    }),
  },
}

const rows = Object.entries(scenes).flatMap(([name, { outputs }]) =>
  outputs.map((output) => [name, output] as const),
)

describe('nothing from outside is printed raw', () => {
  test.each(rows)('%s: %j', async (name, output) => {
    const { of, code, shown } = scenes[name] as (typeof scenes)[string]
    const { args, env, cwd, input } = await of(output)
    const annotations = /^(plan|apply|validate)$/.test(args[0] ?? '') ? ['--annotations', 'github'] : []
    for (const colour of name === 'a wrong file, from standard input'
      ? [{}, { FORCE_COLOR: '1', NO_COLOR: undefined }]
      : [{}]) {
      const run = await runCli([...args, ...annotations], {
        cwd,
        env: { ...env, ...colour },
        ...(input !== undefined && { input }),
      })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of ours are escape sequences
      const text = `${run.stdout}\n${run.stderr}`.replaceAll(/\u001b\[(?:[0-9]|[23][0-9])m/g, '')
      expect(run.code, text).toBe(code)
      expect(text).toMatch(shown)
      expect(rawControls(text)).toEqual([])
      expect(forgedCommands(text)).toEqual([])
      // What would stand in a line of its own.
      expect(text).not.toMatch(/^\s*(one|two|three|four|end|forged)\b/m)
    }
  })

  test('what the wizard reads from the environment is in the file as an escape', async () => {
    const folder = folderWith({})
    const { code, stdout, stderr } = await runCli(
      ['init', '--yes', '--offline', '--out', '-', '--initial-password', 'file:/a\u202eb'],
      { cwd: folder },
    )
    expect(code, stderr).toBe(0)
    expect(rawControls(stdout + stderr)).toEqual([])
    expect(stdout).toContain('"/a\\u202eb"')
    expect((await runCli(['validate', '-f', '-'], { cwd: folder, input: stdout })).code).toBe(0)
  })
})
