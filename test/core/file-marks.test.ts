import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasInvisibleEnds, withoutFileMarks } from '../../src/core/file-marks.ts'

test.each([
  ['a\n', 'a'],
  ['a\r\n', 'a'],
  ['a\r', 'a'],
  ['\ufeffa', 'a'],
  ['\ufeffa\r\n', 'a'],
  ['a\n\n', 'a\n'],
  ['a\n\r', 'a\n'],
  [' a ', ' a '],
  ['a\ufeff', 'a\ufeff'],
  ['\n', ''],
  ['', ''],
])('%j is %j', (text, bare) => {
  expect(withoutFileMarks(text)).toBe(bare)
})

test('whatever a file puts around a text that has no marks of its own, it is the same text', () => {
  const text = fc.string({ unit: 'binary' }).filter((one) => !/^\ufeff|[\r\n]$/.test(one))
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('', '\ufeff'),
      fc.constantFrom('', '\n', '\r\n', '\r'),
      (bare, mark, end) => {
        expect(withoutFileMarks(mark + bare + end)).toBe(bare)
      },
    ),
  )
})

test.each([
  ['admin123', false],
  ['pass word', false],
  ['a\u00a0b', false],
  [' a', true],
  ['a\t', true],
  ['a\n', true],
  ['a\u200b', true],
  ['\u00a0a', true],
  ['a\u0007', true],
])('%j ends invisibly: %s', (text, told) => {
  expect(hasInvisibleEnds(text)).toBe(told)
})
