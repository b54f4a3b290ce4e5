import { Readable } from 'node:stream'
import { type BlobDescriptor, newHash } from './descriptor.ts'
import { RegistryError } from './errors.ts'
import { mismatch } from './manifests.ts'

/** What a blob is read from. Each call begins anew. */
export type Source = () => Readable

/** Bytes that are passed over at a time. */
const SKIPPED = 1024 ** 2

/**
 * The source, which has to be what the descriptor says: a server would wait for what is missing, for ever. The last piece is held back
 * until its digest is known. Fails with RegistryError `size-mismatch`, `digest-mismatch`.
 */
export function checked(source: Source, { size, digest }: BlobDescriptor, what: string): Readable {
  async function* checking(): AsyncGenerator<Buffer> {
    const hash = newHash()
    let got = 0
    let held: Buffer | undefined
    for await (const chunk of source() as AsyncIterable<Buffer>) {
      if (held) yield held
      got += chunk.length
      hash.update(chunk)
      if (got > size) break
      held = chunk
    }
    if (got !== size) throw wrongSize(got, size, what)
    const is = `sha256:${hash.digest('hex')}`
    if (is !== digest) throw mismatch(what, is, digest)
    if (held) yield held
  }
  return Readable.from(checking(), { objectMode: false, highWaterMark: 256 * 1024 })
}

export function wrongSize(is: number, size: number, what: string): RegistryError {
  const than = is > size ? 'more' : `only ${is}`
  const reason = `its source has ${than} bytes, and its descriptor says ${size}`
  return new RegistryError('size-mismatch', `cannot ${what}: ${reason}`, { exitCode: 1 })
}

/** The source, piece by piece, from any place on: anew where that lies behind. */
export class Pieces {
  readonly #source: Source
  #stream: Readable | undefined
  #chunks: AsyncIterator<Buffer> | undefined
  /** What has been read and not yet been given. */
  #rest = Buffer.alloc(0)
  #at = 0

  constructor(source: Source) {
    this.#source = source
  }

  async read(start: number, length: number): Promise<Buffer> {
    if (!this.#chunks || start < this.#at) {
      this.close()
      this.#stream = this.#source()
      this.#chunks = (this.#stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
      this.#rest = Buffer.alloc(0)
      this.#at = 0
    }
    while (this.#at < start) {
      const skipped = await this.#take(Math.min(start - this.#at, SKIPPED))
      if (skipped.length === 0) return skipped
    }
    return this.#take(length)
  }

  close(): void {
    this.#stream?.destroy()
  }

  async #take(length: number): Promise<Buffer> {
    const parts: Uint8Array[] = [this.#rest]
    let got = this.#rest.length
    while (got < length) {
      const next = await this.#chunks?.next()
      if (!next || next.done) break
      parts.push(next.value)
      got += next.value.length
    }
    const all = Buffer.concat(parts)
    const taken = all.subarray(0, length)
    this.#rest = all.subarray(length)
    this.#at += taken.length
    return taken
  }
}
