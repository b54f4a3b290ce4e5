import { describe, expect, test } from 'vitest'
import { lineStarts, positionAt } from '../../src/core/position.ts'
import { nodeAt, spanAt, toPlain } from '../../src/yaml/located.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { defined } from '../config/defined.ts'

function parse(text: string) {
  return parseYaml({ name: 'repos.yml', text })
}

/** `code line:column "marked text"` of each problem. */
function told(text: string): string[] {
  const starts = lineStarts(text)
  return parse(text).problems.map(({ code, span, hint }) => {
    expect(hint).toBeTruthy()
    const { line, column } = positionAt(starts, defined(span).start)
    return `${code} ${line + 1}:${column + 1} ${JSON.stringify(text.slice(defined(span).start, defined(span).end))}`
  })
}

function plainOf(text: string): unknown {
  const { root, problems } = parse(text)
  expect(problems).toEqual([])
  return JSON.parse(JSON.stringify(toPlain(defined(root))))
}

describe('accepted', () => {
  test.each<[string, string, unknown]>([
    ['a leading --- and a trailing ...', '---\na: 1\n...\n', { a: 1 }],
    ['a trailing --- without a document', 'a: 1\n---\n# end\n', { a: 1 }],
    ['a byte order mark', '\uFEFFa: 1\n', { a: 1 }],
    ['CRLF', 'a: 1\r\nb:\r\n  c: x\r\n', { a: 1, b: { c: 'x' } }],
    [
      'YAML 1.2: yes and on are texts',
      'a: yes\nb: on\nc: true\nd: ~\ne: 0o17\n',
      { a: 'yes', b: 'on', c: true, d: null, e: 15 },
    ],
    [
      'numbers and booleans as keys, as they are written',
      '8082: a\n1.50: b\n0x10: c\ntrue: d\n',
      { '8082': 'a', '1.50': 'b', '0x10': 'c', true: 'd' },
    ],
    [
      'integers that a number cannot hold',
      'a: 12345678901234567890\nb: 9007199254740991\n',
      { a: '12345678901234567890', b: 9007199254740991 },
    ],
    ['known tags', 'a: !!str 12\nb: !!int "7"\n', { a: '12', b: 7 }],
    [
      'anchors and aliases',
      'a: &p 8082\nb: *p\nc: &l [1, *p]\nd: *l\n',
      { a: 8082, b: 8082, c: [1, 8082], d: [1, 8082] },
    ],
    ['an anchor that is set again', 'a: &p 1\nb: &p 2\nc: *p\n', { a: 1, b: 2, c: 2 }],
    ['an empty value', 'a:\nb: {c, d: }\n', { a: null, b: { c: null, d: null } }],
    [
      'x-* keys are dropped on every level',
      'x-a: &a {p: 1, x-b: 2}\nc: {<<: *a, x-note: n}\nd: *a\n',
      { c: { p: 1 }, d: { p: 1 } },
    ],
    [
      'merge keys: own keys win, before and after',
      'x-b: &b {p: 1, q: 2}\nm: {q: 9, <<: *b}\nn: {<<: *b, q: 9}\n',
      { m: { q: 9, p: 1 }, n: { p: 1, q: 9 } },
    ],
    [
      'merge keys: the first of several wins',
      'x-a: &a {p: 1}\nx-b: &b {p: 2, q: 2}\nm: {<<: [*a, *b, {r: 3}]}\n',
      { m: { p: 1, q: 2, r: 3 } },
    ],
    ['a quoted "<<" is a key', '"<<": {a: 1}\n', { '<<': { a: 1 } }],
  ])('%s', (_, text, expected) => {
    expect(plainOf(text)).toEqual(expected)
  })

  test('keys of the object prototype are plain keys', () => {
    const { root, problems } = parse('__proto__: {polluted: 1}\nconstructor: 2\n')
    expect(problems).toEqual([])
    expect(nodeAt(defined(root), ['__proto__', 'polluted'])).toMatchObject({ value: 1 })
    expect(Object.keys(toPlain(defined(root)) as object)).toEqual(['__proto__', 'constructor'])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('refused, at the right place', () => {
  test.each<[string, string, string[]]>([
    ['tab', 'a:\n\tb: 1\n', ['yaml-tab 2:1 "\\t"']],
    ['tab after spaces', 'a:\n  \tb: 1\n', ['yaml-tab 2:3 "\\t"']],
    ['tab inside braces', 'a: {\n\tb: 1}\n', ['yaml-unclosed 1:4 "{"', 'yaml-tab 2:1 "\\t"']],
    ['quote that is never closed', 'a: 1\nb: "x\nc: 2\n', ['yaml-unclosed 2:4 "\\""']],
    ['quote closed by an escaped one only', 'b: "x\\"\n', ['yaml-unclosed 1:4 "\\""']],
    ['single quote doubled at the end', "b: 'x''\n", ['yaml-unclosed 1:4 "\'"']],
    ['brace that is never closed', 'a: {b: 1\nc: 2\n', ['yaml-unclosed 1:4 "{"']],
    ['the inner of two brackets', 'a: {b: [1, 2}\nc: 1\n', ['yaml-unclosed 1:8 "["']],
    ['deeper key under a scalar', 'a:\n  b: 1\n   c: 2\n', ['yaml-syntax 2:6 "1"']],
    ['key between two indentations', 'a:\n    b: 1\n  c: 2\n', ['yaml-indent 3:1 " "']],
    ['line without a colon', 'a: 1\nfoo\nb: 2\n', ['yaml-syntax 2:1 "foo\\nb"']],
    ['two colons in a line', 'a: b: c\n', ['yaml-syntax 1:4 "b"']],
    ['value that begins with @', 'a: @foo\n', ['yaml-unquoted 1:4 "@"']],
    ['${} in braces, once', 'a: {b: ${X:-y}, c: 2}\n', ['yaml-unquoted 1:8 "${"']],
    ['text after a quote', "a: 'it's'\n", ['yaml-syntax 1:8 "s\'"']],
    ['bad escape', 'a: "C:\\q"\n', ['yaml-escape 1:7 "\\\\"']],
    ['comma too many', 'a: [1,,2]\n', ['yaml-syntax 1:7 ","']],
    ['closing brace alone', '}\n', ['yaml-syntax 1:1 "}"']],
    [
      'errors of several lines together',
      'a: @x\nb: 1\nc: `y`\n',
      ['yaml-unquoted 1:4 "@"', 'yaml-unquoted 3:4 "`"'],
    ],
    ['two documents', 'a: 1\n---\nb: 2\n', ['multiple-documents 2:1 "---"']],
    ['two documents after ...', 'a: 1\n...\nb: 2\n', ['multiple-documents 3:1 "b"']],
    ['empty file', '', ['empty-file 1:1 ""']],
    ['only comments', '# nothing\n', ['empty-file 1:1 ""']],
    ['list at the root', '- a\n- b\n', ['not-a-map 1:1 "- a"']],
    ['text at the root', 'version:1\nurl:x\n', ['not-a-map 1:1 "version:1"']],
    ['null key', 'a: 1\n~: 2\n', ['bad-key 2:1 "~"']],
    ['map as key', '{a: 1}: 2\n', ['bad-key 1:1 "{a: 1}"']],
    ['alias as key', 'a: &a b\n*a : 2\n', ['bad-key 2:1 "*a"']],
    ['own tag', 'a: !foo x\nb: 1\n', ['yaml-tag 1:4 "!foo"']],
    ['binary tag', 'a: !!binary aGk=\n', ['yaml-tag 1:4 "!!binary"']],
    ['tag that does not fit', 'a: !!int x\n', ['yaml-tag 1:4 "!!int"']],
    ['unknown alias', 'exclude: [*.example.com]\n', ['yaml-alias 1:11 "*.example.com"']],
    ['alias before its anchor', 'a: *b\nb: &b 1\n', ['yaml-alias 1:4 "*b"']],
    ['alias inside its own anchor', 'a: &a\n  b: [*a]\n', ['yaml-alias 2:7 "*a"']],
    ['merge of a list', 'a: &a [1]\nb:\n  <<: *a\n', ['merge-value 3:7 "*a"']],
    ['merge of an unknown alias, told once', 'b:\n  <<: *a\n', ['yaml-alias 2:7 "*a"']],
    ['NUL', 'a: 1\nb: \0x\n', ['not-text 2:4 "\\u0000"']],
    ['escape character', 'a: \u001b[31m\n', ['not-text 1:4 "\\u001b"']],
    ['bytes that were no UTF-8', 'a: 1\nb: x\uFFFDy\n', ['not-utf8 2:5 "\uFFFD"']],
    ['lone surrogate', 'a: \ud800\n', ['not-utf8 1:4 "\\ud800"']],
    ['column after CRLF', 'a: 1\r\nb: *x\r\n', ['yaml-alias 2:4 "*x"']],
    ['column after a byte order mark', '\uFEFFa: *x\n', ['yaml-alias 1:4 "*x"']],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected)
  })

  test('a key that is written twice names the first', () => {
    const text = 'repositories:\n  a: {type: hosted}\n  b: {type: hosted}\n  "a": {type: proxy}\n'
    expect(told(text)).toEqual(['duplicate-key 4:3 "\\"a\\""'])
    const [problem] = parse(text).problems
    expect(problem).toMatchObject({
      message: 'the key "a" is written twice in this map, first at line 2, column 3',
      path: 'repositories.a',
    })
  })

  test.each(['1: a\n"1": b\n', '<<: {a: 1}\n<<: {b: 2}\n', 'x-a: 1\nx-a: 2\n'])('twice in %j', (text) => {
    expect(parse(text).problems.map(({ code }) => code)).toEqual(['duplicate-key'])
  })

  test('a nested x-* map without an anchor is told: it may be a repository', () => {
    expect(parse('x-notes: {a: 1}\nb: 1\n').problems).toEqual([])
    const { problems } = parse(
      'repositories:\n  x-ray: {type: hosted}\n  x-base: &b {type: hosted}\n  x-note: text\n',
    )
    expect(problems).toMatchObject([{ code: 'ignored-key', severity: 'warning', path: 'repositories.x-ray' }])
  })

  test('what is no fault of the syntax leaves a tree to check further', () => {
    expect(toPlain(defined(parse('a: 1\na: 2\nb: !x 3\nc: *d\n').root))).toMatchObject({
      a: 1,
      b: '3',
      c: null,
    })
    expect(parse('a: @x\n').root).toBeUndefined()
  })
})

describe('hostile files', () => {
  test('aliases that grow exponentially are refused, once, at once', () => {
    const lines = Array.from(
      { length: 30 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`,
    )
    const bomb = ['a0: &a0 [1, 2, 3]', ...lines].join('\n')
    const started = performance.now()
    expect(parse(bomb).problems.map(({ code }) => code)).toEqual(['yaml-alias'])
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('the same with merge keys', () => {
    const keys = Array.from({ length: 1000 }, (_, n) => `k${n}: 1`).join(', ')
    const merges = Array.from({ length: 5000 }, (_, n) => `m${n}: {<<: *a}`).join('\n')
    expect(parse(`x-a: &a {${keys}}\n${merges}`).problems.map(({ code }) => code)).toEqual(['yaml-alias'])
  })

  test('ordinary use of anchors is far from the limit', () => {
    const repositories = Array.from({ length: 1000 }, (_, n) => `r${n}: {<<: *d, httpPort: ${n}}`).join('\n')
    const text = `x-d: &d {type: hosted, blobStore: b, storage: {a: 1, b: 2, c: 3}}\n${repositories}`
    expect(parse(text).problems).toEqual([])
  })

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['closed brackets', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['dashes', '- '.repeat(5000)],
    ['maps', '{a: '.repeat(5000)],
    ['question marks', '? '.repeat(5000)],
    ['indentation', Array.from({ length: 500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  ])('nesting by %s', (_, text) => {
    expect(parse(text).problems).toMatchObject([{ code: 'yaml-depth' }])
  })

  test('100 levels are accepted, 101 are not, aliases counted', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    expect(parse(`a: ${nested(99)}`).problems).toEqual([])
    expect(parse(`a: ${nested(99).replace('[]', '[x]')}`).problems).toEqual([])
    expect(parse(`a: ${nested(100)}`).problems).toMatchObject([{ code: 'yaml-depth' }])
    expect(parse(`a: &a ${nested(60)}\nb: ${'['.repeat(50)}*a${']'.repeat(50)}`).problems).toMatchObject([
      { code: 'yaml-alias' },
    ])
  })

  test('a file above 16 MiB is not parsed', () => {
    expect(parse(`a: "${'x'.repeat(16 * 1024 * 1024)}"`).problems).toMatchObject([{ code: 'file-too-large' }])
  })

  test.each([
    ['keys', Array.from({ length: 20_000 }, (_, n) => `k${n}: v`).join('\n')],
    ['errors', '}'.repeat(20_000)],
    ['quotes', 'a: "\n'.repeat(20_000)],
    ['line breaks before errors', `${'\n'.repeat(20_000)}${'@ '.repeat(20_000)}`],
    ['aliases', Array.from({ length: 20_000 }, (_, n) => `k${n}: *v`).join('\n')],
  ])('20,000 %s take less than a second', (_, text) => {
    const started = performance.now()
    parse(text)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('secrets', () => {
  test.each([
    'password: |hunter2\n',
    'password: *hunter2\n',
    'password: !hunter2\n',
    'password: "hunter2\n',
    "password: 'x' hunter2\n",
    'password: @hunter2\n',
    'password: %hunter2\n',
    'password: "\\hunter2"\n',
    'password: &hunter2 &hunter2 x\n',
    'password: {hunter2\n',
    'password: [a, hunter2: b: c]\n',
    'password: a\nhunter2\nb: 1\n',
  ])('no message repeats the source: %j', (text) => {
    const { problems } = parse(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })
})

describe('positions', () => {
  const text = 'x-base: &base\n  httpPort: 8082\nrepositories:\n  a:\n    <<: *base\n    members: [x, *m]\n'

  function at(path: (string | number)[], which: 'key' | 'value' = 'value'): string {
    const source = text.replace('*m', 'y')
    const span = spanAt(defined(parse(source).root), path, which)
    const { line, column } = positionAt(lineStarts(source), span.start)
    return `${line + 1}:${column + 1} ${source.slice(span.start, span.end)}`
  }

  test('merged keys are where they are written', () => {
    expect(at(['repositories', 'a', 'httpPort'])).toBe('2:13 8082')
    expect(at(['repositories', 'a', 'httpPort'], 'key')).toBe('2:3 httpPort')
  })

  test('keys, items, and the nearest ancestor', () => {
    expect(at(['repositories', 'a'])).toBe('4:3 a')
    expect(at(['repositories', 'a', 'members', 1])).toBe('6:18 y')
    expect(at(['repositories', 'a', 'blobStore'])).toBe('4:3 a')
  })

  test('an aliased scalar is where the alias is', () => {
    const source = 'a: &p 8082\nb: *p\n'
    expect(parse(source).root).toMatchObject({ kind: 'map' })
    expect(spanAt(defined(parse(source).root), ['b'])).toEqual({ file: 'repos.yml', start: 14, end: 16 })
  })
})
