import type * as z from 'zod'
import { toDotPath } from 'zod/v4/core'
import { UserError } from '../core/errors.ts'
import { type Situation, sentence } from '../http/sentence.ts'

/** What an answer has to be. Tolerant of more, never of another type: a decision rests on it. */
export interface Shape<T> {
  /** For sentences: `a list of repositories`. */
  readonly expected: string
  readonly schema: z.ZodType<T>
}

/** A GET as data: where, what it is called in errors (`list the repositories`), and what its answer has to be. */
export interface Read<T> extends Shape<T> {
  readonly path: string
  readonly what: string
}

/** What stands between may hide the rest of the server, or put something in its place. */
const HINT =
  'Check what is between this machine and the server (a proxy, a gateway, a cache): it may have answered instead.'

/**
 * The body of an answer as what it has to be. Throws `unexpected-answer`, which names the request and the first thing that is wrong,
 * and quotes nothing of the answer.
 */
export function shaped<T>(body: unknown, shape: Shape<T>, request: Situation['request']): T {
  const result = shape.schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const reason = `the server did not answer with ${shape.expected}${issue ? ` (${fault(issue, body)})` : ''}`
  throw new UserError('unexpected-answer', sentence(request, reason), { hint: HINT, exitCode: 4 })
}

/** `docker.httpPort: expected a number, got text` */
function fault(issue: z.core.$ZodIssue, body: unknown): string {
  const place = toDotPath(issue.path)
  const expected = issue.code === 'invalid_type' ? `expected ${NAMES[issue.expected] ?? issue.expected}` : ''
  const found = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], body)
  const said = expected === '' ? issue.message : `${expected}, got ${nameOf(found)}`
  return place === '' ? said : `${place}: ${said}`
}

const NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  undefined: 'nothing',
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return 'a list'
  return NAMES[typeof value] ?? typeof value
}
