import { access, close, constants, createReadStream, fstat, open, stat } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { formatSize } from '../../core/size.ts'

/** There is more to read than the limit allows. Has a `code`, as the errors of `node:fs`. */
export class TooLarge extends Error {
  readonly code = 'TOO_LARGE'

  constructor(limitBytes: number) {
    super(`larger than ${formatSize(limitBytes)}`)
  }
}

/**
 * The bytes of a file, a pipe (`<(pass show nexus)`) or a device. Reads no further than the limit, and rejects with TooLarge there;
 * otherwise with what `node:fs` says (unreadable.ts has words for both).
 *
 * Never waits inside a system call: a thread that waits for the other end of a pipe would keep the process from ending, even by
 * `process.exit`. So what is opened does not block, and a pipe is read when the event loop says that there is something.
 */
export async function readBounded(path: string, limitBytes: number): Promise<Buffer> {
  // Windows has no O_NONBLOCK, and no pipes among its files; undefined counts as 0 here.
  const descriptor = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return readStream(await streamOf(descriptor, limitBytes), limitBytes)
}

/** The same for a stream that is open already, such as standard input. Rejects with EALREADY where it has been read. */
export async function readStream(stream: Readable, limitBytes: number): Promise<Buffer> {
  if (stream.readableEnded) throw Object.assign(new Error('read before'), { code: 'EALREADY' })
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > limitBytes) throw new TooLarge(limitBytes)
  }
  return Buffer.concat(chunks)
}

async function streamOf(descriptor: number, limitBytes: number): Promise<Readable> {
  try {
    const found = await promisify(fstat)(descriptor)
    if (found.isFIFO()) return new Socket({ fd: descriptor, readable: true, writable: false })
    // One byte more than is allowed is enough to know.
    return createReadStream('', { fd: descriptor, end: limitBytes })
  } catch (error) {
    await promisify(close)(descriptor)
    throw error
  }
}

/** Rejects as `readBounded` would, as far as that can be known without opening the file. */
export async function lookAtFile(path: string, limitBytes: number): Promise<{ empty: boolean }> {
  const found = await promisify(stat)(path)
  if (found.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' })
  await promisify(access)(path, constants.R_OK)
  if (found.size > limitBytes) throw new TooLarge(limitBytes)
  return { empty: found.isFile() && found.size === 0 }
}
