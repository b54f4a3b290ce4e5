// `x-accept`: warnings that somebody has read are not told again, errors always are.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { warningCodes } from '../../src/config/warning-codes.ts'
import { folderWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../helpers/sandbox.ts'
import { loadFiles, loadText, placed } from './load-text.ts'
import { unmark } from './wrong/wrong-file.ts'
import { wrongFiles } from './wrong/wrong-files.ts'

const told = wrongFiles.map((wrong) => ({ ...wrong, text: unmark(wrong).text }))
const group = (accepts: string, members = '[hub, own]') =>
  `repositories:\n  hub: {type: proxy, upstream: docker-hub}\n  own: {type: hosted}\n  all: {type: group, members: ${members}${accepts}}\n`

async function codes(yaml: string) {
  const { problems, accepted } = await loadText(yaml)
  return { problems: problems.map(({ code }) => code), accepted: accepted.map(({ code }) => code) }
}

test('every warning has a code that can be accepted, and every such code is documented as that of a warning', () => {
  const shown = told.filter(({ severity }) => severity === 'warning').map(({ code }) => code)
  expect(shown.filter((code) => !warningCodes.includes(code))).toEqual([])
  const rows = readFileSync(new URL('../../docs/reference/problems.md', import.meta.url), 'utf8').matchAll(
    /^\| `([\w-]+)` .*\bwarn/gim,
  )
  // A plan is no file: what concerns the connection alone cannot be accepted there.
  const documented = [...rows].map(([, code]) => code).filter((code) => code !== 'insecure')
  expect([...warningCodes]).toEqual(documented.toSorted())
})

describe('at the top of the file', () => {
  test.each(told.filter(({ severity }) => severity === 'warning'))('$code is accepted', async (wrong) => {
    const { problems, accepted } = await loadText(`${wrong.text}\nx-accept: [${wrong.code}]\n`)
    expect(problems).toEqual([])
    expect(accepted.map(({ code, path }) => `${code} ${path}`)).toEqual(
      (await loadText(wrong.text)).problems.map(({ code, path }) => `${code} ${path}`),
    )
  })

  test.each(
    told.filter(({ severity, alone, code }) => severity === undefined && !alone && code.includes('-')),
  )('the error $code is told all the same', async (wrong) => {
    const { problems, accepted, config } = await loadText(`${wrong.text}\nx-accept: [${wrong.code}]\n`)
    expect(problems.length).toBeGreaterThan(0)
    expect(accepted).toEqual([])
    expect(config).toBeUndefined()
  })
})

describe('an acceptance counts for its map and what is in it', () => {
  test.each([
    ['on the object', group(', x-accept: [member-order]'), true],
    ['of another code', group(', x-accept: [many-ports]'), false],
    ['on another object', group('').replace('type: hosted', 'type: hosted, x-accept: [member-order]'), false],
    ['on the section', `${group('')}  x-accept: [member-order]\n`, true],
    ['on another section', `${group('')}blobStores: {x-accept: [member-order]}\n`, false],
    ['through an anchor', `x-read: &read [member-order]\n${group(', x-accept: *read')}`, true],
    ['through a merge', `x-all: &all {x-accept: [member-order]}\n${group(', <<: *all')}`, true],
    [
      'replaced in what is merged',
      `x-all: &all {x-accept: [member-order]}\n${group(', x-accept: [], <<: *all')}`,
      false,
    ],
    ['a repository with dots', group(', x-accept: [member-order]').replace('all:', 'al.l:'), true],
    [
      'the beginning of such a name',
      group('').replace('all:', 'own.all:').replace('hosted', 'hosted, x-accept: [member-order]'),
      false,
    ],
  ])('%s', async (_, yaml, accepts) => {
    expect(await codes(yaml)).toEqual(
      accepts ? { problems: [], accepted: ['member-order'] } : { problems: ['member-order'], accepted: [] },
    )
  })

  test('one that matches nothing is no mistake', async () => {
    expect(await codes(group(', x-accept: [member-order]', '[own, hub]'))).toEqual({
      problems: [],
      accepted: [],
    })
  })
})

describe('several files: a list replaces, null takes back', () => {
  test.each([
    ['kept', 'online: true', []],
    ['replaced', 'x-accept: [many-ports]', ['member-order']],
    ['taken back', 'x-accept: null', ['member-order']],
  ])('%s', async (_, over, expected) => {
    const cwd = folderWith({
      'base.yml': group(', x-accept: [member-order]'),
      'over.yml': `repositories:\n  all: {${over}}\n`,
    })
    const { problems } = await loadFiles(['base.yml', 'over.yml'], { cwd })
    expect(problems.map(({ code }) => code)).toEqual(expected)
  })
})

describe('what is no acceptance is told, at its place', () => {
  test.each([
    ['a text', 'x-accept: member-order', 'invalid-value', 'x-accept', /list of codes/],
    ['a map', 'x-accept: {member-order: true}', 'invalid-value', 'x-accept', /list of codes/],
    ['a number in the list', 'x-accept: [1]', 'invalid-value', 'x-accept[0]', /code of a warning/],
    [
      'a misspelt code',
      'x-accept: [member-oder]',
      'unknown-code',
      'x-accept[0]',
      /did you mean "member-order"/,
    ],
    ["an error's code", 'x-accept: [port-conflict]', 'unknown-code', 'x-accept[0]', /only warnings/],
    [
      'far down',
      'repositories: {own: {type: hosted, x-accept: [nonsense]}}',
      'unknown-code',
      'repositories.own.x-accept[0]',
      /"nonsense"/,
    ],
    [
      'what may be a secret is not repeated',
      'x-accept: ["pass word"]',
      'unknown-code',
      'x-accept[0]',
      /^(?!.*pass word)/,
    ],
  ])('%s', async (...row) => {
    const [, yaml, code, path, says] = row
    const problems = placed(await loadText(`${yaml}\n`))
    expect(problems).toMatchObject([
      { code, path, severity: code === 'unknown-code' ? 'warning' : 'error', line: 1 },
    ])
    expect(`${problems[0]?.message} ${problems[0]?.hint}`).toMatch(says)
  })

  test('other keys that begin with x- stay free, and the key twice is one too many', async () => {
    expect(await codes('x-accepted: anything\nx-note: [nonsense]\n')).toEqual({ problems: [], accepted: [] })
    expect(await codes('x-accept: []\nx-accept: []\n')).toMatchObject({ problems: ['duplicate-key'] })
  })
})

interface Printed {
  problems: { code: string }[]
  accepted?: { code: string }[]
}

describe('the built CLI', () => {
  test('validate counts what is accepted, and its JSON has it beside the problems', async () => {
    const input = group(', x-accept: [member-order]')
    const text = await runCli(['validate', '-f', '-'], { input })
    expect(text).toMatchObject({
      code: 0,
      stdout: '✓ - is valid: 3 objects, 1 warning accepted\n',
      stderr: '',
    })
    const { stdout } = await runCli(['validate', '-f', '-', '-o', 'json'], { input })
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      problems: [],
      accepted: [{ code: 'member-order', path: 'repositories.all.members[1]', line: 4 }],
    })
  })

  test('a warning that needs the server is accepted as well', async () => {
    const sandbox = await sandboxFor({ version: '3.90.0', edition: 'community', state: 'fresh' })
    const { username, password, url } = sandbox
    const env = {
      ...environmentOf(sandbox),
      NEXUS_URL: url,
      NEXUS_USERNAME: username,
      NEXUS_PASSWORD: password,
    }
    const file = 'blobStores: {default: {}}\n'
    const planned = async (input: string) => {
      const { code, stdout } = await runCli(['plan', '-f', '-', '-o', 'json'], { input, env })
      const { problems, accepted = [] } = JSON.parse(stdout) as Printed
      return { code, problems: problems.map((one) => one.code), accepted: accepted.map((one) => one.code) }
    }
    expect(await planned(file)).toEqual({ code: 0, problems: ['eula-not-accepted'], accepted: [] })
    expect(await planned(`x-accept: [eula-not-accepted]\n${file}`)).toEqual({
      code: 0,
      problems: [],
      accepted: ['eula-not-accepted'],
    })
    // Where something is to be written it is an error.
    const changing = await planned('x-accept: [eula-not-accepted]\nrepositories: {apps: {type: hosted}}\n')
    expect(changing).toMatchObject({ code: 3, problems: ['eula-not-accepted'] })
  })

  test('what the server settles is neither told nor counted as accepted', async () => {
    const sandbox = await sandboxFor({ version: '3.77.0', edition: 'pro' })
    const env = { ...environmentOf(sandbox), NEXUS_URL: sandbox.url }
    const input = 'repositories: {Apps: {type: hosted, x-accept: [upper-case-name]}}\n'
    const validated = JSON.parse(
      (await runCli(['validate', '-f', '-', '-o', 'json'], { input })).stdout,
    ) as Printed
    expect(validated).toMatchObject({ problems: [], accepted: [{ code: 'upper-case-name' }] })
    const { stdout } = await runCli(['plan', '-f', '-', '-o', 'json'], { input, env })
    const { problems, accepted = [] } = JSON.parse(stdout) as Printed
    expect({ problems, accepted }).toEqual({ problems: [], accepted: [] })
  })
})
