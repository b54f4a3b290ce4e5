import type { z } from 'zod'
import { adviceOn, known, type Subject } from '../../advice/advice.ts'
import { descriptionOf, fieldAt, narrowedTo, partsThatFit } from '../../advice/shape.ts'
import { wordingOf } from '../../advice/wording.ts'
import type { Problem } from '../../core/problem.ts'
import { move } from '../../yaml/correct.ts'
import {
  formatPath,
  type Located,
  nodeAt,
  type Path,
  problemAt,
  spanAt,
  toPlain,
} from '../../yaml/located.ts'
import { maySearch, type Reading } from './reading.ts'

interface TakeOptions {
  /** Keys of the node that somebody else reads. */
  ignore?: readonly string[]
  /** The schema is used for many nodes, most of which have the same few keys. */
  manyAlike?: boolean
  /** What is known of keys that the schema does not have. */
  subject: () => Subject
}

/**
 * The part of the file at a path as its schema has it; numbers and booleans that came out of `${…}` are read as such first. A key that was
 * meant to be another one, or to stand elsewhere, is told and read as that. Problems and what they break are noted; then the value is the
 * parts that are right, so that the rules can look at them, undefined where there are none.
 */
export function take<Output>(
  reading: Reading,
  schema: z.ZodType<Output>,
  path: Path,
  options: TakeOptions,
): Output | undefined {
  const node = nodeAt(reading.root, path)
  if (!node) return undefined
  if (options.manyAlike) {
    const value = toPlain(node, options.ignore)
    const quick = narrowedTo(schema, value).safeParse(value)
    if (quick.success) return quick.data as Output
  }
  const told = new Set<string>()
  const meant = new Set<string>()
  const place = { ...options, schema, base: path, told, meant }
  let result = read(reading, place)
  // What is in a section that was misspelt is looked at once the section has its right name.
  while (!result.success && correctKeys(result.error.issues, place, reading)) result = read(reading, place)
  const { parsed, problems, root } = reading
  for (const key of [...told, ...meant]) parsed.broken.add(key)
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') continue
    const problem = problemOf(issue, place, root)
    for (const broken of [problem.path, formatPath([...path, ...(issue.path as Path)])])
      parsed.broken.add(broken)
    // `remotUrl` is one mistake, not two.
    if (!meant.has(problem.path)) problems.push(problem)
  }
  const corrected = nodeAt(root, path)
  return corrected && (partsThatFit(schema, toPlain(corrected, options.ignore)) as Output | undefined)
}

interface Place<Output = unknown> extends TakeOptions {
  schema: z.ZodType<Output>
  base: Path
  /** Paths of keys that do not exist there. */
  told: Set<string>
  /** Paths of the known keys that they were meant to be. */
  meant: Set<string>
}

function read<Output>({ root }: Reading, { schema, base, ignore }: Place<Output>) {
  const node = nodeAt(root, base)
  if (!node) return schema.safeParse(undefined)
  const parse = () => schema.safeParse(toPlain(node, ignore))
  const first = parse()
  return !first.success && coerceInterpolated(node, first.error.issues) ? parse() : first
}

/** `httpPort: ${PORT}` is a text after interpolation; where the schema wants a number or boolean, it is read as one. */
function coerceInterpolated(node: Located, issues: readonly z.core.$ZodIssue[]): boolean {
  let changed = false
  for (const issue of issues) {
    const target = nodeAt(node, issue.path as Path)
    if (target?.kind !== 'scalar' || !target.interpolated || typeof target.value !== 'string') continue
    const text = target.value.trim()
    if (/^-?\d+(\.\d+)?$/.test(text)) target.value = Number(text)
    else if (text === 'true' || text === 'false') target.value = text === 'true'
    else continue
    changed = true
  }
  return changed
}

/** Tells the keys that do not exist where they stand; true where one was put where it belongs, and there is something new to read. */
function correctKeys(issues: readonly z.core.$ZodIssue[], place: Place, reading: Reading): boolean {
  let changed = false
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue
    for (const key of issue.keys) {
      const path = [...place.base, ...(issue.path as Path), key]
      if (place.told.has(formatPath(path))) continue
      place.told.add(formatPath(path))
      const found = correctKey(reading, path, place.subject())
      for (const meant of found.meant) place.meant.add(meant)
      changed ||= found.moved
    }
  }
  return changed
}

/** Tells a key that does not exist where it stands, and reads its value where it was meant to be. `path` is that of the key. */
export function correctKey(
  reading: Reading,
  path: Path,
  subject: Subject,
): { moved: boolean; meant: readonly string[] } {
  const { base } = subject
  const key = String(path.at(-1))
  const [object, value] = [nodeAt(reading.root, base), nodeAt(reading.root, path)]
  if (!object || !value) return { moved: false, meant: [] }
  const parent = path.slice(base.length, -1)
  const found = maySearch(reading) ? adviceOn({ key, parent, value, object }, subject) : undefined
  const { hint, moves = [], perhaps = [] } = found ?? known(subject.own, parent)
  const about = { code: 'unknown-key', message: `unknown key "${key}"`, hint }
  reading.problems.push(problemAt(reading.root, path, about, 'key'))
  const moved = moves.map((one) => move(reading, one)).includes(true)
  return { moved, meant: [...perhaps, ...moves.map(({ to }) => to)].map(formatPath) }
}

function problemOf(issue: z.core.$ZodIssue, place: Place, root: Located): Problem {
  const below = issue.path as Path
  const path: Path = [...place.base, ...below]
  const node = nodeAt(root, path)
  const name = typeof path.at(-1) === 'number' ? formatPath(path.slice(-2)) : String(path.at(-1))
  const description = descriptionOf(place.schema, below)
  if (node) {
    const {
      message,
      hint,
      at = [],
    } = wordingOf(issue, node, {
      name,
      schema: fieldAt(place.schema, below),
      description,
    })
    const about = { code: 'invalid-value', message: `${name}: ${message}`, hint }
    return problemAt(root, [...path, ...at], about, at.length > 0 ? 'key' : 'value')
  }
  const hint = `add "${name}: …" here${description === undefined ? '' : `: ${description}`}`
  const missing = problemAt(root, path, { code: 'missing-field', message: `${name} is missing`, hint })
  return { ...missing, span: spanAt(root, path.slice(0, -1), 'key') }
}
