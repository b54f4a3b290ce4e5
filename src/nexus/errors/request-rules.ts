import { compareVersions } from '../../core/versions.ts'
import { isHtml } from '../../http/message.ts'
import type { ServerInfo } from '../connection.ts'
import { type Case, otherProductHint, type Rule } from './answer-case.ts'

/** What was asked for: 400 to 415. The server has not done it, and asking again does not help. */
export const REQUEST_RULES: readonly Rule[] = [
  {
    when: (it) =>
      it.answer.status === 404 && !it.fromNexus && (it.server?.header === undefined || isHtml(it.answer)),
    code: 'not-nexus',
    reason: (it) =>
      `${it.base} does not lead to Nexus (404${it.complaints.length > 0 ? `, "${it.complaint}"` : ''})`,
    hint: otherProductHint,
  },
  {
    when: ({ answer, request, complaints, server }) =>
      answer.status === 404 && request.method === 'PUT' && complaints.length === 0 && hidesRefusals(server),
    code: 'refused-without-reason',
    exitCode: 1,
    reason: () => 'the server refuses the configuration and does not say why',
    hint: ({ server }) =>
      `Nexus ${server?.version ?? ''} answers 404 to a repository whose settings are invalid: check the URL, the password, the members and the cleanup policies, or see the server's log.`,
  },
  {
    when: ({ answer }) => answer.status === 404,
    code: 'not-found',
    exitCode: 1,
    reason: ({ complaints, complaint }) =>
      complaints.length > 0 ? complaint : 'the server does not have it, or does not offer this at all',
    // Its page says that there is no such path, whoever asks.
    hint: (it) =>
      it.username !== undefined && !isHtml(it.answer) && hidesRepositories(it.request)
        ? 'Nexus also answers 404 for what the user may not see.'
        : undefined,
  },
  {
    when: ({ answer }) => answer.status === 405,
    code: 'not-offered',
    exitCode: 1,
    reason: ({ request, fromNexus }) =>
      fromNexus ? 'this server does not offer it' : `${request.method} is not allowed there`,
    hint: ({ fromNexus }) =>
      fromNexus
        ? 'Its version or edition does not have this function.'
        : 'A proxy in front may let only some methods through, or the URL leads elsewhere.',
  },
  {
    when: ({ answer }) => answer.status === 406 || answer.status === 415,
    code: 'content-type-refused',
    exitCode: 1,
    reason: ({ answer }) =>
      `the server does not accept the ${answer.status === 406 ? 'Accept' : 'Content-Type'} header of the request`,
    hint: () => 'A proxy in front probably changes or removes it.',
  },
  {
    when: ({ answer }) => answer.status === 413,
    code: 'too-large',
    exitCode: 1,
    reason: () => 'the request is too large for what is in front of the server',
    hint: () => 'Raise its limit (nginx: client_max_body_size).',
  },
  {
    when: ({ answer }) => answer.status === 409,
    code: 'conflict',
    exitCode: 1,
    reason: ({ complaint }) => complaint,
  },
]

/** Everything else is a refusal in the server's own words. */
export const FALLBACK: Rule = {
  when: () => true,
  code: 'refused',
  exitCode: 1,
  reason: ({ complaints, complaint, answer }) =>
    complaints.length > 0
      ? complaint
      : `the server refuses the request without saying why (${answer.status})`,
  hint: ({ complaint }) =>
    /application is frozen|read-only/i.test(complaint)
      ? 'The server is in read-only mode (frozen): release it with POST /service/rest/v1/read-only/release.'
      : undefined,
}

/** One repository by format and type: 404 to a user who may not administer it (nexus-api section 1.2). All else that may not be seen is a 403. */
function hidesRepositories({ method, path }: Case['request']): boolean {
  return (method === 'GET' || method === 'DELETE') && /\/v1\/repositories\/[^/]+/.test(path)
}

/** Servers from 3.41.0 to 3.56.x answer 404 to a PUT that they refuse (nexus-api section 2.3). */
function hidesRefusals(server: ServerInfo | undefined): boolean {
  return (
    server !== undefined &&
    compareVersions(server.version, '3.41.0') >= 0 &&
    compareVersions(server.version, '3.57.0') < 0
  )
}
