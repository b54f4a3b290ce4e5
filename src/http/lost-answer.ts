import { UserError } from '../core/errors.ts'
import { sentence } from './sentence.ts'

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
