import { expect, it } from 'vitest'
import { elapsed, elapsedSeconds } from '../../src/core/elapsed.ts'

it.each([
  [-5, '0 s', '0 s'],
  [0, '0 s', '0 s'],
  [400, '0.4 s', '0 s'],
  [1999, '1 s', '1 s'],
  [12_000, '12 s', '12 s'],
  [60_000, '1 m', '1 m'],
  [65_400, '1 m 5 s', '1 m 5 s'],
  [300_000, '5 m', '5 m'],
  [3_600_000, '1 h', '1 h'],
  [3_725_000, '1 h 2 m 5 s', '1 h 2 m 5 s'],
])('%i ms', (milliseconds, exact, seconds) => {
  expect(elapsed(milliseconds)).toBe(exact)
  expect(elapsedSeconds(milliseconds)).toBe(seconds)
})
