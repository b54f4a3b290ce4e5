import { relative, resolve } from 'node:path'
import type { Problem, SourceFile } from '../core/problem.ts'
import { type Annotation, githubAnnotation } from '../report/annotations.ts'
import type { Terminal } from '../ui/terminal.ts'
import { foremost, placeProblems } from '../yaml/code-frame.ts'

export interface AnnotationFlags {
  /** Left out: what the environment suggests. */
  annotations?: 'github' | 'none'
}

/** GitHub sets GITHUB_ACTIONS to `true` in every step of a workflow. */
function isWanted({ annotations }: AnnotationFlags, { environment }: Terminal): boolean {
  return (annotations ?? (environment['GITHUB_ACTIONS'] === 'true' ? 'github' : 'none')) === 'github'
}

/** Shows problems beside the changed lines of a pull request, where that is wanted. */
export function annotateProblems(
  problems: readonly Problem[],
  sources: readonly SourceFile[],
  terminal: Terminal,
  flags: AnnotationFlags,
): void {
  if (problems.length === 0 || !isWanted(flags, terminal)) return
  for (const problem of foremost(placeProblems(problems, sources)))
    terminal.command(annotationLine(problem, terminal))
}

/** The same for one error that has its place already, or none in the file. */
export function annotateError(error: Annotation, terminal: Terminal, flags: AnnotationFlags): void {
  if (isWanted(flags, terminal)) terminal.command(annotationLine(error, terminal))
}

function annotationLine(annotation: Annotation, terminal: Terminal): string {
  const { file } = annotation
  // before it is escaped: an escaped secret would no longer be found
  return githubAnnotation(
    terminal.clean({ ...annotation, ...(file !== undefined && { file: inWorkspace(file, terminal) }) }),
  )
}

/** GitHub finds files from the root of the repository, whatever the step's working directory. */
function inWorkspace(file: string, { environment, cwd }: Terminal): string {
  const root = environment['GITHUB_WORKSPACE']
  if (root === undefined || file === '-') return file
  const path = relative(root, resolve(cwd, file))
  return path.startsWith('..') ? file : path
}
