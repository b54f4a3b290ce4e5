import type { Config } from '../../config/config.ts'
import { UserError } from '../../core/errors.ts'
import type { Edge } from '../../edge/edge.ts'
import { considerEdge } from '../../edge/edge-of.ts'
import { repositoriesIn } from '../../edge/repository.ts'
import type { EdgeSection } from '../../edge/section.ts'
import type { Endpoint } from '../../verify/evidence.ts'
import type { ProbeFlags } from '../options.ts'

/** The way in that `--through` is about; undefined without that option. Throws exit code 3 where the file has none. */
export function edgeToProve({ through }: ProbeFlags, { sections, objects, nexus }: Config): Edge | undefined {
  if (!through) return undefined
  const section = sections['edge'] as EdgeSection | undefined
  const server = { url: nexus.url, version: nexus.version }
  const considered = section && considerEdge({ section, repositories: repositoriesIn(objects), server })
  if (considered?.edge) return considered.edge
  throw wrong(
    'no-edge',
    '--through: the file does not say by which names clients come',
    'Write edge: {hosts: {pull: registry.example.com}}, or name addresses with --endpoint.',
  )
}

/** The public address of every repository that clients reach, by its name. Throws exit code 3 for an address that is none. */
export function endpointsThrough({ registries }: Edge, { through }: ProbeFlags): Map<string, Endpoint> {
  const front = typeof through === 'string' ? frontAt(through) : undefined
  return new Map(
    registries.map(({ repository, apiUrl, prefix }) => {
      const url = apiUrl.slice(0, -`/v2/${prefix}`.replace(/\/$/, '').length)
      return [
        repository,
        { url, prefix, ...(front && { connectTo: { ...front, port: front.port ?? portOf(url) } }) },
      ]
    }),
  )
}

function frontAt(text: string): { host: string; port: number | undefined } {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  if (host !== undefined && Number(digits ?? 1) <= 65_535)
    return { host, port: digits === undefined ? undefined : Number(digits) }
  const hint =
    'Write it like --through 10.0.0.5 or --through 10.0.0.5:8443; without one the names are looked up.'
  throw wrong('wrong-options', `--through ${text} is not an address`, hint)
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

function wrong(code: string, message: string, hint: string): UserError {
  return new UserError(code, message, { hint, exitCode: 3 })
}
