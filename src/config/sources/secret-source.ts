import { dirname, isAbsolute, resolve } from 'node:path'
import { withoutFileMarks } from '../../core/file-marks.ts'
import { isVariableName } from '../../core/names.ts'
import { formatSize } from '../../core/size.ts'
import { lookAtFile, readBounded, TooLarge } from './read-bounded.ts'
import { codeOf, whyUnreadable } from './unreadable.ts'

// Where secrets are: in a variable, in a file, on standard input. For fields of the configuration, flags and the first password alike.

/** Passwords, tokens and keys are far smaller; what is larger is another file than was meant. */
export const maximumSecretBytes = 64 * 1024

/** In place of a secret the file may say where it is. */
export type SecretReference = { env: string } | { file: string }

/** Why there is no secret. `why` is the end of a sentence about the place: `is not set`, `does not exist`. */
export interface NoSecret {
  reason: 'missing' | 'empty' | 'long' | 'unreadable' | 'misnamed'
  why: string
  /** What `node:fs` said. */
  cause?: unknown
}

/** What is at the place: the secret, and where marks of a file stand around it (file-marks.ts) all that is there. */
export type Found = { text: string; whole?: string } | NoSecret

/** A secret as somebody wrote it down. */
export function secretIn(whole: string): Found {
  const text = withoutFileMarks(whole)
  if (text === '') return emptyPlace
  return tooLong(text) ?? (text === whole ? { text } : { text, whole })
}

/** The value of an environment variable. */
export function secretInVariable(name: string, environment: Record<string, string | undefined>): Found {
  if (!isVariableName(name)) return { reason: 'misnamed', why: 'is not the name of an environment variable' }
  const text = Object.hasOwn(environment, name) ? environment[name] : undefined
  if (text === undefined) return { reason: 'missing', why: 'is not set' }
  return secretIn(text)
}

/** The text of a file, a pipe or a device. */
export function secretInFile(path: string): Promise<Found> {
  return readSecret(() => readBounded(path, maximumSecretBytes))
}

/** The same for anything that is read up to the limit, such as standard input. */
export async function readSecret(read: () => Promise<Uint8Array>): Promise<Found> {
  try {
    return secretIn(Buffer.from(await read()).toString())
  } catch (error) {
    return unreadable(error)
  }
}

/** What is wrong with a file, as far as that can be known without opening it. */
export async function lookAtSecret(path: string): Promise<NoSecret | undefined> {
  try {
    const { empty } = await lookAtFile(path, maximumSecretBytes)
    return empty ? emptyPlace : undefined
  } catch (error) {
    return unreadable(error)
  }
}

const emptyPlace: NoSecret = { reason: 'empty', why: 'is empty' }

function unreadable(error: unknown): NoSecret {
  const why = whyUnreadable(error)
  if (error instanceof TooLarge) return { reason: 'long', why, cause: error }
  const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')
  return { reason: isMissing ? 'missing' : 'unreadable', why, cause: error }
}

/** What is wrong with a secret that is too long to be one. */
export function tooLong(secret: string): NoSecret | undefined {
  const fits = secret.length <= maximumSecretBytes && Buffer.byteLength(secret) <= maximumSecretBytes
  return fits ? undefined : { reason: 'long', why: `is longer than ${formatSize(maximumSecretBytes)}` }
}

/**
 * The absolute path of a secret file that a configuration names: relative to the file that names it, as in Compose; for standard
 * input, to the working directory.
 */
export function secretPath(path: string, writtenIn: string, cwd: string): string {
  const base = writtenIn === '-' ? cwd : resolve(cwd, dirname(writtenIn))
  return isAbsolute(path) ? path : resolve(base, path)
}
