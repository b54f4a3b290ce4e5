import { UserError } from '../../core/errors.ts'
import { askStatus, assureDiscerning } from '../assure-nexus.ts'
import type { Nexus } from '../connection.ts'
import { isWrongAddress } from '../errors/address-rules.ts'
import { AnswerError } from '../errors/answer-error.ts'
import { FROZEN } from '../errors/availability-rules.ts'
import { WHAT } from './wait-words.ts'

/**
 * Asks `GET /v1/status/writable` once, without credentials (nexus-api sections 2.1 and 5). Undefined when the server takes changes,
 * else what is in the way.
 */
export function obstacleTo(nexus: Nexus): Promise<UserError | undefined> {
  return ask(nexus).catch((error: unknown) => {
    if (error instanceof UserError) return error
    throw error
  })
}

async function ask(nexus: Nexus): Promise<UserError | undefined> {
  try {
    await askStatus(nexus, '/writable', WHAT)
    if (nexus.server === undefined) await assureDiscerning(nexus, WHAT)
    return undefined
  } catch (error) {
    if (!(error instanceof AnswerError) || isWrongAddress(error)) throw error
    // It is up: it asks for credentials, or is too old for the question. What comes next will say so.
    if (nexus.server !== undefined && [401, 403, 404].includes(error.status)) return undefined
    return error.status === 503 ? frozenOrBusy(nexus, error) : error
  }
}

/** A frozen server says 200 to status and 503 to writable; one that stops says 503 to both (nexus-api section 5). */
async function frozenOrBusy(nexus: Nexus, busy: AnswerError): Promise<UserError> {
  const { status } = await askStatus(nexus, '', WHAT, [401, 403, 404, 500, 502, 503, 504])
  if (status !== 200) return busy
  return new UserError('read-only', `cannot ${WHAT}: ${FROZEN.reason}`, { hint: FROZEN.hint, exitCode: 4 })
}
