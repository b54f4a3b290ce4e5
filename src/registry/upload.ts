import { type BlobDescriptor, blobPath, namePath } from './descriptor.ts'
import { RegistryError } from './errors.ts'
import { mismatch, shown } from './manifests.ts'
import type { Access } from './options.ts'
import { refusalOf, shownUrl } from './places.ts'
import { placeOf } from './redirects.ts'
import { checked, Pieces, type Source, wrongSize } from './source.ts'
import type { Exchanged, Wire, WireRequest } from './wire.ts'

/** How the blob got there. */
export type Pushed = 'exists' | 'mounted' | 'uploaded'

/** Of a piece, where the registry asks for no more. */
const CHUNK = 8 * 1024 ** 2
/** More than this a registry cannot ask for: a chunk stands in memory. */
const LARGEST_CHUNK = 32 * 1024 ** 2
const MOST_RECOVERIES = 10
const FIRST_PAUSE_MS = 100

const octets = { 'content-type': 'application/octet-stream' }

export async function hasBlob(wire: Wire, name: string, digest: string): Promise<boolean> {
  const what = `look for blob ${shown(name, digest)}`
  const isExpected = (status: number): boolean => status === 200 || status === 404
  const { answer } = await wire.expect(
    { method: 'HEAD', to: blobPath(name, digest), what },
    { name },
    isExpected,
  )
  return answer.status === 200
}

/** What is pushed where; `mountFrom` is another name of the registry that may have it. */
export interface PushJob {
  name: string
  mountFrom?: string | undefined
  descriptor: BlobDescriptor
  source: Source
}

/**
 * Brings a blob to the registry: nothing where it is, a mount where `mountFrom` has it, one PUT, and what is left of it in pieces where
 * that fails. A session that leads nowhere is ended. Throws RegistryError `digest-mismatch`, `size-mismatch` (of the source),
 * `location-refused` and what a request throws.
 */
export async function pushBlob(wire: Wire, job: PushJob): Promise<Pushed> {
  const isThere = hasBlob(wire, job.name, job.descriptor.digest)
  // Whoever may not look may yet be allowed to push; if not, the answer to that says why.
  if (await isThere.catch(unlessRefused)) return 'exists'
  return new Upload(wire, job).push()
}

function unlessRefused(error: unknown): false {
  if (error instanceof RegistryError && error.status !== undefined) return false
  throw error
}

/** An answer of an upload that is not what it should be, and yet not the end. */
const PASSING = [400, 404, 408, 413, 416, 429, 499, 500, 502, 503, 504]

class Upload {
  readonly #wire: Wire
  readonly #job: PushJob
  readonly #what: string
  /** Where the session goes on. */
  #location: URL | undefined
  #chunk = CHUNK

  constructor(wire: Wire, job: PushJob) {
    this.#wire = wire
    this.#job = job
    this.#what = `push blob ${shown(job.name, job.descriptor.digest)}`
  }

  async push(): Promise<Pushed> {
    try {
      if (await this.#begin()) return 'mounted'
      const failure = await this.#whole()
      if (failure) await this.#inPieces(failure)
      return 'uploaded'
    } catch (error) {
      await this.#abandon()
      throw error
    }
  }

  /** True: mounted. A mount that is refused has begun an upload. */
  async #begin(): Promise<boolean> {
    const { mountFrom, descriptor } = this.#job
    if (mountFrom !== undefined) {
      const query = new URLSearchParams({ mount: descriptor.digest, from: mountFrom }).toString()
      const mounted = await this.#send({ method: 'POST', to: `${this.#uploads()}?${query}` })
      if (mounted.answer.status === 201) return true
      if (mounted.answer.status === 202 && this.#goOn(mounted)) return false
    }
    const begun = await this.#send({ method: 'POST', to: this.#uploads() })
    if (begun.answer.status !== 202) throw this.#refused('POST', begun)
    if (!this.#goOn(begun)) throw this.#fail('the registry does not say where to')
    return false
  }

  /** One PUT of everything: what every registry can. Gives what it failed with where pieces may do better. */
  async #whole(): Promise<RegistryError | undefined> {
    const { descriptor, source } = this.#job
    const headers = { ...octets, 'content-length': String(descriptor.size) }
    const body = () => checked(source, descriptor, this.#what)
    return this.#attempt(() => this.#close({ headers, body }))
  }

  async #inPieces(first: RegistryError): Promise<void> {
    let failure = first
    const pieces = new Pieces(this.#job.source)
    try {
      for (let recoveries = 0; recoveries < MOST_RECOVERIES; recoveries += 1) {
        await this.#wire.hosts.rest(FIRST_PAUSE_MS * 2 ** Math.min(recoveries, 6))
        const failed = await this.#attempt(async () => this.#from(await this.#offset(), pieces))
        if (!failed) return
        failure = failed
      }
      throw failure
    } finally {
      pieces.close()
    }
  }

  async #from(start: number, pieces: Pieces): Promise<void> {
    const { size } = this.#job.descriptor
    let at = start
    while (at < size) {
      const body = await pieces.read(at, Math.min(this.#chunk, size - at))
      if (body.length === 0) throw wrongSize(at, size, this.#what)
      const headers = { ...octets, 'content-range': `${at}-${at + body.length - 1}` }
      const patched = await this.#send({ method: 'PATCH', to: this.#here(), headers, body })
      // Some, such as ECR, say "created" to each piece.
      if (![201, 202, 204].includes(patched.answer.status)) throw this.#refused('PATCH', patched)
      this.#goOn(patched)
      at += body.length
    }
    await this.#close({ headers: octets, body: new Uint8Array() })
  }

  /** How much of it the registry has; of a session that it does not know any more, nothing, in a new one. */
  async #offset(): Promise<number> {
    if (this.#location) {
      const status = await this.#send({ method: 'GET', to: this.#location })
      const end = /^(?:bytes=)?0-(\d{1,15})$/.exec(status.answer.headers['range'] ?? '')?.[1]
      if (status.answer.status === 204 && this.#goOn(status)) {
        // 0-0 is what a session says that has nothing, and one that has a single byte.
        const has = end === undefined || end === '0' ? 0 : Number(end) + 1
        if (has <= this.#job.descriptor.size && end !== undefined) return has
      }
      await this.#abandon()
    }
    const begun = await this.#send({ method: 'POST', to: this.#uploads() })
    if (begun.answer.status !== 202 || !this.#goOn(begun)) throw this.#refused('POST', begun)
    return 0
  }

  /** What it failed with, where another way may lead there. */
  async #attempt(work: () => Promise<void>): Promise<RegistryError | undefined> {
    try {
      await work()
      return undefined
    } catch (error) {
      if (!(error instanceof RegistryError) || !isPassing(error)) throw error
      return error
    }
  }

  async #abandon(): Promise<void> {
    const to = this.#location
    this.#location = undefined
    if (to) await this.#send({ method: 'DELETE', to }).catch(() => undefined)
  }

  #send(request: Pick<WireRequest, 'method' | 'to' | 'headers' | 'body'>): Promise<Exchanged> {
    const { name, mountFrom } = this.#job
    const access: Access = { name, actions: ['pull', 'push'], mountFrom }
    // A session too many does no harm. What carries a body is not repeated blindly: how much has arrived is asked first.
    const begins = request.method === 'POST'
    return this.#wire.exchange(
      { ...request, what: this.#what, readOnly: begins, repeats: begins || request.body === undefined },
      access,
    )
  }

  #uploads(): string {
    return `${namePath(this.#job.name)}/blobs/uploads/`
  }

  #here(): URL {
    if (!this.#location) throw this.#fail('the registry does not say where to')
    return this.#location
  }

  /** Relative, absolute, without a scheme: to the place that answered. False: there is none. */
  #goOn({ answer, url }: Exchanged): boolean {
    const location = answer.headers['location']
    if (location === undefined) return false
    const target = placeOf(location, url)
    const { base } = this.#wire
    const isMisled =
      target !== undefined && target.hostname === base.hostname && target.origin !== base.origin
    const refusal = isMisled ? 'that is another address of the same host' : target && refusalOf(target, base)
    if (!target || refusal !== undefined) {
      this.#location = undefined
      throw new RegistryError(
        'location-refused',
        `cannot ${this.#what}: ${base.origin} sends on to ${target ? shownUrl(target.origin + target.pathname) : 'something that is not a URL'}${refusal ? `, and ${refusal}` : ''}`,
        {
          status: answer.status,
          request: { method: 'POST', url: shownUrl(url) },
          headers: { location: shownUrl(location).slice(0, 2000) },
          hint: 'A reverse proxy in front of the registry has to say by what scheme and host it was asked (X-Forwarded-Proto, Host).',
        },
      )
    }
    if (target.origin !== base.origin)
      this.#wire.hosts.warn(
        `${base.host} has its uploads sent to ${target.host}: they go there without credentials`,
      )
    const least = Number(answer.headers['oci-chunk-min-length'])
    if (least > this.#chunk) this.#chunk = Math.min(least, LARGEST_CHUNK)
    this.#location = target
    return true
  }

  /** The last request, with `digest` beside what the query has already. */
  async #close(last: Pick<WireRequest, 'headers' | 'body'>): Promise<void> {
    const { digest } = this.#job.descriptor
    const to = new URL(this.#here())
    to.search += `${to.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`
    const put = await this.#send({ ...last, method: 'PUT', to })
    const { status, headers } = put.answer
    if (![200, 201, 202, 204].includes(status)) throw this.#refused('PUT', put)
    this.#location = undefined
    const said = headers['docker-content-digest']
    if (said?.startsWith('sha256:') && said !== digest) throw mismatch(this.#what, said, digest)
  }

  #refused(method: WireRequest['method'], exchanged: Exchanged): RegistryError {
    return this.#wire.refused({ method, what: this.#what }, exchanged)
  }

  #fail(reason: string): RegistryError {
    return new RegistryError('invalid-answer', `cannot ${this.#what}: ${reason}`, { exitCode: 1 })
  }
}

function isPassing({ kind, status, errors }: RegistryError): boolean {
  if (kind !== undefined) return true
  if (errors.some(({ code }) => ['DIGEST_INVALID', 'DENIED', 'UNAUTHORIZED', 'UNSUPPORTED'].includes(code)))
    return false
  return status !== undefined && PASSING.includes(status)
}
