import { type StructuredPatchHunk, structuredPatch } from 'diff'
import type { Paint } from '../core/paint.ts'
import { printable } from '../core/printable.ts'
import { masked, type Stretch } from '../core/secrets/redact.ts'
import { secretRanges } from '../yaml/mask-frame.ts'

/** The file as it will be written, comments dimmed. */
export function previewFile(text: string, paint: Paint): string {
  return linesOf(text)
    .map(printableLine)
    .map((line) => (/^\s*#/.test(line) ? paint.dim(line) : line))
    .join('\n')
}

/** Lines around each change. */
const context = 2
/** What differs in more lines is another file: it is shown as replaced whole, at once. */
const maxEditLength = 2000

/** What the new text changes, with two lines around each change. Secrets that the old file may hold are hidden. */
export function previewDiff(before: string, after: string, paint: Paint): string {
  if (before === after) return 'The file already says exactly that.'
  const old = linesOf(before)
  // What is written has none: it would be its own comments that are hidden.
  const hidden = secretRanges(old)
  const shown: string[] = []
  let next = 0
  for (const { oldStart, lines } of changedParts(old, linesOf(after))) {
    if (oldStart - 1 > next) shown.push(paint.dim('  …'))
    next = oldStart - 1
    for (const line of lines) {
      shown.push(paintLine(line, line.startsWith('-') ? (hidden[next] ?? []) : [], paint))
      if (!line.startsWith('+')) next += 1
    }
  }
  if (next < old.length) shown.push(paint.dim('  …'))
  return shown.join('\n')
}

/** Each line begins with its mark: in both, only in the old text, only in the new one. `oldStart` is the first one's number in the old text. */
type Part = Pick<StructuredPatchHunk, 'oldStart' | 'lines'>

function changedParts(old: readonly string[], fresh: readonly string[]): readonly Part[] {
  const [before = '', after = ''] = [old, fresh].map((lines) => `${lines.join('\n')}\n`)
  const patch = structuredPatch('', '', before, after, '', '', { context, maxEditLength })
  const replaced = () => [...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`)]
  return patch?.hunks ?? [{ oldStart: 1, lines: replaced() }]
}

function paintLine(marked: string, hidden: readonly Stretch[], paint: Paint): string {
  const [mark, text] = [marked.charAt(0), marked.slice(1)]
  const line = `${mark} ${printableLine(masked(text, hidden))}`
  if (mark === ' ') return line
  return mark === '-' ? paint.red(line) : paint.green(line)
}

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}

/** Whoever wrote the file: nothing in it reaches the terminal but text. */
function printableLine(line: string): string {
  return printable(line.replaceAll('\t', '  '))
}
