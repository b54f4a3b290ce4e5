import { lineStarts, type Span } from '../core/position.ts'
import { fileProblem, type Problem, type SourceFile } from '../core/problem.ts'
import { isEmptyDocument, maximumDepth, readDocuments, type YamlDocuments } from './documents.ts'
import { syntaxProblems } from './errors.ts'
import type { Located } from './located.ts'
import { checkText, tooManyParts } from './text-checks.ts'
import { toLocated } from './to-located.ts'

/**
 * Reads one file as YAML 1.2 (core schema, merge keys). Without a usable map at the root `root` is undefined and there is at
 * least one error; otherwise the rest can be checked even if there are errors. Never throws. Every problem has a span.
 */
export function parseYaml(source: SourceFile): { root: Located | undefined; problems: Problem[] } {
  const unreadable = checkText(source)
  if (unreadable) return { root: undefined, problems: [unreadable] }
  const yaml = readDocuments(source.text)
  if (yaml.beyond) return { root: undefined, problems: [tooMuch(source, yaml.beyond)] }
  const starts = lineStarts(source.text)
  const problems = syntaxProblems(source, yaml, starts)
  // A tag that is not supported leaves a tree that is as good as without it.
  const broken = problems.some(({ severity, code }) => severity === 'error' && code !== 'yaml-tag')
  const [first, second] = yaml.documents.filter((document) => !isEmptyDocument(document))
  if (second) problems.push(secondDocument(source, second.range[0]))
  if (broken || second) return { root: undefined, problems }
  if (!first?.contents) return { root: undefined, problems: [...problems, nothingWritten(source)] }
  const located = toLocated(source, first.contents, starts)
  const all = [...problems, ...located.problems]
  if (located.root.kind === 'map') return { root: located.root, problems: all }
  return { root: undefined, problems: [...all, notMap(source, located.root.span)] }
}

/** The problem of a text that exceeds a limit. */
export function tooMuch(
  source: SourceFile,
  { limit, offset }: NonNullable<YamlDocuments['beyond']>,
): Problem {
  if (limit === 'parts') return tooManyParts(source.name, offset)
  const message = `the nesting is deeper than ${maximumDepth} levels`
  const hint = 'is a bracket or a line break missing?'
  return problemAt(source, { code: 'yaml-depth', message, hint }, offset, 1)
}

function nothingWritten(source: SourceFile): Problem {
  const hint = 'start with "version: 1" and "repositories:"'
  return problemAt(source, { code: 'empty-file', message: 'the file contains no configuration', hint }, 0, 0)
}

function secondDocument(source: SourceFile, offset: number): Problem {
  const message = 'a second document begins here'
  const hint = 'remove the "---", or make each document a file of its own and give each with -f'
  const length = source.text.startsWith('---', offset) ? 3 : 1
  return problemAt(source, { code: 'multiple-documents', message, hint }, offset, length)
}

function notMap(source: SourceFile, { start, end }: Span): Problem {
  const written = source.text.slice(start, end)
  const hint = /^[\w-]+:\S/.test(written)
    ? 'is the space after the colon missing?'
    : 'write "key: value" lines, e.g. "version: 1"'
  const message = 'the file must be a map of keys and values'
  const firstLine = /^[^\r\n]*/.exec(written)?.[0] ?? ''
  return problemAt(source, { code: 'not-a-map', message, hint }, start, firstLine.length)
}

function problemAt(
  source: SourceFile,
  wording: Pick<Problem, 'code' | 'message'> & { hint: string },
  start: number,
  length: number,
): Problem {
  return fileProblem(source.name, wording, start, Math.min(start + length, source.text.length))
}
