import { textOf } from '../../core/json.ts'
import { presetOf, upstreamAt } from '../../intents/upstreams.ts'
import { hostOf } from '../../resources/contract/urls.ts'
import { type Case, lastOf, says, wordsOf } from '../evidence.ts'
import { type Cause, field, option, quoted, setting } from './cause.ts'

/** What came, although changed, is no fault of the upstream. */
const isPull = ({ check, wrong }: Case) => check === 'pull-through' && wrong.fault === undefined
const remote = ({ subject }: Case) => textOf(subject.wanted['remoteUrl'])
/** The server's value, or where it does not tell, the file's. */
const theirs = ({ subject }: Case, name: string) => (subject.actual ?? subject.wanted)[name]
const image = ({ subject }: Case) => `${subject.image?.name}:${subject.image?.tag}`
const upstream = (it: Case) => lastOf(it, 'upstream')
const upstreamImage = (it: Case) => lastOf(it, 'upstream-image')
/** What is known of the registry; of others nobody knows, mirrors of Docker Hub among them. */
const neededIndex = (it: Case) => presetOf(upstreamAt(hostOf(remote(it)) ?? '') ?? '')?.index
const login = ({ subject }: Case) => subject.wanted['authentication.username'] !== undefined

/** Whether somebody counts pulls and has had enough. A proxy repository tells its clients 404. */
function isRateLimited(it: Case): boolean {
  return [it.wrong, upstreamImage(it), upstream(it)].some(
    (one) =>
      one !== undefined &&
      (one.status === 429 ||
        says(one, 'TOOMANYREQUESTS') ||
        /toomanyrequests|rate limit/i.test(wordsOf(one)) ||
        /^0(;|$)/.test(one.headers['ratelimit-remaining'] ?? '')),
  )
}

/** Pulling through a proxy repository: the answer to clients is 404, whatever the upstream says (edge.md 4). */
export const upstreamCauses: readonly Cause[] = [
  {
    code: 'upstream-blocked',
    title: 'requests to the upstream are blocked',
    when: (it) => isPull(it) && theirs(it, 'httpClient.blocked') === true,
    message: (it) => `"${it.subject.name}" may not ask its upstream: httpClient.blocked is true`,
    hint: 'Write "httpClient: {blocked: false}", and apply.',
    where: (it) => field(it, 'httpClient.blocked'),
  },
  {
    code: 'routing-rule',
    title: 'a routing rule keeps the image out',
    when: (it) => isPull(it) && it.wrong.status === 403 && typeof theirs(it, 'routingRule') === 'string',
    message: (it) =>
      `the routing rule "${textOf(theirs(it, 'routingRule'))}" keeps ${image(it)} out of "${it.subject.name}"`,
    hint: 'Change the matchers of the rule, or name an image that it lets through with --image.',
    where: (it) => field(it, 'routingRule'),
  },
  {
    code: 'rate-limit',
    title: 'the upstream counts pulls, and has had enough',
    when: (it) => isPull(it) && isRateLimited(it),
    message: (it) => `${remote(it)} answers no more pulls for now: its rate limit is used up`,
    hint: 'Log in to the upstream: pulls without a login are counted by address, and a company has one.',
    where: (it) => field(it, 'authentication'),
  },
  {
    code: 'upstream-certificate',
    title: 'the certificate of the upstream is not trusted',
    when: (it) => isPull(it) && upstream(it)?.failure?.kind === 'certificate',
    message: (it) =>
      `the certificate of ${remote(it)} is not signed by an authority that is trusted by default`,
    hint: 'Import it into the trust store of Nexus, and write "httpClient: {useTrustStore: true}".',
    where: (it) => field(it, 'httpClient.useTrustStore'),
  },
  {
    code: 'upstream-no-registry',
    title: 'the upstream is a web site',
    when: (it) =>
      isPull(it) &&
      ((upstream(it)?.page === true && (upstream(it)?.status ?? 0) < 500) ||
        (upstream(it)?.status === 404 && upstream(it)?.errors.length === 0)),
    message: (it) => `${remote(it)} is a web site, not a registry`,
    hint: 'Docker Hub is https://registry-1.docker.io; "upstream" knows the addresses of others.',
    where: (it) => field(it, 'remoteUrl'),
  },
  {
    code: 'upstream-auto-blocked',
    title: 'the server leaves the upstream alone for a while',
    when: (it) =>
      isPull(it) &&
      /auto.?blocked/i.test(`${lastOf(it, 'repository-status')?.text} ${wordsOf(it.wrong)}`) &&
      upstream(it)?.status !== undefined,
    message: (it) =>
      `"${it.subject.name}" has stopped asking ${remote(it)}, which answers again: it is auto-blocked`,
    hint: 'Nexus tries again by itself; saving the repository ends it at once.',
    where: (it) => field(it, 'httpClient.autoBlock'),
  },
  {
    code: 'upstream-unreachable',
    title: 'the upstream does not answer',
    when: (it) =>
      isPull(it) &&
      ((upstream(it)?.failure !== undefined && upstream(it)?.failure?.kind !== 'token') ||
        (upstream(it)?.status ?? 0) >= 500),
    message: (it) =>
      `neither Nexus nor this machine can reach ${remote(it)} (${upstream(it)?.failure?.code ?? upstream(it)?.status})`,
    hint: 'Check the address, and whether it is reached through the HTTP proxy of the server (httpProxy).',
    where: (it) => field(it, 'remoteUrl'),
  },
  {
    code: 'upstream-credentials',
    title: 'the upstream refuses the login',
    when: (it) =>
      isPull(it) &&
      [upstreamImage(it), upstream(it)].some(
        (one) => one?.failure?.kind === 'token' || [401, 403].includes(one?.status ?? 0),
      ),
    message: (it) =>
      login(it)
        ? `${remote(it)} refuses the login of "${it.subject.name}"`
        : `${remote(it)} asks for a login, and "${it.subject.name}" has none`,
    hint: 'Write "authentication" with a user and a token that are valid, and apply with --rotate-secrets.',
    where: (it) => field(it, login(it) ? 'authentication.username' : 'authentication'),
  },
  {
    code: 'negative-cache',
    title: 'the server remembers that the upstream lacked the image',
    when: (it) => isPull(it) && it.wrong.status === 404 && lastOf(it, 'by-digest')?.status === 200,
    message: (it) =>
      `"${it.subject.name}" remembers that there was no ${image(it)}, and the upstream has it now`,
    hint: 'Invalidate the cache of the repository, or write a shorter "negativeCache.timeToLive".',
    where: (it) => field(it, 'negativeCache.timeToLive'),
  },
  {
    code: 'index-type',
    title: 'the index is not that of the upstream',
    when: (it) =>
      isPull(it) &&
      (upstreamImage(it)?.status === 200 || lastOf(it, 'with-library')?.status === 200) &&
      neededIndex(it) !== undefined &&
      theirs(it, 'index') !== undefined &&
      theirs(it, 'index') !== neededIndex(it),
    message: (it) =>
      `"${it.subject.name}" is a proxy of ${remote(it)}, and has index: ${textOf(theirs(it, 'index'))}`,
    hint: (it) => `Write "index: ${neededIndex(it)}", or "upstream" in place of remoteUrl, and apply.`,
    where: (it) => field(it, 'index'),
  },
  {
    code: 'library-missing',
    title: 'the name of an official image lacks library/',
    when: (it) => isPull(it) && lastOf(it, 'with-library')?.status === 200,
    message: (it) => `"${it.subject.name}" has library/${image(it)}, not ${image(it)}`,
    hint: 'Official images of Docker Hub are below library/ for everybody but the docker command.',
    where: (it) => option(`--image ${it.subject.name}=library/${image(it)}`),
  },
  {
    code: 'image-missing',
    title: 'the upstream lacks the image',
    when: (it) => isPull(it) && upstreamImage(it)?.status === 404,
    message: (it) => `${remote(it)} itself has no ${image(it)}`,
    hint: 'Name an image that it has with --image.',
    where: (it) => option(`--image ${it.subject.name}=NAME:TAG`),
  },
  {
    code: 'no-way-out',
    title: 'the upstream answers this machine, and not the server',
    when: (it) => isPull(it) && upstreamImage(it)?.status === 200,
    message: (it) =>
      `${remote(it)} has ${image(it)} for this machine, and the server cannot get it (${quoted(it)})`,
    hint: 'Has the server its HTTP proxy, and does the proxy let it through, the hosts of redirected layers included? nexus.log says what failed.',
    where: { kind: 'file', path: ['httpProxy'] },
  },
]

/** What nothing else explains. */
export const upstreamUnexplained: Cause = {
  code: 'upstream-unexplained',
  title: 'the upstream cannot be pulled through',
  when: (it) => isPull(it) && (it.wrong.status ?? 500) >= 400,
  message: (it) => `"${it.subject.name}" cannot get ${image(it)} from ${remote(it)} (${quoted(it)})`,
  hint: 'nexus.log says what the upstream answered.',
  where: setting('nexus.log'),
}
