// What the checks behind the request body find: violations (E2) and other failures (E4), nexus-api 1.3.
import type { Profile } from '../kernel/profile.ts'
import type { Violation } from '../kernel/replies.ts'
import type { Repository, State } from '../kernel/state.ts'
import type { RepositoryIndex } from './catalog.ts'

export type { Violation } from '../kernel/replies.ts'

/** A violation is answered as a list; a failure is one text and hides all violations. */
export type Finding = Violation | { failure: string }

/** A repository as it would be stored, on its way through the checks. */
export interface Draft {
  name: string
  /** Format and type of the stored repository: a PUT through another type's path changes neither (nexus-api section 6). */
  format: string
  type: Repository['type']
  attributes: Record<string, unknown>
  secrets: Record<string, string>
  /** The stored repository that a PUT would change; undefined for a POST. */
  current: Repository | undefined
  state: State
  profile: Profile
  index: RepositoryIndex
  /** Port on which the server itself was addressed. */
  serverPort: number
}

/** One check of a draft. */
export type Check = (draft: Draft) => Finding[]

/** The violation as the version words it: before 3.41 only the leaf is named and blank reads as empty (nexus-api 1.3, E2). */
export function wordViolation(profile: Profile, violation: Violation): Violation {
  if (profile.since('3.41')) return violation
  const leaf = violation.id.slice(violation.id.lastIndexOf('.') + 1)
  return {
    id: `FIELD ${leaf}`,
    message: violation.message.replace(/^must not be (?:blank|empty)$/, 'may not be empty'),
  }
}

/** A section of the draft's attributes; an empty object where it has none. */
export function section(draft: Draft, name: string): Record<string, unknown> {
  return nested(draft.attributes, name)
}

export function nested(value: Record<string, unknown>, name: string): Record<string, unknown> {
  return (value[name] ?? {}) as Record<string, unknown>
}
