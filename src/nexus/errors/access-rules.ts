import { isHtml } from '../../http/message.ts'
import { retryAfter } from '../../http/retry.ts'
import { brief } from '../../http/sentence.ts'
import { likelyPrivilege } from '../sign-in/permissions.ts'
import { isSignInLimit } from '../sign-in/verdict.ts'
import { type Case, type Rule, seconds } from './answer-case.ts'

/** Who asks, and what they may: 401, 402, 403, 407, 429, and the 400 of what stands in front. Texts of answers choose hints only, except where no other sign exists. */
export const ACCESS_RULES: readonly Rule[] = [
  {
    when: (it) => it.answer.status === 401 && !it.fromNexus && realmOf(it)?.includes('Nexus') === false,
    code: 'front-authentication',
    reason: (it) =>
      `something in front of the server asks for a sign-in of its own (realm "${brief(realmOf(it) ?? '')}")`,
    hint: () =>
      'Use an address that leads to Nexus directly. If both take the same credentials, write nexus.version in the file: without it they are sent only to Nexus.',
  },
  {
    when: ({ answer }) => answer.status === 401,
    code: 'not-authenticated',
    reason: refusedPassword,
    hint: refusedPasswordHint,
  },
  {
    when: ({ answer }) => isSignInLimit(answer),
    code: 'sign-in-limit',
    reason: (it) =>
      `the server has locked ${user(it)} after too many failed sign-ins; even the right password is refused${sources(it)}`,
    hint: () =>
      'Wait 15 minutes without a single request for this user name (each one prolongs the lock), have another administrator change its password, or restart the server.',
  },
  {
    when: ({ answer }) => answer.status === 429,
    code: 'too-many-requests',
    reason: ({ answer }) => `too many requests: the server asks to wait${seconds(retryAfter(answer))}`,
    hint: () => 'Try again later, or with a smaller --parallelism.',
  },
  {
    when: ({ answer }) => answer.status === 407,
    code: 'proxy-authentication',
    reason: () => 'the HTTP proxy of this machine asks for a user name and a password',
    hint: () =>
      'Put them into HTTP_PROXY / HTTPS_PROXY (http://user:password@host:port), or exclude the server in NO_PROXY.',
  },
  {
    when: ({ answer, complaints }) =>
      answer.status === 403 && complaints.some(({ message }) => /\bEULA\b/i.test(message)),
    code: 'eula-not-accepted',
    reason: () => "the server's licence agreement (EULA) has not been accepted yet",
    hint: () =>
      'Write "bootstrap: {acceptEula: true}" in the file once you agree to it, or accept it in the web interface.',
  },
  {
    when: (it) => [400, 403].includes(it.answer.status) && !it.fromNexus && isHtml(it.answer),
    code: 'front-refused',
    reason: ({ complaint }) => `something in front of the server refuses it (${complaint})`,
    hint: frontHint,
  },
  {
    when: ({ answer }) => answer.status === 403,
    code: 'forbidden',
    reason: (it) =>
      `${user(it)} is not allowed to do this${it.complaints.length > 0 ? ` (${it.complaint})` : ''}`,
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
]

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

function frontHint({ answer, complaint, base }: Case): string | undefined {
  if (answer.status === 403) return 'A reverse proxy or firewall has a rule against this address or method.'
  if (/HTTPS port/i.test(complaint) && base.startsWith('http:'))
    return `Use https: ${base.replace(/^http:/, 'https:')}`
  return /certificate/i.test(complaint)
    ? 'It wants a client certificate: --client-cert and --client-key.'
    : undefined
}

function refusedPassword(it: Case): string {
  if (it.username === undefined) return 'the server asks for a sign-in'
  const [wanted, initial] = it.passwords?.tried ?? []
  if (wanted !== undefined && initial !== undefined)
    return `the server accepts neither the password of ${user(it)} from ${wanted} nor the one from ${initial}`
  return `the server does not accept the password of ${user(it)} (or there is no such active user)${sources(it)}`
}

/** `; the password came from NEXUS_PASSWORD`: there are five places. */
function sources({ passwords }: Case): string {
  const { tried = [] } = passwords ?? {}
  if (tried.length === 0) return ''
  return `; the password${tried.length > 1 ? 's' : ''} came from ${tried.join(' and ')}`
}

function refusedPasswordHint({ username, passwords }: Case): string {
  if (username === undefined) return 'Give a user name and a password.'
  const { tried = [], note } = passwords ?? {}
  const parts =
    tried.length > 1
      ? [
          'Each was tried once, because servers lock a user name after three failures.',
          'If another run has changed the password just now, run the command again; if the server only accepts single sign-on, use a user token.',
        ]
      : ['It was tried once and is not tried again, because servers lock a user name after three failures.']
  return [...parts, ...(note === undefined ? [] : [note])].join(' ')
}
