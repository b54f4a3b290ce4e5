import { applyPlan } from '../apply/apply.ts'
import { prove } from '../apply/prove.ts'
import type { ApplyResult } from '../apply/types.ts'
import { type ExitCode, UserError } from '../core/errors.ts'
import { interrupted } from '../core/interrupt.ts'
import { type ApplyDocument, applyDocument } from '../report/apply-document.ts'
import { renderApplySummary } from '../report/apply-text.ts'
import { type ApplyFlags, isForProgram } from '../run/options.ts'
import { type PlanRun, withPlan } from '../run/plan-run.ts'
import { reportProblems } from '../run/sources.ts'
import { confirm } from '../ui/confirm.ts'
import type { Terminal } from '../ui/terminal.ts'
import { showPlan } from './plan.ts'

/** Makes the server match the file. */
export function apply(flags: ApplyFlags, terminal: Terminal): Promise<ExitCode> {
  return withPlan(flags, terminal, (run, signal) => applyRun(run, flags, terminal, signal), terminal.unread)
}

async function applyRun(
  run: PlanRun,
  flags: ApplyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { output } = flags
  const refused = run.problems.some((problem) => problem.severity === 'error')
  if (refused && isForProgram(output)) {
    const annotated = run.loaded.problems
    reportProblems([...annotated, ...run.problems], run.loaded, terminal, { ...flags, annotated })
    return 3
  }
  if (flags.dryRun || refused) return showPlan(run, flags, terminal)
  // As JSON there is one document, and it is the result.
  if (output !== 'json') await showPlan(run, flags, terminal)
  if (run.plan.changes.length === 0 && !isForProgram(output)) return 0
  const consented = await consent(run, flags, terminal, signal)
  if (!consented) {
    terminal.err('Nothing was changed.')
    return 1
  }
  return write(run, flags, terminal, signal)
}

/** Whether it may be written: `--yes`, or the word of a person who sits in front and has seen the plan. A sandbox is nobody's. */
async function consent(
  run: PlanRun,
  flags: ApplyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const { length } = run.plan.changes
  if (length === 0 || flags.yes || flags.sandbox) return true
  const changes = length === 1 ? 'this change' : `these ${length} changes`
  if (!terminal.interactive) {
    const message = `nobody can be asked about ${changes} (no terminal, or CI is set); nothing was changed`
    throw new UserError('no-consent', message, {
      hint: '--yes makes changes without asking; plan and apply --dry-run only show them',
      exitCode: 3,
    })
  }
  // Whoever is asked has to see what for, wherever standard output goes.
  if (isForProgram(flags.output) || !terminal.outIsTerminal) {
    const asked = { ...terminal, out: terminal.err, paint: terminal.errPaint }
    const shown = isForProgram(flags.output) ? run : { ...run, problems: [] }
    await showPlan(shown, { ...flags, output: 'text' }, asked)
  }
  return confirm(`Apply ${changes} to ${run.url}?`, signal)
}

async function write(
  run: PlanRun,
  flags: ApplyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  // While it was asked or printed: nothing has been sent, and nothing is.
  if (signal.aborted) throw interrupted()
  const start = performance.now()
  const { parallelism, rotateSecrets = false } = flags
  const { plan, nexus, replan: readPlan } = run
  signal.addEventListener('abort', () => {
    terminal.err(`${String(signal.reason)}: stopping after what is under way; once more to stop at once`)
  })
  terminal.report({ type: 'applying', total: plan.changes.length })
  const onEvent = terminal.report
  const applied = await applyPlan(plan, nexus, { parallelism, rotateSecrets, signal, onEvent })
  const result = await prove(applied, { readPlan, signal, onEvent })
  terminal.report({ type: 'settled' })
  const document = applyDocument(plan, result, run.url, nexus.counts)
  if (flags.output === 'json') terminal.json(document)
  else if (flags.output === 'ndjson') terminal.event('summary', document)
  else terminal.out(await renderResult(document, (performance.now() - start) / 1000, flags, terminal))
  return exitCodeOf(result)
}

async function renderResult(
  document: ApplyDocument,
  seconds: number,
  { output }: ApplyFlags,
  terminal: Terminal,
): Promise<string> {
  const clean = terminal.clean(document)
  if (output === 'text') return `\n${renderApplySummary(clean, seconds, terminal.paint)}`
  return `\n${(await import('../report/apply-markdown.ts')).renderApplyMarkdown(clean)}`
}

/** 130 interrupted; 5 when some of it is done, or nobody knows; else what the failure itself says. */
function exitCodeOf({ done, failed, skipped, interrupted, notVerified }: ApplyResult): ExitCode {
  if (interrupted) return 130
  if (notVerified) return 5
  const [first] = failed
  if (!first && skipped.length === 0) return 0
  if (done.length > 0 || failed.some(({ error }) => error.exitCode === 5)) return 5
  return first?.error.exitCode ?? 1
}
