import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { type Shape, shaped } from '../answer-shape.ts'
import type { Nexus, NexusRequest } from '../connection.ts'
import { AnswerError } from '../errors/answer-error.ts'
import type { Credentials } from './credentials.ts'

/** Recorded from every version; a page instead is no word of Nexus, and the old password still in force. */
const done: Shape<undefined> = { expected: 'nothing', schema: z.undefined() }

/**
 * Gives the user who is signed in the wanted password: `PUT /v1/security/users/{id}/change-password`, the password as text/plain
 * (nexus-api 2.13; needs nexus:*). The old one is void at once, so the credentials go over with the answer. Sent again after a
 * lost answer it does no harm: then the old password is refused, the wanted one is accepted, and the same is set once more.
 */
export async function changePassword(nexus: Nexus, credentials: Credentials): Promise<void> {
  const user = credentials.username ?? ''
  const what = `set the password of user "${user}"`
  const path = `/service/rest/v1/security/users/${encodeURIComponent(user)}/change-password`
  const request: NexusRequest = { method: 'PUT', path, text: credentials.wanted, what }
  try {
    shaped((await nexus.request(request)).body, done, request)
  } catch (error) {
    if (!(error instanceof AnswerError) || error.status !== 400) throw error
    throw new UserError(
      'password-refused',
      `${error.message} (the password from ${credentials.wantedFrom})`,
      {
        hint: 'The server has a rule for passwords, and this one does not meet it. Nothing was changed; choose another one.',
      },
    )
  }
  credentials.settle()
}
