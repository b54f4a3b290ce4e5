import { applyPlan } from '../apply/apply.ts'
import { prove } from '../apply/prove.ts'
import type { ApplyResult } from '../apply/types.ts'
import { foldTo } from '../core/display-width.ts'
import type { ExitCode } from '../core/errors.ts'
import { interrupted } from '../core/interrupt.ts'
import { shellWord } from '../core/steps.ts'
import { parseAddress } from '../http/address.ts'
import { type ApplyDocument, applyDocument } from '../report/apply-document.ts'
import { renderApplySummary } from '../report/apply-text.ts'
import { renderNext, renderNextAfterSandbox } from '../report/next-text.ts'
import { registriesOf } from '../report/registries.ts'
import { edgeOfConfig } from './edge-of-config.ts'
import type { ApplyFlags } from './options.ts'
import type { PlanRun } from './plan-run.ts'

/** Makes the changes of a plan, proves them and prints how it ended. */
export async function carryOut(run: PlanRun, flags: ApplyFlags): Promise<ExitCode> {
  const { plan, config, nexus, kinds, valuesAfter, secrets, terminal, signal, replan: readPlan } = run
  // While it was asked or printed: nothing has been sent, and nothing is.
  if (signal.aborted) throw interrupted()
  const start = performance.now()
  const { parallelism, rotateSecrets = false } = flags
  const onAbort = () => {
    terminal.err(`${String(signal.reason)}: stopping after what is under way; once more to stop at once`)
  }
  signal.addEventListener('abort', onAbort)
  terminal.report({ type: 'applying', total: plan.changes.length })
  const onEvent = terminal.report
  const carried = await applyPlan(plan, {
    nexus,
    kinds,
    secrets,
    parallelism,
    rotateSecrets,
    signal,
    onEvent,
  })
  const result = await prove(carried, { kinds, readPlan, signal, onEvent })
  signal.removeEventListener('abort', onAbort)
  terminal.report({ type: 'settled' })
  const missing = [...result.failed, ...result.skipped].map(({ change }) => change)
  // A sandbox is gone when the command ends.
  const registries = flags.sandbox
    ? []
    : registriesOf(config, {
        kinds,
        valuesOf: valuesAfter,
        url: run.url,
        edge: edgeOfConfig(config),
        missing,
      })
  const code = exitCodeOf(result)
  const document = applyDocument(plan, result, { url: run.url, requests: nexus.counts, registries })
  // As JSON there is one document: it waits for the checks.
  if (flags.output === 'ndjson') terminal.event('summary', document)
  else if (flags.output !== 'json')
    terminal.out(await renderResult(document, (performance.now() - start) / 1000, flags, run))
  if (flags.verify && code === 0)
    return (await import('./verify/verify-applied.ts')).verifyApplied(run, flags, document)
  if (flags.output === 'json') terminal.json(document)
  return code
}

async function renderResult(
  document: ApplyDocument,
  seconds: number,
  { output, sandbox, verify, url, file = [] }: ApplyFlags,
  { config, terminal }: PlanRun,
): Promise<string> {
  const clean = terminal.clean(document)
  if (output === 'text') {
    const { paint, columns, environment } = terminal
    const option = (name: string, value: string): string => ` ${name} ${shellWord(terminal.clean(value))}`
    const files = file.map((name) => option('-f', name)).join('')
    const isNamed = config.nexus.url !== undefined || Boolean(environment['NEXUS_URL'])
    const server = isNamed ? '' : ' --url http://localhost:8081'
    const proof = verify
      ? undefined
      : `nexus-docker verify${config.sections['edge'] ? ' --through' : ''}${files}${url ? option('--url', parseAddress(url).base) : ''}`
    const next = sandbox
      ? renderNextAfterSandbox(files + server, paint, columns)
      : renderNext(clean, paint, { columns, proof })
    const summary = renderApplySummary(clean, seconds, paint)
    return ['', foldTo(summary, columns ?? 0), ...(next === '' ? [] : ['', next])].join('\n')
  }
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
