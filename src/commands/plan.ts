import type { ExitCode } from '../core/errors.ts'
import type { PlanFlags } from '../run/options.ts'
import { withPlan } from '../run/plan-run.ts'
import { showPlan } from '../run/show-plan.ts'
import type { Terminal } from '../ui/terminal.ts'

/** Shows what apply would do. Sends no write. */
export function plan(flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  return withPlan(flags, terminal, (run) => showPlan(run, flags))
}
