import { resolve } from 'node:path'
import { readBounded, TooLarge } from '../../config/sources/read-bounded.ts'
import { secretIn, withoutLineBreak } from '../../config/sources/secret-source.ts'
import { whyUnreadable } from '../../config/sources/unreadable.ts'
import { UserError } from '../../core/errors.ts'

/** Bytes of a file with certificates or a key. */
export const maximumPemBytes = 1024 * 1024

/** A file that an option or a variable names, and how to speak of it. */
export interface OptionFile {
  /** `--client-key`, `NEXUS_CA_CERT` */
  option: string
  path: string
  cwd: string
  limitBytes: number
}

/** Its text. Throws `file-unreadable`, exit code 3, which names the option. */
export async function readOptionFile({ option, path, cwd, limitBytes }: OptionFile): Promise<string> {
  try {
    return (await readBounded(resolve(cwd, path), limitBytes)).toString('utf8')
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
  const found = await secretIn(read)
  if ('text' in found) return withoutLineBreak(found.text)
  if (found.reason === 'empty')
    throw new UserError('no-password', `the password in ${what} is empty`, { exitCode: 4 })
  throw unreadable(`${option}: ${what} ${found.why}`, found.cause)
}

function unreadable(sentence: string, cause: unknown): UserError {
  return new UserError('file-unreadable', sentence, {
    ...(cause instanceof TooLarge && { hint: 'Is this the right file? What belongs there is shorter.' }),
    exitCode: 3,
    cause,
  })
}
