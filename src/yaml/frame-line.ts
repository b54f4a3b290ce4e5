import { characterWidth } from '../core/display-width.ts'
import { printable } from '../core/printable.ts'
import { MASK, type Stretch } from '../core/secrets/redact.ts'

/** A line as it is shown, and where below it the carets go, in columns of a terminal. */
export interface FrameLine {
  text: string
  caretAt: number
  caretLength: number
}

interface Cell {
  text: string
  width: number
  /** Stretch of the line that it stands for. */
  start: number
  end: number
}

const maximumWidth = 100
/** Columns kept in front of the caret when a long line is cut. */
const before = 40
/** UTF-16 units on either side of the caret that are looked at: enough for the columns, whatever the length of the line. */
const reach = 400

/** Makes a line showable: secrets hidden, tabs and controls replaced, cut around the caret. `caret` in UTF-16 units. */
export function frameLine(line: string, caret: Stretch, masks: readonly Stretch[]): FrameLine {
  const from = startOfWindow(line, caret.start - reach, masks)
  const cells = cellsOf(line, { start: from, end: caret.start + reach }, masks)
  const isCut = { before: from > 0, after: (cells.at(-1)?.end ?? 0) < line.length }
  const first = cells.findIndex(({ end }) => end > caret.start)
  const at = first < 0 ? cells.length : first
  const marked = cells.slice(at).filter(({ start }) => start < caret.end)
  const caretLength = Math.max(1, widthOf(marked))
  const caretAt = widthOf(cells.slice(0, at))
  if (!isCut.before && !isCut.after && widthOf(cells) <= maximumWidth)
    return { text: textOf(cells), caretAt, caretLength }
  return cut(cells, { caretAt, caretLength }, isCut)
}

/** Never inside a secret or a character. */
function startOfWindow(line: string, wanted: number, masks: readonly Stretch[]): number {
  if (wanted <= 0) return 0
  const mask = masks.find(({ end }) => end > wanted)
  const start = Math.min(wanted, mask?.start ?? wanted)
  const isInside = /[\uDC00-\uDFFF]/.test(line.charAt(start))
  return isInside ? start - 1 : start
}

function cut(
  cells: readonly Cell[],
  { caretAt, caretLength }: Omit<FrameLine, 'text'>,
  isCut: { before: boolean; after: boolean },
): FrameLine {
  let column = 0
  let hidden = 0
  const shown: Cell[] = []
  const start = caretAt > maximumWidth - before ? caretAt - before : 0
  for (const cell of cells) {
    if (column < start) hidden += cell.width
    else if (column - hidden + cell.width < maximumWidth - 1) shown.push(cell)
    column += cell.width
  }
  const head = hidden > 0 || isCut.before ? '…' : ''
  const width = widthOf(shown)
  const tail = hidden + width < column || isCut.after ? '…' : ''
  const at = caretAt - hidden + head.length
  const room = head.length + width - at
  return {
    text: head + textOf(shown) + tail,
    caretAt: at,
    caretLength: Math.max(1, Math.min(caretLength, room)),
  }
}

/** The characters of a part of the line. A secret is one cell, as a whole. */
function cellsOf(line: string, part: Stretch, masks: readonly Stretch[]): Cell[] {
  const cells: Cell[] = []
  let offset = part.start
  let mask = 0
  while (offset < Math.min(line.length, part.end)) {
    while ((masks[mask]?.end ?? Number.POSITIVE_INFINITY) <= offset) mask += 1
    const hidden = masks[mask]
    if (hidden && hidden.start <= offset) {
      cells.push({ text: MASK, width: MASK.length, start: offset, end: hidden.end })
      offset = hidden.end
      continue
    }
    const character = String.fromCodePoint(line.codePointAt(offset) ?? 0)
    const end = offset + character.length
    const text = character === '\t' ? '  ' : printable(character)
    cells.push({ text, width: character === '\t' ? 2 : widthOfText(text), start: offset, end })
    offset = end
  }
  return cells
}

function widthOfText(text: string): number {
  return text === '' ? 0 : characterWidth(text)
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0)
}

function textOf(cells: readonly Cell[]): string {
  return cells.map(({ text }) => text).join('')
}
