import type { PeerCertificate } from 'node:tls'
import type { Redactor } from '../core/secrets/redact.ts'

/** How to reach one server. */
export interface TransportOptions {
  /** Base URL with the context path, if there is one: `https://host/nexus`. A slash at the end does not matter. */
  url: string
  /** Where connections go in place of the host and port of the URL, past every proxy; TLS and `Host` stay those of the URL. */
  connectTo?: { host: string; port: number } | undefined
  /** PEM text; trusted besides the usual authorities. */
  caCert?: string | undefined
  /** PEM text of the file that NODE_EXTRA_CA_CERTS names: an own authority would displace it. */
  extraCaCerts?: string | undefined
  /** PEM text of the client certificate and of its key, without passphrase. */
  clientCert?: string | undefined
  clientKey?: string | undefined
  /** Whether a trusted certificate has the name that is asked for. Default: as Node does it. */
  checkServerIdentity?: ((host: string, certificate: PeerCertificate) => Error | undefined) | undefined
  /** Accept any server certificate. */
  insecure?: boolean | undefined
  /** For one attempt, from connecting to the last byte of the answer. Default 30000. */
  timeoutMs?: number | undefined
  /** Of one answer, decompressed. Default 32 MiB. */
  maxAnswerBytes?: number | undefined
  /** Requests in flight and connections at most. Default 10. */
  parallelism?: number | undefined
  /** Further attempts after a failed one. Default 4. */
  retries?: number | undefined
  /** Where HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY are looked up (either case). Default: none. */
  environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Told of each attempt, also of those that are repeated. */
  onRequest?: ((event: RequestEvent) => void) | undefined
  /** Gets the credentials; errors pass through it. */
  redactor: Redactor
  /** Ends waiting and keeps new requests from leaving. A request in flight gets its answer. */
  signal?: AbortSignal | undefined
  /** How to wait between attempts, in milliseconds. Tests replace it. */
  delay?: ((ms: number) => Promise<void>) | undefined
}

/** One attempt, for `--verbose` and `--debug`. Bodies are as sent and received: whoever prints them redacts. */
export interface RequestEvent {
  method: string
  path: string
  status?: number
  milliseconds: number
  /** 1 for the first. */
  attempt: number
  error?: string
  requestBody?: unknown
  responseBody?: unknown
}
