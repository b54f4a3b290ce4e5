import type { YAMLError } from 'yaml'
import { positionAt } from '../core/position.ts'
import { fileProblem, type Problem, type SourceFile } from '../core/problem.ts'
import type { YamlDocuments } from './documents.ts'
import { tabAsIndentation, unclosedWording, wordingOf } from './error-rules.ts'

/** Syntax errors after this many in one file are left out: they follow from the first ones. */
const maximumErrors = 20

/**
 * What the YAML library complains about, in our words, first error of each line only: the others are consequences.
 * `starts` are the line starts of the text (position.ts).
 */
export function syntaxProblems(
  source: SourceFile,
  yaml: YamlDocuments,
  starts: readonly number[],
): Problem[] {
  const problems = yaml.unclosed.map(({ start, opener }) =>
    fileProblem(source.name, unclosedWording(opener), start, start + 1),
  )
  for (const document of yaml.documents) {
    for (const error of [...document.errors, ...document.warnings]) {
      const tab = tabInIndentation(source.text, starts, error.pos[0])
      if (tab !== undefined) problems.push(fileProblem(source.name, tabAsIndentation, tab, tab + 1))
      else if (!isAboutUnclosed(error)) problems.push(translate(source, error))
    }
  }
  problems.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
  return firstOfEachLine(problems, starts).slice(0, maximumErrors)
}

function isAboutUnclosed(error: YAMLError): boolean {
  return /^Missing closing |(must be sufficiently indented and|must) end with a /.test(error.message)
}

function translate(source: SourceFile, error: YAMLError): Problem {
  const start = Math.min(error.pos[0], source.text.length)
  const end = Math.max(start, Math.min(error.pos[1], source.text.length))
  if (source.text.startsWith('${', start - 1) && source.text[start] === '{') {
    const wording = {
      code: 'yaml-unquoted',
      message: 'inside { } and [ ] a ${…} must be quoted',
      hint: 'write "${NAME}"',
    }
    return fileProblem(source.name, wording, start - 1, start + 1)
  }
  const severity = error.name === 'YAMLWarning' && error.code === 'BAD_DIRECTIVE' ? 'warning' : 'error'
  return { ...fileProblem(source.name, wordingOf(error), start, end), severity }
}

/** Offset of a tab in front of everything else on the line of the offset. */
function tabInIndentation(text: string, starts: readonly number[], offset: number): number | undefined {
  const lineStart = starts[positionAt(starts, offset).line] ?? 0
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, lineStart + 200))?.[0] ?? ''
  const tab = indentation.indexOf('\t')
  return tab < 0 ? undefined : lineStart + tab
}

function firstOfEachLine(problems: readonly Problem[], starts: readonly number[]): Problem[] {
  const seen = new Set<number>()
  return problems.filter((found) => {
    const { line } = positionAt(starts, found.span?.start ?? 0)
    if (seen.has(line)) return false
    seen.add(line)
    return true
  })
}
