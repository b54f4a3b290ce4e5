// Runs of the program with a canary in every secret field, for a few combinations (secrets.test.ts) and for all (test/slow/secrets.test.ts).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { folderWith, runCli } from '../../helpers/run-cli.ts'
import { sandboxFor } from '../../helpers/sandbox.ts'
import { type Canary, canariesFor, fileOf, leaksIn, secretFields } from './canaries.ts'
import { quotingServer } from './quoting-server.ts'

interface Written {
  folder: string
  env: Record<string, string>
}

const nameOf = (field: string) => `SECRET_${secretFields.indexOf(field)}`

/** Characters that nothing but a secret has. */
export const tiny = /[¤¢£¥]/

/** How a file can hold a secret. */
export const styles = {
  literally: ({ value }: Canary) => JSON.stringify(value),
  'as {env: …}': ({ field }: Canary) => `{env: ${nameOf(field)}}`,
  'as {file: …}': ({ field }: Canary) => `{file: secrets/${nameOf(field)}}`,
  'as ${…}': ({ field }: Canary) => `"\${${nameOf(field)}}"`,
}
export type Style = keyof typeof styles

export function write(canaries: readonly Canary[], style: Style): Written {
  const yaml = fileOf((field) => {
    const canary = canaries.find((candidate) => candidate.field === field)
    if (!canary) throw new Error(`no canary for ${field}`)
    return styles[style](canary)
  })
  const secrets = canaries.map(({ field, value }) => [`secrets/${nameOf(field)}`, `${value}\n`] as const)
  const folder = folderWith({ 'repos.yml': yaml, ...Object.fromEntries(secrets) })
  return { folder, env: Object.fromEntries(canaries.map(({ field, value }) => [nameOf(field), value])) }
}

/** Everything that two runs differ in: which channels say what. */
const runs = [
  ['validate'],
  ['validate', '-o', 'json'],
  ['plan', '--debug'],
  ['plan', '-o', 'json', '--verbose'],
  ['plan', '-o', 'markdown'],
  ['apply', '--yes', '-o', 'json', '--debug'],
  ['apply', '--yes', '--rotate-secrets', '--debug'],
  ['apply', '--yes', '--rotate-secrets', '-o', 'markdown', '--verbose'],
]

export async function run(args: readonly string[], { folder, env }: Written) {
  const { code, stdout, stderr } = await runCli([...args, '-f', 'repos.yml'], { cwd: folder, env })
  return { code, text: `${stdout}\n${stderr}` }
}

/** A server with every field, whose administrator has that password. */
async function serverWith(
  password: string | undefined,
  options: { state?: 'fresh'; recordFile?: string } = {},
) {
  const sandbox = await sandboxFor({ version: '3.96.0', edition: 'pro', ...options })
  const [admin] = sandbox.state.users
  if (!admin) throw new Error('the sandbox has no users')
  admin.password = password ?? ''
  return { sandbox, admin }
}

/** A run proves nothing unless the secrets really travelled. */
function expectAllSent({ requests }: Sandbox, canaries: readonly Canary[]): void {
  const bodies = requests.map(({ body }) => body).join('\n')
  const kept = canaries
    .filter(({ field }) => !/^(nexus|bootstrap)\./.test(field))
    .filter(({ value }) => !bodies.includes(JSON.stringify(value)))
  expect(kept.map(({ field }) => field)).toEqual([])
}

/** A server that works: every output of every command. */
export async function toServerThatWorks(dressing: string, style: Style): Promise<void> {
  const canaries = canariesFor(dressing)
  const written = write(canaries, style)
  const recordFile = join(written.folder, 'trace.jsonl')
  const { sandbox } = await serverWith(canaries[0]?.value, { recordFile })
  written.env['NEXUS_URL'] = sandbox.url
  const texts: string[] = []
  for (const args of runs) {
    const { code, text } = await run(args, written)
    const leaks = leaksIn(text, canaries)
    expect({ args, code, leaks, ...(code !== 0 && { text }) }).toEqual({ args, code: 0, leaks: [] })
    texts.push(text)
  }
  expectAllSent(sandbox, canaries)
  expect(texts.join()).toContain('***')
  const trace = readFileSync(recordFile, 'utf8')
  expect(trace.split('\n').length).toBeGreaterThan(20)
  expect(leaksIn(trace, canaries)).toEqual([])
}

/** Secrets that are too short to be looked for: no character of theirs is anywhere. */
export async function shortSecrets(): Promise<void> {
  const canaries = canariesFor('tiny')
  const written = write(canaries, 'as {env: …}')
  const recordFile = join(written.folder, 'trace.jsonl')
  const { sandbox } = await serverWith(canaries[1]?.value, { state: 'fresh', recordFile })
  written.env['NEXUS_URL'] = sandbox.url
  for (const args of runs) {
    const { code, text } = await run(args, written)
    expect({ args, code, tiny: tiny.exec(text)?.[0], ...(code !== 0 && { text }) }).toEqual({ args, code: 0 })
  }
  expect(sandbox.requests.some(({ body }) => tiny.test(body))).toBe(true)
  expect(readFileSync(recordFile, 'utf8')).not.toMatch(tiny)
}

const quotedRuns = {
  text: ['apply', '--yes', '--debug'],
  json: ['apply', '--yes', '-o', 'json'],
  markdown: ['apply', '--yes', '-o', 'markdown'],
}
export const outputs = Object.keys(quotedRuns) as (keyof typeof quotedRuns)[]

/** A server whose errors quote what it was sent, in a spelling of its own. */
export async function toServerThatQuotes(
  shape: Parameters<typeof quotingServer>[1],
  dressing: string,
  output: (typeof outputs)[number],
): Promise<void> {
  const canaries = canariesFor(dressing)
  const written = write(canaries, 'as {env: …}')
  const { sandbox } = await serverWith(canaries[0]?.value)
  const server = await quotingServer(sandbox.url, shape)
  written.env['NEXUS_URL'] = server.url
  const { code, text } = await run(quotedRuns[output], written)
  expect(leaksIn(text, canaries)).toEqual([])
  expect(code, text).toBeGreaterThan(0)
  expect(server.quoted()).toBeGreaterThan(0)
}

/** A new server, which gets its first password from the file. */
export async function toNewServer(dressing: string, style: Style): Promise<void> {
  const canaries = canariesFor(dressing)
  const written = write(canaries, style)
  const [wanted, initial] = canaries.map(({ value }) => value)
  const recordFile = join(written.folder, 'trace.jsonl')
  const { sandbox, admin } = await serverWith(initial, { state: 'fresh', recordFile })
  written.env['NEXUS_URL'] = sandbox.url
  for (const args of [
    ['plan', '-o', 'json', '--debug'],
    ['plan', '-o', 'markdown'],
    ['apply', '--yes', '--debug'],
  ]) {
    const { code, text } = await run(args, written)
    const leaks = leaksIn(text, canaries)
    expect({ args, code, leaks, ...(code !== 0 && { text }) }).toEqual({ args, code: 0, leaks: [] })
  }
  expect(admin).toMatchObject({ password: wanted, status: 'active' })
  expect(leaksIn(readFileSync(recordFile, 'utf8'), canaries)).toEqual([])
}
