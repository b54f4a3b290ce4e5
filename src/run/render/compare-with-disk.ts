import { lstatSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { RenderedFile } from '../../targets/contract.ts'
import type { FileState } from '../deliver.ts'
import { readIfThere, whyNoFolder, whyNotWritable } from '../write-whole.ts'

/** Holds the files against those in a folder. Throws `foreign-file` where one of those is somebody else's, or cannot be written. */
export function compareWithDisk(files: readonly RenderedFile[], folder: string, target: string): FileState[] {
  const compared = files.map((file) => compareOne(file, folder, target))
  const refused = compared.flatMap((result) => ('why' in result ? [result.why] : []))
  const [first] = refused
  if (first === undefined) return compared.flatMap((result) => ('why' in result ? [] : [result]))
  throw new UserError('foreign-file', `cannot write to ${folder}; nothing was written:`, {
    list: refused,
    hint: 'Move away what is there, or render to another folder.',
    exitCode: 3,
  })
}

function compareOne(file: RenderedFile, folder: string, target: string): FileState | { why: string } {
  const { name, merge, executable } = file
  const path = join(folder, name)
  const state = {
    name,
    text: file.text,
    ...(executable && { executable }),
    ...(merge ? { merged: true as const } : { ours: true as const }),
  }
  if (!isThere(path)) return created(state, dirname(path))
  const reason = whyNotWritable(path)
  const before = reason === undefined ? readIfThere(path) : undefined
  if (before === undefined) return { why: `${name}: ${reason ?? 'the link leads nowhere'}` }
  const text = merge ? merge(before) : file.text
  const hasMode = !executable || (statSync(path).mode & 0o100) !== 0
  if (text === before && hasMode) return { ...state, status: 'unchanged', text, before }
  if (merge || isOurs(before, target) || text === before) return { ...state, status: 'changed', text, before }
  return { why: `${name} is there already, and not made by nexus-docker render ${target}` }
}

function created(state: Omit<FileState, 'status'>, folder: string): FileState | { why: string } {
  const why = whyNoFolder(folder)
  return why === undefined ? { ...state, status: 'created' } : { why: `${state.name}: ${why}` }
}

/** Also what cannot be looked at, as below a file: why not is told by whoever wants to write it. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}

/** The header stands at the top, below what else has to stand there (`#!/bin/sh`). */
function isOurs(text: string, target: string): boolean {
  const top = text.split(/\r?\n/, 5).map((line) => `${line.trim()} `)
  return top.some(
    (line) => line.includes('Made by nexus-docker from ') && line.includes(` render ${target} `),
  )
}
