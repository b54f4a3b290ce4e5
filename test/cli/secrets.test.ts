import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, runCli } from '../helpers/run-cli.ts'
import { sandboxFor } from '../helpers/sandbox.ts'
import { type Canary, canariesFor, dressings, fileOf, leaksIn, secretFields } from './canaries.ts'
import { quotingServer } from './quoting-server.ts'

interface Written {
  folder: string
  env: Record<string, string>
}

const nameOf = (field: string) => `SECRET_${secretFields.indexOf(field)}`

/** Characters that nothing but a secret has. */
const tiny = /[¤¢£¥]/

/** How a file can hold a secret. */
const styles: Record<string, (canary: Canary) => string> = {
  literally: ({ value }) => JSON.stringify(value),
  'as {env: …}': ({ field }) => `{env: ${nameOf(field)}}`,
  'as {file: …}': ({ field }) => `{file: secrets/${nameOf(field)}}`,
  'as ${…}': ({ field }) => `"\${${nameOf(field)}}"`,
}

function write(canaries: readonly Canary[], style: string): Written {
  const spell = styles[style]
  const yaml = fileOf((field) => {
    const canary = canaries.find((candidate) => candidate.field === field)
    if (!canary || !spell) throw new Error(`no canary for ${field}`)
    return spell(canary)
  })
  const secrets = canaries.map(({ field, value }) => [`secrets/${nameOf(field)}`, `${value}\n`] as const)
  const folder = folderWith({ 'repos.yml': yaml, ...Object.fromEntries(secrets) })
  return { folder, env: Object.fromEntries(canaries.map(({ field, value }) => [nameOf(field), value])) }
}

/** Everything that two runs differ in: which channels say what. */
const runs = {
  validate: [['validate'], ['validate', '-o', 'json']],
  plan: [
    ['plan', '--debug'],
    ['plan', '-o', 'json', '--verbose'],
    ['plan', '-o', 'markdown'],
  ],
  apply: [
    ['apply', '--yes', '-o', 'json', '--debug'],
    ['apply', '--yes', '--rotate-secrets', '--debug'],
    ['apply', '--yes', '--rotate-secrets', '-o', 'markdown', '--verbose'],
  ],
}

async function run(args: readonly string[], { folder, env }: Written) {
  const { code, stdout, stderr } = await runCli([...args, '-f', 'repos.yml'], { cwd: folder, env })
  return { code, text: `${stdout}\n${stderr}` }
}

const combinations = Object.keys(styles).map((style, index) => ({
  style,
  dressing: Object.keys(dressings)[index % Object.keys(dressings).length] ?? 'plain',
}))
const literals = ['quoted', 'symbols', 'umlauts'].map((dressing) => ({ style: 'literally', dressing }))

describe('a server that works', () => {
  test.each([...combinations, ...literals])('$dressing secrets, $style', async ({ style, dressing }) => {
    const canaries = canariesFor(dressing)
    const written = write(canaries, style)
    const recordFile = join(written.folder, 'trace.jsonl')
    const sandbox = await sandboxFor({ version: '3.96.0', edition: 'pro', recordFile })
    const [admin] = sandbox.state.users
    if (!admin) throw new Error('the sandbox has no users')
    admin.password = canaries[0]?.value ?? ''
    written.env['NEXUS_URL'] = sandbox.url

    const texts: string[] = []
    for (const args of Object.values(runs).flat()) {
      const { code, text } = await run(args, written)
      expect({ args, code, leaks: leaksIn(text, canaries), ...(code !== 0 && { text }) }).toEqual({
        args,
        code: 0,
        leaks: [],
      })
      texts.push(text)
    }
    // The run proves nothing unless the secrets really travelled, and something was there to be masked.
    const bodies = sandbox.requests.map(({ body }) => body).join('\n')
    const travelled = canaries
      .filter(({ field }) => !/^(nexus|bootstrap)\./.test(field))
      .filter(({ value }) => !bodies.includes(JSON.stringify(value)))
    expect(travelled.map(({ field }) => field)).toEqual([])
    expect(texts.join()).toContain('***')
    const trace = readFileSync(recordFile, 'utf8')
    expect(trace.split('\n').length).toBeGreaterThan(20)
    expect(leaksIn(trace, canaries)).toEqual([])
  })
})

describe('secrets too short to be looked for', () => {
  test('are known by their place, in every output', async () => {
    const canaries = canariesFor('tiny')
    const written = write(canaries, 'as {env: …}')
    const recordFile = join(written.folder, 'trace.jsonl')
    const sandbox = await sandboxFor({ state: 'fresh', version: '3.96.0', edition: 'pro', recordFile })
    const [admin] = sandbox.state.users
    if (!admin) throw new Error('the sandbox has no users')
    admin.password = canaries[1]?.value ?? ''
    written.env['NEXUS_URL'] = sandbox.url
    for (const args of Object.values(runs).flat()) {
      const { code, text } = await run(args, written)
      expect({ args, code, tiny: tiny.exec(text)?.[0], ...(code !== 0 && { text }) }).toEqual({
        args,
        code: 0,
      })
    }
    expect(sandbox.requests.some(({ body }) => tiny.test(body))).toBe(true)
    expect(readFileSync(recordFile, 'utf8')).not.toMatch(tiny)
  })
})

describe('a server whose errors quote what it was sent', () => {
  test.each([
    ...(['json', 'text', 'html', 'java', 'encoded', 'entities', 'markdown'] as const).map(
      (shape) => [shape, 'symbols'] as const,
    ),
    ['json', 'long'],
    ['entities', 'eight'],
    ['encoded', 'eight'],
  ] as const)('as %s, %s secrets', async (shape, dressing) => {
    const canaries = canariesFor(dressing)
    const written = write(canaries, 'as {env: …}')
    const sandbox = await sandboxFor({ version: '3.96.0', edition: 'pro' })
    const [admin] = sandbox.state.users
    if (!admin) throw new Error('the sandbox has no users')
    admin.password = canaries[0]?.value ?? ''
    const server = await quotingServer(sandbox.url, shape)
    written.env['NEXUS_URL'] = server.url
    for (const args of [
      ['apply', '--yes', '--debug'],
      ['apply', '--yes', '-o', 'json'],
      ['apply', '--yes', '-o', 'markdown'],
    ]) {
      const { code, text } = await run(args, written)
      expect({ args, leaks: leaksIn(text, canaries) }).toEqual({ args, leaks: [] })
      expect(code, text).toBeGreaterThan(0)
    }
    expect(server.quoted()).toBeGreaterThan(2)
  })
})

describe('a new server', () => {
  test.each(combinations)('$dressing secrets, $style', async ({ style, dressing }) => {
    const canaries = canariesFor(dressing)
    const written = write(canaries, style)
    const [wanted, initial] = canaries.map(({ value }) => value)
    const recordFile = join(written.folder, 'trace.jsonl')
    const sandbox = await sandboxFor({ state: 'fresh', version: '3.96.0', edition: 'pro', recordFile })
    const [admin] = sandbox.state.users
    if (!admin) throw new Error('the sandbox has no users')
    admin.password = initial ?? ''
    written.env['NEXUS_URL'] = sandbox.url
    for (const args of [
      ['plan', '-o', 'json', '--debug'],
      ['plan', '-o', 'markdown'],
      ['apply', '--yes', '--debug'],
    ]) {
      const { code, text } = await run(args, written)
      expect({ args, code, leaks: leaksIn(text, canaries), ...(code !== 0 && { text }) }).toEqual({
        args,
        code: 0,
        leaks: [],
      })
    }
    expect(admin).toMatchObject({ password: wanted, status: 'active' })
    expect(leaksIn(readFileSync(recordFile, 'utf8'), canaries)).toEqual([])
  })

  test.each([401, 400, 503])('a change of the password that ends with %s', async (status) => {
    const canaries = canariesFor('symbols')
    const written = write(canaries, 'as {env: …}')
    const sandbox = await sandboxFor({ state: 'fresh', faults: [`${status} PUT **/change-password *`] })
    written.env['NEXUS_URL'] = sandbox.url
    const { text } = await run(['apply', '--yes', '--debug'], written)
    expect(leaksIn(text, canaries)).toEqual([])
  })
})

describe('a server that is none', () => {
  test.each([
    ['a closed port', 'http://127.0.0.1:1'],
    ['no such host', 'http://nexus.invalid:8081'],
    ['not a URL', 'nexus:8081'],
  ])('%s', async (_, url) => {
    const canaries = canariesFor('quoted')
    const written = write(canaries, 'literally')
    written.env['NEXUS_URL'] = url
    for (const args of [
      ['plan', '--debug', '--timeout', '2s'],
      ['apply', '--yes', '-o', 'json', '--timeout', '2s'],
    ]) {
      const { code, text } = await run(args, written)
      expect({ args, leaks: leaksIn(text, canaries) }).toEqual({ args, leaks: [] })
      expect([3, 4], text).toContain(code)
    }
  })

  test('a wrong password, and one in the URL', async () => {
    const canaries = canariesFor('plain')
    const written = write(canaries, 'literally')
    const sandbox = await sandboxFor()
    const [{ value } = { value: '' }] = canaries
    for (const url of [sandbox.url, sandbox.url.replace('//', `//admin:${encodeURIComponent(value)}@`)]) {
      written.env['NEXUS_URL'] = url
      const { code, text } = await run(['plan', '--debug'], written)
      expect({ url, leaks: leaksIn(text, canaries) }).toEqual({ url, leaks: [] })
      expect(code, text).toBeGreaterThan(2)
    }
  })
})

describe('a wrong file, the secret on the line of the mistake', () => {
  const proxy = 'type: proxy, upstream: quay.io'
  const mistakes: Record<string, (secret: string) => string> = {
    'misspelt neighbour': (secret) =>
      `repositories: {a: {${proxy}, authentication: {usr: x, password: ${secret}}}}`,
    'misspelt itself': (secret) =>
      `repositories: {a: {${proxy}, authentication: {username: x, pasword: ${secret}}}}`,
    'wrong section': (secret) => `repositories: {a: {${proxy}, ecrAuth: {secretKey: ${secret}}}}`,
    'wrong type around': (secret) =>
      `repositories: {a: {type: hosted, authentication: {password: ${secret}}}}`,
    'a list of them': (secret) => `nexus: {password: [${secret}, ${secret}]}`,
    'a map of them': (secret) => `nexus: {password: {value: ${secret}, other: ${secret}}}`,
    'as the name of a variable': (secret) => `nexus: {password: {env: X, key: ${secret}}}`,
    'a key too many after it': (secret) => `nexus:\n  password: ${secret} extra: 1\n`,
    'a quote that is never closed': (secret) => `nexus:\n  username: "admin\n  password: ${secret}\n`,
    'written twice': (secret) => `nexus:\n  password: ${secret}\n  password: ${secret}\n`,
    'in the URL': (secret) => `nexus: {url: "http://admin:${encodeURIComponent(secret)}@host"}`,
    'in the upstream URL': (secret) =>
      `repositories: {a: {type: proxy, remoteUrl: "https://u:${encodeURIComponent(secret)}@host"}}`,
    'as a tag': (secret) => `nexus:\n  password: !${secret} x\n`,
    'as an alias': (secret) => `nexus:\n  password: *${secret}\n`,
    'below the key': (secret) => `nexus:\n  password:\n    ${secret}\n  usrname: x\n`,
    'a mistake beside it': (secret) => `nexus: {password: ${secret}, edition: none}`,
  }

  test.each(Object.keys(mistakes))('%s', async (name) => {
    const [plain] = canariesFor('plain')
    const [short] = canariesFor('tiny')
    if (!plain || !short) throw new Error('there are no secret fields')
    for (const [canary, output] of [
      [plain, 'text'],
      [plain, 'json'],
      [short, 'text'],
    ] as const) {
      const { code, stdout, stderr } = await runCli(
        ['validate', '-f', '-', '-o', output, '--annotations', 'github'],
        { input: mistakes[name]?.(canary.value) ?? '' },
      )
      const text = stdout + stderr
      expect({ output, leaks: leaksIn(text, [canary]), tiny: tiny.exec(text)?.[0] }).toEqual({
        output,
        leaks: [],
      })
      expect(code).toBe(3)
    }
  })
})

test('every secret field of every kind is in the file', () => {
  const seen = new Set<string>()
  fileOf((field) => {
    seen.add(field)
    return 'x'
  })
  expect([...seen].sort()).toEqual([...secretFields].sort())
  expect(secretFields.length).toBeGreaterThanOrEqual(7)
})
