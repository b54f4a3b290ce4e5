import { UserError } from '../../core/errors.ts'
import type { Lifetime } from '../../http/lifetime.ts'
import type { Answer, HttpRequest, Result } from '../../http/message.ts'
import { nameOf } from '../../http/sentence.ts'
import type { Send } from '../../http/transport.ts'
import type { Credentials } from './credentials.ts'
import { SignInGate } from './gate.ts'
import { isRefusedByNexus, type Verdict, verdictOf } from './verdict.ts'

/** One attempt at a request, with credentials. */
export type SignedIn = (request: HttpRequest, send: Send) => Promise<Result>

/** A refusal ends everything: `explained` becomes what is thrown from then on. */
export function createSignedIn(
  credentials: Credentials,
  lifetime: Lifetime,
  explained: (request: HttpRequest, answer: Answer) => UserError,
): SignedIn {
  const gate = new SignInGate()
  return async (request, send) => {
    await gate.enter()
    let verdict: Verdict = 'unknown'
    try {
      const result = await withSomePassword(request, send)
      verdict = verdictOf(result.answer, request.path)
      if (verdict === 'accepted') credentials.accept()
      if (verdict === 'refused' && result.answer) lifetime.refuse(explained(request, result.answer))
      return result
    } catch (error) {
      // What is wrong with the source of the initial password: the wanted one was refused.
      if (error instanceof UserError && error.code === 'initial-password') lifetime.refuse(error)
      throw error
    } finally {
      // With the initial password one request goes at a time: another run may change it, which then costs one failed sign-in.
      const passing = verdict === 'accepted' && credentials.provisional
      gate.leave(passing ? 'unknown' : verdict)
    }
  }

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
