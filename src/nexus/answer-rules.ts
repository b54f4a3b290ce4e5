import { STATUS_CODES } from 'node:http'
import type { ExitCode } from '../core/errors.ts'
import type { NexusRequest, ServerInfo } from './connection.ts'
import type { ServerComplaint } from './error-body.ts'
import type { Answer } from './exchange.ts'
import { likelyPrivilege } from './permissions.ts'
import { isHtml, isSignInLimit, retryAfter } from './retry.ts'
import { compareVersions } from './version.ts'

/** What an error sentence is about. */
export interface Situation {
  request: Pick<NexusRequest, 'method' | 'path' | 'what'>
  /** The base URL, without credentials. */
  base: string
  /** Whose credentials were sent, if any. */
  username?: string
  server?: ServerInfo
}

/** An answer with what is needed to put it into words. */
export interface Case extends Situation {
  answer: Answer
  complaints: readonly ServerComplaint[]
  /** The complaints as one phrase, else the status. */
  complaint: string
  /** A Nexus wrote this answer, not something in front of it. */
  fromNexus: boolean
  faultId?: string
}

/** One kind of refusal: how to recognise it and what to say. */
export interface Rule {
  when(it: Case): boolean
  code: string
  exitCode: ExitCode
  /** Completes "cannot create …: ". */
  reason(it: Case): string
  hint?(it: Case): string | undefined
}

/** The first rule that applies decides. Texts of answers choose hints only, except where no other sign exists. */
export const RULES: readonly Rule[] = [
  {
    when: ({ answer }) => answer.headers['docker-distribution-api-version'] !== undefined,
    code: 'registry-port',
    exitCode: 4,
    reason: ({ base }) => `${base} is a Docker registry, not the server's own address`,
    hint: () =>
      'Use the port of the web interface (8081 unless changed), not the connector port of a repository.',
  },
  {
    when: ({ answer }) => answer.status < 300 && isHtml(answer),
    code: 'html-answer',
    exitCode: 4,
    reason: ({ complaint, complaints, base }) =>
      complaints.length === 0
        ? `${base} answered with a web page`
        : `${base} answered with a web page ("${complaint}")`,
    hint: (it) =>
      it.fromNexus
        ? 'This is the web interface: the URL must be the address that the browser shows, without /#browse and the like.'
        : `Another product answers there, or a sign-in page in front of it. ${otherProductHint(it)}`,
  },
  {
    when: ({ answer }) => answer.status < 400,
    code: 'unexpected-answer',
    exitCode: 4,
    reason: ({ answer }) => statusText(answer.status),
    hint: otherProductHint,
  },
  {
    when: (it) =>
      it.answer.status === 401 &&
      !it.fromNexus &&
      realmOf(it) !== undefined &&
      !realmOf(it)?.includes('Nexus'),
    code: 'front-authentication',
    exitCode: 4,
    reason: (it) =>
      `something in front of the server asks for a sign-in of its own (realm "${realmOf(it) ?? ''}")`,
    hint: () => 'Use an address that leads to Nexus directly, or credentials that both accept.',
  },
  {
    when: ({ answer }) => answer.status === 401,
    code: 'not-authenticated',
    exitCode: 4,
    reason: (it) =>
      it.username === undefined
        ? 'the server asks for a sign-in'
        : `the server does not accept the password of user "${it.username}" (or there is no such active user)`,
    hint: (it) =>
      it.username === undefined
        ? 'Give a user name and a password.'
        : 'It was tried once and is not tried again, because servers lock a user name after three failures.',
  },
  {
    when: ({ answer }) => isSignInLimit(answer),
    code: 'sign-in-limit',
    exitCode: 4,
    reason: (it) =>
      `the server has locked ${user(it)} after too many failed sign-ins, the right password included`,
    hint: () =>
      'Wait 15 minutes without a single request for this user name (each one prolongs the lock), let another administrator change its password, or restart the server.',
  },
  {
    when: ({ answer }) => answer.status === 429,
    code: 'too-many-requests',
    exitCode: 4,
    reason: ({ answer }) => `too many requests: the server asks to wait${seconds(retryAfter(answer))}`,
    hint: () => 'Try again later, or with a smaller --parallelism.',
  },
  {
    when: ({ answer }) => answer.status === 407,
    code: 'proxy-authentication',
    exitCode: 4,
    reason: () => 'the HTTP proxy of this machine asks for a user name and a password',
    hint: () =>
      'Put them into HTTP_PROXY / HTTPS_PROXY (http://user:password@host:port), or exclude the server in NO_PROXY.',
  },
  {
    when: ({ answer, complaints }) =>
      answer.status === 403 && complaints.some(({ message }) => /\bEULA\b/i.test(message)),
    code: 'eula-not-accepted',
    exitCode: 4,
    reason: () => 'the licence agreement (EULA) of the server has not been accepted yet',
    hint: () => 'Accept it in the web interface, or by bootstrap.acceptEula in the file.',
  },
  {
    when: (it) => it.answer.status === 403 && !it.fromNexus && isHtml(it.answer),
    code: 'front-refused',
    exitCode: 4,
    reason: ({ complaint }) => `something in front of the server refuses it (${complaint})`,
    hint: () => 'A reverse proxy or firewall has a rule against this address or method.',
  },
  {
    when: ({ answer }) => answer.status === 403,
    code: 'forbidden',
    exitCode: 4,
    reason: (it) => `${user(it)} may not do this${it.complaints.length > 0 ? ` (${it.complaint})` : ''}`,
    hint: privilegeHint,
  },
  {
    when: ({ answer }) => answer.status === 402,
    code: 'licence-required',
    exitCode: 1,
    reason: (it) =>
      `the server's licence does not cover it${it.complaints.length > 0 ? ` (${it.complaint})` : ''}`,
    hint: () => 'The licence is missing, has expired, or a limit of the Community Edition is reached.',
  },
  {
    when: (it) =>
      it.answer.status === 404 && !it.fromNexus && (it.server?.header === undefined || isHtml(it.answer)),
    code: 'not-nexus',
    exitCode: 4,
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
      `Nexus ${server?.version ?? ''} answers 404 to a repository whose settings are invalid: look at the URL, the password, the members and the cleanup policies, or at the server's log.`,
  },
  {
    when: ({ answer }) => answer.status === 404,
    code: 'not-found',
    exitCode: 1,
    reason: ({ complaints, complaint }) =>
      complaints.length > 0 ? complaint : 'the server does not have it, or does not offer this at all',
    hint: (it) =>
      it.username === undefined ? undefined : 'Nexus also answers 404 for what the user may not see.',
  },
  {
    when: ({ answer }) => answer.status === 405,
    code: 'not-offered',
    exitCode: 1,
    reason: ({ request, fromNexus }) =>
      fromNexus ? 'this server does not offer it' : `${request.method} is not allowed there`,
    hint: ({ fromNexus }) =>
      fromNexus
        ? 'Its version or edition has no such function.'
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
    reason: () => 'the request is too large for what stands in front of the server',
    hint: () => 'Raise its limit (nginx: client_max_body_size).',
  },
  {
    when: (it) => it.answer.status === 400 && !it.fromNexus && isHtml(it.answer),
    code: 'front-refused',
    exitCode: 4,
    reason: ({ complaint }) => `something in front of the server refuses it (${complaint})`,
    hint: ({ complaint, base }) => {
      if (/HTTPS port/i.test(complaint) && base.startsWith('http:'))
        return `Use https: ${base.replace(/^http:/, 'https:')}`
      return /certificate/i.test(complaint)
        ? 'It wants a client certificate: --client-cert and --client-key.'
        : undefined
    },
  },
  {
    when: ({ answer }) => answer.status === 409,
    code: 'conflict',
    exitCode: 1,
    reason: ({ complaint }) => complaint,
  },
  {
    when: ({ answer }) =>
      answer.status === 503 &&
      retryAfter(answer) !== undefined &&
      /^Nexus\//i.test(answer.headers['server'] ?? ''),
    code: 'unavailable',
    exitCode: 4,
    reason: ({ answer }) =>
      `the server cannot take it at the moment and asks to wait${seconds(retryAfter(answer))}`,
    hint: () =>
      'From 3.96 on Nexus answers like this when it cannot check sign-ins (its directory service may be down).',
  },
  {
    // E10: the only 503 with a fault id.
    when: ({ answer, faultId }) => answer.status === 503 && faultId !== undefined,
    code: 'read-only',
    exitCode: 4,
    reason: () => 'the server is in read-only mode (frozen)',
    hint: () =>
      'Release it in the web interface (System, Nodes), or with POST /service/rest/v1/read-only/release.',
  },
  {
    when: ({ answer }) => answer.status === 503 && /^Jetty/i.test(answer.headers['server'] ?? ''),
    code: 'stopping',
    exitCode: 4,
    reason: () => 'the server is stopping',
    hint: () => 'Try again when it is back, or wait for it with --wait.',
  },
  {
    when: ({ answer, fromNexus }) => [502, 503, 504].includes(answer.status) && !fromNexus,
    code: 'bad-gateway',
    exitCode: 4,
    reason: ({ answer, complaints, complaint }) =>
      `Nexus is not reachable through what stands in front of it (${complaints.length > 0 && isHtml(answer) ? complaint : `${answer.status} ${STATUS_CODES[answer.status] ?? ''}`})`,
    hint: () => 'Nexus is starting, stopped or overloaded. Try again later, or wait for it with --wait.',
  },
  {
    when: ({ answer }) => answer.status === 503,
    code: 'unavailable',
    exitCode: 4,
    reason: ({ complaint }) => complaint,
    hint: () => 'Try again later, or wait for the server with --wait.',
  },
  {
    when: ({ answer }) => answer.status >= 500,
    code: 'server-error',
    exitCode: 1,
    reason: ({ answer, complaint, faultId }) =>
      faultId === undefined
        ? `error of the server: ${complaint}`
        : `error of the server: ${complaint.replace(/^ERROR: \(ID [\w-]+\) ?/, '') || statusText(answer.status)} (fault ${faultId})`,
    hint: ({ faultId }) =>
      faultId === undefined
        ? "Look into the server's log."
        : `Look for ${faultId} in the server's log (nexus.log).`,
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

/** `the server answered 404 Not Found` */
export function statusText(status: number): string {
  return `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

function user(it: Case): string {
  return it.username === undefined ? 'a request without credentials' : `user "${it.username}"`
}

function realmOf(it: Case): string | undefined {
  return /realm="?([^"]*)"?/i.exec(it.answer.headers['www-authenticate'] ?? '')?.[1]
}

function privilegeHint(it: Case): string {
  if (it.username === undefined) return 'Give a user name and a password.'
  const privilege = likelyPrivilege(it.request.method, it.request.path)
  return privilege === undefined
    ? 'The user needs more rights.'
    : `The user needs the privilege ${privilege}${privilege === 'nx-all' ? '' : ' (or nx-all)'}.`
}

/** Servers from 3.41.0 to 3.56.x answer 404 to a PUT that they refuse (nexus-api section 2.3). */
function hidesRefusals(server: ServerInfo | undefined): boolean {
  return (
    server !== undefined &&
    compareVersions(server.version, '3.41.0') >= 0 &&
    compareVersions(server.version, '3.57.0') < 0
  )
}

function otherProductHint(it: Case): string {
  return `Check ${it.base}: host, port, and the path that Nexus may live under (http://host/nexus).`
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : ` ${Math.ceil(milliseconds / 1000)} s`
}
