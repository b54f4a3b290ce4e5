import { characterWidth } from '../core/display-width.ts'
import { printable } from '../core/printable.ts'
import type { Range } from './mask-frame.ts'

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

/** Makes a line showable: secrets hidden, tabs and controls replaced, cut around the caret. `caret` in UTF-16 units. */
export function frameLine(line: string, caret: Range, masks: readonly Range[]): FrameLine {
  const cells = cellsOf(line, masks)
  const first = cells.findIndex(({ end }) => end > caret.start)
  const from = first < 0 ? cells.length : first
  const marked = cells.slice(from).filter(({ start }) => start < caret.end)
  const caretLength = Math.max(1, widthOf(marked))
  const caretAt = widthOf(cells.slice(0, from))
  if (widthOf(cells) <= maximumWidth) return { text: textOf(cells), caretAt, caretLength }
  return cut(cells, caretAt, caretLength)
}

function cut(cells: readonly Cell[], caretAt: number, caretLength: number): FrameLine {
  let column = 0
  let hidden = 0
  const shown: Cell[] = []
  const start = caretAt > maximumWidth - before ? caretAt - before : 0
  for (const cell of cells) {
    if (column < start) hidden += cell.width
    else if (column - hidden + cell.width < maximumWidth - 1) shown.push(cell)
    column += cell.width
  }
  const head = hidden > 0 ? '…' : ''
  const tail = hidden + widthOf(shown) < column ? '…' : ''
  const at = caretAt - hidden + head.length
  const room = head.length + widthOf(shown) - at
  return {
    text: head + textOf(shown) + tail,
    caretAt: at,
    caretLength: Math.max(1, Math.min(caretLength, room)),
  }
}

function cellsOf(line: string, masks: readonly Range[]): Cell[] {
  const cells: Cell[] = []
  let offset = 0
  let mask = 0
  while (offset < line.length) {
    while ((masks[mask]?.end ?? Number.POSITIVE_INFINITY) <= offset) mask += 1
    const hidden = masks[mask]
    if (hidden && hidden.start <= offset) {
      cells.push({ text: '***', width: 3, start: offset, end: hidden.end })
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
