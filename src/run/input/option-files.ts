import { resolve } from 'node:path'
import { readBounded, TooLarge } from '../../config/sources/read-bounded.ts'
import { readSecret } from '../../config/sources/secret-source.ts'
import { whyUnreadable } from '../../config/sources/unreadable.ts'
import { UserError } from '../../core/errors.ts'

/** Bytes of a file with certificates or a key. */
export const maximumPemBytes = 1024 * 1024

/** The text of a file that an option or a variable names (`--client-key`). Throws `file-unreadable`, exit code 3, which names the option. */
export async function readPemFile(option: string, path: string, cwd: string): Promise<string> {
  try {
    return (await readBounded(resolve(cwd, path), maximumPemBytes)).toString('utf8')
  } catch (error) {
    throw unreadable(`${option}: ${path} ${whyUnreadable(error)}`, error)
  }
}

/** The password that is read from `what`, a file or standard input. Throws the same, and `no-password`, exit code 4, for an empty one. */
export async function readPassword(
  option: string,
  what: string,
  read: () => Promise<Uint8Array>,
): Promise<string> {
  const found = await readSecret(read)
  if ('text' in found) return found.text
  if (found.reason === 'empty')
    throw new UserError('no-password', `the password in ${what} is empty`, { exitCode: 4 })
  throw unreadable(`${option}: ${what} ${found.why}`, found.cause)
}

function unreadable(sentence: string, cause: unknown): UserError {
  return new UserError('file-unreadable', sentence, {
    ...(cause instanceof TooLarge && { hint: 'Is this the right file? It should be shorter.' }),
    exitCode: 3,
    cause,
  })
}
