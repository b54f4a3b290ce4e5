import type { ExitCode } from '../core/errors.ts'
import { untilAborted } from '../core/interrupt.ts'
import { loadFile, reportProblems } from '../run/input/sources.ts'
import type { VerifyFlags } from '../run/options.ts'
import { connectionOf, givenConnection } from '../run/server/connection.ts'
import { waitFirst } from '../run/server/wait-first.ts'
import { withSignals } from '../run/signals.ts'
import { annotateFindings } from '../run/verify/annotate-findings.ts'
import { checkRegistries, exitCodeOf, showVerified } from '../run/verify/check-registries.ts'
import type { Terminal } from '../ui/terminal.ts'

/** How long a connector that refuses is asked again: one that was just changed takes a moment. */
const PATIENCE_MS = 1000

/** Proves that the registries of the file serve. Changes no settings. */
export function verify(flags: VerifyFlags, terminal: Terminal): Promise<ExitCode> {
  return withSignals(async (signal) => {
    const given = await untilAborted(signal, givenConnection(flags, terminal))
    const loaded = await untilAborted(signal, loadFile({ ...flags, lenientSecrets: false }, given, terminal))
    const { config, problems, sources } = loaded
    if (!config) {
      const { output } = flags
      reportProblems(problems, loaded, terminal, { ...flags, output: output === 'json' ? 'json' : 'text' })
      return 3
    }
    const target = {
      connection: connectionOf(given, config.nexus, { flags, terminal, signsIn: true }),
      flags,
      terminal,
    }
    await untilAborted(signal, waitFirst(target, signal))
    const document = await checkRegistries(
      { config, sources, target, signal, patienceMs: PATIENCE_MS },
      flags,
    )
    await showVerified(document, flags.output, terminal)
    annotateFindings(document, { config, sources }, terminal, flags)
    return exitCodeOf(document)
  }, terminal.unread)
}
