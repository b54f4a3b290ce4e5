import { UserError } from '../core/errors.ts'
import { parseObject } from '../core/json.ts'
import type { Redactor } from '../core/secrets/redact.ts'
import type { Answer } from '../http/message.ts'
import type { Challenge } from './challenge.ts'
import { RegistryError, refused } from './errors.ts'
import type { Hosts, Sent } from './hosts.ts'
import type { Credentials } from './options.ts'
import { judgeRealm, shownUrl } from './places.ts'
import { redirectTarget } from './redirects.ts'

interface Token {
  value: string
  /** In milliseconds of the clock. Without one it holds until the registry refuses it. */
  expiresAt: number
}

export interface TokenOptions {
  registry: URL
  hosts: Hosts
  redactor: Redactor
  ownRealm: boolean
}

/** What a token is for. */
export interface Wanted {
  challenge: Challenge
  /** In the order in which they are asked for. */
  scopes: readonly string[]
  credentials: Credentials | undefined
}

/**
 * Tokens of the registry's token server (distribution's token protocol, and the OAuth 2 form of it), one for each server and set of
 * scopes, with one request under way for each.
 */
export class Tokens {
  readonly #options: TokenOptions
  readonly #known = new Map<string, Token>()
  readonly #underWay = new Map<string, Promise<string>>()

  constructor(options: TokenOptions) {
    this.#options = options
  }

  /** `stale` is one that the registry has refused. Throws RegistryError `realm-refused`, `token-refused`, or what a request throws. */
  async get(wanted: Wanted, stale?: string): Promise<string> {
    const { realm = '', service = '' } = wanted.challenge.parameters
    const key = JSON.stringify([realm, service, [...wanted.scopes].sort(), wanted.credentials !== undefined])
    const known = this.#known.get(key)
    if (known && known.value !== stale && known.expiresAt > Date.now()) return known.value
    const underWay = this.#underWay.get(key)
    if (underWay) return underWay
    const fetched = this.#fetch(wanted)
      .then((token) => {
        this.#known.set(key, token)
        return token.value
      })
      .finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, fetched)
    return fetched
  }

  /** A registry asks for a refresh token with POST alone; a password goes with GET first, and with POST where there is no GET. */
  async #fetch(wanted: Wanted): Promise<Token> {
    const url = this.#realm(wanted)
    const { credentials } = wanted
    const isRefresh = credentials !== undefined && 'identityToken' in credentials
    const first = await (isRefresh ? this.#post(url, wanted) : this.#ask(url, wanted))
    const noGet = !isRefresh && credentials !== undefined && [400, 404, 405].includes(first.answer.status)
    const { answer, request } = noGet ? await this.#post(url, wanted) : first
    if (answer.status !== 200) throw refused('log in to the registry', request, this.#redacted(answer))
    return this.#read(answer)
  }

  #realm({ challenge, credentials }: Wanted): URL {
    const { registry, hosts, ownRealm } = this.#options
    const { realm = '' } = challenge.parameters
    const { url, refusal } = judgeRealm(realm, registry, { ownRealm })
    const shown = url ? shownUrl(url.origin + url.pathname) : `"${realm.slice(0, 200)}"`
    if (refusal !== undefined) {
      throw new RegistryError(
        'realm-refused',
        `cannot log in: ${registry.origin} sends to ${shown} for a token, and ${refusal}`,
        {
          hint: 'Nothing was sent there. A reverse proxy in front of the registry has to say by what scheme and host it was asked (X-Forwarded-Proto, Host).',
        },
      )
    }
    if (url.host !== registry.host && credentials)
      hosts.warn(`${registry.host} has its tokens given out by ${url.host}: credentials go there`)
    return url
  }

  /** Along the redirects of the token server: without credentials once they leave it. */
  async #ask(realm: URL, { challenge, scopes, credentials }: Wanted) {
    const { registry, hosts } = this.#options
    let url = new URL(realm)
    const { service } = challenge.parameters
    if (service !== undefined) url.searchParams.set('service', service)
    for (const scope of scopes) url.searchParams.append('scope', scope)
    if (credentials && 'username' in credentials) url.searchParams.set('account', credentials.username)
    const sent: Sent = { method: 'GET', what: 'log in to the registry', allow: [401, 403] }
    for (let hops = 0; ; hops += 1) {
      const authorization = url.origin === realm.origin && credentials ? basic(credentials) : undefined
      const answer = await hosts.send(url, sent, { authorization, purpose: 'token' })
      const next = redirectTarget(answer, { from: url, hops, registry, request: sent })
      if (!next) return { answer, request: { method: 'GET', url: shownUrl(url) } }
      url = next
    }
  }

  /** RFC 6749, as distribution's "OAuth2 Token Authentication" has it. */
  async #post(url: URL, { challenge, scopes, credentials }: Wanted) {
    const form = new URLSearchParams({ client_id: 'nexus-docker' })
    form.set('service', challenge.parameters['service'] ?? '')
    form.set('scope', scopes.join(' '))
    if (credentials && 'identityToken' in credentials) {
      form.set('grant_type', 'refresh_token')
      form.set('refresh_token', credentials.identityToken)
    } else if (credentials) {
      form.set('grant_type', 'password')
      form.set('username', credentials.username)
      form.set('password', credentials.password)
    }
    const request = { method: 'POST', url: shownUrl(url) }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await this.#options.hosts.send(
      url,
      { method: 'POST', text: form.toString(), headers, readOnly: true, what: 'log in to the registry' },
      { purpose: 'token' },
    )
    return { answer, request }
  }

  #read({ text }: Answer): Token {
    const body = parseObject(text) ?? {}
    const value = body['token'] ?? body['access_token']
    // A header cannot hold what is no printable ASCII, nor would anybody want more.
    if (typeof value !== 'string' || !/^[\x21-\x7e]{1,32768}$/.test(value))
      throw new RegistryError('token-refused', 'cannot log in: the token server answers without a token')
    this.#options.redactor.add(value)
    const seconds = Number(body['expires_in'])
    const lives =
      Number.isFinite(seconds) && seconds > 0 ? Math.max(seconds - 10, seconds / 2) * 1000 : Infinity
    return { value, expiresAt: Date.now() + lives }
  }

  #redacted(answer: Answer): Answer {
    return { ...answer, text: this.#options.redactor.redact(answer.text) }
  }
}

/** Throws UserError where there is only the token of a former login, which Basic cannot carry. */
export function basic(credentials: Credentials): string {
  if ('identityToken' in credentials)
    throw new UserError(
      'unusable-credentials',
      'the registry wants a password, and there is only a token of a former login',
      { exitCode: 4 },
    )
  const { username, password } = credentials
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
