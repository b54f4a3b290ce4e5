// The files of a repository's content: one for each digest, named by it.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What is read and written at once. Larger than Node's own 64 and 16 KiB: fewer turns for a layer of a gigabyte. */
export const chunkSize = 1024 * 1024

/** The file of a digest in a folder. */
export function fileOf(folder: string, digest: string): string {
  return join(folder, digest.replace('sha256:', ''))
}

/** Removes what a run that was killed has left in the folder, and answers those that still have their file. */
export function withFiles<T extends { digest: string }>(folder: string, entries: readonly T[]): T[] {
  const files = new Set(existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [])
  const there = entries.filter(({ digest }) => files.has(fileOf(folder, digest)))
  const wanted = new Set(there.map(({ digest }) => fileOf(folder, digest)))
  for (const file of files) if (!wanted.has(file)) rmSync(file, { recursive: true })
  return there
}

/** Order of plain texts. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
