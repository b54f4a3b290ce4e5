// One blob on its way to the disk: a temporary file that grows, hashed while it is written, renamed when it is whole.
import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** The bytes that came are not those that were announced. */
export class DigestMismatch extends Error {
  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`)
  }
}

/** An upload that was discarded takes no more bytes. */
export class UploadGone extends Error {}

/** A temporary file that grows by whole parts: one that is cut off leaves what was there before it. */
export interface Upload {
  /** How many bytes are there, parts that are being written left out. */
  readonly size: number
  /** Adds bytes, after the parts that were given before; rejects with what `source` ends in, and nothing is added. */
  append(source: AsyncIterable<Uint8Array>): Promise<void>
  /**
   * Makes the bytes the file `path(digest)`: the digest and the size. The upload is over, whatever comes of it. Rejects with a
   * DigestMismatch when `expected` is another digest.
   */
  finish(path: (digest: string) => string, expected?: string): Promise<{ digest: string; size: number }>
  /** Ends the upload, what is being written included, and removes its file. */
  discard(): Promise<void>
}

/** Starts an upload in the file, which appears with the first part. */
export function startUpload(file: string): Upload {
  let size = 0
  let hash: Hash = createHash('sha256')
  let last: Promise<void> = Promise.resolve()
  const end = new AbortController()

  async function write(source: AsyncIterable<Uint8Array>): Promise<void> {
    if (end.signal.aborted) throw new UploadGone()
    const grown = hash.copy()
    let written = 0
    async function* hashed() {
      for await (const chunk of source) {
        grown.update(chunk)
        written += chunk.length
        yield chunk
      }
    }
    await mkdir(dirname(file), { recursive: true })
    try {
      await pipeline(hashed, createWriteStream(file, { flags: 'a' }), { signal: end.signal })
    } catch (error) {
      await truncate(file, size).catch(() => undefined)
      throw error
    }
    hash = grown
    size += written
  }

  function append(source: AsyncIterable<Uint8Array>): Promise<void> {
    const done = last.then(() => write(source))
    last = done.catch(() => undefined)
    return done
  }

  async function discard(): Promise<void> {
    end.abort()
    await last
    await rm(file, { force: true })
  }

  return {
    get size() {
      return size
    },
    append,
    async finish(path, expected) {
      // an upload of no bytes has a file, too
      await append(nothing())
      end.abort()
      const digest = `sha256:${hash.digest('hex')}`
      if (expected !== undefined && digest !== expected) {
        await discard()
        throw new DigestMismatch(expected, digest)
      }
      const target = path(digest)
      await mkdir(dirname(target), { recursive: true })
      await rename(file, target)
      return { digest, size }
    },
    discard,
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
