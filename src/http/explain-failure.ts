import { STATUS_CODES } from 'node:http'
import { UserError } from '../core/errors.ts'
import { formatSize } from '../core/size.ts'
import type { Failure, FailureKind } from './failure.ts'
import { LostAnswerError } from './lost-answer.ts'
import { isRepeatable } from './message.ts'
import type { EnvironmentProxy } from './proxy-environment.ts'
import { elsewhereHint, type Situation, sentence } from './sentence.ts'

/** The situation of a request that got no answer. */
export interface FailureSituation extends Situation {
  timeoutMs: number
  maxAnswerBytes: number
  proxy: EnvironmentProxy | undefined
}

interface Words {
  code: string
  reason(failure: Failure, it: FailureSituation): string
  hint?(failure: Failure, it: FailureSituation): string | undefined
}

/**
 * A request without an answer, as one error with a sentence and a hint. A `LostAnswerError` where the server may have carried out a
 * POST, otherwise exit code 4 (not reachable).
 */
export function explainFailure(
  failure: Failure,
  it: FailureSituation & { request: { readOnly?: boolean } },
): UserError {
  const words = WORDS[failure.kind]
  const reason = words.reason(failure, it)
  if (failure.maybeSent && !isRepeatable(it.request)) return new LostAnswerError(it.request, reason)
  const hint = words.hint?.(failure, it)
  return new UserError(words.code, sentence(it.request, reason), { hint, exitCode: 4 })
}

const WORDS: Readonly<Record<FailureKind, Words>> = {
  refused: {
    code: 'connection-refused',
    reason: (_, it) => `nothing is listening at ${peer(it)} (connection refused)`,
    hint: (_, it) =>
      it.proxy
        ? `Start the proxy, correct ${it.proxy.variable}, or exclude the server in NO_PROXY.`
        : 'Is the server running, and is this its port? Use --wait to wait for a server that is just starting.',
  },
  'name-not-found': {
    code: 'host-not-found',
    reason: (_, it) => `there is no host named ${it.proxy?.host ?? hostOf(it)}${viaProxy(it)}`,
    hint: (_, it) =>
      it.proxy ? `The name comes from ${it.proxy.variable}.` : 'Check the spelling, the VPN and DNS.',
  },
  'name-lookup-failed': {
    code: 'host-not-found',
    reason: (_, it) => `DNS does not answer for ${it.proxy?.host ?? hostOf(it)}${viaProxy(it)}`,
    hint: () => 'Check the network and DNS on this machine.',
  },
  unreachable: {
    code: 'unreachable',
    reason: (failure, it) => `there is no route to ${peer(it)} (${failure.code})`,
    hint: () => 'Check the network, the VPN and firewalls.',
  },
  certificate: {
    code: 'certificate-not-trusted',
    reason: (failure, it) =>
      `the certificate of ${it.base} ${(CERTIFICATE[failure.code] ?? NOT_TRUSTED)[0]} (${failure.code})`,
    hint: (failure) => (CERTIFICATE[failure.code] ?? NOT_TRUSTED)[1],
  },
  tls: {
    code: 'tls-failed',
    reason: (failure, it) => `no TLS connection to ${it.base} (${failure.code})`,
    hint: (failure) =>
      /CERTIFICATE_(REQUIRED|UNKNOWN)|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA/.test(failure.code)
        ? 'The server may want a client certificate: --client-cert and --client-key.'
        : 'The server may want a TLS version that this Node.js does not offer.',
  },
  'plain-http-on-tls-url': {
    code: 'wrong-scheme',
    reason: (_, it) => `${it.base} speaks plain HTTP, not TLS`,
    hint: (_, it) => `Use ${it.base.replace(/^https:/, 'http:')}, or the port that uses TLS.`,
  },
  'tls-on-plain-http-url': {
    code: 'wrong-scheme',
    reason: (_, it) => `${it.base} speaks TLS, not plain HTTP`,
    hint: (_, it) => `Use ${it.base.replace(/^http:/, 'https:')}`,
  },
  'not-http': {
    code: 'not-http',
    reason: (_, it) => `what is listening at ${peer(it)} does not speak HTTP`,
    hint: (_, it) => `Check the port: ${it.service.port} is usual for ${it.service.name}.`,
  },
  'proxy-refused': {
    code: 'proxy-refused',
    reason: (failure, it) =>
      `the HTTP proxy ${peer(it)} refuses to connect to ${hostOf(it)} (${failure.status ?? failure.code})`,
    hint: (failure, it) =>
      failure.status === 407
        ? `The proxy asks for credentials: put them into ${it.proxy?.variable ?? 'HTTPS_PROXY'} (http://user:password@host:port).`
        : 'Have the proxy allow this server, or exclude it in NO_PROXY.',
  },
  'proxy-cannot-connect': {
    code: 'proxy-cannot-connect',
    reason: (failure, it) =>
      `the HTTP proxy ${peer(it)} cannot connect to ${hostOf(it)} (${failure.status ?? failure.code})`,
    hint: () => 'Is the server running? If it should be reached directly, exclude it in NO_PROXY.',
  },
  timeout: {
    code: 'timeout',
    reason: (failure, it) =>
      failure.maybeSent
        ? `${failure.begun ? 'nothing more' : 'no answer'} from ${peer(it)} within ${it.timeoutMs / 1000} s`
        : `no connection to ${peer(it)} within ${it.timeoutMs / 1000} s`,
    hint: (failure) =>
      failure.maybeSent
        ? 'The server is overloaded or the network drops packets. A longer --timeout may help.'
        : 'A firewall may drop the packets, or the host is down.',
  },
  reset: {
    code: 'connection-reset',
    reason: ({ begun }, it) =>
      `${peer(it)} closed the connection ${begun ? 'in the middle of its answer' : 'without an answer'}`,
    hint: (_, it) =>
      it.base.startsWith('http:')
        ? 'The server may be stopping, or the port may need https.'
        : 'The server may be stopping or restarting.',
  },
  garbage: {
    code: 'garbage-answer',
    reason: (failure, it) =>
      failure.code.startsWith('HPE_')
        ? `the answer from ${peer(it)} is not valid HTTP (${failure.code})`
        : `the answer from ${peer(it)} is cut off or damaged: ${DAMAGE[failure.code] ?? 'it cannot be decompressed'}`,
    hint: () => 'Check the port, and what is between this machine and the server.',
  },
  'too-large': {
    code: 'answer-too-large',
    reason: (_, it) => `the answer from ${peer(it)} is larger than ${formatSize(it.maxAnswerBytes)}`,
    hint: () => 'If your server really sends that much, allow more with --max-answer.',
  },
  'unexpected-status': {
    code: 'unexpected-answer',
    reason: ({ status }, it) => `${peer(it)} answered ${status} ${STATUS_CODES[status ?? 0] ?? ''}`.trim(),
    hint: (_, it) => elsewhereHint(it),
  },
  cut: {
    code: 'interrupted',
    reason: () => 'it was cut off, because the run has ended',
  },
  other: {
    code: 'request-failed',
    reason: (failure, it) => `the connection to ${peer(it)} failed (${failure.code})`,
  },
}

/** What `interpret` finds. */
const DAMAGE: Readonly<Record<string, string>> = {
  INVALID_JSON: 'its JSON cannot be read',
  TOO_DEEP: 'its JSON is nested too deeply',
}

const OTHER_HOST = [
  'is for another host name',
  'Use the host name that the certificate was made for.',
] as const
const ACCEPT =
  'Give the certificate of the authority with --ca-cert FILE. (--insecure accepts any, for a test only.)'

/** What is wrong with a certificate, and what to do, by Node's code. */
const CERTIFICATE: Readonly<Record<string, readonly [fault: string, hint: string]>> = {
  CERT_HAS_EXPIRED: ['has expired', "Renew the server's certificate (and check this machine's clock)."],
  CERT_NOT_YET_VALID: ['is not valid yet', 'Check the clocks of this machine and the server.'],
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_HOST,
  HOSTNAME_MISMATCH: OTHER_HOST,
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is self-signed', ACCEPT],
}
const NOT_TRUSTED = ['is not signed by an authority that this machine trusts', ACCEPT] as const

/** Whom the socket is connected to: the proxy where there is one. */
function peer(it: FailureSituation): string {
  return it.proxy ? `${it.proxy.host}:${it.proxy.port} (the HTTP proxy from ${it.proxy.variable})` : it.base
}

function hostOf(it: FailureSituation): string {
  return new URL(it.base).hostname
}

function viaProxy(it: FailureSituation): string {
  return it.proxy ? ' (the HTTP proxy)' : ''
}
