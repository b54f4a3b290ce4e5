import type { Paint } from '../core/paint.ts'
import { printable } from '../core/printable.ts'
import { masked, type Stretch } from '../core/secrets/redact.ts'
import { secretRanges } from '../yaml/mask-frame.ts'
import { type DiffLine, diffLines } from './diff.ts'

/** The file as it will be written, comments dimmed. */
export function previewFile(text: string, paint: Paint): string {
  return linesOf(text)
    .map(printableLine)
    .map((line) => (/^\s*#/.test(line) ? paint.dim(line) : line))
    .join('\n')
}

const contextLines = 2

/** What the new text changes, with two lines around each change. Secrets that the old file may hold are hidden. */
export function previewDiff(before: string, after: string, paint: Paint): string {
  if (before === after) return 'The file says exactly that already.'
  const old = linesOf(before)
  const fresh = linesOf(after)
  // What is written has none: it would be its own comments that are hidden.
  const hidden = secretRanges(old)
  const lines = diffLines(old, fresh)
  const kept = lines.map((_, index) =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ mark }) => mark !== ' '),
  )
  const shown: string[] = []
  for (const [index, line] of lines.entries()) {
    if (kept[index]) shown.push(paintLine(line, line.mark === '-' ? (hidden[line.index] ?? []) : [], paint))
    else if (index === 0 || kept[index - 1]) shown.push(paint.dim('  …'))
  }
  return shown.join('\n')
}

function paintLine({ mark, text }: DiffLine, hidden: readonly Stretch[], paint: Paint): string {
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
