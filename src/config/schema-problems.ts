import * as z from 'zod'
import { similar } from '../core/similar.ts'
import { formatPath } from './config.ts'
import { type Located, nodeAt, type Path, spanAt, toPlain } from './located.ts'
import type { Problem } from './problem.ts'

export interface ParseOptions {
  /** Keys of the node that somebody else reads. */
  ignore?: readonly string[]
  /** A sentence on a key that is right elsewhere: `"remoteUrl" belongs to type: proxy`. */
  elsewhere?: (key: string) => string | undefined
}

/** Checks one node against its schema; numbers and booleans that came out of `${…}` are read as such first. */
export function parseNode<Output>(
  schema: z.ZodType<Output>,
  root: Located,
  path: Path,
  options: ParseOptions = {},
): { value: Output | undefined; problems: Problem[] } {
  const node = nodeAt(root, path)
  if (!node) return { value: undefined, problems: [] }
  const read = () => schema.safeParse(plain(node, options.ignore))
  const first = read()
  if (first.success) return { value: first.data, problems: [] }
  const second = coerceInterpolated(node, first.error.issues) ? read() : first
  if (second.success) return { value: second.data, problems: [] }
  const place: Place = { schema, root, base: path, options }
  return { value: undefined, problems: second.error.issues.flatMap((issue) => problemsOf(issue, place)) }
}

interface Place {
  schema: z.ZodType
  root: Located
  base: Path
  options: ParseOptions
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
  const path: Path = [...place.base, ...(issue.path as Path)]
  if (issue.code === 'unrecognized_keys') {
    const ignored = issue.path.length === 0 ? (options.ignore ?? []) : []
    const known = [...ignored, ...keysOf(place.schema, issue.path as Path)]
    return issue.keys.map((key) =>
      unknownKey(key, root, path, { known, elsewhere: options.elsewhere?.(key) }),
    )
  }
  if (issue.code === 'invalid_type' && nodeAt(root, path) === undefined) {
    const name = String(path.at(-1))
    return [
      {
        severity: 'error',
        code: 'missing-field',
        message: `${name} is missing`,
        hint: `add "${name}: …" here`,
        path: formatPath(path),
        span: spanAt(root, path.slice(0, -1), 'key'),
      },
    ]
  }
  const { message, hint } = describe(issue, nodeAt(root, path))
  const name = String(path.at(-1))
  return [
    {
      severity: 'error',
      code: 'invalid-value',
      message: `${typeof path.at(-1) === 'number' ? formatPath(path.slice(-2)) : name}: ${message}`,
      ...(hint && { hint }),
      path: formatPath(path),
      span: spanAt(root, path),
    },
  ]
}

/** A key that the schema does not have, pointing at the key. */
export function unknownKey(
  key: string,
  root: Located,
  parent: Path,
  advice: { known: readonly string[]; elsewhere?: string | undefined },
): Problem {
  const close = similar(key, advice.known)
  const hint = close
    ? `did you mean "${close}"?`
    : (advice.elsewhere ?? `known here: ${[...advice.known].sort().join(', ')}`)
  return {
    severity: 'error',
    code: 'unknown-key',
    message: `unknown key "${key}"`,
    hint,
    path: formatPath([...parent, key]),
    span: spanAt(root, [...parent, key], 'key'),
  }
}

function describe(issue: z.core.$ZodIssue, node: Located | undefined): { message: string; hint?: string } {
  if (issue.code === 'invalid_value') return wordChoice(issue.values.map(String), node)
  if (issue.code === 'too_small' || issue.code === 'too_big') return range(issue)
  if (issue.code === 'invalid_type') return wrongType(issue, node)
  return { message: issue.message }
}

function wordChoice(choices: string[], node: Located | undefined): { message: string; hint?: string } {
  const written = node?.kind === 'scalar' ? String(node.value) : ''
  const close = similar(written, choices)
  return {
    message: `expected one of ${choices.join(', ')}`,
    ...(close && { hint: `did you mean "${close}"?` }),
  }
}

function range(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): { message: string; hint?: string } {
  if (issue.origin === 'string') return { message: 'must not be empty' }
  if (issue.origin === 'array')
    return { message: issue.message.startsWith('Too ') ? 'must not be empty' : issue.message }
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  return { message: `must be ${bound}` }
}

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  null: 'null',
}

function wrongType(
  issue: z.core.$ZodIssueInvalidType,
  node: Located | undefined,
): { message: string; hint?: string } {
  const custom = issue.message.startsWith('expected') ? issue.message : undefined
  const expected = typeNames[issue.expected] ?? issue.expected
  const message = `${custom ?? `expected ${expected}`}, got ${node ? whatIs(node) : 'nothing'}`
  const quotes = issue.expected === 'string' && node?.kind === 'scalar' && node.value !== null
  if (quotes) return { message, hint: 'put it in quotes to make it a text' }
  if (issue.expected === 'array' && node?.kind === 'scalar')
    return { message, hint: 'write it as a list: [a, b]' }
  return { message }
}

/** What a node is, in words; never its value, which may be a secret. */
function whatIs(node: Located): string {
  if (node.kind === 'map') return 'a map of keys'
  if (node.kind === 'list') return 'a list'
  if (node.value === null) return 'nothing (null)'
  if (typeof node.value === 'string') return 'a text'
  return typeof node.value === 'number' ? 'a number' : 'true or false'
}

function plain(node: Located, ignore: readonly string[] = []): unknown {
  if (node.kind !== 'map' || ignore.length === 0) return toPlain(node)
  const entries = new Map([...node.entries].filter(([key]) => !ignore.includes(key)))
  return toPlain({ ...node, entries })
}

/** The keys that an object schema knows below a path. */
export function keysOf(schema: z.ZodType, path: Path): string[] {
  let current: z.ZodType | undefined = unwrap(schema)
  for (const step of path) {
    current =
      current instanceof z.ZodObject
        ? unwrap(current.shape[String(step)] as z.ZodType | undefined)
        : undefined
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : []
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrap(schema.unwrap() as z.ZodType)
  return schema
}
