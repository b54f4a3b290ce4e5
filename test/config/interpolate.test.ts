import { describe, expect, test } from 'vitest'
import { interpolate } from '../../src/config/interpolation/interpolate.ts'
import { lineStarts, positionAt } from '../../src/core/position.ts'
import { nodeAt, type Path, toPlain } from '../../src/yaml/located.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { defined } from './defined.ts'

const environment = {
  SET: 'value',
  EMPTY: '',
  PORT: '8082',
  YAML: 'x: [1, 2]\n- &a *b',
  SPECIAL: '$& ${SET} $1',
  NEXUS_PASSWORD: 'p',
  FROM_A_FILE: '\uFEFFvalue\r\n',
  OLD_MAC: 'value\r',
  ONLY_A_LINE_END: '\r\n',
}

const isPassword = (path: Path) => path.at(-1) === 'password'

function run(text: string, lenientSecrets = false) {
  const source = { name: 'repos.yml', text }
  const { root, problems } = parseYaml(source)
  expect(problems).toEqual([])
  return interpolate(
    defined(root),
    environment,
    { isSecret: isPassword, isSpared: (path) => lenientSecrets && isPassword(path) },
    [source],
  )
}

/** The value of `v: "<text>"`, single-quoted in the file. */
function value(text: string): unknown {
  const { root, problems } = run(`v: '${text.replaceAll("'", "''")}'\n`)
  expect(problems).toEqual([])
  return (toPlain(root) as { v: unknown }).v
}

function told(text: string, lenientSecrets = false): string[] {
  const starts = lineStarts(text)
  return run(text, lenientSecrets).problems.map(({ code, span }) => {
    const { line, column } = positionAt(starts, defined(span).start)
    return `${code} ${line + 1}:${column + 1} ${text.slice(defined(span).start, defined(span).end)}`
  })
}

describe('values', () => {
  test.each([
    ['${SET}', 'value'],
    ['a${SET}b${PORT}', 'avalueb8082'],
    ['${EMPTY}', ''],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${UNSET:-x}', 'x'],
    ['${UNSET-x}', 'x'],
    ['${UNSET:-}', ''],
    ['${SET:-x}', 'value'],
    ['${SET:?needed}', 'value'],
    ['${EMPTY?needed}', ''],
    ['${UNSET:-http://localhost:8081}', 'http://localhost:8081'],
    ['${UNSET:-${ALSO_UNSET:-x}}', 'x'],
    ['${UNSET:-a ${SET} b}c', 'a value bc'],
    ['${UNSET:-$${SET}}', '${SET}'],
    ['${SET:-${UNSET}}', 'value'],
    ['$${SET}', '${SET}'],
    ['$$${SET}', '$${SET}'],
    ['a$b $SET $5 $$ $', 'a$b $SET $5 $$ $'],
    ['pa}ss{word', 'pa}ss{word'],
    ['${SPECIAL}', '$& ${SET} $1'],
  ])('%s is %j', (text, expected) => {
    expect(value(text)).toBe(expected)
  })

  test('marks of a file around a variable are no part of its value', () => {
    expect(value('${FROM_A_FILE}, ${OLD_MAC}.')).toBe('value, value.')
    expect(value('${ONLY_A_LINE_END:-default}')).toBe('default')
  })

  test('names that every object has are not set', () => {
    expect(told('a: ${constructor}\nb: ${__proto__}\n')).toEqual([
      'unset-variable 1:4 ${constructor}',
      'unset-variable 2:4 ${__proto__}',
    ])
  })

  test('a value cannot inject YAML, and says that it came from outside', () => {
    const { root } = run('v: ${YAML}\nport: ${PORT}\nkept: 1\ntext: $${x}\n')
    expect(nodeAt(root, ['v'])).toMatchObject({ kind: 'scalar', value: environment.YAML, interpolated: true })
    expect(nodeAt(root, ['port'])).toMatchObject({ value: '8082', interpolated: true })
    expect(nodeAt(root, ['kept'])).not.toHaveProperty('interpolated')
    expect(nodeAt(root, ['text'])).not.toHaveProperty('interpolated')
  })

  test('keys are left alone, lists and maps are searched', () => {
    expect(toPlain(run('${SET}: [{a: "${SET}"}]\n').root)).toEqual({ '${SET}': [{ a: 'value' }] })
  })
})

describe('problems', () => {
  test.each<[string, string, string[]]>([
    ['plain', 'a: x${NO}y\n', ['unset-variable 1:5 ${NO}']],
    ['two in one value', 'a: ${NO} ${NOT}\n', ['unset-variable 1:4 ${NO}', 'unset-variable 1:10 ${NOT}']],
    ['after one that is set', 'a: ${SET} ${NO}\n', ['unset-variable 1:11 ${NO}']],
    ['double-quoted, after an escape', 'a: "\\t\\u00e9${NO}"\n', ['unset-variable 1:13 ${NO}']],
    ['single-quoted, after a doubled quote', "a: 'it''s ${NO}'\n", ['unset-variable 1:11 ${NO}']],
    ['block scalar', 'a: |\n  one\n  two ${NO}\n', ['unset-variable 3:7 ${NO}']],
    ['folded over lines', 'a: one\n  two ${NO}\n  three\n', ['unset-variable 2:7 ${NO}']],
    ['CRLF', 'a: 1\r\nb: |\r\n  x\r\n  ${NO}\r\n', ['unset-variable 4:3 ${NO}']],
    ['escaped dollar: the whole value', 'a: "\\x24{NO}"\n', ['unset-variable 1:4 "\\x24{NO}"']],
    [
      'escaped dollar beside another',
      'a: "\\x24{NO} ${SET}${NOT}"\n',
      ['unset-variable 1:4 "\\x24{NO} ${SET}${NOT}"', 'unset-variable 1:4 "\\x24{NO} ${SET}${NOT}"'],
    ],
    [
      'through an alias: the alias',
      'a: &a ${NO}\nb: *a\n',
      ['unset-variable 1:7 ${NO}', 'unset-variable 2:4 *a'],
    ],
    ['in the default that is used', 'a: ${NO:-${NOT}}\n', ['unset-variable 1:10 ${NOT}']],
    ['unclosed', 'a: x ${SET\n', ['unclosed-interpolation 1:6 ${']],
    ['unclosed default', 'a: ${NO:-x\n', ['unclosed-interpolation 1:4 ${']],
    ['empty name', 'a: "${}"\n', ['bad-interpolation 1:5 ${}']],
    ['name with a dash at its start', 'a: ${-x}\n', ['bad-interpolation 1:4 ${-x}']],
    ['name that begins with a digit', 'a: ${1X}\n', ['bad-interpolation 1:4 ${1X}']],
    ['blank in the name', 'a: ${ SET }\n', ['bad-interpolation 1:4 ${ SET }']],
    [
      'operators that are not ours',
      'a: ${SET:+x}\nb: ${SET/a/b}\n',
      ['bad-interpolation 1:4 ${SET:+x}', 'bad-interpolation 2:4 ${SET/a/b}'],
    ],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected)
  })

  test('what aliases repeat is told for each path, all at the same place', () => {
    const { problems } = run('a: &a {b: "${NO}"}\nc: *a\nd: *a\n')
    expect(problems.map(({ path, span }) => [path, span?.start])).toEqual([
      ['a.b', 11],
      ['c.b', 11],
      ['d.b', 11],
    ])
  })

  test('a mistake leaves the text as it is written', () => {
    expect(toPlain(run('a: ${NO}/${SET}\n').root)).toEqual({ a: '${NO}/${SET}' })
  })

  test('messages, suggestions and how to set it', () => {
    expect(run('a: {b: ["${NEXUS_PASWORD}"]}\n').problems).toEqual([
      {
        severity: 'error',
        code: 'unset-variable',
        message: 'the environment variable NEXUS_PASWORD is not set',
        hint: 'did you mean NEXUS_PASSWORD? Otherwise set it: export NEXUS_PASWORD=…',
        path: 'a.b[0]',
        span: { file: 'repos.yml', start: 9, end: 25 },
      },
    ])
    expect(run('a: ${FAR:?where it is}\n').problems[0]?.message).toBe(
      'the environment variable FAR is not set, or empty: where it is',
    )
    expect(run('a: ${FAR}\n').problems[0]?.hint).toContain('${FAR:-default}')
    expect(run('password: ${FAR}\n').problems[0]?.hint).not.toContain(':-')
  })

  test('validate: an unset variable in a secret is a warning, elsewhere an error', () => {
    const { root, problems } = run('password: ${NO}\nurl: ${NO}\n', true)
    expect(problems.map(({ severity, path }) => [severity, path])).toEqual([
      ['warning', 'password'],
      ['error', 'url'],
    ])
    expect(nodeAt(root, ['password'])).toMatchObject({ value: '${NO}' })
    expect(run('password: ${NO}\n').problems[0]?.severity).toBe('error')
  })

  test('a password that happens to hold a ${ is not repeated', () => {
    expect(JSON.stringify(run("a: 'hunt${er 2'\nb: 'x${hunter2'\n").problems)).not.toMatch(/hunt|er 2/)
  })

  test('nothing hangs or overflows', () => {
    const started = performance.now()
    expect(told(`a: ${'${A:-'.repeat(50_000)}\n`)).toEqual([`bad-interpolation 1:${4 + 10 * 5} \${`])
    expect(told(`a: ${'${A'.repeat(50_000)}\n`)).toHaveLength(1)
    expect(run(`a: ${'${NO} '.repeat(50_000)}\n`).problems).toHaveLength(50_000)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
