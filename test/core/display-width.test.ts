import { expect, test } from 'vitest'
import { displayWidth } from '../../src/core/display-width.ts'

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
