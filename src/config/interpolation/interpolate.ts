import { withoutFileMarks } from '../../core/file-marks.ts'
import type { Span } from '../../core/position.ts'
import type { Problem, SourceFile } from '../../core/problem.ts'
import { similar } from '../../core/similar.ts'
import { formatSize } from '../../core/size.ts'
import { forEachChild, formatPath, type Located, type LocatedScalar, type Path } from '../../yaml/located.ts'
import { maximumSourceBytes } from '../../yaml/text-checks.ts'
import { type Part, parseTemplate, type Reference, TemplateError } from './template.ts'

export type Environment = Record<string, string | undefined>

export interface InterpolateOptions {
  /** Whether the value at the path is a secret. */
  isSecret(path: Path): boolean
  /** Whether the run can do without it, as `validate` without secrets: an unset variable is a warning, and the text stays as it is written. */
  isSpared(path: Path): boolean
}

interface Interpolation {
  environment: Environment
  options: InterpolateOptions
  sources: Map<string, string>
  problems: Problem[]
  /** Characters that variables may still add. */
  left: number
  /** Where the work is: one stack for all nodes. */
  path: (string | number)[]
}

/** Beyond it, searching for names that are alike is left out: such a file is no configuration. */
const maximumSuggestions = 100

/** What variables may add to a file, in characters: a short file can name a long variable a million times. */
const maximumAdded = maximumSourceBytes

/**
 * Replaces `${NAME}` and its forms (template.ts) in values, never in keys. The result of a replacement is a string scalar
 * with `interpolated: true`, whatever it looks like: a value cannot inject YAML. Where a variable is missing the scalar keeps
 * its text. A value that aliases repeat is told for each path. With `sources` problems point at the `${`, otherwise at the whole scalar. The tree is not changed but copied.
 */
export function interpolate(
  root: Located,
  environment: Environment,
  options: InterpolateOptions,
  sources: readonly SourceFile[] = [],
): { root: Located; problems: Problem[] } {
  const work: Interpolation = {
    environment,
    options,
    sources: new Map(sources.map(({ name, text }) => [name, text])),
    problems: [],
    left: maximumAdded,
    path: [],
  }
  return { root: interpolateNode(work, root), problems: work.problems }
}

function interpolateNode(work: Interpolation, node: Located): Located {
  if (node.kind === 'scalar') return isPlain(node) ? node : interpolateText(work, node, String(node.value))
  const changed = new Map<string | number, Located>()
  forEachChild(node, (step, child) => {
    if (isPlain(child)) return
    work.path.push(step)
    const value = interpolateNode(work, child)
    work.path.pop()
    if (value !== child) changed.set(step, value)
  })
  // What holds no variable stays the node it was.
  if (changed.size === 0) return node
  if (node.kind === 'list')
    return { ...node, items: node.items.map((item, index) => changed.get(index) ?? item) }
  const entries = new Map(node.entries)
  for (const [name, entry] of node.entries)
    entries.set(name, { ...entry, value: changed.get(name) ?? entry.value })
  return { ...node, entries }
}

/** A scalar without a variable: most of a large file. */
function isPlain(node: Located): boolean {
  return node.kind === 'scalar' && !(typeof node.value === 'string' && node.value.includes('${'))
}

function interpolateText(work: Interpolation, scalar: LocatedScalar, text: string): LocatedScalar {
  const path = [...work.path]
  const spanOf = spansInside(text, scalar.span, work.sources.get(scalar.span.file))
  try {
    const parts = parseTemplate(text)
    const missing: Missing[] = []
    const value = evaluate(work, parts, missing)
    for (const absent of missing) {
      const about = wordsOnMissing(work, absent, path)
      work.problems.push({ ...about, path: formatPath(path), span: spanOf(absent.reference) })
    }
    if (missing.length > 0) return scalar
    const interpolated = parts.some((part) => typeof part !== 'string')
    return interpolated ? { ...scalar, value, interpolated } : { ...scalar, value }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { code, message, hint } = error
    const span = spanOf(error)
    work.problems.push({ severity: 'error', code, message, hint, path: formatPath(path), span })
    return scalar
  }
}

interface Missing {
  reference: Reference
  /** What `:?` and `?` say. */
  message: string
}

function evaluate(work: Interpolation, parts: readonly Part[], missing: Missing[]): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : evaluateReference(work, part, missing)))
    .join('')
}

function evaluateReference(work: Interpolation, reference: Reference, missing: Missing[]): string {
  const { name, operator, operand, start, end } = reference
  const written = Object.hasOwn(work.environment, name) ? work.environment[name] : undefined
  const value = written === undefined ? undefined : withoutFileMarks(written)
  const counts = value !== undefined && (value !== '' || !operator.startsWith(':'))
  if (counts) {
    work.left -= value.length
    if (work.left >= 0) return value
    const message = `the variables of this file expand to more than ${formatSize(maximumAdded)}`
    throw new TemplateError('bad-interpolation', message, { hint: `what does ${name} contain?`, start, end })
  }
  if (operator === ':-' || operator === '-') return evaluate(work, operand, missing)
  missing.push({ reference, message: evaluate(work, operand, missing) })
  return ''
}

function wordsOnMissing(work: Interpolation, { reference, message }: Missing, path: Path) {
  const { name, operator } = reference
  const secret = work.options.isSecret(path)
  const state = operator.startsWith(':') ? 'not set, or empty' : 'not set'
  const told = message === '' ? '' : `: ${message}`
  const severity: Problem['severity'] = work.options.isSpared(path) ? 'warning' : 'error'
  const sentence = `the environment variable ${name} is ${state}${told}`
  return { severity, code: 'unset-variable', message: sentence, hint: hintFor(work, name, secret) }
}

function hintFor(work: Interpolation, name: string, secret: boolean): string {
  const searched = work.problems.length < maximumSuggestions
  const meant = searched ? similar(name, Object.keys(work.environment)) : undefined
  if (meant) return `did you mean ${meant}? Otherwise set it: export ${name}=…`
  // A default for a secret would be a secret in the file.
  return secret
    ? `set it before running: export ${name}=…`
    : `set it before running: export ${name}=…, or give a default: \${${name}:-default}`
}

/**
 * Where parts of a scalar's value stand in the file. Quotes, escapes and folded lines make value and source differ, so the
 * n-th `${` of the one is the n-th of the other, if both have equally many; otherwise it is the whole scalar.
 */
function spansInside(
  value: string,
  whole: Span,
  sourceText: string | undefined,
): (part: { start: number; end: number }) => Span {
  const { file, start, end } = whole
  const written = sourceText?.slice(start, end) ?? ''
  const inSource = occurrences(written)
  const inValue = occurrences(value)
  if (inValue.length !== inSource.length) return () => whole
  const offsets = new Map(inValue.map((offset, index) => [offset, inSource[index]]))
  return (part) => {
    const at = offsets.get(part.start)
    if (at === undefined) return whole
    const text = value.slice(part.start, part.end)
    const length = written.startsWith(text, at) ? text.length : 2
    return { file, start: start + at, end: start + at + length }
  }
}

function occurrences(text: string): number[] {
  const offsets: number[] = []
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at + 2)) offsets.push(at)
  return offsets
}
