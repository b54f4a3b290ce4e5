import { type Case, type Exchange, lastOf } from '../evidence.ts'
import { asked, type Cause, field, isAtEndpoint, option, proxyLine, setting, shownPort } from './cause.ts'

const failedWith = ({ wrong }: Case, ...kinds: string[]) => kinds.includes(wrong.failure?.kind ?? '')
const coded = ({ wrong }: Case, ...codes: string[]) => codes.includes(wrong.failure?.code ?? '')
const originOf = ({ subject }: Case) => new URL(subject.address.url).origin

const endpointOf = ({ subject: { address } }: Case) => (address.way === 'endpoint' ? address : undefined)

/** The address that was asked in place of that which DNS has for the name. */
function askedAt(it: Case): string {
  const { host, port } = endpointOf(it)?.connectTo ?? {}
  return host === undefined ? '' : `, asked at ${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Nobody answers at the port: refused at once, or swallowed by what is in between. */
const isShut = (it: Case) => failedWith(it, 'refused', 'unreachable')

const portField = ({ subject }: Case) =>
  typeof subject.wanted['httpsPort'] === 'number' ? 'httpsPort' : 'httpPort'
const portOf = (it: Case) => Number(it.subject.wanted[portField(it)])

/** Whether the server itself has another port than is wanted. */
function portDiffers({ subject }: Case, name: string): boolean {
  return subject.actual !== undefined && (subject.actual[name] ?? null) !== (subject.wanted[name] ?? null)
}

/** The main port answers for the repository: the server runs. */
const serverRuns = (it: Case) => lastOf(it, 'own-path')?.status !== undefined

/** Asked by TLS as well: it answered, or showed a certificate. */
const speaksTls = (asked: Exchange | undefined) =>
  asked?.status !== undefined || asked?.failure?.kind === 'certificate'

/** No answer at all, and repositories that are not there. */
export const reachCauses: readonly Cause[] = [
  {
    code: 'repository-missing',
    title: 'the server lacks the repository',
    when: ({ subject }) => subject.missing === true,
    message: ({ subject, server }) => `${server.url} has no docker repository "${subject.name}"`,
    hint: 'Run apply first: verify changes no settings.',
    where: ({ subject }) => ({ kind: 'file', path: subject.path }),
  },
  {
    code: 'repository-offline',
    title: 'the repository is offline',
    when: ({ subject }) => subject.actual?.['online'] === false,
    message: ({ subject }) => `"${subject.name}" is offline (online: false) and answers nobody`,
    hint: 'Write "online: true", and apply, or put it online in the web interface.',
    where: (it) => field(it, 'online'),
  },
  {
    code: 'connector-not-applied',
    title: 'the server has another port for the repository than the file',
    when: (it) => it.subject.address.way === 'port' && isShut(it) && portDiffers(it, portField(it)),
    message: (it) =>
      `the file gives "${it.subject.name}" the ${portField(it)} ${portOf(it)}, and the server has ${shownPort(it.subject.actual?.[portField(it)]) ?? 'none'}`,
    hint: 'Run apply: it gives the repository the port of the file. Or correct the file.',
    where: (it) => field(it, portField(it)),
  },
  {
    code: 'https-without-key-store',
    title: 'httpsPort without HTTPS in Nexus itself',
    when: (it) =>
      it.subject.address.way === 'port' &&
      portField(it) === 'httpsPort' &&
      (isShut(it) || failedWith(it, 'tls', 'reset')),
    message: (it) =>
      `nothing speaks TLS at ${originOf(it)}: without a key store Nexus does not start the connector of httpsPort ${portOf(it)}`,
    hint: 'Give Nexus a key store (jetty-https.xml and application-port-ssl in nexus.properties), or use httpPort behind a reverse proxy with TLS.',
    where: (it) => field(it, 'httpsPort'),
  },
  {
    code: 'port-not-published',
    title: 'the connector is not reachable from here, the server is',
    when: (it) =>
      it.subject.address.way === 'port' && (isShut(it) || failedWith(it, 'timeout')) && serverRuns(it),
    message: (it) =>
      `nothing is listening at ${originOf(it)}, and the server runs and has the port: it is not published, or another program held it when Nexus opened it`,
    hint: (it) =>
      it.server.url.startsWith('https:')
        ? `Clients that come through a reverse proxy have another address: name it with --endpoint ${it.subject.name}=https://…. Otherwise publish port ${portOf(it)}.`
        : `Publish it: --publish ${portOf(it)}:${portOf(it)} of the container, the ports of the Service, the firewall. Else look for "Could not start connector" in nexus.log.`,
    where: (it) => setting(`published ports of the container or Service: ${portOf(it)}`),
  },
  {
    code: 'not-listening',
    title: 'nothing listens at the address',
    when: isShut,
    message: (it) => `nothing is listening at ${originOf(it)}${askedAt(it)}`,
    hint: (it) =>
      isAtEndpoint(it) ? 'Is the reverse proxy running, and is this its port?' : 'Is the server running?',
    where: (it) => (isAtEndpoint(it) ? proxyLine('listen') : setting('the server itself')),
  },
  {
    code: 'host-unknown',
    title: 'the name of the host is not known',
    when: (it) => failedWith(it, 'name-not-found', 'name-lookup-failed'),
    message: (it) =>
      `there is no host named ${endpointOf(it)?.connectTo?.host ?? new URL(it.subject.address.url).hostname}`,
    hint: (it) =>
      it.subject.address.way === 'subdomain'
        ? 'Subdomain routing needs a name in DNS for each repository, or a wildcard.'
        : isAtEndpoint(it)
          ? 'Check the spelling and DNS. Before DNS has the names of edge:, --through ADDRESS asks the reverse proxy there.'
          : 'Check the spelling and DNS.',
    where: (it) =>
      isAtEndpoint(it)
        ? option(
            endpointOf(it)?.through
              ? '--through ADDRESS'
              : `--endpoint ${it.subject.name}=${it.subject.address.url}`,
          )
        : it.subject.address.way === 'subdomain'
          ? field(it, 'subdomain')
          : { kind: 'file', path: ['nexus', 'url'] },
  },
  {
    code: 'clock',
    title: 'a clock is wrong',
    when: (it) => coded(it, 'CERT_NOT_YET_VALID'),
    message: (it) => `the certificate of ${originOf(it)} is not valid yet: a clock is wrong`,
    hint: 'Set the clocks of this machine and of the server (NTP).',
    where: setting('clock of this machine, or of the one that made the certificate'),
  },
  {
    code: 'certificate-expired',
    title: 'the certificate has expired',
    when: (it) => coded(it, 'CERT_HAS_EXPIRED'),
    message: (it) => `the certificate of ${originOf(it)} has expired`,
    hint: 'Renew it. Every client refuses it as it is.',
    where: proxyLine('ssl_certificate'),
  },
  {
    code: 'certificate-name',
    title: 'the certificate is for another host name',
    when: (it) => coded(it, 'ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'),
    message: (it) => `the certificate of ${originOf(it)} is for another host name`,
    hint: 'Use the name that it was made for, or have one made for this name, as subjectAltName: Docker does not read the Common Name.',
    where: proxyLine('ssl_certificate'),
  },
  {
    code: 'private-authority',
    title: 'the certificate comes from an authority that this machine does not know',
    when: (it) => failedWith(it, 'certificate'),
    message: (it) =>
      `the certificate of ${endpointOf(it)?.through ? 'the reverse proxy' : originOf(it)} is not signed by an authority that this machine trusts`,
    hint: (it) =>
      endpointOf(it)?.caCert !== undefined
        ? 'The authority of the file did not sign what the reverse proxy shows: one of them is out of date.'
        : endpointOf(it)?.through
          ? "Put the authority's certificate beside the file and name it there (ca: ca.crt): verify and render client-setup take it. With acme, give it with --ca-cert."
          : `Give the authority's certificate with --ca-cert; Docker wants it as /etc/docker/certs.d/${new URL(originOf(it)).host}/ca.crt.`,
    where: (it) =>
      endpointOf(it)?.caCert !== undefined || endpointOf(it)?.through
        ? { kind: 'file', path: ['edge', 'tls', 'ca'] }
        : option('--ca-cert'),
  },
  {
    code: 'scheme-mixed',
    title: 'http where TLS is spoken, or https where it is not',
    when: (it) =>
      failedWith(it, 'plain-http-on-tls-url', 'tls-on-plain-http-url') ||
      speaksTls(lastOf(it, 'with-tls')) ||
      (it.wrong.status === 400 && /plain HTTP request was sent to HTTPS port/i.test(it.wrong.text)),
    message: (it) =>
      originOf(it).startsWith('https:')
        ? `${originOf(it)} speaks plain HTTP, not TLS`
        : `${originOf(it)} speaks TLS, not plain HTTP`,
    hint: (it) =>
      isAtEndpoint(it)
        ? 'Correct the scheme of the endpoint, or the TLS of the reverse proxy.'
        : 'An httpPort speaks plain HTTP, an httpsPort TLS.',
    where: (it) =>
      isAtEndpoint(it)
        ? originOf(it).startsWith('https:')
          ? proxyLine('listen 443 ssl')
          : option(`--endpoint ${it.subject.name}=${it.subject.address.url.replace(/^http:/, 'https:')}`)
        : it.subject.address.way === 'port'
          ? field(it, portField(it))
          : { kind: 'file', path: ['nexus', 'url'] },
  },
  {
    code: 'redirected-elsewhere',
    title: 'the address only leads to another one',
    when: ({ wrong }) =>
      ['ping', 'login'].includes(wrong.step) && [301, 302, 303, 307, 308].includes(wrong.status ?? 0),
    message: (it) =>
      `${originOf(it)} redirects to ${it.wrong.headers['location']?.replace(/\?.*$/, '') ?? 'another address'}`,
    hint: 'Give clients the address that it leads to: a push does not follow redirects.',
    where: (it) => (isAtEndpoint(it) ? proxyLine('return 301') : { kind: 'file', path: ['nexus', 'url'] }),
  },
  {
    code: 'no-answer',
    title: 'no answer in time',
    when: (it) => failedWith(it, 'timeout') && it.wrong.step === 'ping',
    message: (it) => `no answer to ${asked(it)} in time`,
    hint: 'A firewall may drop the packets, or the server is overloaded. A longer --timeout may help.',
    where: setting('network between this machine and the server'),
  },
]
