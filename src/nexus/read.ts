import { UserError } from '../core/errors.ts'
import { type Read, shaped } from './answer-shape.ts'
import type { Nexus } from './connection.ts'
import { AnswerError } from './errors/answer-error.ts'

/** The answer to a GET. Throws UserError; `unexpected-answer` (exit code 4) for an answer of another shape. */
export async function read<T>(nexus: Nexus, it: Read<T>): Promise<T> {
  const request = { method: 'GET', path: it.path, what: it.what } as const
  return shaped((await nexus.request(request)).body, it, request)
}

/** The same; undefined for what the server does not have, or does not show to this user. */
export function readIfShown<T>(nexus: Nexus, it: Read<T>): Promise<T | undefined> {
  return read(nexus, it).catch(unlessHidden)
}

/** To catch a request's error with: an answer of such a status is what `then` makes of it. */
export function when<T>(statuses: readonly number[], then: () => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof AnswerError && statuses.includes(error.status)) return then()
    throw error
  }
}

/** What the server does not have, or does not show to this user, is undefined. */
export const unlessHidden = when([403, 404], () => undefined)

/** What is of another shape than it has to be is undefined: for answers that no write follows from. */
export function unlessStrange(error: unknown): undefined {
  if (error instanceof UserError && error.code === 'unexpected-answer') return undefined
  throw error
}
