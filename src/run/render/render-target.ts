import { resolve } from 'node:path'
import { counted } from '../../core/counted.ts'
import { type ExitCode, UserError } from '../../core/errors.ts'
import { formatVersion, problemsDocument } from '../../report/document.ts'
import type { Rendered, Target } from '../../targets/contract.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { reportProblems } from '../input/sources.ts'
import { type Ca, readCa, type Wrong } from './ca.ts'
import { compareWithDisk, type FileState, writeFiles } from './files.ts'
import { loadWayIn, type WayIn, type WayInFlags } from './load-edge.ts'
import { unifiedDiff } from './unified-diff.ts'

export interface RenderFlags extends WayInFlags {
  /** A folder, or `-` for standard output. */
  out: string
  check?: boolean
}

/** Renders one target of the file: to standard output, or to a folder, or held against what is in it. */
export async function renderTarget(
  target: Target,
  flags: RenderFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const wayIn = await loadWayIn(flags, terminal, target)
  if (!wayIn) return 3
  const ca = await readCa(wayIn, terminal.cwd)
  const rendered = ca && 'wrong' in ca ? ca : renderWith(target, wayIn, ca)
  if ('wrong' in rendered) {
    reportProblems([rendered.wrong], wayIn.loaded, terminal, flags)
    return 3
  }
  // Of the rest of a valid file there is nothing to be said here.
  const problems = wayIn.loaded.problems.filter(({ path }) => /^edge\b/.test(path))
  reportProblems(problems, wayIn.loaded, terminal, { ...flags, inDocument: true })
  const folder = flags.out === '-' ? undefined : resolve(terminal.cwd, flags.out)
  const states = statesOf(rendered, folder, target)
  if (folder !== undefined && !flags.check) writeFiles(states, folder)
  if (flags.output === 'text') showText(states, rendered.notes, flags, terminal)
  else {
    const files = states.map(({ before: _, ...file }) => file)
    const { notes } = rendered
    const told = problemsDocument(problems, { ...wayIn.loaded, accepted: [] })
    terminal.json({ formatVersion, target: target.name, files, notes, ...told })
  }
  return flags.check && states.some(({ status }) => status !== 'unchanged') ? 2 : 0
}

/** A CA that cannot be read is wrong where the target asks for it, else worth a note. So is the routing where the file leaves it open. */
function renderWith(
  target: Target,
  { edge, from }: WayIn,
  ca: Exclude<Ca, Wrong> | undefined,
): Rendered | Wrong {
  const asked = { forCa: false }
  const without = {
    edge,
    from,
    get caCertificates() {
      asked.forCa = true
      return ''
    },
  }
  const missing = ca && 'missing' in ca ? ca.missing : undefined
  const { files, notes } = target.render(missing ? without : { edge, from, ...ca })
  if (missing && asked.forCa) return { wrong: missing }
  const { routing, because } = edge
  return {
    files,
    notes: [
      ...(because === undefined ? [] : [`routing: ${routing}, because ${because}`]),
      ...notes,
      ...(missing ? [`${missing.message}; clients will need it`] : []),
    ],
  }
}

function statesOf({ files }: Rendered, folder: string | undefined, { name }: Target): FileState[] {
  return folder === undefined
    ? files.map(({ merge: _, ...file }) => ({ ...file, status: 'rendered' }))
    : compareWithDisk(files, folder, name)
}

function showText(
  files: readonly FileState[],
  notes: readonly string[],
  { out: where, check }: RenderFlags,
  { file, out, err, clean, paint, errPaint }: Terminal,
): void {
  const changed = files.filter(({ status }) => status !== 'unchanged')
  if (where === '-') file(joined(files))
  else if (!check) for (const { name, status } of files) out(`${status.padEnd('unchanged'.length)}  ${name}`)
  else if (changed.length === 0)
    out(`${paint.green('✓')} ${counted(files.length, 'file')} in ${clean(where)}: as rendered`)
  else for (const { name, before, text } of changed) out(unifiedDiff(name, before, text, paint))
  for (const note of clean(notes)) err(`${errPaint.cyan('note:')} ${note}`)
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

/** `--check` needs something to hold the files against. */
export function checkFlags({ out, check }: RenderFlags): void {
  if (!check || out !== '-') return
  throw new UserError('wrong-options', '--check compares with the files in a folder', {
    hint: 'Name it with --out DIR.',
    exitCode: 3,
  })
}
