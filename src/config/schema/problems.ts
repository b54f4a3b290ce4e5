import type { z } from 'zod'
import type { Problem } from '../../core/problem.ts'
import { similar } from '../../core/similar.ts'
import {
  formatPath,
  type Located,
  nodeAt,
  type Path,
  problemAt,
  spanAt,
  toPlain,
} from '../../yaml/located.ts'
import type { Reading } from './reading.ts'
import { descriptionOf, keysOf, narrowedTo, partsThatFit } from './shape.ts'
import { wordingOf } from './wording.ts'

/** What is said of a key that the schema does not have: the sentence, and the known key that was meant. */
export interface Advice {
  hint: string
  meant?: string
}

interface TakeOptions {
  /** Keys of the node that somebody else reads. */
  ignore?: readonly string[]
  /** The schema is used for many nodes, most of which have the same few keys. */
  manyAlike?: boolean
  /** A sentence on a key that is right elsewhere: `"remoteUrl" belongs to type: proxy`. `parent` is relative to the node. */
  elsewhere?: (key: string, parent: Path) => Advice | undefined
}

/**
 * The part of the file at a path as its schema has it; numbers and booleans that came out of `${…}` are read as such first. Problems and
 * what they break are noted; then the value is the parts that are right, so that the rules can look at them, undefined where there are none.
 */
export function take<Output>(
  { root, parsed, problems }: Reading,
  schema: z.ZodType<Output>,
  path: Path,
  options: TakeOptions = {},
): Output | undefined {
  const node = nodeAt(root, path)
  if (!node) return undefined
  const read = () => schema.safeParse(toPlain(node, options.ignore))
  if (options.manyAlike) {
    const value = toPlain(node, options.ignore)
    const quick = narrowedTo(schema, value).safeParse(value)
    if (quick.success) return quick.data as Output
  }
  const first = read()
  if (first.success) return first.data
  const second = coerceInterpolated(node, first.error.issues) ? read() : first
  if (second.success) return second.data
  const place: Place = { schema, root, base: path, options, meant: new Set() }
  const found = second.error.issues.flatMap((issue) => problemsOf(issue, place))
  // `remotUrl` is one mistake, not two.
  const told = found.filter(({ code, path: at }) => code !== 'missing-field' || !place.meant.has(at))
  for (const problem of told) problems.push(problem)
  for (const broken of [...told.map((problem) => problem.path), ...place.meant]) parsed.broken.add(broken)
  return partsThatFit(schema, toPlain(node, options.ignore)) as Output | undefined
}

interface Place {
  schema: z.ZodType
  root: Located
  base: Path
  options: TakeOptions
  /** Paths of the known keys that misspelt ones were meant to be. */
  meant: Set<string>
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

function problemsOf(issue: z.core.$ZodIssue, place: Place): Problem[] {
  const { root, options } = place
  const below = issue.path as Path
  const path: Path = [...place.base, ...below]
  if (issue.code === 'unrecognized_keys') {
    const ignored = below.length === 0 ? (options.ignore ?? []) : []
    const known = [...ignored, ...keysOf(place.schema, below)]
    return issue.keys.map((key) => {
      const advice = adviceOn(key, known, options.elsewhere?.(key, below))
      if (advice.meant !== undefined) place.meant.add(formatPath([...path, ...advice.meant.split('.')]))
      return unknownKey(key, root, path, advice)
    })
  }
  const node = nodeAt(root, path)
  const name = typeof path.at(-1) === 'number' ? formatPath(path.slice(-2)) : String(path.at(-1))
  const description = descriptionOf(place.schema, below)
  if (node) {
    const { message, hint = description ?? 'see docs/reference/configuration.md' } = wordingOf(issue, node)
    return [problemAt(root, path, { code: 'invalid-value', message: `${name}: ${message}`, hint })]
  }
  const hint = `add "${name}: …" here${description === undefined ? '' : `: ${description}`}`
  const missing = problemAt(root, path, { code: 'missing-field', message: `${name} is missing`, hint })
  return [{ ...missing, span: spanAt(root, path.slice(0, -1), 'key') }]
}

/** What was meant by an unknown key: what is known of it elsewhere, else the known key that is most alike. */
export function adviceOn(key: string, known: readonly string[], elsewhere?: Advice): Advice {
  if (elsewhere) return elsewhere
  const close = similar(key, known)
  if (close) return { hint: `did you mean "${close}"?`, meant: close }
  return { hint: `known here: ${[...known].sort().join(', ')}` }
}

/** A key that the schema does not have, pointing at the key. */
export function unknownKey(key: string, root: Located, parent: Path, { hint }: Advice): Problem {
  return problemAt(
    root,
    [...parent, key],
    { code: 'unknown-key', message: `unknown key "${key}"`, hint },
    'key',
  )
}
