import { bugReport, type ExitCode, UserError } from '../core/errors.ts'
import { errorDocument, formatVersion } from '../report/document.ts'
import { createTerminal, type Terminal } from '../ui/terminal.ts'
import { type AnnotationFlags, annotateError } from './annotations.ts'

export type GuardFlags = AnnotationFlags & { output?: string; debug?: boolean }

/**
 * Runs a command. What a user can act on is one sentence and a hint; anything else is a bug of ours and says so, and what nobody waits
 * for is no exception: thrown in a listener, or a promise that was forgotten.
 */
export async function guarded(
  flags: GuardFlags,
  run: (terminal: Terminal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const terminal = await createTerminal({ events: flags.output === 'ndjson' })
  try {
    const thrown = new Promise<never>((_resolve, reject) => process.on('uncaughtException', reject))
    return await Promise.race([run(terminal), thrown])
  } catch (error) {
    terminal.report({ type: 'settled' })
    if (error instanceof UserError) return reportUserError(error, flags, terminal)
    return reportBug(error, flags, terminal)
  } finally {
    terminal.report({ type: 'settled' })
  }
}

function reportUserError(error: UserError, flags: GuardFlags, terminal: Terminal): ExitCode {
  const { hint, list, exitCode } = error
  const message = [error.message, ...list].join('\n  ')
  const document = { error: { ...errorDocument(error), message } }
  if (flags.output === 'json') terminal.json({ formatVersion, ...document })
  if (flags.output === 'ndjson') terminal.event('error', document)
  const { red, bold, cyan, dim } = terminal.errPaint
  const shown = terminal.clean({ sentence: error.message, list, hint })
  const lines = [
    `${red(bold('error'))}: ${shown.sentence}`,
    ...shown.list,
    ...(shown.hint === undefined ? [] : [`${cyan('hint:')} ${shown.hint}`]),
  ]
  terminal.err(lines.join('\n  '))
  annotateError({ severity: 'error', ...document.error }, terminal, flags)
  if (flags.debug && error.cause instanceof Error) terminal.err(dim(traceOf(error.cause, terminal)))
  return exitCode
}

function reportBug(error: unknown, flags: { debug?: boolean }, terminal: Terminal): ExitCode {
  const text =
    flags.debug && error instanceof Error
      ? traceOf(error, terminal)
      : `${terminal.clean(String(error))}\n(--debug shows where)`
  terminal.err(bugReport(text))
  return 1
}

/** The error and where it came from. Its message is in one line, whoever wrote it. */
function traceOf(error: Error, { clean }: Terminal): string {
  const places = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  return [clean(String(error)), ...places].join('\n')
}
