import { expect, test } from 'vitest'
import { compareVersions } from '../../src/core/versions.ts'

test.each([
  ['3.90.0', '3.90.0', 0],
  ['3.90', '3.90.0', 0],
  ['3.9.0', '3.10.0', -1],
  ['3.71.1', '3.71.0', 1],
  ['3.71.2', '3.71.10', -1],
  ['4.0.0', '3.99.9', 1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
  expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign)
})
