import type { ExitCode } from '../../core/errors.ts'
import type { ApplyDocument } from '../../report/apply-document.ts'
import type { ApplyFlags } from '../options.ts'
import type { PlanRun } from '../plan-run.ts'
import { annotateFindings } from './annotate-findings.ts'
import { checkRegistries, exitCodeOf, showVerified } from './check-registries.ts'

/** Nexus restarts the connectors of what was changed: until then nothing listens. */
const PATIENCE_MS = 15_000

/** `apply --verify`: the checks of `verify` once all is as the file wants it. As JSON they are a part of `applied`. */
export async function verifyApplied(
  { config, loaded, target, terminal, signal }: PlanRun,
  flags: ApplyFlags,
  applied?: ApplyDocument,
): Promise<ExitCode> {
  const { output } = flags
  const { sources } = loaded
  const verification = await checkRegistries(
    { config, sources, target, signal, patienceMs: PATIENCE_MS },
    target.flags,
  )
  if (output === 'json') terminal.json({ ...applied, verification })
  else if (output === 'ndjson') terminal.event('verification', verification)
  else {
    terminal.out('')
    await showVerified(verification, output, terminal)
  }
  annotateFindings(verification, { config, sources }, terminal, flags)
  return exitCodeOf(verification)
}
