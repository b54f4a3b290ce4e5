import type { ExitCode } from '../core/errors.ts'
import { waitReady } from '../nexus/wait-ready.ts'
import { clientOptions, connectionOf, givenConnection } from './shared/connection.ts'
import type { ConnectionFlags, FileOptions } from './shared/options.ts'
import { loadFile, reportProblems } from './shared/sources.ts'
import type { Terminal } from './shared/terminal.ts'

export interface WaitFlags extends ConnectionFlags, FileOptions {
  for: number
}

/** Waits until the server accepts writes. Needs no credentials and sends none. */
export async function wait(flags: WaitFlags, terminal: Terminal): Promise<ExitCode> {
  const given = await givenConnection(flags, terminal)
  let section = {}
  if (given.url === undefined) {
    const loaded = await loadFile({ ...flags, lenientSecrets: true }, given, terminal)
    if (!loaded.config) {
      reportProblems(loaded.problems, loaded, terminal, {})
      return 3
    }
    section = loaded.config.nexus
  }
  const connection = connectionOf(given, section)
  await waitReady(clientOptions(connection, flags, terminal), {
    deadlineMs: flags.for,
    report: (line) => terminal.err(line),
  })
  terminal.out(`${terminal.paint.green('✓')} ${connection.url} is ready`)
  return 0
}
