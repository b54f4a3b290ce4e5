import type { ExitCode } from '../core/errors.ts'
import type { PlanDocument } from '../report/document.ts'
import type { Terminal } from '../ui/terminal.ts'
import { reportProblems } from './input/sources.ts'
import type { OutputOptions, PlanFlags } from './options.ts'
import type { PlanRun } from './plan-run.ts'

/** Prints a plan and what is wrong with it; the exit code says which. */
export async function showPlan(run: PlanRun, flags: PlanFlags): Promise<ExitCode> {
  const { terminal } = run
  const document = run.document()
  if (flags.output === 'json') terminal.json(document)
  else if (flags.output === 'ndjson') terminal.event('plan', document)
  else terminal.out(await renderDocument(document, flags, terminal))
  reportProblems(run.problems, run.loaded, terminal, { ...flags, inDocument: true })
  if (run.problems.some((problem) => problem.severity === 'error')) return 3
  return flags.detailedExitcode && run.plan.changes.length > 0 ? 2 : 0
}

async function renderDocument(
  document: PlanDocument,
  { output }: OutputOptions,
  terminal: Terminal,
): Promise<string> {
  const clean = terminal.clean(document)
  if (output === 'markdown') return (await import('../report/plan-markdown.ts')).renderPlanMarkdown(clean)
  return (await import('../report/plan-text.ts')).renderPlanText(clean, terminal.paint, terminal.columns)
}
