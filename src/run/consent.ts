import { UserError } from '../core/errors.ts'
import { confirm } from '../ui/confirm.ts'
import { type ApplyFlags, isForProgram } from './options.ts'
import type { PlanRun } from './plan-run.ts'
import { showPlan } from './show-plan.ts'

/** Whether it may be written: `--yes`, or the word of a person who sits in front and has seen the plan. A sandbox is nobody's. */
export async function hasConsent(run: PlanRun, flags: ApplyFlags): Promise<boolean> {
  const { terminal, signal } = run
  const { length } = run.plan.changes
  if (length === 0 || flags.yes || flags.sandbox) return true
  const changes = length === 1 ? 'this change' : `these ${length} changes`
  if (!terminal.interactive) {
    const message = `nobody can be asked about ${changes} (no terminal, or CI is set); nothing was changed`
    throw new UserError('no-consent', message, {
      hint: 'Use --yes to make changes without asking. plan and apply --dry-run only show them.',
      exitCode: 3,
    })
  }
  // Whoever is asked has to see what for, wherever standard output goes.
  if (isForProgram(flags.output) || !terminal.outIsTerminal) {
    const { err: out, errPaint: paint, errColumns: columns } = terminal
    const asked = { ...terminal, out, paint, columns }
    const problems = isForProgram(flags.output) ? run.problems : []
    await showPlan({ ...run, problems, terminal: asked }, { ...flags, output: 'text' })
  }
  return confirm(`Apply ${changes} to ${run.url}?`, signal)
}
