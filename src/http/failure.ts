/** Why an attempt got no answer. */
export type FailureKind =
  | 'refused'
  | 'name-not-found'
  | 'name-lookup-failed'
  | 'unreachable'
  | 'certificate'
  | 'tls'
  | 'plain-http-on-tls-url'
  | 'tls-on-plain-http-url'
  | 'not-http'
  | 'proxy-refused'
  | 'proxy-cannot-connect'
  | 'timeout'
  | 'reset'
  | 'garbage'
  | 'too-large'
  | 'unexpected-status'
  | 'cut'
  | 'other'

/** An attempt without an answer, free of secrets. */
export interface Failure {
  kind: FailureKind
  /** Node's or OpenSSL's code: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  code: string
  /** Whether the server may have got the request. False only where that is certain. */
  maybeSent: boolean
  /** Status of the proxy's refusal (`proxy-refused`), or of an answer that is none (`unexpected-status`). */
  status?: number
  /** A part of the answer has gone into the caller's stream. */
  begun?: true
}

const BY_CODE: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-lookup-failed',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ERR_SSL_WRONG_VERSION_NUMBER: 'plain-http-on-tls-url',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'plain-http-on-tls-url',
  ERR_SSL_HTTP_REQUEST: 'plain-http-on-tls-url',
  ERR_PROXY_REFUSED: 'proxy-refused',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
  ERR_ANSWER_TOO_LARGE: 'too-large',
  ERR_UNEXPECTED_STATUS: 'unexpected-status',
  ERR_CUT: 'cut',
}

/** What Node calls a certificate that does not verify; from OpenSSL's X509_V_ERR names. */
const CERTIFICATE_CODE =
  /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|ERROR_IN_CERT)/

/** What zlib calls a body that is not what its Content-Encoding says. */
const DAMAGED_COMPRESSION = /^(Z_|ERR_(_ERROR|BROTLI|ZSTD)_)/

/** These end before a request is written, whatever the clock says. */
const NEVER_SENT: readonly FailureKind[] = [
  'refused',
  'name-not-found',
  'name-lookup-failed',
  'unreachable',
  'certificate',
  'plain-http-on-tls-url',
  'proxy-refused',
  'proxy-cannot-connect',
]

/** How a server begins that speaks first: SSH, mail. Others wait, and meet the timeout. */
const GREETINGS = ['SSH-', '220 ', '220-', '* OK', '+OK']

/** The parts of got's RequestError that are used here. */
interface NetworkError {
  code?: string | undefined
  message?: string
  cause?: { rawPacket?: unknown; status?: unknown } | undefined
  timings?: { connect?: number | undefined; secureConnect?: number | undefined } | undefined
}

/** Sorts an error of a request that got no (whole) answer. `secure`: the connection is TLS. */
export function failureOf(error: unknown, secure: boolean): Failure {
  const { code = 'UNKNOWN', timings } = error as NetworkError
  const kind = kindOf(error as NetworkError, code)
  const connected = secure ? timings?.secureConnect : timings?.connect
  const cutWhileConnecting =
    ['timeout', 'reset', 'tls'].includes(kind) && timings !== undefined && connected === undefined
  const status = statusOf(error as NetworkError)
  // The proxy would, but the server behind it is not there (yet).
  const isBehind = kind === 'proxy-refused' && status !== undefined && status >= 500
  return {
    kind: isBehind ? 'proxy-cannot-connect' : kind,
    code,
    maybeSent: !NEVER_SENT.includes(kind) && !cutWhileConnecting,
    ...(status !== undefined && { status }),
  }
}

function kindOf(error: NetworkError, code: string): FailureKind {
  const known = BY_CODE[code]
  if (known) return known
  if (CERTIFICATE_CODE.test(code)) return 'certificate'
  if (code.startsWith('HPE_')) return kindOfUnparsed(error.cause?.rawPacket)
  if (DAMAGED_COMPRESSION.test(code)) return 'garbage'
  // OpenSSL puts its reason into the text alone where Node reports EPROTO.
  if (
    code === 'EPROTO' &&
    /wrong version number|packet length too long|http request/.test(error.message ?? '')
  )
    return 'plain-http-on-tls-url'
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return 'tls'
  return 'other'
}

/** What was received instead of HTTP: a TLS alert record (21, version 3.x), a greeting of another protocol, or noise. */
function kindOfUnparsed(raw: unknown): FailureKind {
  const packet = Buffer.isBuffer(raw) ? raw : undefined
  if (packet?.[0] === 0x15 && packet[1] === 0x03) return 'tls-on-plain-http-url'
  const said = packet?.toString('latin1') ?? ''
  return GREETINGS.some((greeting) => said.startsWith(greeting)) ? 'not-http' : 'garbage'
}

function statusOf(error: NetworkError): number | undefined {
  const status = error.cause?.status
  return typeof status === 'number' ? status : undefined
}
