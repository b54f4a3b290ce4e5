import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/core/display-width.ts'
import { type Paint, plain } from '../../src/core/paint.ts'
import type { Problem, SourceFile } from '../../src/core/problem.ts'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { githubAnnotation } from '../../src/report/annotations.ts'
import { renderProblems } from '../../src/report/problems.ts'
import { placeProblems } from '../../src/yaml/code-frame.ts'

const repos: SourceFile = {
  name: 'repos.yml',
  text: 'repositories:\n  apps: {httpPort: 8082}\n  all:\n    httpPort: 8082\n',
}

function problemAt(source: SourceFile, text: string, more: Partial<Problem> = {}): Problem {
  const start = source.text.lastIndexOf(text)
  expect(start).toBeGreaterThanOrEqual(0)
  const span = { file: source.name, start, end: start + text.length }
  return { severity: 'error', code: 'some-code', message: 'is wrong', path: '', span, ...more }
}

const conflict = problemAt(repos, '8082', {
  code: 'port-conflict',
  message: 'httpPort 8082 is already used by "apps"',
  hint: 'each connector needs its own port',
  path: 'repositories.all.httpPort',
})

describe('text', () => {
  test('one problem', () => {
    expect(
      renderProblems([conflict], [repos], plain),
    ).toBe(`error[port-conflict]: repos.yml:4:15: httpPort 8082 is already used by "apps"
  4 |     httpPort: 8082
    |               ^^^^
  hint: each connector needs its own port

1 problem (1 error)`)
  })

  test('several: by file, line and column, each once, counted', () => {
    const other = { name: 'a.yml', text: 'x: 1\n' }
    const problems: Problem[] = [
      conflict,
      problemAt(other, '1', { severity: 'warning', code: 'w' }),
      { severity: 'error', code: 'no-url', message: 'NEXUS_URL is no URL', path: '' },
      { ...conflict },
      { ...conflict, path: 'repositories.alias.httpPort' },
      problemAt(repos, 'apps', { code: 'first' }),
      problemAt(repos, 'httpPort', { code: 'key' }),
    ]
    const rendered = renderProblems(problems, [repos, other], plain)
    expect(rendered.match(/^\w+\[.*$/gm)).toEqual([
      'error[no-url]: NEXUS_URL is no URL',
      'error[first]: repos.yml:2:3: is wrong',
      'error[key]: repos.yml:4:5: is wrong',
      'error[port-conflict]: repos.yml:4:15: httpPort 8082 is already used by "apps"',
      'warning[w]: a.yml:1:4: is wrong',
    ])
    expect(rendered.split('\n\n')).toHaveLength(6)
    expect(rendered.endsWith('\n\n5 problems (4 errors, 1 warning)')).toBe(true)
  })

  test('none', () => {
    expect(renderProblems([], [repos], plain)).toBe('')
  })

  test('a file that could not be read, and an empty one, have no frame', () => {
    const unread: Problem = { ...conflict, span: { file: 'no.yml', start: 0, end: 0 } }
    expect(renderProblems([unread], [], plain).split('\n')[0]).toBe(
      'error[port-conflict]: no.yml: httpPort 8082 is already used by "apps"',
    )
    const empty = { name: 'e.yml', text: '' }
    expect(renderProblems([problemAt(empty, '')], [empty], plain)).toBe(
      'error[some-code]: e.yml:1:1: is wrong\n\n1 problem (1 error)',
    )
  })

  test('colours only where the paint gives them, never around the source line', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`
    const paint: Paint = {
      bold: tag('b'),
      dim: tag('d'),
      red: tag('r'),
      green: tag('g'),
      yellow: tag('y'),
      cyan: tag('c'),
    }
    expect(
      renderProblems([{ ...conflict, severity: 'warning' }], [repos], paint),
    ).toBe(`<y><b>warning[port-conflict]</b></y>: <b>repos.yml:4:15</b>: httpPort 8082 is already used by "apps"
  <d>4 |</d>     httpPort: 8082
  <d>  |</d>               <y>^^^^</y>
  <c>hint:</c> each connector needs its own port

1 problem (1 warning)`)
  })
})

/** The frame of the first problem: what is shown above the carets. */
function marked(text: string, part: string): { line: string; above: string; caret: string } {
  const source = { name: 'f.yml', text }
  const [, line = '', caret = ''] = renderProblems([problemAt(source, part)], [source], plain).split('\n')
  const at = displayWidth(caret.slice(0, caret.indexOf('^')))
  const length = caret.length - caret.indexOf('^')
  let column = 0
  let above = ''
  for (const character of line) {
    if (column >= at && column < at + length) above += character
    column += displayWidth(character)
  }
  return { line: line.slice(line.indexOf('|') + 2), above, caret }
}

describe('the caret stands under what is meant', () => {
  test.each([
    ['tabs', 'a:\t\tb\tc', 'c'],
    ['wide characters', '名前: 値段 x', 'x'],
    ['a wide character itself', '名前: 値段 x', '値'],
    ['combining marks', 'e\u0301e\u0301: x', 'x'],
    ['emoji', '🐳🐳: x', 'x'],
    ['a joined emoji', '👩‍💻: x', 'x'],
    ['a byte order mark', '\uFEFFa: x', 'x'],
    ['CRLF', 'a: 1\r\nb: x\r\n', 'x'],
    ['after a masked value', 'n: {password: secretsecret, port: x}', 'x'],
    ['a key before a masked value', 'n: {password: secretsecret, port: x}', 'password'],
    ['the end of a long line', `a: ${'y'.repeat(500)} x`, 'x'],
    ['the start of a long line', `x: ${'y'.repeat(500)}`, 'x'],
    ['the middle of a long line', `a: ${'y'.repeat(300)} x ${'z'.repeat(300)}`, 'x'],
    ['a long wide line', `a: ${'値'.repeat(300)} x ${'値'.repeat(300)}`, 'x'],
  ])('%s', (_, text, part) => {
    const { line, above } = marked(text, part)
    expect(above).toBe(part)
    expect(displayWidth(line)).toBeLessThanOrEqual(100)
  })

  test('under the mask', () => {
    expect(marked('n: {password: "secretsecret", port: 1}', 'secretsecret').above).toBe('***')
    expect(marked('password: abc', 'b')).toMatchObject({ line: 'password: ***', above: '***' })
  })

  test('under several lines: to the end of the first', () => {
    expect(marked('a: {b: 1,\n  c: 2}\n', '{b: 1,\n  c: 2}').above).toBe('{b: 1,')
  })

  test('past the end of the line', () => {
    const source = { name: 'f.yml', text: 'ab:\ncd: 1\n' }
    const problem = { ...problemAt(source, 'ab'), span: { file: 'f.yml', start: 3, end: 3 } }
    expect(renderProblems([problem], [source], plain).split('\n')[2]).toBe('    |    ^')
  })

  test('lines end with LF, CRLF or a lone CR', () => {
    const source = { name: 'f.yml', text: 'a\rb\r\nc\nd' }
    const problems = ['a', 'b', 'c', 'd'].map((text) => problemAt(source, text))
    expect(placeProblems(problems, [source]).map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
    ])
  })

  test('a span beyond the file is its end', () => {
    const problem = { ...conflict, span: { file: 'repos.yml', start: 9999, end: 10_000 } }
    expect(placeProblems([problem], [repos])[0]).toMatchObject({ line: 5, column: 1 })
  })

  test('nothing of a file reaches the terminal as control', () => {
    const source = { name: 'f\u001b[2J.yml', text: 'a: \u001b[31m\u202Ex\u0007\u009b1m y\n' }
    const problem = problemAt(source, 'y', { message: 'key "\u001b[31m" is\nwrong', hint: '\u0007' })
    const rendered = renderProblems([problem], [source], plain)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(rendered.split('\n')[2]).toMatch(/\^$/)
  })
})

test('JSON: the fields of the design, in UTF-16 columns, without what does not apply', () => {
  const wide = { name: 'w.yml', text: '🐳: x\n' }
  const bare: Problem = { severity: 'warning', code: 'c', message: 'm', path: '' }
  expect(placeProblems([conflict, problemAt(wide, 'x'), bare], [repos, wide])).toEqual([
    { severity: 'warning', code: 'c', path: '', message: 'm' },
    {
      file: 'repos.yml',
      line: 4,
      column: 15,
      severity: 'error',
      code: 'port-conflict',
      path: 'repositories.all.httpPort',
      message: 'httpPort 8082 is already used by "apps"',
      hint: 'each connector needs its own port',
    },
    {
      file: 'w.yml',
      line: 1,
      column: 5,
      severity: 'error',
      code: 'some-code',
      path: '',
      message: 'is wrong',
    },
  ])
})

test('GitHub annotations, escaped', () => {
  const odd = { name: 'a,b:c%.yml', text: 'x: 1\n' }
  const stdin = { name: '-', text: 'x: 1\n' }
  const problems = [
    conflict,
    problemAt(odd, '1', { severity: 'warning', message: '100%\r\nwrong', code: 'odd' }),
    problemAt(stdin, '1', { code: 'in' }),
  ]
  expect(placeProblems(problems, [repos, odd, stdin]).map(githubAnnotation)).toEqual([
    '::error file=repos.yml,line=4,col=15,title=port-conflict::httpPort 8082 is already used by "apps"%0Ahint: each connector needs its own port',
    '::warning file=a%2Cb%3Ac%25.yml,line=1,col=4,title=odd::100%25%0D%0Awrong',
    '::error title=in::is wrong',
  ])
})

describe('many problems', () => {
  const problemsIn = (
    text: string,
    count: number,
    more: (index: number) => Partial<Problem> = () => ({}),
  ): Problem[] =>
    Array.from({ length: count }, (_, index) => {
      const start = Math.floor((index * (text.length - 1)) / count)
      const span = { file: 'f.yml', start, end: start + 1 }
      return { severity: 'error', code: `c${index}`, message: 'is wrong', path: '', span, ...more(index) }
    })

  test('fifty are shown, errors before warnings, and the rest counted', () => {
    const text = 'a: 1\n'.repeat(500)
    const severityOf = (index: number) => ({
      severity: index < 400 ? ('warning' as const) : ('error' as const),
    })
    const rendered = renderProblems(problemsIn(text, 410, severityOf), [{ name: 'f.yml', text }], plain)
    expect(rendered.match(/^error\[/gm)).toHaveLength(10)
    expect(rendered.match(/^warning\[/gm)).toHaveLength(40)
    expect(rendered).toMatch(
      /\n\nand 360 more; -o json has all of them\n\n410 problems \(10 errors, 400 warnings\)$/,
    )
    expect(renderProblems(problemsIn(text, 50), [{ name: 'f.yml', text }], plain)).not.toContain(' more;')
  })

  test('take time for the text and their number, not for the product', () => {
    const texts = {
      'one long line': `a: [${'"${UNSET}",'.repeat(20_000)}]`,
      'one long line of secrets': `a: [${'{password: x, port: 1}, '.repeat(10_000)}]`,
      'a line too long for a frame': `a: ${'x'.repeat(3_000_000)}`,
      'many lines': 'password: "x\n'.repeat(20_000),
      'wide characters': `a: ${'値🦀e\u0301\u202e'.repeat(30_000)}`,
      brackets: '[{(" \''.repeat(40_000),
      spaces: `password:${' '.repeat(200_000)}x`,
    }
    const redactor = createRedactor()
    redactor.add('some-secret')
    const started = performance.now()
    for (const text of Object.values(texts)) {
      const rendered = renderProblems(problemsIn(text, 20_000), [{ name: 'f.yml', text }], plain, redactor)
      expect(rendered.length).toBeLessThan(30_000)
    }
    const name = 'n'.repeat(100_000)
    renderProblems(
      problemsIn('a: 1', 1000, () => ({ message: name, path: name })),
      [{ name: 'f.yml', text: 'a: 1' }],
      plain,
    )
    expect(performance.now() - started).toBeLessThan(30_000)
  })

  test('a frame that is cut out of a long line hides the whole of a secret, whatever part of it would show', () => {
    const secret = 'abcdefghijklmnopqrstuvwxyz'.repeat(100)
    const redactor = createRedactor()
    redactor.add(secret)
    for (const text of [
      `a: ${secret} x`,
      `a: ${'y'.repeat(900)}${secret} x`,
      `a: ${encodeURIComponent(secret)}?x`,
    ]) {
      for (let start = 0; start < text.length; start += 97) {
        const problem: Problem = {
          severity: 'error',
          code: 'c',
          message: 'm',
          path: '',
          span: { file: 'f', start, end: start + 50 },
        }
        const rendered = renderProblems([problem], [{ name: 'f', text }], plain, redactor)
        expect(rendered).not.toMatch(/abcd|wxyz/)
        expect(Math.max(...rendered.split('\n').map(displayWidth))).toBeLessThan(110)
      }
    }
  })

  test('what a message quotes is hidden before it is printable', () => {
    const redactor = createRedactor()
    redactor.add('two\nlines of it')
    const problem: Problem = {
      severity: 'error',
      code: 'c',
      message: 'no: two\nlines of it\n::x',
      path: '',
      hint: 'not &#116;wo&#10;lines of it',
    }
    expect(renderProblems([problem], [], plain, redactor)).toBe(
      'error[c]: no: *** ::x\n  hint: not ***\n\n1 problem (1 error)',
    )
  })
})
