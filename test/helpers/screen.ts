import { characterWidth } from '../../src/core/display-width.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape character is how they begin
const sequence = /^\u001B\[(\??)([\d;]*)([A-Za-z])/

/** One place of a screen; the second half of a wide character is ''. */
export interface Cell {
  text: string
  /** Select Graphic Rendition parameters that are in force: `1`, `32`. */
  style: readonly string[]
}

// What a parameter takes away: 22 ends bold and dim, 39 any colour of the foreground.
const endings: Record<string, RegExp> = { '': /./, '0': /./, '22': /^[12]$/, '39': /^(3|9)\d$/ }

function styleAfter(style: readonly string[], parameters: string): readonly string[] {
  return parameters.split(';').reduce<readonly string[]>((before, parameter) => {
    const ends = endings[parameter]
    if (ends) return before.filter((each) => !ends.test(each))
    const replaced = /^(3|9)\d$/.test(parameter)
      ? before.filter((each) => !endings['39']?.test(each))
      : before
    return [...replaced, parameter]
  }, style)
}

/**
 * What is on a terminal of so many columns, scrolled-off lines included, after it got a text: line breaks, carriage returns, wrapping, styles, and
 * the control sequences that move the cursor up and down and clear. Modes are left out; an unknown movement throws.
 */
export function cellsOf(raw: string, columns: number): Cell[][] {
  const lines: Cell[][] = [[]]
  let row = 0
  let column = 0
  let style: readonly string[] = []
  const line = (): Cell[] => (lines[row] ??= [])
  const control = (rest: string): number => {
    const match = sequence.exec(rest)
    if (!match) throw new Error(`unknown sequence: ${JSON.stringify(rest.slice(0, 10))}`)
    const [whole, isPrivate, parameter = '', command = ''] = match
    const count = Number(parameter || 1)
    if (command === 'A') row = Math.max(0, row - count)
    else if (command === 'B') row += count
    // Home, to clear the screen: what was there counts as scrolled off.
    else if (command === 'H') {
      row = lines.length
      column = 0
    } else if (command === 'G') column = count - 1
    else if (command === 'K') lines[row] = parameter === '2' ? [] : line().slice(0, column)
    else if (command === 'J') {
      lines.splice(row + 1)
      lines[row] = line().slice(0, column)
    } else if (command === 'm') style = styleAfter(style, parameter)
    else if (!isPrivate) throw new Error(`unknown sequence: ${JSON.stringify(whole)}`)
    return whole.length
  }
  const put = (character: string): void => {
    const width = characterWidth(character)
    if (column + width > columns) {
      row += 1
      column = 0
    }
    while (line().length < column) line().push({ text: ' ', style: [] })
    line()[column] = { text: character, style }
    if (width === 2) line()[column + 1] = { text: '', style }
    column += width
  }
  for (let index = 0; index < raw.length; ) {
    const character = String.fromCodePoint(raw.codePointAt(index) ?? 0)
    if (character === '\u001B') {
      index += control(raw.slice(index, index + 20))
      continue
    }
    index += character.length
    if (character === '\r') column = 0
    else if (character === '\n') row += 1
    else if (character >= ' ') put(character)
    line()
  }
  return lines
}

/** The same as text, without styles. */
export function screenOf(raw: string, columns: number): string {
  return cellsOf(raw, columns)
    .map((cells) =>
      cells
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n')
    .trimEnd()
}

/** Whether the cursor is shown after the terminal got a text. */
export function cursorIsShown(raw: string): boolean {
  return raw.lastIndexOf('\u001B[?25l') <= raw.lastIndexOf('\u001B[?25h')
}

const ESC = '\u001B'

/** The escape sequences in a text, without the escape character: `[1A`. */
export function escapesOf(raw: string): string[] {
  return raw.match(new RegExp(`(?<=${ESC})\\[\\??[\\d;]*[A-Za-z]`, 'g')) ?? []
}

/** What a live line showed, frame by frame: each is a synchronized update. */
export function framesOf(raw: string): string[] {
  const frames = raw.matchAll(new RegExp(`${ESC}\\[\\?2026h(.*?)${ESC}\\[\\?2026l`, 'gs'))
  const sequences = new RegExp(`${ESC}\\[[\\d;]*[A-Za-z]`, 'g')
  return [...frames].map(([, frame = '']) => frame.replace(sequences, ''))
}
