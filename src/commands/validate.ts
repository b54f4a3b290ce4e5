import { counted } from '../core/counted.ts'
import type { ExitCode } from '../core/errors.ts'
import { untilAborted } from '../core/interrupt.ts'
import type { AnnotationFlags } from '../run/annotations.ts'
import { loadFile, reportProblems } from '../run/input/sources.ts'
import type { FileOptions, OutputOptions } from '../run/options.ts'
import { withSignals } from '../run/signals.ts'
import type { Terminal } from '../ui/terminal.ts'

export interface ValidateFlags extends FileOptions, OutputOptions, AnnotationFlags {}

/** Checks the file without a server and without secrets. */
export async function validate(flags: ValidateFlags, terminal: Terminal): Promise<ExitCode> {
  const loaded = await withSignals((signal) =>
    untilAborted(signal, loadFile({ ...flags, lenientSecrets: true }, {}, terminal)),
  )
  reportProblems(loaded.problems, loaded, terminal, flags)
  if (!loaded.config) return 3
  const { objects } = loaded.config
  if (flags.output === 'text') {
    const files = terminal.clean(loaded.sources.map((source) => source.name)).join(', ')
    const accepted =
      loaded.accepted.length === 0 ? '' : `, ${counted(loaded.accepted.length, 'warning')} accepted`
    terminal.out(
      `${terminal.paint.green('✓')} ${files} is valid: ${counted(objects.length, 'object')}${accepted}`,
    )
  }
  return 0
}
