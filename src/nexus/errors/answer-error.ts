import { type ExitCode, UserError } from '../../core/errors.ts'
import type { ServerComplaint } from './error-body.ts'

export { LostAnswerError } from '../../http/lost-answer.ts'

type Facts = Pick<AnswerError, 'status' | 'complaints' | 'faultId' | 'retryAfterMs'>

/** The server answered, and the answer was no. Decide by `status` and by the complaints' `field`, never by their texts. */
export class AnswerError extends UserError {
  readonly status: number
  readonly complaints: readonly ServerComplaint[]
  /** Names the failure in the server's own log. */
  readonly faultId: string | undefined
  /** What the answer's Retry-After asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: string,
    message: string,
    options: Facts & { hint: string | undefined; exitCode: ExitCode },
  ) {
    super(code, message, options)
    this.name = 'AnswerError'
    this.status = options.status
    this.complaints = options.complaints
    this.faultId = options.faultId
    this.retryAfterMs = options.retryAfterMs
  }
}
