import { type Case, type Exchange, lastOf, realmOf, says, wordsOf } from '../evidence.ts'
import {
  asked,
  type Cause,
  field,
  isAtEndpoint,
  proxyLine,
  quoted,
  setting,
  shownPort,
  type Where,
} from './cause.ts'

const PROTO = 'proxy_set_header X-Forwarded-Proto $scheme;'
const HOST = 'proxy_set_header Host $http_host;'
const TO_HOSTED = '"~^(?:GET|HEAD) /v2/.+/blobs/uploads/" nexus_hosted;'

/** The address that the registry gave: of its token service or of an upload. One without a host is nobody's fault. */
function givenBy(exchange: Exchange): string | undefined {
  const { step, headers } = exchange
  const { location } = step === 'start-upload' || step === 'patch-blob' ? headers : {}
  const given = step === 'ping' ? realmOf(exchange) : location
  return given !== undefined && /^(?:[a-z][a-z\d+.-]*:|[/\\]{2})/i.test(given) ? given : undefined
}

/** Whether an answer has an address of another origin than was asked: clients do not follow it with their credentials. */
export function leadsAway(exchange: Exchange): boolean {
  return strayed(exchange) !== undefined
}

/** The given address where it is not of the origin that was asked. */
function strayed(exchange: Exchange): string | undefined {
  const given = givenBy(exchange)
  if (given === undefined) return undefined
  const { url } = exchange
  if (URL.canParse(given, url) && new URL(given, url).origin === new URL(url).origin) return undefined
  // A query may hold the state of an upload, which nobody else is to have.
  return given.replace(/\?.*$/, '')
}

/** Same host and port but for the ports that the schemes imply. */
function onlySchemeDiffers(given: string | undefined, askedFor: string): boolean {
  if (given === undefined || !URL.canParse(given)) return false
  const [there, here] = [new URL(given), new URL(askedFor)]
  return there.protocol === 'http:' && here.protocol === 'https:' && there.hostname === here.hostname
}

const isUpload = ({ step }: Exchange) =>
  ['put-blob', 'patch-blob', 'close-upload', 'start-upload', 'upload-status'].includes(step)
/** Of an upload that was begun, and goes on elsewhere. */
const isContinued = (exchange: Exchange) => isUpload(exchange) && exchange.step !== 'start-upload'
const isWrite = ({ method }: Exchange) => !['GET', 'HEAD'].includes(method)

const saysGroup = (exchange: Exchange) =>
  /PRO-licensed|Deploying to groups|Group repository/i.test(wordsOf(exchange))

/** Whether something stands in front: an endpoint, or TLS at an address that is none of Nexus's connectors. */
const isBehindProxy = (it: Case) =>
  isAtEndpoint(it) || (it.subject.address.way !== 'port' && it.wrong.url.startsWith('https:'))

/** The repository and the image of a manifest that was found at the own address of its repository. */
function placeOf(found: Exchange | undefined): readonly string[] {
  if (found?.status !== 200) return []
  return /\/repository\/([^/]+)\/v2\/(.+)\/manifests\//.exec(found.url) ?? []
}

/** Where a repository is, in the words of nginx: its connector, or the port of the whole server. */
function upstreamLine({ subject: { type, wanted, address } }: Case): Where {
  const { prefix } = address
  if (prefix !== '') return proxyLine(`location /v2/${prefix} { proxy_pass http://nexus:8081; }`)
  return proxyLine(`upstream nexus_${type} { server nexus:${shownPort(wanted['httpPort']) ?? '8082'}; }`)
}

/** What a reverse proxy in front does wrong (edge.md 1 and 4, field 3.1). */
export const edgeCauses: readonly Cause[] = [
  {
    code: 'realm-null',
    title: 'the challenge names a realm of the scheme null',
    when: (it) => it.wrong.step === 'ping' && /^null:/.test(realmOf(it.wrong) ?? ''),
    message: (it) => `the registry sends clients to ${realmOf(it.wrong)} for a token`,
    hint: (it) =>
      isBehindProxy(it)
        ? 'Nexus 3.77 to 3.80 does so when X-Forwarded-Proto is missing: send the header, or upgrade to 3.81.'
        : 'Nexus 3.77 to 3.80 does so for clients that come without a reverse proxy, too: upgrade to 3.81, or put one in front that sends X-Forwarded-Proto, and name it with --endpoint.',
    where: (it) => (isBehindProxy(it) ? proxyLine(PROTO) : setting('version of Nexus')),
  },
  {
    code: 'realm-port-doubled',
    title: 'the challenge names a realm with its port twice',
    when: (it) => it.wrong.step === 'ping' && /^[a-z]+:\/\/[^/]*:\d+:\d+/.test(realmOf(it.wrong) ?? ''),
    message: (it) =>
      `the registry sends clients to ${realmOf(it.wrong)} for a token: the port stands there twice`,
    hint: 'Nexus 3.78 to 3.80 does so when X-Forwarded-Host carries a port: leave that header out, or upgrade to 3.81.',
    where: proxyLine('proxy_set_header X-Forwarded-Host ""; # Caddy: header_up -X-Forwarded-Host'),
  },
  {
    code: 'blind-prefix',
    title: 'the reverse proxy puts /repository/… in front of everything',
    when: (it) =>
      [it.wrong, lastOf(it, 'login')].some((one) => one && /not a docker request/i.test(wordsOf(one))) ||
      (it.wrong.failure?.kind === 'token' &&
        isAtEndpoint(it) &&
        realmOf(lastOf(it, 'ping') ?? it.wrong)?.includes('/repository/') === true),
    message: (it) =>
      `the registry gives tokens at ${realmOf(lastOf(it, 'ping') ?? it.wrong) ?? 'an address below /repository/'}, and the reverse proxy leads that address elsewhere`,
    hint: 'Prefix /v2/ only, and pass /repository/ through as it is: from 3.84 on the address for tokens has the prefix already.',
    where: proxyLine('location /v2/ { proxy_pass http://nexus:8081/repository/<repository>$request_uri; }'),
  },
  {
    code: 'forwarded-proto',
    title: 'the registry believes that it is reached by http',
    when: ({ wrong }) => onlySchemeDiffers(givenBy(wrong), wrong.url),
    message: (it) =>
      `the registry sends clients from https to ${strayed(it.wrong)}: it does not know that TLS ends in front of it`,
    hint: 'The reverse proxy must send X-Forwarded-Proto with the scheme that clients use: https.',
    where: proxyLine(PROTO),
  },
  {
    code: 'wrong-host',
    title: 'the registry believes that it has another host or port',
    when: ({ wrong }) => leadsAway(wrong) || wrong.failure?.code === 'realm-refused',
    message: ({ wrong }) => {
      const to = strayed(wrong)
      return to === undefined
        ? wrong.text
        : `the registry sends clients from ${new URL(wrong.url).origin} to ${to}`
    },
    hint: (it) =>
      isAtEndpoint(it)
        ? 'The reverse proxy must pass on the Host that clients use, with its port.'
        : 'Clients must use the address that the registry knows itself by, or the reverse proxy must pass on theirs.',
    where: proxyLine(HOST),
  },
  {
    code: 'gateway-unreachable',
    title: 'the reverse proxy does not reach Nexus',
    when: ({ wrong }) => [502, 503].includes(wrong.status ?? 0) && wrong.errors.length === 0,
    message: (it) =>
      `the reverse proxy at ${new URL(it.wrong.url).origin} does not reach Nexus (${it.wrong.status})`,
    hint: (it) =>
      `Its target must be the port of "${it.subject.name}", by a name that the proxy itself can resolve. Right after apply a connector takes some seconds.`,
    where: upstreamLine,
  },
  {
    code: 'gateway-timeout',
    title: 'the reverse proxy gives up before the upload has ended',
    when: (it) =>
      [408, 499, 504].includes(it.wrong.status ?? 0) ||
      (isUpload(it.wrong) && ['timeout', 'reset'].includes(it.wrong.failure?.kind ?? '')),
    message: (it) =>
      `${asked(it)} was cut off (${quoted(it)}) after ${Math.round(it.wrong.milliseconds / 1000)} s`,
    hint: 'Give uploads time: minutes, not seconds. Traefik from 2.11.2 ends every request after 60 s: respondingTimeouts.readTimeout=0.',
    where: proxyLine('proxy_read_timeout 900s; proxy_send_timeout 900s; proxy_request_buffering off;'),
  },
  {
    code: 'body-limit',
    title: 'the reverse proxy limits the size of uploads',
    when: ({ wrong }) => wrong.status === 413,
    message: (it) => `${asked(it)} was too large for the reverse proxy (413)`,
    hint: 'Layers have gigabytes: switch the limit off. nginx allows 1 MiB unless it is told otherwise.',
    where: proxyLine('client_max_body_size 0;'),
  },
  {
    code: 'web-interface-answers',
    title: 'a web page instead of the registry',
    when: (it) => it.wrong.step === 'ping' && (it.wrong.page || it.wrong.status === 404),
    message: (it) =>
      it.subject.address.way === 'path'
        ? `${asked(it)} leads to the web interface: no repository is path-enabled on the server`
        : `${asked(it)} leads to a web page, not to a registry (${it.wrong.status})`,
    hint: (it) =>
      isAtEndpoint(it)
        ? 'Send /v2/ of this name to the port of the repository: not to the web interface, and not to a reverse proxy that does not know the name.'
        : 'Path-based routing needs Nexus 3.83 and "pathEnabled: true", applied.',
    where: (it) =>
      isAtEndpoint(it)
        ? proxyLine('location /v2/ { proxy_pass http://nexus:8082; }')
        : field(it, 'pathEnabled'),
  },
  {
    code: 'api-version-header',
    title: 'the answer lacks Docker-Distribution-Api-Version',
    when: ({ wrong }) =>
      wrong.step === 'ping' &&
      [200, 401].includes(wrong.status ?? 0) &&
      wrong.headers['docker-distribution-api-version'] === undefined,
    message: (it) =>
      `the answer to ${asked(it)} lacks Docker-Distribution-Api-Version, which Nexus always sends: something in front answered, or takes it away`,
    hint: 'Leave the login to Nexus. A reverse proxy that asks for one itself must add the header to its 401.',
    where: proxyLine('add_header Docker-Distribution-Api-Version registry/2.0 always;'),
  },
  {
    code: 'head-manifest-to-hosted',
    title: 'HEAD of a manifest goes to the hosted repository',
    when: ({ wrong }) => wrong.step === 'proxied-head',
    message: (it) =>
      `HEAD of a manifest that GET finds is ${it.wrong.status ?? 'unanswered'}: containerd and BuildKit cannot pull what is only cached`,
    hint: 'Only HEAD of /blobs/ and what is on /blobs/uploads/ goes to the hosted repository; HEAD of /manifests/ goes where GET goes.',
    where: proxyLine('"~^(?:GET|HEAD) " nexus_group;'),
  },
  {
    code: 'head-blob-to-group',
    title: 'HEAD of a layer goes to the group',
    when: ({ wrong }) =>
      wrong.step === 'proxied-blob' ||
      (wrong.step === 'put-manifest' && says(wrong, 'MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN')),
    message: () =>
      'HEAD of a layer is answered by the group: clients take it for pushed, skip it, and the manifest is refused (blob unknown to registry)',
    hint: 'HEAD of /blobs/ must go to the hosted repository, as every push does.',
    where: proxyLine('"~^HEAD /v2/.+/blobs/" nexus_hosted;'),
  },
  {
    code: 'upload-session-split',
    title: 'requests of one upload go to two repositories',
    when: ({ wrong }) =>
      (isContinued(wrong) && (wrong.status === 404 || saysGroup(wrong))) ||
      (wrong.step === 'upload-status' && !wrong.page && (wrong.status ?? 500) < 500),
    message: (it) =>
      `${it.wrong.method} of an upload that was just begun is ${it.wrong.status}: it went to another repository`,
    hint: 'Whatever the method, /blobs/uploads/ goes to the hosted repository.',
    where: proxyLine(TO_HOSTED),
  },
  {
    code: 'writes-to-group',
    title: 'pushes go to a group',
    when: ({ wrong, subject }) =>
      isWrite(wrong) &&
      subject.type === 'hosted' &&
      (says(wrong, 'DENIED') || saysGroup(wrong)) &&
      !/read.only|cannot be|does not allow/i.test(wordsOf(wrong)),
    message: (it) =>
      `the push to "${it.subject.name}" (${asked(it)}) went to a group, which takes none on Community Edition (${quoted(it)})`,
    hint: 'POST, PUT, PATCH and DELETE must go to the hosted repository.',
    where: (it) =>
      isAtEndpoint(it)
        ? proxyLine('default nexus_hosted; # every method but GET and HEAD')
        : field(it, 'httpPort'),
  },
  {
    code: 'writes-to-proxy',
    title: 'pushes go to a proxy repository',
    when: ({ wrong }) =>
      isWrite(wrong) &&
      !wrong.page &&
      (wrong.status === 405 || says(wrong, 'UNSUPPORTED')) &&
      !/read.only|cannot be|does not allow/i.test(wordsOf(wrong)),
    message: (it) => `the push to "${it.subject.name}" went to a repository that takes none (${quoted(it)})`,
    hint: 'POST, PUT, PATCH and DELETE must go to the hosted repository.',
    where: proxyLine('default nexus_hosted; # every method but GET and HEAD'),
  },
  {
    code: 'pushed-elsewhere',
    title: 'pushes go to another repository, and come back from there',
    when: ({ wrong }) => wrong.step === 'pushed-at-home',
    message: (it) => {
      const [, repository, name] = placeOf(lastOf(it, 'pushed-elsewhere'))
      const where = repository === undefined ? 'in another repository' : `in "${repository}" as ${name}`
      return `what was pushed to ${it.subject.address.url} is not in "${it.subject.name}": it is ${where}`
    },
    hint: (it) =>
      isAtEndpoint(it)
        ? 'The reverse proxy must lead to this repository. If its file was rendered, render it again from this one.'
        : 'This address leads to another repository: look at how its port is published, and at what stands in front.',
    where: (it) => (it.subject.address.way === 'port' ? field(it, 'httpPort') : upstreamLine(it)),
  },
  {
    code: 'tags-elsewhere',
    title: 'the list of tags comes from another repository',
    when: ({ wrong }) => wrong.fault === 'not-listed',
    message: (it) => `the list of tags at ${it.wrong.url} lacks what was pushed and can be pulled`,
    hint: 'GET of /v2/…/tags/list goes where GET of manifests goes.',
    where: proxyLine('"~^(?:GET|HEAD) " nexus_group;'),
  },
]
