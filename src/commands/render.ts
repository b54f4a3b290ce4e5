import { type ExitCode, UserError } from '../core/errors.ts'
import { similar } from '../core/similar.ts'
import { formatVersion } from '../report/document.ts'
import { type RenderFlags, renderTarget } from '../run/render/render-target.ts'
import { targets } from '../targets/index.ts'
import type { Terminal } from '../ui/terminal.ts'

/** Renders a target of the file; without one it shows which there are. */
export async function render(
  flags: RenderFlags,
  terminal: Terminal,
  [name]: readonly string[],
): Promise<ExitCode> {
  if (name === undefined) return listTargets(flags, terminal)
  if (flags.out === '') throw wrongOptions('--out is empty', 'Name a folder; . is this one.')
  if (flags.check && flags.out === '-')
    throw wrongOptions('--check needs a folder to look at', 'Name it with --out DIR.')
  const target = targets.find((one) => one.name === name)
  if (target) return renderTarget(target, flags, terminal)
  const meant =
    spelled[name] ??
    similar(
      name,
      targets.map((one) => one.name),
    )
  const hint = meant === undefined ? 'nexus-docker render lists them.' : `Did you mean ${meant}?`
  throw wrongOptions(`there is no target ${JSON.stringify(name)} to render`, hint)
}

/** What is no misspelling of one: `k8s` is not `k3s`. */
const spelled: Record<string, string | undefined> = {
  k8s: 'kubernetes',
  rke2: 'k3s',
  'cri-o': 'podman',
  crio: 'podman',
}

function wrongOptions(message: string, hint: string): UserError {
  return new UserError('wrong-options', message, { hint, exitCode: 3 })
}

const headings = {
  front: 'In front of Nexus',
  stack: 'Nexus with its front',
  client: 'Clients',
} as const

function listTargets({ output }: RenderFlags, terminal: Terminal): ExitCode {
  const listed = targets.map(({ name, group, about }) => ({ name, group, about }))
  if (output === 'json') terminal.json({ formatVersion, targets: listed })
  const width = Math.max(...listed.map(({ name }) => name.length))
  const blocks = Object.entries(headings).flatMap(([group, heading]) => {
    const lines = listed.filter((one) => one.group === group)
    if (lines.length === 0) return []
    return [
      [`${heading}:`, ...lines.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`)].join('\n'),
    ]
  })
  if (output === 'text') terminal.out(blocks.join('\n\n'))
  return 0
}
