import fc from 'fast-check'
import { expect, test } from 'vitest'
import { displayWidth, foldTo } from '../../src/core/display-width.ts'

test.each([
  ['', 0],
  ['abc', 3],
  ['äöü ж', 5],
  ['値段', 4],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['e\u0301', 1],
  ['🐳', 2],
  ['a\u200Bb\uFEFF', 2],
  ['…→', 2],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

test.each([
  ['as it is', 8, 'as it is'],
  ['no more room', 8, 'no more\nroom'],
  ['  below its beginning', 11, '  below its\n  beginning'],
  ['longer-than-that and', 8, 'longer-than-that\nand'],
  ['two lines\nare two', 5, 'two\nlines\nare\ntwo'],
  ['\u001B[31mred\u001B[39m has no width', 13, '\u001B[31mred\u001B[39m has no\nwidth'],
  ['値段 値段', 8, '値段\n値段'],
  ['writes "a: b c" there', 14, 'writes\n"a: b c" there'],
  ['write `a b`', 8, 'write\n`a b`'],
  ['a field (word: true) is set', 20, 'a field (word: true)\nis set'],
  ['a field (word: true) is set', 19, 'a field\n(word: true) is set'],
  ['longer "than the line is" here', 12, 'longer "than\nthe line is"\nhere'],
  ['one "quotation only', 8, 'one\n"quotation\nonly'],
  ['  12 | name: a long value of a file', 20, '  12 | name: a long value of a file'],
  ['\u001B[2m   |\u001B[22m      ^^^^ ^^^^ ^^^^', 12, '\u001B[2m   |\u001B[22m      ^^^^ ^^^^ ^^^^'],
  ['without a width', 0, 'without a width'],
])('%j in %i columns', (text, width, folded) => {
  expect(foldTo(text, width)).toBe(folded)
})

const word = fc.constantFrom(
  'a',
  'word',
  'server',
  '"one word"',
  '"bootstrap: {acceptEula: true}"',
  '`a b c`',
  '(key: true)',
  '値段',
  'https://nexus.example.com:8081/nexus',
  '(12 requests)',
  '"open',
)

test('a folded line loses nothing, fits where it can, and keeps together what reads as one', () => {
  const property = fc.property(
    fc.array(word, { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 0, max: 6 }),
    (words, width, indent) => {
      const text = ' '.repeat(indent) + words.join(' ')
      const lines = foldTo(text, width).split('\n')
      expect(lines.map((line) => line.trim()).join(' ')).toBe(text.trim())
      for (const line of lines) {
        expect(line.startsWith(' '.repeat(indent))).toBe(true)
        if (displayWidth(line) > width) expect(line.trim()).not.toContain(' ')
      }
      if (words.includes('"open')) return
      for (const one of words)
        if (displayWidth(one) + indent <= width) expect(lines.some((line) => line.includes(one))).toBe(true)
    },
  )
  fc.assert(property, { numRuns: 1000 })
})
