import pLimit from 'p-limit'
import { UserError } from '../../core/errors.ts'
import type { Lifetime } from '../../http/lifetime.ts'
import type { Answer, HttpRequest, Result } from '../../http/message.ts'
import { nameOf } from '../../http/sentence.ts'
import type { Send } from '../../http/transport.ts'
import type { Credentials } from './credentials.ts'
import { isRefusedByNexus, verdictOf } from './verdict.ts'

/** One attempt at a request, with credentials. */
export type SignedIn = (request: HttpRequest, send: Send) => Promise<Result>

/**
 * Lets credentials out one request at a time until the server has accepted them once: a wrong password costs one failed login (3.96
 * locks a user name after three, and each further request prolongs it; nexus-api section 1.2). A refusal ends everything: `explained`
 * becomes what is thrown from then on.
 */
export function createSignedIn(
  credentials: Credentials,
  lifetime: Lifetime,
  explained: (request: HttpRequest, answer: Answer) => UserError,
): SignedIn {
  const gate = pLimit(1)
  return (request, send) =>
    gate(async () => {
      try {
        const result = await withSomePassword(request, send)
        const verdict = verdictOf(result.answer, request.path)
        if (verdict === 'accepted') credentials.accept()
        // With the initial password one request goes at a time: another run may change it, which then costs one failed sign-in.
        if (verdict === 'accepted' && !credentials.provisional) gate.concurrency = Number.POSITIVE_INFINITY
        if (verdict === 'refused' && result.answer) lifetime.refuse(explained(request, result.answer))
        return result
      } catch (error) {
        // What is wrong with the source of the initial password: the wanted one was refused.
        if (error instanceof UserError && error.code === 'initial-password') lifetime.refuse(error)
        throw error
      }
    })

  /** Sends the request with the password that is in use, and after a refusal with the next one that there is. */
  async function withSomePassword(request: HttpRequest, send: Send): Promise<Result> {
    for (;;) {
      lifetime.assertGoingOn(nameOf(request))
      const result = await send(await credentials.authorization())
      if (!result.answer || !isRefusedByNexus(result.answer)) return result
      if (!(await credentials.next(lifetime.stop))) return result
    }
  }
}
