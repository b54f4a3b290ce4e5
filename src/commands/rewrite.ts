import { resolve } from 'node:path'
import { readSources } from '../config/sources/read-sources.ts'
import { type ExitCode, UserError } from '../core/errors.ts'
import { lineStarts, positionAt } from '../core/position.ts'
import { fileProblem, type Problem, type SourceFile } from '../core/problem.ts'
import { type FileKind, fileKinds, kindOf, type Rewritten, rewriteImages } from '../images/rewrite/rewrite.ts'
import { problemsDocument } from '../report/document.ts'
import { deliver } from '../run/deliver.ts'
import { reportProblems } from '../run/input/sources.ts'
import { loadWayIn, type WayInFlags } from '../run/load-way-in.ts'
import { tellNotes } from '../run/notes.ts'
import { whyNotWritable } from '../run/write-whole.ts'
import type { Terminal } from '../ui/terminal.ts'

export interface RewriteFlags extends WayInFlags {
  kind?: FileKind
  write?: boolean
  check?: boolean
}

/** Gives the images in files the names under which they are pulled through the registries of the file. Nothing is written where one has none. */
export async function rewrite(
  flags: RewriteFlags,
  terminal: Terminal,
  names: readonly string[],
): Promise<ExitCode> {
  const wayIn = await loadWayIn(flags, terminal)
  if (!wayIn) return 3
  const { sources, problems: unread } = await readSources(names, terminal)
  // What is no text has no lines to point at.
  const texts = sources.filter(({ name }) => !unread.some(({ span }) => span?.file === name))
  const known = texts.map((source) => ({ source, kind: flags.kind ?? kindOf(source.text) }))
  const rewritten = known.flatMap(({ source, kind }) =>
    kind === undefined ? [] : [{ source, kind, ...rewriteImages(source, kind, wayIn.edge) }],
  )
  const unknown = known.flatMap(({ source, kind }) =>
    kind === undefined ? [unknownKind(source, names)] : [],
  )
  const problems = [...unread, ...unknown, ...rewritten.flatMap((one) => one.problems)]
  const isWrong = problems.some(({ severity }) => severity === 'error')
  const read = { ...wayIn.loaded, sources, accepted: [] }
  reportProblems(problems, read, terminal, { ...flags, inDocument: !isWrong })
  if (isWrong) return 3
  const check = flags.check === true
  const folder = check || flags.write ? terminal.cwd : undefined
  const files = rewritten.map(({ source, kind, text, changes }) => ({
    name: source.name,
    kind,
    status: changes.length > 0 ? ('changed' as const) : ('unchanged' as const),
    images: changes.map(placedIn(source)),
    text,
    before: source.text,
  }))
  if (flags.write && !check) for (const { name } of files) assertWritable(name, terminal.cwd)
  const notes = [...new Set(rewritten.flatMap((one) => one.notes))]
  const document = { notes, ...problemsDocument(problems, read) }
  const exitCode = deliver(files, { ...flags, folder, check, document }, terminal)
  if (flags.output === 'text') tellNotes(notes, terminal)
  return exitCode
}

/** A folder may hold other files, too; a file that was named is meant. */
function unknownKind({ name }: SourceFile, named: readonly string[]): Problem {
  const isNamed = named.includes(name)
  const wording = {
    code: 'unknown-file',
    message: `cannot tell what kind of file this is${isNamed ? '' : '; it is left out'}`,
    hint: `say it with --kind: ${fileKinds.join(', ')}`,
  }
  return { ...fileProblem(name, wording), severity: isNamed ? 'error' : 'warning' }
}

function placedIn({ text }: SourceFile): (change: Rewritten['changes'][number]) => object {
  const starts = lineStarts(text)
  return ({ start, from, to }) => {
    const { line, column } = positionAt(starts, start)
    return { line: line + 1, column: column + 1, from, to }
  }
}

function assertWritable(name: string, cwd: string): void {
  const reason = name === '-' ? 'it is standard input' : whyNotWritable(resolve(cwd, name))
  if (reason === undefined) return
  throw new UserError('cannot-write', `cannot write ${name}: ${reason}`, { hint: 'Nothing was changed.' })
}
