import { type ExitCode, UserError } from '../core/errors.ts'
import { imageNames } from '../images/names.ts'
import { parseReference, withTag } from '../images/reference.ts'
import { formatVersion } from '../report/document.ts'
import { loadWayIn, type WayInFlags } from '../run/load-way-in.ts'
import type { Terminal } from '../ui/terminal.ts'

/** Says under which names images are pulled through the registries of the file, and where pushes of them go. */
export async function image(
  flags: WayInFlags,
  terminal: Terminal,
  words: readonly string[],
): Promise<ExitCode> {
  const wayIn = await loadWayIn(flags, terminal)
  if (!wayIn) return 3
  const images = words.map((reference) => {
    const parsed = parseReference(reference)
    if ('why' in parsed) throw wrongImage(`"${reference}" ${parsed.why}`, 'Write it like quay.io/acme/app:1.')
    const names = imageNames(wayIn.edge, withTag(parsed))
    if ('message' in names) throw wrongImage(`${reference}: ${names.message}`, names.hint)
    return { reference, ...names }
  })
  if (flags.output === 'json') terminal.json({ formatVersion, images })
  else
    terminal.out(
      table([
        ['IMAGE', 'PULL', 'PUSH'],
        ...images.map(({ reference, pull, push = '-' }) => [reference, pull, push]),
      ]),
    )
  return 0
}

function wrongImage(message: string, hint: string): UserError {
  return new UserError('wrong-image', message, { hint, exitCode: 3 })
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
