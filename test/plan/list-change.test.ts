import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listChange } from '../../src/plan/list-change.ts'

test.each<[before: unknown[], after: unknown[], isSet: boolean, shown: string | undefined]>([
  [['a'], ['a', 'b'], false, '+b (1 kept)'],
  [['a', 'b'], ['c', 'b'], false, '+c at 1, -a (1 kept)'],
  [['a', 'b', 'c'], ['a', 'b'], false, '-c (2 kept)'],
  [['a'], ['b'], false, '+b, -a'],
  [[], ['a', 'b'], false, '+a, +b'],
  [['a'], [], false, '-a (none left)'],
  [['a', 'b', 'c'], ['a', 'c', 'b'], false, 'order b, c → c, b (3 kept)'],
  [['a', 'b', 'c', 'd'], ['d', 'b', 'x', 'a'], false, '+x at 3, -c, order a, b, d → d, b, a (3 kept)'],
  ['abcdefgh'.split(''), 'hgfedcba'.split(''), false, 'order differs in positions 1 to 8 (8 kept)'],
  [['a', 'a', 'b'], ['a', 'b'], false, '-a (2 kept)'],
  [['a'], ['a', 'a'], false, '+a (1 kept)'],
  [['a', 'b'], ['b', 'a', 'a'], true, undefined],
  [['a', 'b'], ['c', 'b'], true, '+c, -a (1 kept)'],
  [['x y', '-z'], ['x y', 'a,b', ''], false, '+"a,b", +"", -"-z" (1 kept)'],
  [[{ path: 'p', to: [1] }], [{ to: [1], path: 'p' }, { path: 'q' }], false, '+{path: q} (1 kept)'],
  [['a'], ['a'], false, undefined],
])('%j → %j', (before, after, isSet, shown) => {
  expect(listChange(before, after, { isSet })).toBe(shown)
})

const item = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd', 'e', 'order', 'at', '1', '-', '+a', 'a, +b', '→', '(1 kept)', '"', ''),
  fc.string(),
)

/** What stands behind the signs `+` and `-`, and at which places. */
function signed(shown: string): { added: { text: string; place: number | undefined }[]; removed: string[] } {
  const found: ReturnType<typeof signed> = { added: [], removed: [] }
  const whole = shown.replace(/ \((\d+ kept|none left)\)$/, '')
  const parts = /(?:, )?([+-])(?:("(?:\\.|[^"\\])*")|([^\s,]*))(?: at (\d+))?/guy
  for (const [, sign, quoted, bare = '', place] of whole.matchAll(parts)) {
    const text = quoted === undefined ? bare : (JSON.parse(quoted) as string)
    if (sign === '-') found.removed.push(text)
    else found.added.push({ text, place: place === undefined ? undefined : Number(place) })
  }
  return found
}

/** The new list as the differences say: taken out from the end, put in at the places, then at the end. */
function applied(before: readonly string[], shown: string): string[] {
  const { added, removed } = signed(shown)
  const made = [...before]
  for (const one of removed) {
    const at = made.lastIndexOf(one)
    expect(at).toBeGreaterThanOrEqual(0)
    made.splice(at, 1)
  }
  for (const { text, place } of added) made.splice(place === undefined ? made.length : place - 1, 0, text)
  return made
}

function count(list: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1)
  return Object.fromEntries(
    [...counts].filter(([, times]) => times > 0).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

test('of the old list and what is shown one can make the new one, order aside', () => {
  const property = fc.property(
    fc.array(item, { maxLength: 8 }),
    fc.array(item, { maxLength: 8 }),
    fc.boolean(),
    (before, after, isSet) => {
      const shown = listChange(before, after, { isSet })
      const made = applied(isSet ? [...new Set(before)] : before, shown ?? '')
      if (isSet) expect(new Set(made)).toEqual(new Set(after))
      else {
        expect(count(made)).toEqual(count(after))
        expect(shown === undefined).toBe(JSON.stringify(before) === JSON.stringify(after))
        // Where nothing is said of the order, it is that of the old list, with what is added at its place or at the end.
        if (shown !== undefined && !/(^|, )order /.test(shown)) expect(made).toEqual(after)
      }
    },
  )
  fc.assert(property, { numRuns: 3000 })
})
