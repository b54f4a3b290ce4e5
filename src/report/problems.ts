import { cleaned } from '../core/clean.ts'
import { counted } from '../core/counted.ts'
import type { Paint } from '../core/paint.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import { createRedactor, type Redactor } from '../core/secrets/redact.ts'
import { frameProblems, type PlacedProblem } from '../yaml/code-frame.ts'
import type { FrameLine } from '../yaml/frame-line.ts'

/**
 * Problems for a person: `error[code]: file:line:column: message`, the source line with carets, a hint; a count at the end.
 * The first fifty, errors before warnings. What `redactor` knows is hidden, and nothing in them leaves its line. Without a final line break; '' for no problems.
 */
export function renderProblems(
  problems: readonly Problem[],
  sources: readonly SourceFile[],
  paint: Paint,
  redactor: Redactor = createRedactor(),
): string {
  const { all, framed } = frameProblems(problems, sources, (line) => redactor.find(line))
  if (all.length === 0) return ''
  const left = all.length - framed.length
  return [
    ...framed.map(({ placed, frame }) => renderProblem(cleaned(placed, redactor), frame, paint)),
    ...(left > 0 ? [`and ${left} more; -o json has all of them`] : []),
    countProblems(all),
  ].join('\n\n')
}

function renderProblem(placed: PlacedProblem, frame: FrameLine | undefined, paint: Paint): string {
  const colour = placed.severity === 'error' ? paint.red : paint.yellow
  const { file, line, column } = placed
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const head = colour(paint.bold(`${placed.severity}[${placed.code}]`))
  const lines = [`${head}: ${place === '' ? '' : `${paint.bold(place)}: `}${placed.message}`]
  if (frame && line !== undefined) {
    const number = String(line)
    const carets = colour('^'.repeat(frame.caretLength))
    lines.push(`  ${paint.dim(`${number} |`)} ${frame.text}`.trimEnd())
    lines.push(`  ${paint.dim(`${' '.repeat(number.length)} |`)} ${' '.repeat(frame.caretAt)}${carets}`)
  }
  if (placed.hint !== undefined) lines.push(`  ${paint.cyan('hint:')} ${placed.hint}`)
  return lines.join('\n')
}

function countProblems(problems: readonly PlacedProblem[]): string {
  const kinds = (['error', 'warning'] as const).flatMap((severity) => {
    const found = problems.filter((problem) => problem.severity === severity).length
    return found === 0 ? [] : [counted(found, severity)]
  })
  return `${counted(problems.length, 'problem')} (${kinds.join(', ')})`
}
