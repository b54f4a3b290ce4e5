import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { formatSize } from '../core/size.ts'
import type { Head } from '../http/message.ts'
import { type BlobDescriptor, blobPath, newHash } from './descriptor.ts'
import { RegistryError } from './errors.ts'
import { mismatch, shown } from './manifests.ts'
import type { Wire } from './wire.ts'

/** In a row, without one more byte. */
const MOST_ATTEMPTS = 5
const FIRST_PAUSE_MS = 200

/**
 * A blob, as it comes. What was cut short goes on from where it stopped. `into` is finished when the promise is kept, and destroyed when
 * it is not: what it holds then is worth nothing. Throws RegistryError `digest-mismatch`, `size-mismatch`, `not-found` and what a request
 * throws.
 */
export async function readBlob(
  wire: Wire,
  name: string,
  descriptor: BlobDescriptor,
  into: Writable,
): Promise<void> {
  const what = `read blob ${shown(name, descriptor.digest)}`
  const to = blobPath(name, descriptor.digest)
  const ended = finished(into, { readable: false })
  ended.catch(() => undefined)
  const blob = new Incoming(descriptor, what, into)
  try {
    let idle = 0
    while (!blob.isWhole()) {
      const had = blob.got
      const failure = await attempt(wire, { to, name, what }, blob)
      idle = blob.got > had ? 0 : idle + 1
      if (blob.isWhole()) break
      if (idle >= MOST_ATTEMPTS) throw failure ?? blob.wrongSize()
      if (idle > 0) await wire.hosts.rest(FIRST_PAUSE_MS * 2 ** (idle - 1))
    }
    blob.assertDigest()
    into.end()
    await ended
  } catch (error) {
    into.destroy()
    throw error
  }
}

/** As much of it as comes; what it failed with where it may go on. */
async function attempt(
  wire: Wire,
  { to, name, what }: { to: string; name: string; what: string },
  blob: Incoming,
): Promise<RegistryError | undefined> {
  const range = blob.got > 0 && { range: `bytes=${blob.got}-` }
  const headers = { accept: '*/*', 'accept-encoding': 'identity', ...range }
  try {
    await wire.expect({ method: 'GET', to, headers, into: (head) => blob.from(head), what }, { name })
    blob.answered = true
    return undefined
  } catch (error) {
    if (!(error instanceof RegistryError) || error.kind === undefined) throw error
    return error
  }
}

/** What has come so far, over several answers. */
class Incoming {
  got = 0
  /** An answer has come to its end: also of nothing. */
  answered = false
  readonly #descriptor: BlobDescriptor
  readonly #what: string
  readonly #into: Writable
  readonly #hash = newHash()

  constructor(descriptor: BlobDescriptor, what: string, into: Writable) {
    this.#descriptor = descriptor
    this.#what = what
    this.#into = into
  }

  isWhole(): boolean {
    return this.got === this.#descriptor.size && (this.got > 0 || this.answered)
  }

  /** Takes the body of one answer: 206 from where the last one stopped, or 200 from the beginning. */
  from({ status, headers }: Head): Writable {
    const { size } = this.#descriptor
    const start =
      status === 206 ? Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? NaN) : 0
    const length = headers['content-encoding'] === undefined ? headers['content-length'] : undefined
    let skipped = this.got - start
    const write = (chunk: Buffer, _: string, done: (error?: Error | null) => void) => {
      const fresh = chunk.subarray(Math.min(skipped, chunk.length))
      skipped -= chunk.length - fresh.length
      const isTooMuch = this.got + fresh.length > size
      if (isTooMuch || fresh.length === 0) {
        done(isTooMuch ? this.wrongSize() : null)
        return
      }
      this.got += fresh.length
      this.#hash.update(fresh)
      this.#into.write(fresh, done)
    }
    const sink = new Writable({ write, highWaterMark: 256 * 1024 })
    if (!(start <= this.got))
      sink.destroy(this.#fail('the registry continues somewhere else than it was asked to'))
    else if (length !== undefined && Number(length) !== size - start)
      sink.destroy(this.wrongSize(Number(length) + start))
    return sink
  }

  assertDigest(): void {
    const digest = `sha256:${this.#hash.digest('hex')}`
    if (digest !== this.#descriptor.digest) throw mismatch(this.#what, digest, this.#descriptor.digest)
  }

  wrongSize(size?: number): RegistryError {
    const is = size === undefined ? 'another size' : formatSize(size)
    return this.#fail(
      `the registry sends ${is}, and the manifest says ${formatSize(this.#descriptor.size)}`,
      'size-mismatch',
    )
  }

  #fail(reason: string, code = 'invalid-answer'): RegistryError {
    return new RegistryError(code, `cannot ${this.#what}: ${reason}`, { exitCode: 1 })
  }
}
