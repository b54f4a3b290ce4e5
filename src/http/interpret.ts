import { isHtml, type Outcome, type Result } from './message.ts'

/** No answer of any use is nearly as deep. */
const DEEPEST = 100

/**
 * Reads the body of an answer: JSON where it is or says so, else the text, undefined when empty. A success whose JSON cannot be read
 * is a failure: it was cut off or damaged on its way.
 */
export function interpret(outcome: Outcome): Result {
  const { answer } = outcome
  if (!answer) return outcome
  if (answer.text.trim() === '') return { answer, body: undefined }
  if (isHtml(answer)) return { answer, body: answer.text }
  let body: unknown
  try {
    body = JSON.parse(answer.text)
  } catch {
    const damaged = answer.status < 300 && /json/i.test(answer.headers['content-type'] ?? '')
    return damaged ? garbage('INVALID_JSON') : { answer, body: answer.text }
  }
  if (!isDeeperThan(DEEPEST, body)) return { answer, body }
  return answer.status < 300 ? garbage('TOO_DEEP') : { answer, body: answer.text }
}

function garbage(code: string): Result {
  return { failure: { kind: 'garbage', code, maybeSent: true } }
}

/** Whoever walks through a body may do it by recursion. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(levels - 1, item))
}
