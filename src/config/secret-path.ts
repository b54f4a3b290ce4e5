import { dirname, isAbsolute, resolve } from 'node:path'

/**
 * The absolute path of a secret file that a configuration names: relative to the file that names it, as in Compose; for standard
 * input, to the working directory.
 */
export function secretPath(path: string, writtenIn: string, cwd: string): string {
  const base = writtenIn === '-' ? cwd : resolve(cwd, dirname(writtenIn))
  return isAbsolute(path) ? path : resolve(base, path)
}
