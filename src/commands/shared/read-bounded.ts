import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { UserError } from '../../core/errors.ts'
import { formatSize } from '../../core/size.ts'

/** Bytes of a file, or of standard input, that holds a password. */
export const LONGEST_PASSWORD = 64 * 1024
/** Bytes of a file with certificates or a key. */
export const LONGEST_PEM = 1024 * 1024

/** A pipe gets this long, in milliseconds, until its writer has come and written. */
const PATIENCE_MS = 10_000
const PAUSE_MS = 20

/**
 * The text of a file, of which no more is read than the limit: a device has no end. A pipe (`<(pass show nexus)`) is waited for, but not
 * for ever. Throws Node's error, or a UserError whose message ends a sentence: `is larger than 64 KiB`.
 */
export function readBounded(path: string, limitBytes: number): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunks: Buffer[] = []
    const isPipe = fstatSync(file).isFIFO()
    const deadline = performance.now() + PATIENCE_MS
    for (let size = 0; size <= limitBytes; ) {
      const chunk = readChunk(file)
      // Of a pipe that is empty nobody may have opened the other end yet.
      if (chunk?.length === 0 && !(isPipe && size === 0)) return Buffer.concat(chunks).toString('utf8')
      if (chunk && chunk.length > 0) {
        chunks.push(chunk)
        size += chunk.length
        continue
      }
      if (performance.now() > deadline) throw unusable('is a pipe that nobody writes to')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
    throw unusable(`is larger than ${formatSize(limitBytes)}`)
  } finally {
    closeSync(file)
  }
}

/** Undefined where there is nothing yet. */
function readChunk(file: number): Buffer | undefined {
  const buffer = Buffer.alloc(16 * 1024)
  try {
    return buffer.subarray(0, readSync(file, buffer))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

function unusable(reason: string): UserError {
  return new UserError('file-unreadable', reason, { exitCode: 3 })
}
