import { resolve } from 'node:path'
import { counted } from '../core/counted.ts'
import type { ExitCode } from '../core/errors.ts'
import { formatVersion } from '../report/document.ts'
import type { Terminal } from '../ui/terminal.ts'
import { unifiedDiff } from './unified-diff.ts'
import { writeWhole } from './write-whole.ts'

/** A file as it is to be, beside what is on disk. */
export interface FileState {
  name: string
  /** `rendered`: nobody asked what is on disk. */
  status: 'rendered' | 'created' | 'changed' | 'unchanged'
  text: string
  executable?: true
  /** It is wholly ours: all that differs was written by somebody else. */
  ours?: true
  /** Others write to it, too. */
  merged?: true
  /** What is on disk; undefined where nothing is. */
  before?: string
}

export interface Delivery {
  /** Where the files are written; undefined: to standard output. */
  folder: string | undefined
  /** Only tell what differs. */
  check: boolean
  output: 'text' | 'json'
  /** What the document has beside the files. */
  document: object
}

/** Writes files, each whole or not at all, or shows them, and says so. Exit code 2 where a check finds a difference. */
export function deliver(
  files: readonly FileState[],
  { folder, check, output, document }: Delivery,
  { file, out, json, clean, paint }: Terminal,
): ExitCode {
  const differing = files.filter(({ status }) => status !== 'unchanged')
  if (folder !== undefined && !check)
    for (const { name, text, executable } of differing)
      writeWhole(resolve(folder, name), text, { executable: executable === true })
  if (output === 'json') json({ formatVersion, ...document, files: files.map(shownInDocument) })
  else if (folder === undefined) file(joined(files))
  else if (!check)
    for (const { status, name } of files) out(`${status.padEnd('unchanged'.length)}  ${clean(name)}`)
  else if (differing.length === 0)
    out(`${paint.green('✓')} nothing would change: ${counted(files.length, 'file')}`)
  else for (const one of differing) out(unifiedDiff(clean(one.name), one, paint))
  return check && differing.length > 0 ? 2 : 0
}

/** The text of a file that others write to, too, is nobody's affair: it may hold secrets. */
function shownInDocument({ before, ours: _, merged, text, ...shown }: FileState): object {
  return merged && before !== undefined ? shown : { ...shown, text }
}

/**
 * One file as it is. Several with a line above each: of YAML alone still a stream of documents, which `kubectl apply -f -` takes, with
 * the line that Helm writes.
 */
function joined(files: readonly FileState[]): string {
  if (files.length === 1) return files[0]?.text ?? ''
  const isStream = files.every(({ name }) => /\.ya?ml$/.test(name))
  return files
    .map(({ name, text }) => `${isStream ? `---\n# Source: ${name}` : `# --- ${name} ---`}\n${text}`)
    .join(isStream ? '' : '\n')
}
