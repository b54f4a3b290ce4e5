import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Loaded, loadConfig } from '../../config/load.ts'
import { UserError } from '../../core/errors.ts'
import type { Problem } from '../../core/problem.ts'
import { intents } from '../../intents/index.ts'
import { formatVersion, problemsDocument } from '../../report/document.ts'
import { renderProblems } from '../../report/problems.ts'
import { kinds } from '../../resources/index.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { type AnnotationFlags, annotateProblems } from '../annotations.ts'
import { type FileOptions, isForProgram, type OutputOptions } from '../options.ts'
import type { GivenConnection } from '../server/connection.ts'

/** The names that are looked for without `-f`, in this order. */
export const defaultNames = ['nexus-docker.yml', 'nexus-docker.yaml', 'repos.yml', 'repos.yaml']

/** What `-f` says, else the file with a usual name here or, inside a git checkout, further up as far as its root. */
function inputsOf({ file }: FileOptions, terminal: Terminal): string[] {
  if (file && file.length > 0) return file
  const folders = searchedFolders(terminal.cwd)
  for (const folder of folders) {
    const found = defaultNames.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (found) return [relative(terminal.cwd, found)]
  }
  const where = folders.length > 1 ? 'here or above, up to the root of the git checkout' : 'here'
  throw new UserError('no-file', `there is no ${defaultNames.join(', ')} ${where}`, {
    hint: 'Write one with nexus-docker init, or name one elsewhere with -f.',
    exitCode: 3,
  })
}

/**
 * `cwd`, and its parents up to the root of the checkout that holds it. Without one only `cwd`: above it anybody may have
 * written, as in /tmp. For the same reason a `.git` counts if it belongs to the owner of `cwd`, as git itself has it.
 */
function searchedFolders(cwd: string): string[] {
  const owner = ownerOf(cwd)
  const folders: string[] = []
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(folder)
    const gitOwner = ownerOf(join(folder, '.git'))
    if (gitOwner !== undefined && gitOwner === owner) return folders
    if (folder === dirname(folder)) return [cwd]
  }
}

/** The user id; undefined for what is not there or cannot be looked at. */
function ownerOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.uid
  } catch {
    return undefined
  }
}

/** Loads the configuration; what flags and environment override does not matter in the file. */
export function loadFile(
  flags: FileOptions & { lenientSecrets: boolean },
  given: GivenConnection,
  terminal: Terminal,
): Promise<Loaded> {
  const overridden = (['url', 'username', 'password'] as const).filter((field) => given[field] !== undefined)
  return loadConfig(inputsOf(flags, terminal), {
    kinds,
    intents,
    environment: terminal.environment,
    cwd: terminal.cwd,
    stdin: terminal.stdin,
    redactor: terminal.redactor,
    lenientSecrets: flags.lenientSecrets,
    overridden,
    serverUrl: given.url,
  })
}

/** Prints problems where the output format wants them. As JSON they are the document, unless another one holds them. */
export function reportProblems(
  problems: readonly Problem[],
  loaded: Loaded,
  terminal: Terminal,
  options: Partial<OutputOptions> &
    AnnotationFlags & { inDocument?: boolean; annotated?: readonly Problem[] },
): void {
  const { annotated = [] } = options
  const unseen = problems.filter((problem) => !annotated.includes(problem))
  annotateProblems(unseen, loaded.sources, terminal, options)
  if (isForProgram(options.output)) {
    if (options.inDocument) return
    const document = problemsDocument(problems, loaded)
    if (options.output === 'ndjson') terminal.event('problems', document)
    else terminal.json({ formatVersion, ...document })
    return
  }
  if (problems.length > 0)
    terminal.err(renderProblems(problems, loaded.sources, terminal.errPaint, terminal.redactor))
}
