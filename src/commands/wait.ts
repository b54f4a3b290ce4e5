import type { ExitCode } from '../core/errors.ts'
import { untilAborted } from '../core/interrupt.ts'
import { renderReady } from '../report/activity-text.ts'
import { formatVersion } from '../report/document.ts'
import { loadFile, reportProblems } from '../run/input/sources.ts'
import type { ConnectionFlags, FileOptions } from '../run/options.ts'
import { connectionOf, givenConnection } from '../run/server/connection.ts'
import { type Ready, waitUntilReady } from '../run/server/waiting.ts'
import { withSignals } from '../run/signals.ts'
import type { Terminal } from '../ui/terminal.ts'

export interface WaitFlags extends ConnectionFlags, FileOptions {
  for: number
  output: 'text' | 'json' | 'ndjson'
}

/** Waits until the server accepts writes. Needs no credentials and sends none. */
export function wait(flags: WaitFlags, terminal: Terminal): Promise<ExitCode> {
  return withSignals(
    (signal) => untilAborted(signal, waitForServer(flags, terminal, signal)),
    terminal.unread,
  )
}

async function waitForServer(flags: WaitFlags, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const given = await givenConnection(flags, terminal)
  let section = {}
  if (given.url === undefined) {
    const loaded = await loadFile({ ...flags, lenientSecrets: true }, given, terminal)
    if (!loaded.config) {
      reportProblems(loaded.problems, loaded, terminal, flags)
      return 3
    }
    section = loaded.config.nexus
  }
  const connection = connectionOf(given, section, { flags, terminal, signsIn: false })
  showReady(await waitUntilReady({ connection, flags, terminal }, flags.for, signal), flags, terminal)
  return 0
}

function showReady(ready: Ready, { output }: WaitFlags, terminal: Terminal): void {
  const { elapsedMs, ...server } = ready
  if (output === 'ndjson') {
    terminal.report({ type: 'ready', ...ready })
    return
  }
  terminal.report({ type: 'settled' })
  if (output === 'json') terminal.json({ formatVersion, server, elapsedMs: Math.round(elapsedMs) })
  else terminal.out(renderReady(terminal.clean(ready), terminal.paint))
}
