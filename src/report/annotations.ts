import type { PlacedProblem } from '../yaml/code-frame.ts'

/** What an annotation says, and where: standard input is a place that a pull request does not have. */
export type Annotation = Omit<PlacedProblem, 'path'>

/**
 * A workflow command that GitHub shows beside a line of a pull request, or above the run.
 * Escapes as in actions/toolkit `packages/core/src/command.ts`.
 */
export function githubAnnotation({ file, line, column, severity, code, message, hint }: Annotation): string {
  const place = file === undefined || file === '-' ? {} : { file, line, col: column }
  const properties = Object.entries({ ...place, title: code })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
  const text = hint === undefined ? message : `${message}\nhint: ${hint}`
  return `::${severity} ${properties.join(',')}::${escapeData(text)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
