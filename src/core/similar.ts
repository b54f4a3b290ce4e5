// Did-you-mean: the candidate that a mistyped word most probably meant.

/** Letters that may differ at most, however long the word. */
const mostDifferent = 3

/**
 * The candidate closest to the word, ignoring case, or undefined when none is close: up to a third of the letters may
 * differ (at most 3), or the word is the beginning (3 letters or more) of exactly one candidate.
 * Between equally close ones the one with more of the same letters wins (two are swapped sooner than one is another), then the one with
 * the same first letter, then the first in code point order.
 */
export function similar(word: string, candidates: Iterable<string>): string | undefined {
  const lowered = word.toLowerCase()
  const sorted = [...new Set(candidates)]
    .filter((candidate) => candidate !== word && mayBeClose(lowered, candidate))
    .sort(byCodePoint)
  let best: { candidate: string; rank: number } | undefined
  for (const candidate of sorted) {
    const other = candidate.toLowerCase()
    const bound = Math.max(1, Math.min(mostDifferent, Math.floor(Math.max(lowered.length, other.length) / 3)))
    const distance = editDistance(lowered, other, bound)
    if (distance > bound || distance >= Math.min(lowered.length, other.length)) continue
    const rank = distance * 1000 + differentLetters(lowered, other) * 2 + (other[0] === lowered[0] ? 0 : 1)
    if (!best || rank < best.rank) best = { candidate, rank }
  }
  return best?.candidate ?? onlyCompletion(lowered, sorted)
}

/** Letters that only one of the words has, counted. */
function differentLetters(a: string, b: string): number {
  const counts = new Map<string, number>()
  for (const letter of a) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  for (const letter of b) counts.set(letter, (counts.get(letter) ?? 0) - 1)
  return [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0)
}

/** Most of thousands are not, and need not be put in order. */
function mayBeClose(lowered: string, candidate: string): boolean {
  return (
    Math.abs(lowered.length - candidate.length) <= mostDifferent ||
    candidate.toLowerCase().startsWith(lowered)
  )
}

function onlyCompletion(lowered: string, sorted: readonly string[]): string | undefined {
  if (lowered.length < 3) return undefined
  const completions = sorted.filter((candidate) => candidate.toLowerCase().startsWith(lowered))
  return completions.length === 1 ? completions[0] : undefined
}

function byCodePoint(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string alignment).
 * Anything above the bound is told as `bound + 1`. Takes time in proportion to the length of a word: what is further from the
 * diagonal than the bound is not looked at.
 */
export function editDistance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1
  // Rows of the usual table, of which only the columns around the diagonal exist.
  let beforePrevious: Row = new Map()
  let previous: Row = new Map()
  for (let column = 0; column <= Math.min(b.length, bound); column++) previous.set(column, column)
  for (let row = 1; row <= a.length; row++) {
    const current: Row = new Map()
    let leastOfRow = Number.POSITIVE_INFINITY
    for (let column = Math.max(0, row - bound); column <= Math.min(b.length, row + bound); column++) {
      const same = a[row - 1] === b[column - 1]
      let least = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(beforePrevious, column - 2) + 1)
      }
      current.set(column, least)
      leastOfRow = Math.min(leastOfRow, least)
    }
    if (leastOfRow > bound) return bound + 1
    beforePrevious = previous
    previous = current
  }
  return Math.min(at(previous, b.length), bound + 1)
}

type Row = Map<number, number>

function at(row: Row, column: number): number {
  return row.get(column) ?? Number.POSITIVE_INFINITY
}
