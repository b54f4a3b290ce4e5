/** One line of a comparison: in both, only in the old text, only in the new one. */
export interface DiffLine {
  mark: ' ' | '-' | '+'
  text: string
  /** 0-based line in the text that it comes from. */
  index: number
}

const maximumCells = 4_000_000

/**
 * The shortest list of removed and added lines that makes the old text the new one. Texts that are too long for the table of all pairs
 * (more than 2000 different lines each) are shown as replaced whole.
 */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  const most = Math.min(before.length, after.length) - head
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const same = (from: number, to: number): DiffLine[] =>
    before.slice(from, to).map((text, index) => ({ mark: ' ', text, index: from + index }))
  const middle = diffMiddle(
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
    head,
  )
  return [...same(0, head), ...middle, ...same(before.length - tail, before.length)]
}

function diffMiddle(before: readonly string[], after: readonly string[], offset: number): DiffLine[] {
  const removed = (from: number) =>
    before.slice(from).map((text, index): DiffLine => ({ mark: '-', text, index: offset + from + index }))
  const added = (from: number) =>
    after.slice(from).map((text, index): DiffLine => ({ mark: '+', text, index: offset + from + index }))
  const lengths = commonLengths(before, after)
  if (!lengths) return [...removed(0), ...added(0)]
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < before.length && j < after.length) {
    const text = before[i] ?? ''
    const down = lengths[i + 1]?.[j] ?? 0
    const right = lengths[i]?.[j + 1] ?? 0
    if (text === after[j]) {
      lines.push({ mark: ' ', text, index: offset + i })
      i += 1
      j += 1
    } else if (down >= right) lines.push({ mark: '-', text, index: offset + i++ })
    else lines.push({ mark: '+', text: after[j] ?? '', index: offset + j++ })
  }
  return [...lines, ...removed(i), ...added(j)]
}

/** For each pair of places, how many lines the rests have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] | undefined {
  if (before.length * after.length > maximumCells) return undefined
  const lengths: number[][] = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  )
  for (let i = before.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? []
    const below = lengths[i + 1] ?? []
    for (let j = after.length - 1; j >= 0; j--)
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
  }
  return lengths
}
