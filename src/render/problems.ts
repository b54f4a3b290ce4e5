import { type FramedProblem, frameProblems, type PlacedProblem, placeProblems } from '../config/codeframe.ts'
import type { Problem, SourceFile } from '../config/problem.ts'
import { counted } from '../core/counted.ts'
import type { Paint } from '../core/paint.ts'
import { printable } from '../core/printable.ts'

/**
 * Problems for a person: `error[code]: file:line:column: message`, the source line with carets, a hint; a count at the end.
 * Without a final line break; '' for no problems.
 */
export function renderProblems(
  problems: readonly Problem[],
  sources: readonly SourceFile[],
  paint: Paint,
): string {
  const framed = frameProblems(problems, sources)
  if (framed.length === 0) return ''
  return [...framed.map((problem) => renderProblem(problem, paint)), countProblems(framed)].join('\n\n')
}

function renderProblem({ placed, frame }: FramedProblem, paint: Paint): string {
  const colour = placed.severity === 'error' ? paint.red : paint.yellow
  const { file, line, column } = placed
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const head = colour(paint.bold(`${placed.severity}[${placed.code}]`))
  const lines = [
    `${head}: ${place === '' ? '' : `${paint.bold(printable(place))}: `}${printable(placed.message)}`,
  ]
  if (frame && line !== undefined) {
    const number = String(line)
    const carets = colour('^'.repeat(frame.caretLength))
    lines.push(`  ${paint.dim(`${number} |`)} ${frame.text}`.trimEnd())
    lines.push(`  ${paint.dim(`${' '.repeat(number.length)} |`)} ${' '.repeat(frame.caretAt)}${carets}`)
  }
  if (placed.hint !== undefined) lines.push(`  ${paint.cyan('hint:')} ${printable(placed.hint)}`)
  return lines.join('\n')
}

function countProblems(framed: readonly FramedProblem[]): string {
  const errors = framed.filter(({ placed }) => placed.severity === 'error').length
  const warnings = framed.length - errors
  const kinds = [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '')
  return `${count(framed.length, 'problem')} (${kinds.join(', ')})`
}

function count(number: number, noun: string): string {
  if (number === 0) return ''
  return counted(number, noun)
}

/** The `problems` of `validate -o json`. */
export function renderProblemsJson(
  problems: readonly Problem[],
  sources: readonly SourceFile[],
): PlacedProblem[] {
  return placeProblems(problems, sources)
}
