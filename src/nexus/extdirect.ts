import { UserError } from '../core/errors.ts'
import type { Nexus } from './connection.ts'
import { inWords } from './error-body.ts'

interface ExtDirectAnswer {
  type?: unknown
  message?: unknown
  result?: {
    success?: unknown
    data?: unknown
    message?: unknown
    errors?: unknown
    authenticationRequired?: unknown
  }
}

/**
 * One call of the web interface's own interface, for what the REST API does not offer (nexus-api section 4). `data` is null or the list
 * of arguments; returns `result.data`. Methods named `read…` change nothing and are repeated like a GET. Throws UserError:
 * `extdirect-failed`, `forbidden`, `refused`.
 */
// eslint-disable-next-line max-params -- the call's own three parts, whom to ask and what to call it in errors
export async function callExtDirect(
  nexus: Nexus,
  action: string,
  method: string,
  data: unknown,
  what: string,
): Promise<unknown> {
  const { body } = await nexus.request({
    method: 'POST',
    path: '/service/extdirect',
    json: { action, method, data, type: 'rpc', tid: 1 },
    what,
    readOnly: method.startsWith('read'),
  })
  const { type, message, result } = answerOf(body)
  if (type === 'exception' || result === undefined) {
    throw new UserError(
      'extdirect-failed',
      `cannot ${what}: the server cannot run ${action}.${method}${because(message)}`,
      {
        hint: 'This version of Nexus may have another interface for it: set it in the web interface.',
      },
    )
  }
  if (result.success === true) return result.data
  const complaint = complaintOf(result)
  if (result.authenticationRequired === true) {
    throw new UserError('forbidden', `cannot ${what}: the server asks for a sign-in (${complaint})`, {
      exitCode: 4,
    })
  }
  // Lack of rights looks like any other refusal here but for its text, which may choose a hint and no more.
  const isAboutRights = /permission|not permitted|not authorized/i.test(complaint)
  const privilege = method.startsWith('read') ? 'nx-settings-read' : 'nx-settings-update'
  const hint = isAboutRights ? { hint: `The user needs the privilege ${privilege} (or nx-all).` } : {}
  throw new UserError('refused', `cannot ${what}: ${complaint}`, hint)
}

/** An answer is a list only where the request was one, but some proxies' rewriting and old versions are not worth a failure. */
function answerOf(body: unknown): ExtDirectAnswer {
  const answer: unknown = Array.isArray(body) ? body[0] : body
  return typeof answer === 'object' && answer !== null ? answer : {}
}

function complaintOf({ message, errors }: NonNullable<ExtDirectAnswer['result']>): string {
  if (typeof errors === 'object' && errors !== null) {
    const complaints = Object.entries(errors).map(([field, text]) => `${field}: ${inWords(String(text))}`)
    if (complaints.length > 0) return complaints.join('; ')
  }
  return typeof message === 'string' && message !== ''
    ? inWords(message)
    : 'the server refuses it and does not say why'
}

/** An exception may quote the whole request, passwords included: its first words have to do. */
function because(message: unknown): string {
  const words =
    typeof message === 'string' ? inWords(message).replace(/\.? *(Method|Json string)=.*$/s, '') : ''
  return words === '' ? '' : ` (${words})`
}
