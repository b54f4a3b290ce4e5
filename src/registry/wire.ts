import { parseAddress } from '../http/address.ts'
import type { Answer } from '../http/message.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import { RegistryError, refused } from './errors.ts'
import { Hosts, type SendOptions, type Sent } from './hosts.ts'
import type { Access, Credentials, RegistryOptions } from './options.ts'
import { shownUrl } from './places.ts'
import { redirectTarget } from './redirects.ts'
import { basic, Tokens } from './tokens.ts'

export type WireRequest = Sent & {
  /** Below the base URL (`/v2/…`), or where the registry has led to. */
  to: string | URL
  /** Default: GET and HEAD are, all others not. */
  redirects?: 'follow' | 'answer'
  repeats?: boolean
}

/** An answer, and the URL that it came from. */
export interface Exchanged {
  answer: Answer
  url: URL
}

/** What was sent with a request to say who asks. */
interface Identity {
  authorization: string
  token?: string
  /** The token was asked for on behalf of this request. */
  isNew?: boolean
}

/** One registry as requests see it: who asks, what it asks for, and where it leads to. */
export class Wire {
  readonly base: URL
  readonly hosts: Hosts
  readonly credentials: Credentials | undefined
  readonly #options: RegistryOptions
  readonly #tokens: Tokens
  /** What it asked for last, by the name of the image: repositories behind one address may differ. */
  readonly #asked = new Map<string, Challenge>()
  #askedLast: Challenge | undefined

  constructor(options: RegistryOptions) {
    const { base, username, password = '' } = parseAddress(options.url, options.redactor)
    this.base = new URL(base)
    this.#options = options
    this.credentials = options.credentials ?? (username === undefined ? undefined : { username, password })
    for (const secret of secretsOf(this.credentials)) options.redactor.add(secret)
    this.hosts = new Hosts(options, this.base.origin)
    const { redactor, ownRealm = false } = options
    this.#tokens = new Tokens({ registry: this.base, hosts: this.hosts, redactor, ownRealm })
  }

  /** Any answer. Where it is 401, everything that is known of credentials has been tried. */
  async exchange(request: WireRequest, access: Access = {}): Promise<Exchanged> {
    const url = typeof request.to === 'string' ? this.#url(request.to) : request.to
    if (url.origin !== this.base.origin) return this.#follow(url, request, undefined)
    let identity = await this.#identity(access)
    for (let renewals = 0; ; ) {
      const exchanged = await this.#follow(url, request, identity?.authorization)
      if (exchanged.url.origin !== this.base.origin) return exchanged
      if (identity?.token !== undefined) renewals += 1
      const next = renewals > 1 ? undefined : await this.#challenged(exchanged.answer, identity, access)
      if (!next) return exchanged
      identity = next
    }
  }

  /** An answer with one of these statuses (default: any success), or RegistryError. */
  async expect(
    request: WireRequest,
    access: Access,
    isExpected = (status: number) => status >= 200 && status < 300,
  ): Promise<Exchanged> {
    const exchanged = await this.exchange(request, access)
    if (isExpected(exchanged.answer.status)) return exchanged
    throw this.refused(request, exchanged)
  }

  refused({ method, what }: Pick<WireRequest, 'method' | 'what'>, { answer, url }: Exchanged): RegistryError {
    // A server may quote what it was sent, and a sentence may be cut: half a secret would not be found any more.
    const text = this.#options.redactor.redact(answer.text)
    return refused(what, { method, url: shownUrl(url) }, { ...answer, text })
  }

  #url(path: string): URL {
    return new URL(this.base.origin + this.base.pathname.replace(/\/$/, '') + path)
  }

  /** GET and HEAD along redirects; credentials stay with the registry. */
  async #follow(start: URL, request: WireRequest, authorization: string | undefined): Promise<Exchanged> {
    const { to, redirects = 'follow', repeats = true, ...sent } = request
    let url = start
    for (let hops = 0; ; hops += 1) {
      const options: SendOptions = {
        authorization: url.origin === this.base.origin ? authorization : undefined,
        repeats,
      }
      const answer = await this.hosts.send(url, sent, options)
      const { method, what } = sent
      const hop = { from: url, hops, registry: this.base, request: { method, what } }
      const target = redirects === 'follow' && redirectTarget(answer, hop)
      if (!target) return { answer, url }
      this.#assertScheme(target, url, what)
      url = target
    }
  }

  /** The same place over TLS is no place to follow to, but a URL to correct. */
  #assertScheme(target: URL, from: URL, what: string): void {
    if (target.protocol === from.protocol || target.hostname !== from.hostname) return
    if (target.pathname !== from.pathname || from.origin !== this.base.origin) return
    const better = target.origin + this.base.pathname.replace(/\/$/, '')
    throw new RegistryError('redirected-to-https', `cannot ${what}: the registry redirects to ${better}`, {
      hint: `Use ${better} as its URL.`,
    })
  }

  /** What is sent without having been asked, because an earlier answer has said what is wanted. */
  async #identity(access: Access): Promise<Identity | undefined> {
    const { authenticate = 'yes', name = '' } = access
    if (authenticate === 'no') return undefined
    if (authenticate === 'basic') return this.credentials && { authorization: basic(this.credentials) }
    const asked = this.#asked.get(name) ?? this.#askedLast
    if (!asked) return undefined
    const identity = await this.#answerTo(asked, access, scopesOf(access, lasting(asked)))
    return identity && { ...identity, isNew: false }
  }

  /** What to send once more; undefined where the answer stands. */
  async #challenged(
    answer: Answer,
    sent: Identity | undefined,
    access: Access,
  ): Promise<Identity | undefined> {
    const challenge = this.#answerable(answer, access)
    if (!challenge) return undefined
    const { error, scope } = challenge.parameters
    if (answer.status === 403 && error !== 'insufficient_scope') return undefined
    // The same password will not do better, nor a new token where nothing was wrong with the last one.
    if (challenge.scheme === 'basic' && sent?.authorization.startsWith('Basic ')) return undefined
    if (sent?.isNew && error === undefined) return undefined
    this.#asked.set(access.name ?? '', challenge)
    this.#askedLast = challenge
    return this.#answerTo(challenge, access, scopesOf(access, scope), sent?.token)
  }

  /** The first that there is an answer to. */
  #answerable({ status, headers }: Answer, { authenticate = 'yes' }: Access): Challenge | undefined {
    if (![401, 403].includes(status) || !['yes', 'anonymous'].includes(authenticate)) return undefined
    const credentials = authenticate === 'yes' ? this.credentials : undefined
    const hasPassword = credentials !== undefined && 'username' in credentials
    return parseChallenges(headers['www-authenticate'] ?? '').find(({ scheme, parameters }) =>
      scheme === 'bearer' ? parameters['realm'] !== undefined : scheme === 'basic' && hasPassword,
    )
  }

  async #answerTo(
    challenge: Challenge,
    access: Access,
    scopes: readonly string[],
    stale?: string,
  ): Promise<Identity | undefined> {
    const credentials = access.authenticate === 'anonymous' ? undefined : this.credentials
    if (challenge.scheme === 'basic') return credentials && { authorization: basic(credentials) }
    const token = await this.#tokens.get({ challenge, scopes, credentials }, stale)
    return { authorization: `Bearer ${token}`, token, isNew: true }
  }
}

/** What the registry has asked for first: some look at one alone. */
function scopesOf({ name, actions = ['pull'], mountFrom }: Access, asked: string | undefined): string[] {
  const wanted = (asked ?? '').split(' ').filter((scope) => scope !== '')
  if (name !== undefined) wanted.push(`repository:${name}:${[...actions].sort().join(',')}`)
  if (mountFrom !== undefined) wanted.push(`repository:${mountFrom}:pull`)
  return [...new Set(wanted)].slice(0, 20)
}

/** What it asked for besides the image of that time: `repository:*:pull`. */
function lasting({ parameters }: Challenge): string {
  const scopes = (parameters['scope'] ?? '').split(' ')
  return scopes.filter((scope) => !/^repository:[^*]/.test(scope)).join(' ')
}

function secretsOf(credentials: Credentials | undefined): string[] {
  if (!credentials) return []
  if ('identityToken' in credentials) return [credentials.identityToken]
  return [credentials.password, `${credentials.username}:${credentials.password}`]
}
