// One blob on its way to the disk: a temporary file that grows, hashed while it is written, renamed when it is whole.
import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { chunkSize } from './files.ts'

/** The bytes that came are not those that were announced. */
export class DigestMismatch extends Error {
  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`)
  }
}

/** An upload that was discarded takes no more bytes. */
export class UploadGone extends Error {}

/** What a whole file was found to be. */
export interface Finished {
  digest: string
  /** Hexadecimal. */
  sha1: string
  size: number
  /** Its first byte; undefined for an empty one. */
  firstByte: number | undefined
}

/** A temporary file that grows by whole parts: one that is cut off leaves what was there before it. */
export interface Upload {
  /** How many bytes are there, parts that are being written left out. */
  readonly size: number
  /** Adds bytes, after the parts that were given before; rejects with what `source` ends in or with UploadGone, and nothing is added. */
  append(source: AsyncIterable<Uint8Array>): Promise<void>
  /**
   * Makes the bytes the file `path(digest)`. The upload is over, whatever comes of it. Rejects with a DigestMismatch when `expected` is
   * another digest.
   */
  finish(path: (digest: string) => string, expected?: string): Promise<Finished>
  /** Ends the upload, what is being written included, and removes its file. */
  discard(): Promise<void>
}

/** What is known of the bytes that are there. */
interface Progress {
  size: number
  firstByte: number | undefined
  /** SHA-256 and SHA-1. */
  hashes: Hash[]
}

/** Passes bytes on and notes what they are. Ends when `signal` is aborted, also while it waits for a sender who is silent. */
async function* noted(
  source: AsyncIterable<Uint8Array>,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  let stop: (reason: Error) => void = () => undefined
  const abort = (): void => stop(new UploadGone())
  signal.addEventListener('abort', abort)
  const next = () =>
    new Promise<IteratorResult<Uint8Array, unknown>>((resolve, reject) => {
      stop = reject
      if (signal.aborted) reject(new UploadGone())
      else iterator.next().then(resolve, reject)
    })
  try {
    for (let part = await next(); part.done !== true; part = await next()) {
      for (const hash of progress.hashes) hash.update(part.value)
      progress.firstByte ??= part.value[0]
      progress.size += part.value.length
      yield part.value
    }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Starts an upload in the file, which appears with the first part. */
export function startUpload(file: string): Upload {
  let done: Progress = {
    size: 0,
    firstByte: undefined,
    hashes: ['sha256', 'sha1'].map((name) => createHash(name)),
  }
  let last: Promise<void> = Promise.resolve()
  const end = new AbortController()
  const isOver = (): boolean => end.signal.aborted

  async function write(source: AsyncIterable<Uint8Array>): Promise<void> {
    if (isOver()) throw new UploadGone()
    const grown = { ...done, hashes: done.hashes.map((hash) => hash.copy()) }
    await mkdir(dirname(file), { recursive: true })
    try {
      await pipeline(
        noted(source, grown, end.signal),
        createWriteStream(file, { flags: 'a', highWaterMark: chunkSize }),
      )
    } catch (error) {
      await truncate(file, done.size).catch(() => undefined)
      throw isOver() ? new UploadGone() : error
    }
    done = grown
  }

  function append(source: AsyncIterable<Uint8Array>): Promise<void> {
    const written = last.then(() => write(source))
    last = written.catch(() => undefined)
    return written
  }

  async function discard(): Promise<void> {
    end.abort()
    await last
    await rm(file, { force: true })
  }

  return {
    get size() {
      return done.size
    },
    append,
    async finish(path, expected) {
      // an upload of no bytes has a file, too
      await append(nothing())
      end.abort()
      const [sha256 = '', sha1 = ''] = done.hashes.map((hash) => hash.digest('hex'))
      const digest = `sha256:${sha256}`
      if (expected !== undefined && digest !== expected) {
        await discard()
        throw new DigestMismatch(expected, digest)
      }
      const target = path(digest)
      await mkdir(dirname(target), { recursive: true })
      await rename(file, target)
      return { digest, sha1, size: done.size, firstByte: done.firstByte }
    },
    discard,
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
