import { type Hash, randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { UserError } from '../core/errors.ts'
import { isDigest } from '../core/oci/reference.ts'
import type { Redactor } from '../core/secrets/redact.ts'
import { pause } from '../http/lifetime.ts'
import { type Answer, type HttpRequest, isHtml } from '../http/message.ts'
import { parseChallenges } from '../registry/challenge.ts'
import { type Access, RegistryClient, RegistryError, type RegistryOptions } from '../registry/client.ts'
import { digestOf, MANIFEST_TYPES, newHash } from '../registry/descriptor.ts'
import { readErrors } from '../registry/errors.ts'
import { LONGEST_ANSWER } from '../registry/hosts.ts'
import type { Credentials } from '../registry/options.ts'
import { checkIdentityAsGo } from '../registry/server-identity.ts'
import { objectKey, type Secrets } from '../resources/contract/object.ts'
import type { Ask, Reply } from './door.ts'
import type { Address, Exchange, Subject } from './evidence.ts'

/** What is read of an answer that is no JSON. */
const SHORT = 300
/** A registry that asks for a pause of minutes is not waited for: that is an answer, too. */
const LONGEST_PAUSE_MS = 500
const READ_HEADERS = [
  'docker-distribution-api-version',
  'location',
  'range',
  'docker-content-digest',
  'retry-after',
  'ratelimit-remaining',
  'server',
]

type Connection = Omit<RegistryOptions, 'url' | 'credentials' | 'signal'>

/** Opens doors: to an address, and to an upstream with the login that its proxy repository has. */
export type Doors = ReturnType<typeof registryDoors>

/**
 * Doors over the registry client. `login` is who logs in; a stranger is a user that nobody has. The logins of upstreams come from the file.
 */
export function registryDoors(connection: Connection, login: Credentials, secrets: Secrets) {
  return {
    at(address: Address) {
      const { connectTo, caCert = '' } = address
      const trusted = `${connection.caCert ?? ''}\n${caCert}`.trim() || undefined
      // Where no client comes, a name that Go would refuse is no fault.
      const checkServerIdentity = address.way === 'repository' ? undefined : checkIdentityAsGo
      const own = { ownRealm: true, connectTo, caCert: trusted, checkServerIdentity }
      return new RegistryDoor(address, { ...connection, ...own }, login)
    },
    upstream(url: string, proxy: Subject) {
      const address: Address = { url: url.replace(/\/+$/, ''), prefix: '', way: 'endpoint' }
      // What was said of the server holds for no other.
      const { clientCert: _, clientKey: __, insecure: ___, ...others } = connection
      return new RegistryDoor(address, others, upstreamLogin(proxy, secrets))
    },
  }
}

function upstreamLogin({ name, wanted }: Subject, secrets: Secrets): Credentials | undefined {
  const username = wanted['authentication.username']
  const password = secrets.get(objectKey({ kind: 'dockerProxy', id: name }))?.['authentication.password']
  return typeof username === 'string' && password !== undefined ? { username, password } : undefined
}

/** A registry at one address. What it answers is told, whatever it is: nothing is thrown but the end of the run. */
export class RegistryDoor {
  readonly #address: Address
  readonly #connection: Connection
  readonly #client: RegistryClient
  #stranger: RegistryClient | undefined

  constructor(address: Address, connection: Connection, credentials: Credentials | undefined) {
    this.#address = address
    this.#connection = {
      ...connection,
      retries: 1,
      delay: (ms) => pause(Math.min(ms, LONGEST_PAUSE_MS)),
    }
    this.#client = this.#clientOf(credentials)
  }

  async ask(ask: Ask): Promise<Reply> {
    const start = performance.now()
    const path = this.#pathOf(ask)
    const { scope } = ask
    const access: Access = {
      authenticate: authenticationOf(ask, this.#address),
      ...(scope && { name: `${this.#address.prefix}${scope.name}`, actions: scope.actions }),
    }
    const { size = 0 } = ask
    const hash = size > LONGEST_ANSWER ? newHash() : undefined
    const request = { ...requestOf(ask, path), ...(hash && { into: () => sinkOf(hash, size) }) }
    const known = { step: ask.step, method: ask.method, url: this.#urlOf(path), as: ask.as }
    const client = ask.as === 'stranger' ? this.#strangerClient() : this.#client
    try {
      const { answer } = await client.exchange(request, access)
      const { status, bytes } = answer
      return {
        ...known,
        ...answered(answer, this.#connection.redactor),
        milliseconds: performance.now() - start,
        bytes,
        digest: hash && status < 300 ? `sha256:${hash.digest('hex')}` : digestOf(bytes),
      }
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode === 130 || error.exitCode === 3) throw error
      return {
        ...known,
        ...unanswered(error),
        milliseconds: performance.now() - start,
        bytes: Buffer.alloc(0),
        digest: '',
      }
    }
  }

  close(): void {
    this.#client.close()
    this.#stranger?.close()
  }

  /** Below the base URL. An upload of what no client reaches may be named by the address that the server believes to have. */
  #pathOf({ path }: Ask): string {
    if (!/^https?:/.test(path)) return `/v2/${path}`
    const base = new URL(this.#address.url)
    const url = new URL(path)
    if (this.#address.way !== 'repository') return path
    const own = base.pathname.replace(/\/$/, '')
    const below = url.pathname.startsWith(`${own}/`) ? url.pathname.slice(own.length) : url.pathname
    return below + url.search
  }

  #urlOf(path: string): string {
    return (/^https?:/.test(path) ? path : this.#address.url + path).replace(/\?.*$/, '')
  }

  #clientOf(credentials: Credentials | undefined): RegistryClient {
    return new RegistryClient({ ...this.#connection, url: this.#address.url, credentials })
  }

  #strangerClient(): RegistryClient {
    const name = `nexus-docker-verify-${randomBytes(4).toString('hex')}`
    this.#stranger ??= this.#clientOf({ username: name, password: randomBytes(16).toString('hex') })
    return this.#stranger
  }
}

function requestOf({ step, method, headers, body }: Ask, path: string): HttpRequest {
  return {
    method,
    path,
    what: `${method} ${path}`,
    headers: { accept: path.includes('/manifests/') ? MANIFEST_TYPES : '*/*', ...headers },
    ...(body && { body }),
    // Where it leads, clients must go themselves; blobs are elsewhere, often.
    redirects: step === 'ping' || step === 'start-upload' ? 'answer' : 'follow',
    allow: [429],
  }
}

/** Texts are cut further on, and half a secret would not be found any more: secrets go first. */
function answered(
  answer: Answer,
  redactor: Redactor,
): Omit<Exchange, 'step' | 'method' | 'url' | 'as' | 'milliseconds'> {
  const { status, headers } = answer
  const page = isHtml(answer)
  const text = status >= 400 || page ? redactor.redact(answer.text) : ''
  return {
    status,
    headers: Object.fromEntries(READ_HEADERS.flatMap((name) => readHeader(name, headers[name]))),
    challenges: parseChallenges(headers['www-authenticate'] ?? ''),
    errors: status >= 400 ? readErrors(text) : [],
    page,
    text: text.slice(0, SHORT),
  }
}

/** A digest becomes a part of paths: what is none is left out. */
function readHeader(name: string, value: string | undefined): [name: string, value: string][] {
  const isFit = value !== undefined && (name !== 'docker-content-digest' || isDigest(value))
  return isFit ? [[name, value]] : []
}

/** What has another size than it is to have has another digest, too. */
function sinkOf(hash: Hash, size: number): Writable {
  let room = size
  return new Writable({
    write(part: Buffer, _, done) {
      hash.update(part)
      room -= part.length
      done(room < 0 ? tooLong() : null)
    },
  })
}

function tooLong(): RegistryError {
  return new RegistryError('answer-too-large', 'more comes than was pushed', { kind: 'too-large' })
}

function authenticationOf({ step, as, bare }: Ask, { way }: Address): NonNullable<Access['authenticate']> {
  // Before 3.84 a repository's own address sends for tokens to one where there are none.
  const isBasic = as === 'stranger' || step === 'login-basic' || (as === 'user' && way === 'repository')
  if (isBasic) return 'basic'
  if (as === 'user') return 'yes'
  return bare ? 'no' : 'anonymous'
}

/** No answer, or no token: the token server's refusal stands for that of the registry. */
function unanswered(
  error: UserError,
): Pick<Exchange, 'status' | 'headers' | 'challenges' | 'errors' | 'page' | 'text' | 'failure'> {
  const nothing = { headers: {}, challenges: [], errors: [], page: false, text: '' }
  if (!(error instanceof RegistryError))
    return { ...nothing, failure: { kind: error.code, code: error.code } }
  const { status, errors, kind } = error
  // The system's own code stands at the end of the sentence.
  const [, code = error.code] = /\(([A-Z][A-Z\d_]+)\)/.exec(error.message) ?? []
  return {
    ...nothing,
    ...(status !== undefined && { status }),
    errors,
    text: error.message.slice(0, SHORT),
    failure: kind === undefined ? { kind: 'token', code: error.code } : { kind, code },
  }
}
