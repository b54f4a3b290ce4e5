import type { TransportOptions } from '../http/options.ts'

/** Who asks: a user, or the token of a former login (`identitytoken` of Docker's config.json). */
export type Credentials = { username: string; password: string } | { identityToken: string }

/** How to reach one registry. */
export interface RegistryOptions
  extends Pick<
    TransportOptions,
    | 'redactor'
    | 'connectTo'
    | 'signal'
    | 'caCert'
    | 'extraCaCerts'
    | 'clientCert'
    | 'clientKey'
    | 'insecure'
    | 'checkServerIdentity'
    | 'environment'
    | 'timeoutMs'
    | 'parallelism'
    | 'retries'
    | 'delay'
    | 'onRequest'
  > {
  /** Scheme, host, port, and what stands before `/v2/`: `https://host[:port][/context]`. Credentials in it count where there are no others. */
  url: string
  credentials?: Credentials | undefined
  /** No token server but at the registry's own origin is asked: for one that gives its tokens itself, as Nexus does. */
  ownRealm?: boolean | undefined
  /** Told once of each: what the registry itself warns of, and a token server at another host. */
  onWarning?: ((text: string) => void) | undefined
}

/** What a request is about, for the token that it needs. */
export interface Access {
  /** The name of an image; without one, the registry as a whole. */
  name?: string
  /** Of `pull`, `push`, `delete`. */
  actions?: readonly string[]
  /** The name that a blob is mounted from: needs `pull` as well. */
  mountFrom?: string | undefined
  /**
   * `yes`: as the registry asks. `no`: nothing is sent. `basic`: the credentials at once, whatever it asks. `anonymous`: as it asks,
   * without credentials. Default `yes`.
   */
  authenticate?: 'yes' | 'no' | 'basic' | 'anonymous'
}

export interface RateLimit {
  /** Requests in a window; its seconds where they are said: Docker Hub's `100;w=21600`. */
  limit?: number | undefined
  windowSeconds?: number | undefined
  remaining?: number | undefined
  /** As the registry gives it. */
  reset?: string | undefined
}
