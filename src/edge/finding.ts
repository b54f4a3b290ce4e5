import type { FilePath, Finding } from '../resources/contract/rule.ts'

/** Something wrong with the section, at a path below it, or with a repository, at one of its fields; empty: the whole. */
export interface EdgeFinding extends Finding {
  at: FilePath
  repository?: string
}

/** A contradiction of the file. */
export function wrong(
  at: FilePath,
  code: string,
  [message, hint]: readonly [message: string, hint: string],
  more?: Pick<EdgeFinding, 'repository' | 'absent'>,
): EdgeFinding {
  return { at, code, message, hint, ...more }
}

/** What may go wrong. */
export function risky(...args: Parameters<typeof wrong>): EdgeFinding {
  return { ...wrong(...args), severity: 'warning' }
}
