import { type ExitCode, UserError } from '../../core/errors.ts'
import { sentence } from '../../http/sentence.ts'
import type { ServerComplaint } from './error-body.ts'

interface AnswerErrorOptions {
  hint?: string
  exitCode?: ExitCode
  status: number
  complaints: readonly ServerComplaint[]
  faultId?: string
  retryAfterMs?: number
}

/** The server answered, and the answer was no. Decide by `status` and by the complaints' `field`, never by their texts. */
export class AnswerError extends UserError {
  readonly status: number
  readonly complaints: readonly ServerComplaint[]
  /** Names the failure in the server's own log. */
  readonly faultId?: string
  /** What the answer's Retry-After asks for, in milliseconds. */
  readonly retryAfterMs?: number

  constructor(code: string, message: string, options: AnswerErrorOptions) {
    super(code, message, options)
    this.name = 'AnswerError'
    this.status = options.status
    this.complaints = options.complaints
    if (options.faultId !== undefined) this.faultId = options.faultId
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
  }
}

/** A change was sent and its answer was lost: it may have been made or not. Read again before anything else. Code `lost-answer`. */
export class LostAnswerError extends UserError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super('lost-answer', message, { ...options, exitCode: 4 })
    this.name = 'LostAnswerError'
  }
}

/** The error for a change whose answer says nothing about it. */
export function lostAnswer(request: Parameters<typeof sentence>[0], reason: string): LostAnswerError {
  return new LostAnswerError(
    sentence(request, `${reason}, after the request was sent: the server may have done it or not`),
    { hint: 'Run the same command again: it looks at what is there first.' },
  )
}
