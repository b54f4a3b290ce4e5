import { UserError } from '../core/errors.ts'
import { type Situation, sentence } from './sentence.ts'

/** A change was sent and its answer was lost: it may have been made or not. Read again before anything else. Code `lost-answer`. */
export class LostAnswerError extends UserError {
  constructor(request: Situation['request'], reason: string) {
    super(
      'lost-answer',
      sentence(request, `${reason}, after the request was sent: the server may or may not have done it`),
      { hint: 'Run the same command again: it checks first what is already there.', exitCode: 4 },
    )
    this.name = 'LostAnswerError'
  }
}
