import { lineStarts, lineText, positionAt } from '../core/position.ts'
import type { Problem, SourceFile } from '../core/problem.ts'
import { joinStretches, type Stretch } from '../core/secrets/redact.ts'
import { type FrameLine, frameLine } from './frame-line.ts'
import { secretRanges } from './mask-frame.ts'

/** A problem as `validate -o json` gives it. Fields that do not apply are left out. */
export interface PlacedProblem {
  /** Name of the source, `-` for standard input. */
  file?: string
  /** From 1. */
  line?: number
  /** From 1, in UTF-16 units as editors count. */
  column?: number
  severity: Problem['severity']
  code: string
  path: string
  message: string
  hint?: string
}

/** A placed problem with the line that it is about. */
export interface FramedProblem {
  placed: PlacedProblem
  frame?: FrameLine
}

interface OpenedSource {
  source: SourceFile
  order: number
  starts: readonly number[]
  /** Found when the first line of the source is shown. */
  masks?: Stretch[][]
  /** Of lines that were shown: what is hidden in them. */
  hidden: Map<number, Stretch[]>
}

/** What is printed is bounded: nobody reads more, and a log need not hold it. `-o json` has all. */
const mostShown = 50

/** No frame for a line that is longer, in UTF-16 units: nobody wrote it by hand. */
const longestLine = 262_144

/** Gives every problem its line and column, sorted by file (order of the sources), line and column; twins are removed. */
export function placeProblems(problems: readonly Problem[], sources: readonly SourceFile[]): PlacedProblem[] {
  return sortProblems(problems, openSources(sources)).map(({ placed }) => placed)
}

/** The problems to show where there are too many: errors before warnings, in their order. */
export function foremost<T extends Pick<Problem, 'severity'>>(problems: readonly T[]): readonly T[] {
  if (problems.length <= mostShown) return problems
  const errors = problems.filter(({ severity }) => severity === 'error')
  const others = problems.filter(({ severity }) => severity !== 'error')
  const chosen = new Set([...errors, ...others].slice(0, mostShown))
  return problems.filter((problem) => chosen.has(problem))
}

/**
 * placeProblems, the foremost with their source lines, secrets in them hidden: what a key says to be one, and what `secretsIn` finds.
 * Files and lines are looked at once, whatever the number of problems.
 */
export function frameProblems(
  problems: readonly Problem[],
  sources: readonly SourceFile[],
  secretsIn: (line: string) => readonly Stretch[],
): { all: PlacedProblem[]; framed: FramedProblem[] } {
  const opened = openSources(sources)
  const sorted = sortProblems(problems, opened)
  const framed = foremost(sorted.map((found) => ({ ...found, severity: found.placed.severity }))).map(
    ({ placed, problem }) => {
      const source = problem.span && opened.get(problem.span.file)
      const frame = source && frameOf(source, problem, secretsIn)
      return frame ? { placed, frame } : { placed }
    },
  )
  return { all: sorted.map(({ placed }) => placed), framed }
}

function openSources(sources: readonly SourceFile[]): Map<string, OpenedSource> {
  const opened = new Map<string, OpenedSource>()
  for (const [order, source] of sources.entries()) {
    if (!opened.has(source.name))
      opened.set(source.name, { source, order, starts: lineStarts(source.text), hidden: new Map() })
  }
  return opened
}

interface Sortable {
  placed: PlacedProblem
  problem: Problem
}

function sortProblems(problems: readonly Problem[], opened: ReadonlyMap<string, OpenedSource>): Sortable[] {
  const seen = new Set<string>()
  const found: Sortable[] = []
  for (const problem of problems) {
    const placed = place(problem, opened)
    // What aliases repeat is wrong at several paths, but written once.
    const identity = JSON.stringify({ ...placed, path: placed.line === undefined ? placed.path : '' })
    if (seen.has(identity)) continue
    seen.add(identity)
    found.push({ placed, problem })
  }
  return found.sort(
    (a, b) =>
      orderOf(a.placed, opened) - orderOf(b.placed, opened) ||
      (a.placed.line ?? 0) - (b.placed.line ?? 0) ||
      (a.placed.column ?? 0) - (b.placed.column ?? 0),
  )
}

/** What no file holds comes first, then files that could not be read. */
function orderOf(placed: PlacedProblem, opened: ReadonlyMap<string, OpenedSource>): number {
  if (placed.file === undefined) return -2
  return opened.get(placed.file)?.order ?? -1
}

function place(problem: Problem, opened: ReadonlyMap<string, OpenedSource>): PlacedProblem {
  const { severity, code, path, message, hint, span } = problem
  const source = span && opened.get(span.file)
  const position = source && positionAt(source.starts, Math.min(span.start, source.source.text.length))
  return {
    ...(span && { file: span.file }),
    ...(position && { line: position.line + 1, column: position.column + 1 }),
    severity,
    code,
    path,
    message,
    ...(hint !== undefined && { hint }),
  }
}

/** Undefined for an empty line, as of an empty file. */
function frameOf(
  opened: OpenedSource,
  { span }: Problem,
  secretsIn: (line: string) => readonly Stretch[],
): FrameLine | undefined {
  const { source, starts } = opened
  const start = positionAt(starts, Math.min(span?.start ?? 0, source.text.length))
  const end = positionAt(starts, Math.min(span?.end ?? 0, source.text.length))
  const line = lineText(source.text, starts, start.line)
  if (line.length > longestLine || line.trim() === '') return undefined
  const caretEnd = end.line > start.line ? line.length : end.column
  return frameLine(line, { start: start.column, end: caretEnd }, hiddenIn(opened, start.line, secretsIn))
}

function hiddenIn(
  opened: OpenedSource,
  index: number,
  secretsIn: (line: string) => readonly Stretch[],
): Stretch[] {
  const { source, starts, hidden } = opened
  opened.masks ??= secretRanges(starts.map((_, line) => lineText(source.text, starts, line)))
  const known = hidden.get(index)
  if (known) return known
  const found = joinStretches([
    ...(opened.masks[index] ?? []),
    ...secretsIn(lineText(source.text, starts, index)),
  ])
  hidden.set(index, found)
  return found
}
