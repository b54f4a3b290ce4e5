import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { LostAnswerError } from '../http/lost-answer.ts'
import { isRepeatable } from '../http/message.ts'
import { type Shape, shaped } from './answer-shape.ts'
import type { Nexus, NexusRequest } from './connection.ts'
import { inWords } from './errors/error-body.ts'

const result = z.looseObject({
  success: z.boolean(),
  data: z.unknown().optional(),
  message: z.string().nullish(),
  errors: z.record(z.string(), z.unknown()).nullish(),
  authenticationRequired: z.boolean().nullish(),
})
type Result = z.output<typeof result>

/** An exception has no result (nexus-api section 4). */
const envelope: Shape<{ type: string; message?: string | null | undefined; result?: Result | undefined }> = {
  expected: 'the result of a call',
  schema: z
    .looseObject({ type: z.string(), message: z.string().nullish(), result: result.optional() })
    .refine((answer) => answer.type === 'exception' || answer.result !== undefined, {
      path: ['result'],
      error: 'it is missing',
    }),
}

/**
 * One call of the web interface's own interface, for what the REST API does not offer (nexus-api section 4). `data` is null or the list
 * of arguments; returns `result.data`, of which nothing is known yet. Methods named `read…` change nothing and are repeated like a GET.
 * Throws UserError: `extdirect-failed`, `forbidden`, `refused`, `unexpected-answer`, and for a change `lost-answer`.
 */
// eslint-disable-next-line max-params -- the call's own three parts, whom to ask and what to call it in errors
export async function callExtDirect(
  nexus: Nexus,
  action: string,
  method: string,
  data: unknown,
  what: string,
): Promise<unknown> {
  const request: NexusRequest = {
    method: 'POST',
    path: '/service/extdirect',
    json: { action, method, data, type: 'rpc', tid: 1 },
    what,
    readOnly: method.startsWith('read'),
  }
  const { type, message, result } = answerOf((await nexus.request(request)).body, request)
  if (type === 'exception' || !result) {
    const hint = 'This version of Nexus may have another interface for it: set it in the web interface.'
    const reason = `the server cannot run ${action}.${method}${because(message)}`
    throw new UserError('extdirect-failed', `cannot ${what}: ${reason}`, { hint })
  }
  if (result.success) return result.data
  const complaint = complaintOf(result)
  if (result.authenticationRequired === true) {
    const reason = `the server asks for a sign-in (${complaint})`
    throw new UserError('forbidden', `cannot ${what}: ${reason}`, { exitCode: 4 })
  }
  // Lack of rights looks like any other refusal here but for its text, which may choose a hint and no more.
  const isAboutRights = /permission|not permitted|not authorized/i.test(complaint)
  const privilege = method.startsWith('read') ? 'nx-settings-read' : 'nx-settings-update'
  const hint = isAboutRights ? { hint: `The user needs the privilege ${privilege} (or nx-all).` } : {}
  throw new UserError('refused', `cannot ${what}: ${complaint}`, hint)
}

/** An answer is a list only where the request was one, but some proxies' rewriting and old versions are not worth a failure. */
function answerOf(body: unknown, request: NexusRequest) {
  try {
    return shaped(Array.isArray(body) ? body[0] : body, envelope, request)
  } catch (error) {
    if (isRepeatable(request)) throw error
    throw new LostAnswerError(request, `the server did not answer with ${envelope.expected}`)
  }
}

function complaintOf({ message, errors }: Result): string {
  const complaints = Object.entries(errors ?? {}).map(([field, text]) => `${field}: ${inWords(String(text))}`)
  if (complaints.length > 0) return complaints.join('; ')
  return message ? inWords(message) : 'the server refuses it and does not say why'
}

/** An exception may quote the whole request, passwords included: its first words have to do. */
function because(message: string | null | undefined): string {
  const words = inWords(message ?? '').replace(/\.? *(Method|Json string)=.*$/s, '')
  return words === '' ? '' : ` (${words})`
}
