import { type Case, lastOf, realmOf, wordsOf } from '../evidence.ts'
import { asked, type Cause, field, isAtEndpoint, proxyLine, quoted, setting } from './cause.ts'

const refused = ({ wrong }: Case) => wrong.status === 401 || wrong.status === 403
/** A client that does not log in was to be let in, and was not. */
const keptOut = (it: Case) => it.check === 'anonymous' && it.subject.anonymous === 'let-in'
const challengedBy = (it: Case, scheme: string) =>
  [it.wrong, lastOf(it, 'ping')].some((one) =>
    one?.challenges.some((challenge) => challenge.scheme === scheme),
  )
const tokenRealmIsOff = ({ server }: Case) =>
  server.realms !== undefined && !server.realms.includes('DockerToken')
const anonymousPull: readonly string[] = ['anonymousPull']

/** The repository that the address for tokens is of (3.84 and later name it), where it is another one. */
function otherInRealm(it: Case): string | undefined {
  // A ping without the name of a repository is answered by any of them: that says something only where no token could be had.
  const asked = it.wrong.failure?.kind === 'token' ? lastOf(it, 'ping') : it.wrong
  const realm = asked && realmOf(asked)
  const [, named] = /\/repository\/([^/]+)\/v2\/token/.exec(realm ?? '') ?? []
  return named === undefined || named === it.subject.name ? undefined : named
}

/** Who is let in, and who is not (edge.md 4, field 3.1). */
export const accessCauses: readonly Cause[] = [
  {
    code: 'eula-open',
    title: 'the licence agreement of Community Edition is not accepted',
    when: (it) => it.server.eulaAccepted === false && it.wrong.status === 403,
    message: () =>
      'the server refuses all content until the licence agreement of Community Edition is accepted',
    hint: 'Write "bootstrap: {acceptEula: true}" and apply, or accept it in the web interface.',
    where: { kind: 'file', path: ['bootstrap', 'acceptEula'] },
  },
  {
    code: 'sign-in-locked',
    title: 'too many failed logins',
    when: (it) =>
      it.wrong.status === 429 && !['get-manifest', 'get-child', 'get-blob'].includes(it.wrong.step),
    message: (it) => `the server takes no more logins of this user for now (429${after(it)})`,
    hint: 'From 3.96 on three failures lock a user name, and each further try makes it longer: wait 15 minutes.',
    where: setting('Security → Users: save the user to unlock it'),
  },
  {
    code: 'force-basic-auth',
    title: 'forceBasicAuth keeps out who does not log in',
    when: (it) =>
      keptOut(it) && (challengedBy(it, 'basic') || it.subject.actual?.['forceBasicAuth'] === true),
    message: (it) =>
      `"${it.subject.name}" asks everybody for a login: forceBasicAuth is true on the server, which is its default`,
    hint: 'Run apply: it writes "forceBasicAuth: false" where the file has that or "anonymousPull: true".',
    where: (it) => field(it, 'forceBasicAuth'),
  },
  {
    code: 'realm-inactive',
    title: 'the realm DockerToken is not active',
    when: (it) =>
      refused(it) &&
      ((challengedBy(it, 'bearer') && lastOf(it, 'login-basic')?.status === 200) ||
        (keptOut(it) && tokenRealmIsOff(it))),
    message: () => 'the server gives tokens and does not take them: the realm DockerToken is not active',
    hint: 'Run apply: it activates the realm where the file has "anonymousPull: true" or "realms: {ensure: [DockerToken]}".',
    where: setting('Security → Realms: Docker Bearer Token Realm'),
  },
  {
    code: 'anonymous-off',
    title: 'anonymous access is off',
    when: (it) => keptOut(it) && it.server.anonymous?.enabled === false,
    message: () => 'nobody may pull without a login: anonymous access is off',
    // Only a file that lets everybody pull promises it against a server that does not.
    hint: 'Run apply: the file lets everybody pull, and the server does not any more.',
    where: { kind: 'file', path: anonymousPull },
  },
  {
    code: 'anonymous-user',
    title: 'anonymous access uses another user than anonymous',
    when: (it) => keptOut(it) && !['anonymous', undefined].includes(it.server.anonymous?.userId),
    message: (it) =>
      `tokens are for the user "anonymous" alone, and anonymous access uses "${it.server.anonymous?.userId}"`,
    hint: 'Write "anonymous: {userId: anonymous}", and apply.',
    where: { kind: 'file', path: ['anonymous', 'userId'] },
  },
  {
    code: 'path-token-of-another',
    title: 'path-based routing: the token of another repository',
    when: (it) => keptOut(it) && it.subject.address.way === 'path' && otherInRealm(it) !== undefined,
    message: (it) =>
      `clients that pull from "${it.subject.name}" are sent for a token to "${otherInRealm(it)}", and that token does not let them in`,
    hint: 'Known of Nexus 3.87 with several path-enabled repositories and anonymous pulls: log in, upgrade, or give the repository a port.',
    where: (it) => field(it, 'pathEnabled'),
  },
  {
    code: 'anonymous-rights',
    title: 'the anonymous user may not read the repository',
    when: (it) => keptOut(it) && refused(it),
    message: (it) => `the anonymous user is let in, and may not read "${it.subject.name}" (${quoted(it)})`,
    hint: (it) =>
      `Give its role nx-repository-view-docker-${it.subject.name}-read and -browse. A user that is disabled counts as one without rights.`,
    where: setting('Security → Users: anonymous, and its roles'),
  },
  {
    code: 'anonymous-open',
    title: 'pulls without a login, where the file asks for one',
    when: (it) =>
      it.wrong.step === 'anonymous-pull' &&
      it.subject.anonymous === 'refused' &&
      [200, 404].includes(it.wrong.status ?? 0),
    message: (it) => `anybody may pull from "${it.subject.name}" without a login`,
    hint: 'Write "anonymousPull: false" or "forceBasicAuth: true", and apply.',
    where: (it) =>
      it.subject.actual?.['forceBasicAuth'] === false
        ? field(it, 'forceBasicAuth')
        : { kind: 'file', path: anonymousPull },
  },
  {
    code: 'push-open',
    title: 'anybody may push',
    when: (it) => it.wrong.step === 'anonymous-push' && [200, 201, 202].includes(it.wrong.status ?? 0),
    message: (it) => `anybody may push to "${it.subject.name}" without a login`,
    hint: 'Take nx-repository-view-docker-*-add and -edit from the roles of the anonymous user.',
    where: setting('Security → Users: anonymous, and its roles'),
  },
  {
    code: 'ping-does-not-challenge',
    title: 'the registry lets everybody in at /v2/, and refuses the push',
    when: (it) => it.wrong.step === 'anonymous-push' && refused(it) && lastOf(it, 'ping')?.status === 200,
    message: (it) =>
      `GET /v2/ asks for no login, and a push to "${it.subject.name}" needs one: docker, podman and skopeo never send it`,
    hint: (it) =>
      isAtEndpoint(it)
        ? 'Send GET /v2/ to the hosted repository, or write the same forceBasicAuth for the group and the hosted repository.'
        : 'Write the same forceBasicAuth for the group and the hosted repository, with the realm DockerToken.',
    where: (it) =>
      isAtEndpoint(it) ? proxyLine('"~^GET /v2/$" nexus_hosted;') : field(it, 'forceBasicAuth'),
  },
  {
    code: 'password-unchecked',
    title: 'a wrong password is taken',
    when: (it) => it.check === 'wrong-password' && (it.wrong.status ?? 500) < 400,
    message: (it) => `${asked(it)} took the password of a user that does not exist (${it.wrong.status})`,
    hint: 'Something in front puts credentials of its own into every request, or answers itself.',
    where: (it) =>
      isAtEndpoint(it) ? proxyLine('proxy_set_header Authorization') : setting('Security → Realms'),
  },
]

function after({ wrong }: Case): string {
  const seconds = wrong.headers['retry-after']
  return seconds === undefined ? '' : `, again after ${seconds} s`
}

/** After all that a 401 may mean elsewhere. */
export const credentialsCause: Cause = {
  code: 'credentials-refused',
  title: 'the registry refuses user and password',
  when: ({ wrong }) =>
    wrong.as === 'user' &&
    (wrong.status === 401 || wrong.failure?.kind === 'token') &&
    wrong.step !== 'upstream',
  message: (it) => {
    const { username, passwordFrom } = it.login
    const from = passwordFrom === undefined ? '' : ` from ${passwordFrom}`
    return `the registry refuses the user "${username}" with the password${from} (${quoted(it)})`
  },
  hint: (it) =>
    isAtEndpoint(it)
      ? 'Check both: is there such a user? If they are right, the reverse proxy does not pass on the Authorization header.'
      : 'Check both. If they are right, the user may be disabled on the server.',
  where: (it) => {
    // The user of the connection has logged in to the server itself by then; that of --as has not.
    const isAs = /^(?:--as|NEXUS_AS)/.test(it.login.passwordFrom ?? '')
    if (isAtEndpoint(it) && !isAs) return proxyLine('proxy_set_header Authorization $http_authorization;')
    const [, name] = /^nexus\.(\w+)$/.exec(it.login.passwordFrom ?? '') ?? []
    return name === undefined ? setting('Security → Users') : { kind: 'file', path: ['nexus', name] }
  },
}

/** Last, after all that a 403 may mean elsewhere. */
export const rightsCause: Cause = {
  code: 'rights-missing',
  title: 'the user may not do it',
  when: (it) => it.wrong.as === 'user' && it.wrong.status === 403 && !/routing rule/i.test(wordsOf(it.wrong)),
  message: (it) => `the user may not do it: ${asked(it)} was refused (${quoted(it)})`,
  hint: (it) =>
    `The role needs nx-repository-view-docker-${it.subject.name}- with read and browse, and add and edit to push.`,
  where: setting('Security → Roles'),
}
