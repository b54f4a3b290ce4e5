import type { HttpRequest } from '../http/message.ts'
import type { TransportOptions } from '../http/options.ts'
import type { Credentials } from './sign-in/credentials.ts'
import type { SignInOptions } from './sign-in/sign-in.ts'

/** How to reach one server, and whom to sign in as. */
export interface ConnectionOptions extends TransportOptions, SignInOptions {
  /** `3.90.0` or `3.90.0 pro`: for servers behind a proxy that removes the `Server` header. */
  versionHint?: string | undefined
  /** Before credentials are sent for the first time: make sure, without them, that it is Nexus that answers. Not with a version hint. */
  assureNexus?: boolean | undefined
}

export interface NexusRequest extends HttpRequest {
  /** Send no credentials. */
  anonymous?: boolean
}

export interface NexusResponse {
  status: number
  /** Parsed JSON, else the text, undefined when empty. */
  body: unknown
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
  /** Who signs in, and with which password. */
  readonly signIn: Pick<Credentials, 'username' | 'provisional' | 'goOnWithWanted'>
  /** Ends everything at once: connections, requests in flight, what is queued and what waits. */
  close(): void
}
