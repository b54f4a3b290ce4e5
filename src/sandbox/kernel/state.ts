// Everything the sandboxed server remembers. Handlers change it in place; nothing else is kept anywhere.

export interface BlobStore {
  name: string
  type: 'File' | 'S3'
  path: string
  softQuota: { type: string | null; limit: number } | null
}

/** A repository as stored: `attributes` is the whole settings object that GET answers, without format, type and url. */
export interface Repository {
  name: string
  format: string
  type: 'hosted' | 'proxy' | 'group'
  attributes: Record<string, unknown>
  /** Write-only values that GET never returns, by dotted path: `httpClient.authentication.password`. */
  secrets: Record<string, string>
  /** When its caches were last invalidated, in milliseconds since 1970; left out before that. */
  invalidatedAt?: number
  /**
   * Left out for a started one. `unloaded`: stored, not yet accessed (3.89). The others are states on the way of a write, or
   * what a failed one left behind: `initialised` by a POST, `stopped` by a PUT, `deleted` and `failed` by a DELETE.
   */
  lifecycle?: 'unloaded' | 'initialised' | 'stopped' | 'deleted' | 'failed'
}

export interface User {
  userId: string
  password: string
  status: 'active' | 'changepassword' | 'disabled' | 'locked'
  roles: string[]
}

export interface State {
  blobStores: BlobStore[]
  repositories: Repository[]
  users: User[]
  realms: string[]
  anonymous: { enabled: boolean; userId: string; realmName: string; configured: boolean }
  /** ExtDirect's XO of `coreui_HttpSettings`; `/v1/http` is another view of it. */
  httpSettings: Record<string, unknown>
  /** Certificates that the server trusts beside Java's own, PEM; nothing until a test adds one. */
  trustStore?: string[]
  eulaAccepted: boolean
  frozen: boolean
  /** `stopping`: empty 503 from Jetty; `refused`: the socket is closed at once. */
  phase: 'running' | 'stopping' | 'refused'
  /** Signed-in web sessions: value of the cookie NXSESSIONID to user id. */
  sessions: Map<string, string>
  /** Failed sign-ins by user name (3.96 limits them): how many, and when the last request of that name came (ms). */
  signInFailures: Map<string, { count: number; lastRequest: number }>
  /** File with the first password, as long as it exists. */
  initialPasswordFile?: string
  /** GET leaves `storage.latestPolicy` out, as some servers from 3.84 do. */
  omitLatestPolicy?: boolean
  routingRules: { name: string; description: string; mode: string; matchers: string[] }[]
  cleanupPolicies: { name: string; format: string }[]
}
