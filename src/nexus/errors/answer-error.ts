import { type ExitCode, UserError } from '../../core/errors.ts'
import type { ServerComplaint } from './error-body.ts'

export { LostAnswerError } from '../../http/lost-answer.ts'

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
