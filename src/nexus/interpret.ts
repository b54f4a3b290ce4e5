import type { Answer, Outcome } from './exchange.ts'
import type { Failure } from './failure.ts'
import { isHtml } from './retry.ts'

/** An outcome whose body has been read. */
export type Result =
  | { answer: Answer; body: unknown; failure?: undefined }
  | { answer?: undefined; failure: Failure }

/**
 * Reads the body of an answer: JSON where it is or says so, else the text, undefined when empty. A success whose JSON cannot be read
 * is a failure: it was cut off or damaged on its way.
 */
export function interpret(outcome: Outcome): Result {
  const { answer } = outcome
  if (!answer) return outcome
  if (answer.text.trim() === '') return { answer, body: undefined }
  if (isHtml(answer)) return { answer, body: answer.text }
  try {
    return { answer, body: JSON.parse(answer.text) as unknown }
  } catch {
    const damaged = answer.status < 300 && /json/i.test(answer.headers['content-type'] ?? '')
    return damaged
      ? { failure: { kind: 'garbage', code: 'INVALID_JSON', maybeSent: true } }
      : { answer, body: answer.text }
  }
}
