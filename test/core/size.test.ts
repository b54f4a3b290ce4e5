import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatSize, parseSize } from '../../src/core/size.ts'

test.each([
  ['10 GiB', 10 * 2 ** 30],
  ['25Gi', 25 * 2 ** 30],
  ['25 gi', 25 * 2 ** 30],
  ['25 G', 25e9],
  ['500MB', 5e8],
  ['2 PiB', 2 ** 51],
  ['1.5 TB', 1.5e12],
  ['1024', 1024],
  ['1023 bytes', 1023],
])('%s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each(['', 'GiB', '10 XB', '10 GiBB', '-1 GB', '1,5 GB', '1e3', '10 giga', 'i'])(
  '"%s" is no size',
  (text) => {
    expect(parseSize(text)).toBeUndefined()
  },
)

test('what plans show is read as the same number', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    fc
      .tuple(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(1000, 1024), fc.integer({ min: 0, max: 4 }))
      .map(([count, base, power]) => count * base ** power),
  )
  fc.assert(fc.property(sizes, (bytes) => parseSize(formatSize(bytes)) === bytes))
})
