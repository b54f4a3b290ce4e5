// Offsets in a text to lines and columns and back. Lines end with LF, CRLF or a lone CR, as in YAML and in editors.

/** A stretch of one source file, as character offsets. `file` is the name that problems print (`-` for standard input). */
export interface Span {
  file: string
  start: number
  end: number
}

export interface Position {
  /** Index of the line, from 0. */
  line: number
  /** UTF-16 units from the start of the line, from 0, a byte order mark not counted. */
  column: number
}

const byteOrderMark = '\uFEFF'

/** Offset at which each line starts; the first is past a byte order mark. */
export function lineStarts(text: string): number[] {
  const starts = [text.startsWith(byteOrderMark) ? 1 : 0]
  for (const { 0: lineBreak, index } of text.matchAll(/\r\n?|\n/g)) starts.push(index + lineBreak.length)
  return starts
}

/** Line and column of an offset; beyond the text it is the end of the text. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low, column: Math.max(0, offset - (starts[low] ?? 0)) }
}

/** The line as it stands in the text, without its line break. */
export function lineText(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line] ?? text.length, starts[line + 1] ?? text.length).replace(/[\r\n]+$/, '')
}
