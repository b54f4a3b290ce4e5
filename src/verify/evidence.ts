import type { Challenge } from '../registry/challenge.ts'
import type { ErrorEntry } from '../registry/errors.ts'
import type { Values } from '../resources/contract/fields.ts'

/** Why something was asked. One check asks several of them. */
export type Step =
  | 'ping'
  | 'own-path'
  | 'with-tls'
  | 'login'
  | 'login-basic'
  | 'wrong-password'
  | 'anonymous-pull'
  | 'anonymous-blob'
  | 'anonymous-push'
  | 'head-blob'
  | 'start-upload'
  | 'put-blob'
  | 'patch-blob'
  | 'upload-status'
  | 'close-upload'
  | 'put-manifest'
  | 'mount'
  | 'pushed-at-home'
  | 'pushed-elsewhere'
  | 'cancel-upload'
  | 'head-manifest'
  | 'head-digest'
  | 'get-manifest'
  | 'get-child'
  | 'get-blob'
  | 'list-tags'
  | 'put-again'
  | 'group-push'
  | 'delete'
  | 'proxied-head'
  | 'proxied-get'
  | 'proxied-blob'
  | 'proxied-blob-at-home'
  | 'upstream'
  | 'upstream-image'
  | 'upstream-digest'
  | 'with-library'
  | 'by-digest'
  | 'repository-status'
  | 'quota-status'

/** What a request asked and what came back, as plain data without secrets. */
export interface Exchange {
  step: Step
  method: string
  /** Absolute, without its query. */
  url: string
  /** Who asked: nobody sends no credentials, a stranger sends such of a user that does not exist. */
  as: 'nobody' | 'user' | 'stranger'
  /** Missing where there was no answer. */
  status?: number
  /** The few that a diagnosis reads, by their names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  challenges: readonly Challenge[]
  errors: readonly ErrorEntry[]
  /** A web page came back. */
  page: boolean
  /** What else came back, shortened. */
  text: string
  /** Why there was no answer: the transport's word, or `token` where the registry's token could not be had. */
  failure?: { kind: string; code: string }
  /** What is wrong with the answer although its status is right. */
  fault?: 'bytes-differ' | 'no-location' | 'no-range' | 'no-digest' | 'not-listed'
  milliseconds: number
}

export type CheckName =
  | 'reach'
  | 'login'
  | 'wrong-password'
  | 'push'
  | 'pull'
  | 'push-again'
  | 'pull-member'
  | 'pull-through'
  | 'refuse-push'
  | 'anonymous'
  | 'routing'
  | 'clean-up'

/** Where a repository is asked. */
export interface Address {
  /** Base URL of the registry, without `/v2/`. */
  url: string
  /** What names of images begin with there: '' or `<repository>/`. */
  prefix: string
  /** `repository`: the address that every repository has on the server, for those that clients reach through a group alone. */
  way: 'port' | 'path' | 'subdomain' | 'endpoint' | 'repository'
  /** Where connections go, if not to the host of the URL: the reverse proxy before its names lead there. */
  connectTo?: { host: string; port: number }
  /** Whom to trust there besides all others, in PEM. */
  caCert?: string
  /** It is one of the names of `edge`. */
  through?: true
  /** What the reverse proxy sends there has names that begin with one of these; missing where it goes by something else. */
  namespaces?: readonly string[]
}

/** A public address of a repository. */
export type Endpoint = Omit<Address, 'way'>

/** A repository of the file, what is promised of it, and what the server has. */
export interface Subject {
  name: string
  type: 'hosted' | 'proxy' | 'group'
  /** Where the file has it. */
  path: readonly (string | number)[]
  /** What the file writes. */
  written: Values
  /** Of what it writes by another line: field path → that line (`upstream: docker-hub`). */
  because?: Readonly<Record<string, string>>
  /** What the server has; undefined where it was not told. */
  actual?: Values
  /** The server was asked, and lacks it. */
  missing?: boolean
  /** What it is to be: what the file writes over what the server has. */
  wanted: Values
  address: Address
  /** Whether clients that do not log in may pull; undefined where nothing says so. */
  anonymous?: 'let-in' | 'refused'
  /** An image that the upstream has: `library/hello-world`, `latest`. `named`: the user said so. */
  image?: { name: string; tag: string; named: boolean }
}

/** What the server says of itself, as far as the user may know. */
export interface ServerFacts {
  url: string
  version?: string
  edition?: string
  realms?: readonly string[]
  anonymous?: { enabled?: boolean; userId?: string }
  /** False: the licence agreement of Community Edition waits for somebody. */
  eulaAccepted?: boolean
  /** Repositories that are offline. */
  offline: readonly string[]
}

/** Who logs in, and where the password came from: `NEXUS_AS_PASSWORD`, `nexus.password`. Never the password itself. */
export interface Login {
  username: string
  passwordFrom?: string
}

/** A check that failed, with all that is known of its repository. */
export interface Case {
  check: CheckName
  subject: Subject
  server: ServerFacts
  login: Login
  /** Of the repository so far, in order. */
  exchanges: readonly Exchange[]
  /** The one that was not as it has to be. */
  wrong: Exchange
  /** Of a group: the member that what is pulled was pushed to. */
  memberName?: string | undefined
}

/** The last exchange of a step. */
export function lastOf({ exchanges }: Pick<Case, 'exchanges'>, step: Step): Exchange | undefined {
  return exchanges.findLast((exchange) => exchange.step === step)
}

/** Whether one of the errors has one of these codes. */
export function says({ errors }: Exchange, ...codes: string[]): boolean {
  return errors.some(({ code }) => codes.includes(code))
}

/** All that the answer says, in one text. */
export function wordsOf({ errors, text }: Exchange): string {
  return [...errors.map(({ code, message, detail }) => `${code} ${message} ${detail}`), text].join(' ').trim()
}

/** The realm of the first Bearer challenge, as it was sent. */
export function realmOf({ challenges }: Exchange): string | undefined {
  return challenges.find(({ scheme }) => scheme === 'bearer')?.parameters['realm']
}
