import type { ExitCode } from '../core/errors.ts'
import { carryOut } from '../run/carry-out.ts'
import { hasConsent } from '../run/consent.ts'
import { reportProblems } from '../run/input/sources.ts'
import { type ApplyFlags, isForProgram } from '../run/options.ts'
import { type PlanRun, withPlan } from '../run/plan-run.ts'
import { showPlan } from '../run/show-plan.ts'
import type { Terminal } from '../ui/terminal.ts'

/** Makes the server match the file. */
export function apply(flags: ApplyFlags, terminal: Terminal): Promise<ExitCode> {
  return withPlan(flags, terminal, (run) => applyRun(run, flags), terminal.unread)
}

async function applyRun(run: PlanRun, flags: ApplyFlags): Promise<ExitCode> {
  const { terminal } = run
  const { output } = flags
  const refused = run.problems.some((problem) => problem.severity === 'error')
  if (refused && isForProgram(output)) {
    const annotated = run.loaded.problems
    reportProblems([...annotated, ...run.problems], run.loaded, terminal, { ...flags, annotated })
    return 3
  }
  if (flags.dryRun || refused) return showPlan(run, flags)
  // As JSON there is one document, and it is the result.
  if (output !== 'json') await showPlan(run, flags)
  if (run.plan.changes.length === 0 && !isForProgram(output))
    return flags.verify ? (await import('../run/verify/verify-applied.ts')).verifyApplied(run, flags) : 0
  if (await hasConsent(run, flags)) return carryOut(run, flags)
  terminal.err('Nothing was changed.')
  return 1
}
