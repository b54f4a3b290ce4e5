import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileProblem, type Problem, type SourceFile } from '../../core/problem.ts'
import { similar } from '../../core/similar.ts'
import { checkText, maximumSourceBytes, tooLarge } from '../../yaml/text-checks.ts'
import { readBounded, TooLarge } from './read-bounded.ts'
import { codeOf, whyNoInput } from './unreadable.ts'

export interface SourceIo {
  /** The whole of standard input; asked at most once. Rejects with TooLarge above the limit. */
  stdin(limitBytes: number): Promise<Uint8Array>
  /** Directory that relative names are relative to. */
  cwd: string
}

interface Sources {
  sources: SourceFile[]
  problems: Problem[]
}

/**
 * Reads what `-f` names, in order: files, directories (their `*.yml` and `*.yaml` sorted by name, no sub-directories, no hidden
 * files), `-` for standard input. Never rejects: what cannot be read is a problem whose span names the file (offset 0).
 * A file that is not UTF-8 is a problem, and still among the sources so that its place can be shown.
 */
export async function readSources(inputs: readonly string[], io: SourceIo): Promise<Sources> {
  const read: Sources = { sources: [], problems: [] }
  let stdinRead = false
  for (const input of inputs) {
    if (input !== '-') await readPath(read, input, io.cwd)
    else if (!stdinRead) await take(read, '-', () => io.stdin(maximumSourceBytes))
    else
      read.problems.push(
        problem('-', 'stdin-twice', 'standard input can be read only once', 'give - only once'),
      )
    stdinRead ||= input === '-'
  }
  return read
}

async function readPath(read: Sources, name: string, cwd: string): Promise<void> {
  if (name === '') {
    // What `-f "$FILE"` gives for an unset variable; resolved it would be the working directory.
    read.problems.push(problem(name, 'cannot-read', 'cannot read it: the file name is empty'))
    return
  }
  const path = resolve(cwd, name)
  try {
    const found = await stat(path)
    const readFile = (file: string, at: string) => take(read, file, () => readBounded(at, maximumSourceBytes))
    if (!found.isDirectory()) {
      await readFile(name, path)
      return
    }
    const files = await yamlFiles(path)
    for (const file of files) await readFile(join(name, file), join(path, file))
    if (files.length > 0) return
    const hint = 'only *.yml and *.yaml directly in it are read, not in subdirectories'
    read.problems.push(problem(name, 'no-files', 'the directory contains no YAML file', hint))
  } catch (error) {
    // For did-you-mean.
    const beside = await readdir(dirname(path)).catch(() => [])
    read.problems.push(unreadable(name, error, beside))
  }
}

async function yamlFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.ya?ml$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()
}

async function take(read: Sources, name: string, bytes: () => Promise<Uint8Array>): Promise<void> {
  try {
    const source = { name, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(await bytes()) }
    read.sources.push(source)
    // Only what the bytes decide is told here; the parser tells the rest, and the same again for a text given to it directly.
    const wrong = checkText(source)
    if (wrong?.code === 'not-utf8') read.problems.push(wrong)
  } catch (error) {
    read.problems.push(unreadable(name, error))
  }
}

function unreadable(name: string, error: unknown, beside: readonly string[] = []): Problem {
  if (error instanceof TooLarge) return tooLarge(name)
  const message = `cannot read ${name === '-' ? 'standard input' : 'it'}: ${whyNoInput(error)}`
  const meant = codeOf(error) === 'ENOENT' ? similar(basename(name), beside) : undefined
  const hint = meant && `did you mean ${join(dirname(name), meant)}?`
  return problem(name, 'cannot-read', message, hint)
}

function problem(file: string, code: string, message: string, hint?: string): Problem {
  return fileProblem(file, { code, message, ...(hint !== undefined && { hint }) })
}
