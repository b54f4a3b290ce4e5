import { STATUS_CODES } from 'node:http'
import { isHtml } from '../../http/message.ts'
import { retryAfter } from '../../http/retry.ts'
import { saysNexus } from '../identity.ts'
import { type Rule, seconds, statusText } from './answer-case.ts'

export const FROZEN = {
  reason: 'the server is in read-only mode (frozen)',
  hint: 'Release it in the web interface (System, Nodes), or with POST /service/rest/v1/read-only/release.',
}

/** Whether the server can answer: 500 to 599. */
export const AVAILABILITY_RULES: readonly Rule[] = [
  {
    when: ({ answer }) => answer.status === 503 && retryAfter(answer) !== undefined && saysNexus(answer),
    code: 'unavailable',
    reason: ({ answer }) =>
      `the server cannot take the request at the moment and asks to wait${seconds(retryAfter(answer))}`,
    hint: () =>
      'From 3.96 on Nexus answers like this when it cannot check sign-ins (its directory service may be down).',
  },
  {
    // E10: the only 503 with a fault id.
    when: ({ answer, faultId }) => answer.status === 503 && faultId !== undefined,
    code: 'read-only',
    reason: () => FROZEN.reason,
    hint: () => FROZEN.hint,
  },
  {
    when: ({ answer }) => answer.status === 503 && /^Jetty/i.test(answer.headers['server'] ?? ''),
    code: 'stopping',
    reason: () => 'the server is stopping',
    hint: () => 'Try again when it is back, or wait for it with --wait.',
  },
  {
    when: ({ answer, fromNexus }) => [502, 503, 504].includes(answer.status) && !fromNexus,
    code: 'bad-gateway',
    reason: ({ answer, complaints, complaint }) =>
      `Nexus is not reachable through what is in front of it (${complaints.length > 0 && isHtml(answer) ? complaint : `${answer.status} ${STATUS_CODES[answer.status] ?? ''}`})`,
    hint: () => 'Nexus is starting, stopped or overloaded. Try again later, or wait for it with --wait.',
  },
  {
    when: ({ answer }) => answer.status === 503,
    code: 'unavailable',
    reason: ({ complaint }) => complaint,
    hint: () => 'Try again later, or wait for the server with --wait.',
  },
  {
    when: ({ answer }) => answer.status >= 500,
    code: 'server-error',
    exitCode: 1,
    reason: ({ answer, complaint, faultId }) =>
      faultId === undefined
        ? `server error: ${complaint}`
        : `server error: ${complaint.replace(/^ERROR: \(ID [\w-]+\) ?/, '') || statusText(answer.status)} (fault ${faultId})`,
    hint: ({ faultId }) =>
      faultId === undefined
        ? "See the server's log."
        : `Look for ${faultId} in the server's log (nexus.log).`,
  },
]
