import {
  accessSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** The text of a file, undefined when there is none. Throws what keeps it from being read. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Why a file cannot be written there, in a few words; undefined when it can. */
export function whyNotWritable(path: string): string | undefined {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'it is a folder'
    accessSync(dirname(path), constants.W_OK)
    readIfThere(path)
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? `there is no folder ${dirname(path)}`
      : `no permission (${code ?? String(error)})`
  }
}

/** Writes a file whole or not at all: beside it, then moved into its place. Its mode, and a link that leads to it, stay. */
export function writeWhole(path: string, text: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  const target = there ? realpathSync(path) : path
  const beside = `${target}.${process.pid}.tmp`
  try {
    writeFileSync(beside, text, { flag: 'wx', ...(there && { mode: there.mode }) })
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}
