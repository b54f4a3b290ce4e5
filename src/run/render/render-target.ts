import { resolve } from 'node:path'
import { type ExitCode, UserError } from '../../core/errors.ts'
import { problemsDocument } from '../../report/document.ts'
import type { Rendered, Target } from '../../targets/contract.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { deliver, type FileState } from '../deliver.ts'
import { reportProblems } from '../input/sources.ts'
import { loadWayIn, type WayIn, type WayInFlags } from '../load-way-in.ts'
import { tellNotes } from '../notes.ts'
import { type Ca, readCa, type Wrong } from './ca.ts'
import { compareWithDisk } from './compare-with-disk.ts'

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
  const { upstreamUnknown } = wayIn.edge
  if (target.group !== 'client' && upstreamUnknown !== undefined)
    throw new UserError('edge-upstream', `cannot render ${target.name}: ${upstreamUnknown}`, {
      hint: 'Add upstream: http://nexus:8081 to the section edge: Nexus as the reverse proxy reaches it.',
      exitCode: 3,
    })
  const ca = await readCa(wayIn, terminal.cwd)
  const rendered = ca && 'wrong' in ca ? ca : renderWith(target, wayIn, ca)
  if ('wrong' in rendered) {
    reportProblems([rendered.wrong], wayIn.loaded, terminal, flags)
    return 3
  }
  const { notes } = rendered
  // Of the rest of a valid file there is nothing to be said here.
  const problems = wayIn.loaded.problems.filter(({ path }) => /^edge\b/.test(path))
  reportProblems(problems, wayIn.loaded, terminal, { ...flags, inDocument: true })
  const folder = flags.out === '-' ? undefined : resolve(terminal.cwd, flags.out)
  const told = problemsDocument(problems, { ...wayIn.loaded, accepted: [] })
  const delivery = { ...flags, folder, check: flags.check === true }
  const document = { target: target.name, notes, ...told }
  const exitCode = deliver(statesOf(rendered, folder, target), { ...delivery, document }, terminal)
  if (flags.output === 'text') tellNotes(notes, terminal)
  return exitCode
}

/** A CA that cannot be read is wrong where the target asks for it, else worth a note. So is the routing where the file leaves it open. */
function renderWith(
  target: Target,
  { edge, from, config }: WayIn,
  ca: Exclude<Ca, Wrong> | undefined,
): Rendered | Wrong {
  const { version } = config.nexus
  const input = { edge, from, ...(version !== undefined && { nexusVersion: version }) }
  const asked = { forCa: false }
  const without = {
    ...input,
    get caCertificates() {
      asked.forCa = true
      return ''
    },
  }
  const missing = ca && 'missing' in ca ? ca.missing : undefined
  const { files, notes } = target.render(missing ? without : { ...input, ...ca })
  if (missing && asked.forCa) return { wrong: missing }
  const { routing, because } = edge
  const reason = because === undefined ? [] : [`routing: ${routing}, because ${because}`]
  return {
    files,
    notes: [
      ...reason,
      ...notes,
      ...healthChecks(target, edge),
      ...(missing ? [`${missing.message}; clients will need it`] : []),
    ],
  }
}

/** What ends TLS further out may ask by address whether the front is well. */
function healthChecks({ group }: Target, { tls, sites: [first] }: WayIn['edge']): string[] {
  if (group === 'client' || tls.ends !== 'further-out' || !first) return []
  return [
    `Health checks of what ends TLS have to send Host: ${first.host}; other names get 404. GET /v2/ answers 401 or 200.`,
  ]
}

function statesOf({ files }: Rendered, folder: string | undefined, { name }: Target): FileState[] {
  return folder === undefined
    ? files.map(({ merge: _, ...file }) => ({ ...file, status: 'rendered' }))
    : compareWithDisk(files, folder, name)
}
