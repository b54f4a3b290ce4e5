import { describe, expect, test } from 'vitest'
import { runCli } from '../../helpers/run-cli.ts'
import { sandboxFor } from '../../helpers/sandbox.ts'
import { canariesFor, fileOf, leaksIn, secretFields } from './canaries.ts'
import {
  outputs,
  run,
  shortSecrets,
  tiny,
  toNewServer,
  toServerThatQuotes,
  toServerThatWorks,
  write,
} from './secret-runs.ts'

// Each style and each dressing once; all combinations are in test/slow/secrets.test.ts.
describe('a server that works', () => {
  test.each([
    ['plain', 'literally'],
    ['quoted', 'as {env: …}'],
    ['symbols', 'as {file: …}'],
    ['umlauts', 'as ${…}'],
  ] as const)('%s secrets, %s', toServerThatWorks)

  test('secrets too short to be looked for are known by their place, in every output', shortSecrets)
})

describe('a server whose errors quote what it was sent', () => {
  const shapes = ['json', 'text', 'html', 'java', 'encoded', 'entities', 'markdown'] as const
  test.each([
    ...shapes.map((shape, index) => [shape, 'symbols', outputs[index % outputs.length] ?? 'text'] as const),
    ['json', 'long', 'text'] as const,
    ['entities', 'eight', 'markdown'] as const,
    ['encoded', 'eight', 'json'] as const,
  ])('as %s, %s secrets, %s', toServerThatQuotes)
})

describe('a new server', () => {
  test.each([
    ['symbols', 'literally'],
    ['quoted', 'as {file: …}'],
  ] as const)('%s secrets, %s', toNewServer)

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
    // What hides the short one hides any: it is the place alone that tells.
    for (const [canary, output] of [
      [short, 'text'],
      [plain, 'json'],
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
