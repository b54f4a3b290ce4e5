import type { Writable } from 'node:stream'
import { type Answer, type HttpRequest, isHtml } from '../http/message.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import {
  type BlobDescriptor,
  blobPath,
  type Descriptor,
  type Manifest,
  manifestPath,
  namePath,
} from './descriptor.ts'
import { readBlob } from './download.ts'
import { RegistryError } from './errors.ts'
import { findManifest, headManifest, putManifest, shown } from './manifests.ts'
import type { Access, RateLimit, RegistryOptions } from './options.ts'
import { listIn, pagesOf } from './pages.ts'
import { judgeRealm, type Realm, shownUrl } from './places.ts'
import { Referrers } from './referrers.ts'
import type { Source } from './source.ts'
import { hasBlob, type Pushed, pushBlob } from './upload.ts'
import { type Exchanged, Wire } from './wire.ts'

export { RegistryError } from './errors.ts'
export type { Access, RegistryOptions } from './options.ts'

/** What a registry says to somebody who says nothing of himself. */
export interface Ping {
  /** 200: everybody may come in; 401: it asks who is there. */
  status: number
  headers: Readonly<Record<string, string | undefined>>
  challenges: Challenge[]
  /** Where it sends for tokens, and why credentials must not go there. */
  realm?: Realm
  /** `registry/2.0`, where it says so. */
  apiVersion?: string
  /** Whoever has no credentials is let in: at once, or with a token that everybody gets. */
  anonymous: boolean
}

/** A client of one registry. Sends nothing yet. Throws UserError with exit code 3 for a URL or certificate that cannot be used. */
export class RegistryClient {
  readonly #wire: Wire
  readonly #referrers: Referrers

  constructor(options: RegistryOptions) {
    this.#wire = new Wire(options)
    this.#referrers = new Referrers(this.#wire)
  }

  /** Without credentials in it, and without `/v2/`. */
  get url(): string {
    return this.#wire.base.href.replace(/\/$/, '')
  }

  /** What the registry last said of its limits. */
  get rateLimit(): RateLimit | undefined {
    return this.#wire.hosts.throttle(this.#wire.base.origin).rateLimit
  }

  /** Asks `/v2/` without credentials. Throws only where there is no answer. */
  async ping(): Promise<Ping> {
    const answer = await this.#ping('no')
    const challenges = parseChallenges(answer.headers['www-authenticate'] ?? '')
    const realm = challenges.find(({ scheme }) => scheme === 'bearer')?.parameters['realm']
    const judged = realm === undefined ? undefined : judgeRealm(realm, this.#wire.base)
    const apiVersion = answer.headers['docker-distribution-api-version']
    return {
      status: answer.status,
      headers: answer.headers,
      challenges,
      ...(judged && { realm: judged }),
      ...(apiVersion !== undefined && { apiVersion }),
      anonymous:
        (answer.status === 200 && !isHtml(answer)) || (judged !== undefined && (await this.#letsAnybodyIn())),
    }
  }

  /**
   * One answer, whatever its status, to a request below the base URL (`/v2/…`) or to a place that an answer has named. Throws
   * RegistryError where there is none, for a realm that is not to be trusted, and where the token server gives no token. GET and HEAD
   * follow redirects, as others do where `redirects` says so; statuses in `allow` are not asked for again.
   */
  async exchange(request: HttpRequest, access: Access = {}): Promise<Exchanged> {
    const { path, what = `${request.method} ${shownUrl(path)}`, ...others } = request
    const to = /^https?:/i.test(path) ? new URL(path) : path
    return this.#wire.exchange({ ...others, to, what }, access)
  }

  /** Undefined: the registry does not have it. */
  head(name: string, reference: string): Promise<Descriptor | undefined> {
    return headManifest(this.#wire, name, reference)
  }

  /** Throws RegistryError `not-found`, `digest-mismatch`. */
  async manifest(name: string, reference: string): Promise<Manifest> {
    const found = await findManifest(this.#wire, name, reference)
    if (found) return found
    const what = `read manifest ${shown(name, reference)}`
    throw new RegistryError('not-found', `cannot ${what}: the registry does not have it`, {
      status: 404,
      exitCode: 1,
    })
  }

  /** `reference` is a tag, or the digest of the bytes. `subject` is there where the registry files it for `referrers` by itself. */
  putManifest(
    name: string,
    reference: string,
    bytes: Uint8Array,
    mediaType: string,
  ): Promise<{ digest: string; subject?: string }> {
    return putManifest(this.#wire, { name, reference }, bytes, mediaType)
  }

  /**
   * The blob into the stream, which is finished then. Its digest and size are checked, and what is cut short goes on where it stopped.
   * Where the promise is broken the stream is destroyed, and what it holds is worth nothing.
   */
  blob(name: string, descriptor: BlobDescriptor, into: Writable): Promise<void> {
    return readBlob(this.#wire, name, descriptor, into)
  }

  hasBlob(name: string, digest: string): Promise<boolean> {
    return hasBlob(this.#wire, name, digest)
  }

  /** `source` begins anew with each call. */
  pushBlob(
    name: string,
    descriptor: BlobDescriptor,
    source: Source,
    { mountFrom }: { mountFrom?: string | undefined } = {},
  ): Promise<Pushed> {
    return pushBlob(this.#wire, { name, mountFrom, descriptor, source })
  }

  /** False: it was not there. */
  deleteManifest(name: string, digest: string): Promise<boolean> {
    return this.#delete(name, manifestPath(name, digest), `delete manifest ${shown(name, digest)}`)
  }

  /** Registries that delete by digest alone refuse it: RegistryError `not-offered` or `registry-refused`. */
  deleteTag(name: string, tag: string): Promise<boolean> {
    return this.#delete(name, manifestPath(name, tag), `delete tag ${shown(name, tag)}`)
  }

  deleteBlob(name: string, digest: string): Promise<boolean> {
    return this.#delete(name, blobPath(name, digest), `delete blob ${shown(name, digest)}`)
  }

  /** Page by page. Throws RegistryError `not-found` for a name that the registry does not know. */
  async *tags(name: string): AsyncGenerator<string> {
    const what = `list the tags of ${name}`
    const request = { to: `${namePath(name)}/tags/list?n=1000`, what }
    for await (const { answer } of pagesOf(this.#wire, request, { name }))
      for (const tag of listIn(answer.text, 'tags', what)) if (typeof tag === 'string') yield tag
  }

  /** What refers to a manifest, of one type or of all. */
  referrers(name: string, digest: string, artifactType?: string): Promise<Descriptor[]> {
    return this.#referrers.list(name, digest, artifactType)
  }

  /** Files a manifest under its subject where the registry has not done so (`putManifest` without `subject`): by the fallback tag. */
  fileReferrer(name: string, subject: string, descriptor: Descriptor): Promise<void> {
    return this.#referrers.file(name, subject, descriptor)
  }

  /** Ends what is under way. */
  close(): void {
    this.#wire.hosts.close()
  }

  async #ping(authenticate: NonNullable<Access['authenticate']>): Promise<Answer> {
    const request = { method: 'GET', to: '/v2/', what: 'ask the registry' } as const
    return (await this.#wire.exchange(request, { authenticate })).answer
  }

  async #letsAnybodyIn(): Promise<boolean> {
    try {
      return (await this.#ping('anonymous')).status === 200
    } catch (error) {
      if (error instanceof RegistryError) return false
      throw error
    }
  }

  async #delete(name: string, to: string, what: string): Promise<boolean> {
    const access = { name, actions: ['delete', 'pull'] }
    const isExpected = (status: number): boolean => [200, 202, 204, 404].includes(status)
    const { answer } = await this.#wire.expect({ method: 'DELETE', to, what }, access, isExpected)
    return answer.status !== 404
  }
}
