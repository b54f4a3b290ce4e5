/**
 * What the process ends with: 0 done or no drift, 1 error, 2 drift, 3 wrong file or options or no consent, 4 not reachable, not ready
 * or not authorised, 5 not everything was done and kept, 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 130

interface UserErrorOptions {
  /** What to do about it: one or two sentences. */
  hint?: string | undefined
  /** Several things at once: a line each, below the sentence. */
  list?: readonly string[]
  /** Default 1. */
  exitCode?: ExitCode
  /** Shown under `--debug` only. Must not hold secrets. */
  cause?: unknown
}

/** An error that a user can understand and act on. Anything else that reaches the top is a bug of this program. */
export class UserError extends Error {
  /** Stable kebab-case name, e.g. `server-too-old`. */
  readonly code: string
  readonly hint?: string
  readonly list: readonly string[]
  readonly exitCode: ExitCode

  /** `message` is one sentence without a final stop and names the thing that it is about. */
  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'UserError'
    this.code = code
    if (options.hint !== undefined) this.hint = options.hint
    this.list = options.list ?? []
    this.exitCode = options.exitCode ?? 1
  }
}

/** What is said of an error that nobody foresaw; `text` is what it says itself. */
export function bugReport(text: string): string {
  return `This is a bug in nexus-docker. Please report it with what you did and this:\n${text}`
}
