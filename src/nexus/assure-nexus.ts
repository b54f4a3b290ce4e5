import { UserError } from '../core/errors.ts'
import type { Nexus, NexusResponse } from './connection.ts'
import { isWrongAddress } from './errors/address-rules.ts'
import { AnswerError } from './errors/answer-error.ts'

/**
 * Asks without credentials whether it is Nexus that answers: `GET /v1/status` needs none on any version and carries the `Server` header
 * of a Nexus, also while it is frozen (nexus-api sections 2.1 and 5). Where a proxy removes the header, an empty answer has to do, and
 * that a page which does not exist gets another one. Throws what is in the way, or `not-nexus`, with exit code 4.
 */
export async function assureNexus(nexus: Nexus, what: string): Promise<void> {
  try {
    const { body } = await askStatus(nexus, '', what)
    if (nexus.server !== undefined) return
    if (body !== undefined) throw notNexus(what)
    await assureDiscerning(nexus, what)
  } catch (error) {
    // Where it is Nexus that says no, the request that follows will meet it too. Below a wrong address none is to follow.
    if (!(error instanceof AnswerError) || nexus.server === undefined || isWrongAddress(error)) throw error
  }
}

/** A server without the `Server` header said yes: a Nexus behind a proxy that removes it, or anything that says yes to everything. */
export async function assureDiscerning(nexus: Nexus, what: string): Promise<void> {
  const { status } = await askStatus(nexus, '/no-such-page', what, [401, 403, 404])
  if (status < 400) throw notNexus(what)
}

/** One of the pages of `/v1/status`, which need no credentials. */
export function askStatus(
  nexus: Nexus,
  page: '' | '/writable' | '/no-such-page',
  what: string,
  allow: readonly number[] = [],
): Promise<NexusResponse> {
  const path = `/service/rest/v1/status${page}`
  return nexus.request({ method: 'GET', path, what, anonymous: true, allow })
}

function notNexus(what: string): UserError {
  return new UserError('not-nexus', `cannot ${what}: what answers there is not Nexus`, {
    hint: 'Check the URL, its port and its path. No password was sent.',
    exitCode: 4,
  })
}
