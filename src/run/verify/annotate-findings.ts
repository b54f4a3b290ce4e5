import { placeInFile, placeText, type VerifyDocument } from '../../report/verify/document.ts'
import { findingsOf, repositoriesOf } from '../../report/verify/findings.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { foremost } from '../../yaml/code-frame.ts'
import { type AnnotationFlags, annotateError } from '../annotations.ts'
import type { ToCheck } from './check-registries.ts'

/**
 * Shows what failed beside the line of the file that is to change, where that is wanted. What is to change elsewhere stands beside the
 * first repository that it concerns.
 */
export function annotateFindings(
  { checks }: VerifyDocument,
  written: Pick<ToCheck, 'config' | 'sources'>,
  terminal: Terminal,
  flags: AnnotationFlags,
): void {
  const annotations = findingsOf(checks).map(({ cause, checks: failed }) => {
    const { code, message, hint, where } = cause
    const repositories = repositoriesOf({ checks: failed })
    const isInFile = where.kind === 'file'
    const { file, line, column } = isInFile
      ? where
      : placeInFile(['repositories', ...repositories.slice(0, 1)], written)
    return {
      severity: 'error' as const,
      code,
      message: `${repositories.join(', ')}: ${message}`,
      hint: isInFile ? hint : `${hint} (${placeText(where)})`,
      file,
      line,
      column,
    }
  })
  for (const annotation of foremost(annotations)) annotateError(annotation, terminal, flags)
}
