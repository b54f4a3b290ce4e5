import { applyPlan } from '../apply/apply.ts'
import type { ApplyResult } from '../apply/types.ts'
import type { ExitCode } from '../core/errors.ts'
import { type ApplyDocument, applyDocument } from '../render/apply-document.ts'
import { renderApplySummary } from '../render/apply-text.ts'
import { confirm } from '../ui/confirm.ts'
import { showPlan } from './plan.ts'
import { type ApplyFlags, isForProgram } from './shared/options.ts'
import { type PlanRun, runPlan } from './shared/plan-run.ts'
import { catchSignals } from './shared/signals.ts'
import { reportProblems } from './shared/sources.ts'
import type { Terminal } from './shared/terminal.ts'

/** Makes the server match the file. */
export async function apply(flags: ApplyFlags, terminal: Terminal): Promise<ExitCode> {
  const signals = catchSignals((line) => terminal.err(line), terminal.unread)
  try {
    const run = await runPlan(flags, terminal, signals.signal)
    if (!run) return 3
    try {
      return await applyRun(run, flags, terminal, signals.signal)
    } finally {
      await run.close()
    }
  } finally {
    signals.release()
  }
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
  const declined = await ask(run, flags, terminal)
  return declined ?? write(run, flags, terminal, signal)
}

/** Asks a person who sits in front; the exit code when the answer is no. */
async function ask(run: PlanRun, flags: ApplyFlags, terminal: Terminal): Promise<ExitCode | undefined> {
  const { length } = run.plan.changes
  if (length === 0 || flags.yes || !terminal.interactive) return undefined
  // Standard output is for the result; whoever is asked has to see what for.
  if (isForProgram(flags.output)) {
    await showPlan(run, { ...flags, output: 'text' }, { ...terminal, out: terminal.err })
  }
  const answer = await confirm(
    `Apply ${length === 1 ? 'this change' : `these ${length} changes`} to ${run.url}?`,
  )
  if (answer === 'yes') return undefined
  terminal.err('Nothing was changed.')
  return answer === 'interrupted' ? 130 : 1
}

async function write(
  run: PlanRun,
  flags: ApplyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const start = performance.now()
  const { parallelism, rotateSecrets = false } = flags
  terminal.report({ type: 'applying', total: run.plan.changes.length })
  const onEvent = terminal.report
  const result = await applyPlan(run.plan, run.nexus, { parallelism, rotateSecrets, signal, onEvent })
  terminal.report({ type: 'settled' })
  const document = applyDocument(run.plan, result, run.url, run.nexus.counts)
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
  return `\n${(await import('../render/apply-markdown.ts')).renderApplyMarkdown(clean)}`
}

/** 130 interrupted; 5 when some of it is done; else what the failure itself says. */
function exitCodeOf({ done, failed, skipped, interrupted }: ApplyResult): ExitCode {
  if (interrupted) return 130
  const [first] = failed
  if (!first && skipped.length === 0) return 0
  if (done.length > 0 || failed.some(({ error }) => error.exitCode === 5)) return 5
  return first?.error.exitCode ?? 1
}
