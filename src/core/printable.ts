const lineBreak = /\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g
const control = /\p{Cc}/gu
// Among them the marks that turn the direction of text: they make a line read as something else than it says.
const invisible = /\p{Cf}/gu
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/u

/** The text for one line of a terminal: nothing in it can move the cursor, change colours, reorder what is shown or end the line. */
export function printable(text: string): string {
  if (!unprintable.test(text)) return text
  return text.replace(lineBreak, ' ').replace(control, '\uFFFD').replace(invisible, '')
}

/** JSON on one line, in which every character that `printable` would change is written as `\uXXXX`: nothing is lost, nothing is raw. */
export function printableJson(value: unknown): string {
  const json = JSON.stringify(value)
  const escaped = unprintable.test(json) ? json.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, unicodeEscapes) : json
  return escaped.includes('##') ? escaped.replace(command, '#\\u0023') : escaped
}

function unicodeEscapes(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')
}

/** Azure Pipelines takes `##vso[…]` anywhere in a line for a command, GitHub Actions an old form of its own. */
const command = /##(?=\[|vso\[)/g

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const colourOrControl = /\u001b\[[\d;]*m|(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/**
 * The last look at finished text, of several lines and perhaps with colours: no other control, and no line that a runner of jobs
 * would take for a command. GitHub's begin with `::`, after white space too (actions/runner `ActionCommand.cs`).
 */
export function harmlessLines(text: string, { colours }: { colours: boolean }): string {
  return text
    .replace(colourOrControl, (found) => {
      if (found.length > 1 && colours) return found
      return found === '\t' ? '  ' : '\uFFFD'
    })
    .replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
    .replace(command, '# #')
}
