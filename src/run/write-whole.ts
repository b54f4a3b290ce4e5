import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../core/errors.ts'
import { maximumSourceBytes } from '../yaml/text-checks.ts'

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
    const there = statSync(path, { throwIfNoEntry: false })
    const reason = there && whyNotReplaced(there)
    if (reason !== undefined) return reason
    accessSync(dirname(path), constants.W_OK)
    readIfThere(path)
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? `there is no directory ${dirname(path)}` : reasonOf(error)
  }
}

/** Why a folder cannot take a file, be it there or still to be made; undefined when it can. */
export function whyNoFolder(path: string): string | undefined {
  try {
    if (!statSync(path, { throwIfNoEntry: false }))
      return dirname(path) === path ? undefined : whyNoFolder(dirname(path))
    accessSync(path, constants.W_OK)
    return undefined
  } catch (error) {
    return `${path}: ${reasonOf(error)}`
  }
}

/** Why a file cannot be read from there, in a few words; undefined when it can. */
export function whyNotRead(path: string): string | undefined {
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    if (there === undefined) return 'there is no such file'
    if (!there.isFile()) return there.isDirectory() ? 'it is a directory' : 'it is a device or a pipe'
    if (there.size > maximumSourceBytes) return 'it is too large for a configuration'
    accessSync(path, constants.R_OK)
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

/** A device would become a file, and reading a pipe waits for whoever writes to it. */
function whyNotReplaced(there: Stats): string | undefined {
  if (there.isDirectory()) return 'it is a directory'
  if (!there.isFile()) return 'it is a device or a pipe; - writes to standard output'
  return there.size > maximumSourceBytes ? 'the existing file is too large for a configuration' : undefined
}

/** Writes a file whole or not at all: beside it, then moved into its place. Its mode, and a link that leads to it, stay. */
export function writeWhole(path: string, text: string, { executable = false } = {}): void {
  let created: string | undefined
  try {
    const there = statSync(path, { throwIfNoEntry: false })
    const target = there ? realpathSync(path) : path
    const beside = `${target}.${process.pid}.tmp`
    makeFolder(dirname(path))
    writeFileSync(beside, '', { flag: 'wx', ...(there && { mode: there.mode }) })
    created = beside
    writeFileSync(beside, text)
    if (executable) chmodSync(beside, statSync(beside).mode | 0o111)
    renameSync(beside, target)
  } catch (error) {
    if (created !== undefined) rmSync(created, { force: true })
    const message = `cannot write ${path}: ${reasonOf(error)}`
    throw new UserError('cannot-write', message, {
      hint: 'What was there before is unchanged.',
      cause: error,
    })
  }
}

/** With those above it. Not by mkdir's `recursive`: where /proc lets nobody make a folder, Node asks for ever. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

const reasons: Record<string, string> = {
  ENOENT: 'no folder can be made there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file would be larger than is allowed here',
  ENOTDIR: 'a part of its path is not a directory',
  EROFS: 'the disk is read-only',
  EACCES: 'no permission (EACCES)',
  EPERM: 'no permission (EPERM)',
}

function reasonOf(error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException
  return reasons[code] ?? `the system says ${code}`
}
