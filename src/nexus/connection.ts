import type { Redactor } from '../core/secrets/redact.ts'

/** How to reach one server. */
export interface ConnectionOptions {
  /** Base URL with the context path, if there is one: `https://host/nexus`. A slash at the end does not matter. */
  url: string
  username?: string | undefined
  password?: string | undefined
  /** Where the password came from, for the sentence after a failed login: `NEXUS_PASSWORD`. */
  passwordFrom?: string | undefined
  /** What the server may still have in place of `password`. Sent to a Nexus alone. */
  initialPassword?: InitialPassword | undefined
  /** PEM text; trusted besides the usual authorities. */
  caCert?: string | undefined
  /** PEM text of the file that NODE_EXTRA_CA_CERTS names: an own authority would displace it. */
  extraCaCerts?: string | undefined
  /** PEM text of the client certificate and of its key, without passphrase. */
  clientCert?: string | undefined
  clientKey?: string | undefined
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
  /** `3.90.0` or `3.90.0 pro`: for servers behind a proxy that removes the `Server` header. */
  versionHint?: string | undefined
  /** Before credentials are sent for the first time: make sure, without them, that it is Nexus that answers. Not with a version hint. */
  assureNexus?: boolean | undefined
  /** Told of each attempt, also of those that are repeated. */
  onRequest?: ((event: RequestEvent) => void) | undefined
  /** Gets the credentials; errors pass through it. */
  redactor: Redactor
  /** Ends waiting and keeps new requests from leaving. A request in flight gets its answer. */
  signal?: AbortSignal | undefined
  /** How to wait between attempts, in milliseconds. Tests replace it. */
  delay?: ((ms: number) => Promise<void>) | undefined
}

/** The first password of a server that nobody has set up yet. */
export interface InitialPassword {
  /** For sentences: `bootstrap.initialPassword (file /nexus-data/admin.password)`. */
  readonly from: string
  /** The password, where there is evidence at this moment that the server has no other one: its file is there. Waits for nothing. */
  evident(): Promise<string | undefined>
  /** Its file was there and is gone: the server removes it when the password is changed, so somebody has changed it. */
  gone(): boolean
  /**
   * Looked up when the server has refused the wanted one. May wait for a file to appear, until `signal` ends that. Undefined where there
   * is nothing to try, as when the file is `gone`. Throws UserError where there should be something.
   */
  find(signal: AbortSignal): Promise<string | undefined>
  /** A sentence for the hint when it was refused, or not tried. */
  readonly note: string | undefined
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

export interface NexusRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the base URL, encoded: `/service/rest/v1/repositories`. */
  path: string
  /** Sent as application/json. */
  json?: unknown
  /** Sent as text/plain. */
  text?: string
  /** For sentences: `create repository "apps"`. Default: method and path. */
  what?: string
  /** Statuses from 400 on that are an answer here, not an error. */
  allow?: readonly number[]
  /** Send no credentials. */
  anonymous?: boolean
  /** A POST that changes nothing (an ExtDirect read): repeated like a GET, not counted as a write. */
  readOnly?: boolean
}

export interface NexusResponse {
  status: number
  /** Parsed JSON, else the text, undefined when empty. */
  body: unknown
  /** Lower-case names. */
  headers: Record<string, string | undefined>
}

export interface ServerInfo {
  /** `3.90.0` */
  version: string
  edition: Edition
  /** The `Server` header as it came. */
  header?: string
}

export type Edition = 'core' | 'oss' | 'community' | 'pro' | 'unknown'

/** A client of one server with one set of credentials. */
export interface Nexus {
  /**
   * Throws UserError: `AnswerError` for an answer of 400 and above (see `allow`), `LostAnswerError` where a change was sent and it
   * is not known whether it was made.
   */
  request(request: NexusRequest): Promise<NexusResponse>
  /** From the `Server` header of any answer; undefined before the first, or where a proxy removes it and there is no hint. */
  readonly server: ServerInfo | undefined
  /** Attempts on the wire; `writes` are those that may have changed something. */
  readonly counts: { readonly total: number; readonly writes: number }
  /** Who signs in; undefined where nobody does. */
  readonly username: string | undefined
  /** The server refused the wanted password and has accepted the initial one, which is still in use. */
  readonly provisional: boolean
  /**
   * Makes the wanted password that of the user who is signed in; everything after is sent with it. Throws `password-refused` where
   * a rule of the server does not allow it.
   */
  setWantedPassword(): Promise<void>
  /** Ends everything at once: connections, requests in flight, what is queued and what waits. */
  close(): void
}
