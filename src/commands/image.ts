import { type ExitCode, UserError } from '../core/errors.ts'
import type { Edge } from '../edge/edge.ts'
import { type ImageNames, imageNames, type NoNames } from '../images/names.ts'
import { parseReference, withTag } from '../images/reference.ts'
import { formatVersion } from '../report/document.ts'
import { loadWayIn, type WayInFlags } from '../run/load-way-in.ts'
import { tellNotes } from '../run/notes.ts'
import type { Terminal } from '../ui/terminal.ts'

/** Says under which names images are pulled through the registries of the file, and where pushes of them go. */
export async function image(
  flags: WayInFlags,
  terminal: Terminal,
  words: readonly string[],
): Promise<ExitCode> {
  const wayIn = await loadWayIn(flags, terminal)
  if (!wayIn) return 3
  const looked = words.map((reference) => ({ reference, ...lookUp(reference, wayIn.edge) }))
  const wrong = looked.filter((one) => 'message' in one)
  if (wrong.length > 0) throw wrongImages(wrong)
  const named = looked.filter((one) => 'pull' in one)
  const images = named.map(({ note: _, ...shown }) => shown)
  const notes = [...new Set(named.flatMap(({ note }) => note ?? []))]
  if (flags.output === 'json') terminal.json({ formatVersion, images, notes })
  else {
    const rows = images.map(({ reference, pull, push = '-' }) => [reference, pull, push])
    terminal.out(table([['IMAGE', 'PULL', 'PUSH'], ...rows]))
    tellNotes(notes, terminal)
  }
  return 0
}

function lookUp(reference: string, edge: Edge): ImageNames | NoNames {
  const parsed = parseReference(reference)
  return 'why' in parsed
    ? { message: `it ${parsed.why}`, hint: 'write it like quay.io/acme/app:1' }
    : imageNames(edge, withTag(parsed))
}

function wrongImages(wrong: readonly (NoNames & { reference: string })[]): UserError {
  const list = wrong.map(({ reference, message, hint }) => `${reference}: ${message}; ${hint}`)
  return new UserError('wrong-image', 'cannot say where these images are:', { list, exitCode: 3 })
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
