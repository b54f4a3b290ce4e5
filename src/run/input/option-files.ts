import { resolve } from 'node:path'
import { readBounded, TooLarge, whyUnreadable } from '../../config/sources/read-bounded.ts'
import { UserError } from '../../core/errors.ts'

/** Bytes of a file with certificates or a key. */
export const maximumPemBytes = 1024 * 1024

/** A file that an option or a variable names, and how to speak of it. */
export interface OptionFile {
  /** `--password-file`, `NEXUS_CA_CERT` */
  option: string
  path: string
  cwd: string
  limitBytes: number
}

/** Its text. Throws `file-unreadable`, exit code 3, which names the option. */
export function readOptionFile({ option, path, cwd, limitBytes }: OptionFile): Promise<string> {
  return textFor(option, path, () => readBounded(resolve(cwd, path), limitBytes))
}

/** The same for what is open already: standard input. `what` is its name in the sentence. */
export async function textFor(
  option: string,
  what: string,
  read: () => Promise<Uint8Array>,
): Promise<string> {
  try {
    return Buffer.from(await read()).toString('utf8')
  } catch (error) {
    throw new UserError('file-unreadable', `${option}: ${what} ${whyUnreadable(error)}`, {
      ...(error instanceof TooLarge && { hint: 'Is this the right file? What belongs there is shorter.' }),
      exitCode: 3,
      cause: error,
    })
  }
}
