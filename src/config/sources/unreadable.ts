import { TooLarge } from './read-bounded.ts'

/** Why something cannot be read: as the end of a sentence about a file that holds one value, and about what `-f` names. */
const reasons: Readonly<Record<string, { file?: string; input?: string }>> = {
  ENOENT: { file: 'does not exist', input: 'there is no such file or directory' },
  ENOTDIR: { file: 'does not exist', input: 'a part of its path is not a directory' },
  EACCES: { file: 'cannot be read (permission denied)', input: 'permission denied' },
  EPERM: { file: 'cannot be read (operation not permitted)', input: 'operation not permitted' },
  EISDIR: { file: 'is a directory' },
  ELOOP: { input: 'its symbolic links form a loop' },
  ENAMETOOLONG: { file: 'has a name that is too long', input: 'the name is too long' },
  // A socket, or a device that nothing is behind.
  ENXIO: {
    file: 'cannot be read: it is neither a file nor a pipe',
    input: 'it is neither a file nor a pipe',
  },
  EALREADY: {
    file: 'has been read already, for another option',
    input: 'it has been read already, for another option or argument',
  },
  // A terminal: nobody has typed anything yet.
  EAGAIN: {
    file: 'has nothing to read; name a file or a pipe',
    input: 'there is nothing to read; -f - reads what is typed',
  },
}

/** Why a file cannot be read, as the end of a sentence: `does not exist`. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof TooLarge) return `is ${error.message}`
  const code = codeOf(error) ?? 'unreadable'
  return reasons[code]?.file ?? `cannot be read (${code})`
}

/** The same for a file of the configuration: `there is no such file or directory`. */
export function whyNoInput(error: unknown): string {
  const code = codeOf(error) ?? 'unknown error'
  return reasons[code]?.input ?? code
}

/** The code of an error of `node:fs`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
