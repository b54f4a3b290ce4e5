import { eastAsianWidth } from 'get-east-asian-width'

const invisible = /[\p{Mn}\p{Me}\p{Cf}]/u

/** Columns of a terminal that one character (a code point) takes: 0, 1 or 2. */
export function characterWidth(character: string): number {
  if (invisible.test(character)) return 0
  return eastAsianWidth(character.codePointAt(0) ?? 0)
}

/** Columns of a terminal that a text without line breaks and tabs takes. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Pads a text with spaces to a number of terminal columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** The text cut to a number of terminal columns, with `…` as its last where something was left out. */
export function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const next = characterWidth(character)
    if (used + next > width - 1) break
    kept += character
    used += next
  }
  return width > 0 ? `${kept}…` : ''
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const colour = /\u001b\[[\d;]*m/g

/** What reads as one: a quotation (of a file, a command), a field with its value in parentheses, a number with what it counts. */
const unit = /"[^"\n]*"|`[^`\n]*`|\([^\s()]+ [^\s()]+\)/g

/** Stands for a space that is none to break at; no text that is shown holds it. */
const KEPT = '\u0000'

/** The line of a code frame, `  12 | name: value`: the carets below it stand under its characters. */
const frame = /^ *\d* *\|/

/**
 * Text of several lines, perhaps with colours: a line that is wider is broken at spaces, and goes on below as far to the right as it
 * began. What reads as one stays together where it fits into a line. Without a width (0, as some terminals say) the text stays as it is.
 */
export function foldTo(text: string, width: number): string {
  if (width <= 0) return text
  return text
    .split('\n')
    .flatMap((line) => foldLine(line, width))
    .join('\n')
}

function foldLine(line: string, width: number): string[] {
  const bare = line.replaceAll(colour, '')
  if (displayWidth(bare) <= width || frame.test(bare)) return [line]
  const [indent = ''] = /^ */.exec(line) ?? []
  const fits = (part: string) => displayWidth(part.replaceAll(colour, '').trim()) <= width - indent.length
  const words = wordsOf(line.replace(unit, (whole) => whole.replaceAll(' ', KEPT))).flatMap((word) => {
    const kept = word.replaceAll(KEPT, ' ')
    return fits(kept) ? kept : wordsOf(kept)
  })
  return foldWords(words, indent, width)
}

function wordsOf(line: string): string[] {
  return line.split(/(?<=\S)(?= )/)
}

function foldWords(words: readonly string[], indent: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  let used = 0
  for (const word of words) {
    const breaks = current !== '' && used + displayWidth(word.replaceAll(colour, '')) > width
    if (breaks) lines.push(current)
    const added = breaks ? indent + word.trimStart() : word
    current = breaks ? added : current + added
    used = (breaks ? 0 : used) + displayWidth(added.replaceAll(colour, ''))
  }
  return [...lines, current]
}
