import type { Config } from '../../config/config.ts'
import { UserError } from '../../core/errors.ts'
import type { Edge } from '../../edge/edge.ts'
import type { Terminal } from '../../ui/terminal.ts'
import type { Endpoint } from '../../verify/evidence.ts'
import { edgeOfConfig } from '../edge-of-config.ts'
import type { ProbeFlags } from '../options.ts'
import { readCa } from '../render/ca.ts'

/** The public names that `--through` is about. */
export interface Through {
  /** By repository. */
  endpoints: ReadonlyMap<string, Endpoint>
}

/**
 * The public address of every repository that clients reach; nothing without the option. The CA of the file is trusted there. Throws exit
 * code 3 where the file has no such names, and for an address or a CA that is none.
 */
export async function throughOf(
  { through }: ProbeFlags,
  config: Config,
  terminal: Terminal,
): Promise<Through> {
  if (through === undefined) return { endpoints: new Map() }
  const edge = edgeOfConfig(config)
  if (!edge)
    throw wrong(
      'no-edge',
      '--through: the file does not say by which names clients come',
      'Write edge: {hosts: {pull: registry.example.com}}, or name addresses with --endpoint.',
    )
  const front = typeof through === 'string' ? frontAt(through) : undefined
  const caCert = await caOf(edge, config, terminal)
  const endpoints = edge.registries.map(({ repository, apiUrl, prefix }): [string, Endpoint] => {
    const url = apiUrl.slice(0, -`/v2/${prefix}`.replace(/\/$/, '').length)
    const connectTo = front && { host: front.host, port: front.port ?? portOf(url) }
    const namespaces = edge.routing === 'namespace' && repository === edge.push ? edge.namespaces : undefined
    return [
      repository,
      {
        ...{ url, prefix, through: true },
        ...(connectTo && { connectTo }),
        ...(caCert && { caCert }),
        ...(namespaces && { namespaces }),
      },
    ]
  })
  return { endpoints: new Map(endpoints) }
}

/** A CA that cannot be read may be one that this machine trusts anyway. */
async function caOf(edge: Edge, config: Config, terminal: Terminal): Promise<string | undefined> {
  const ca = await readCa({ edge, config }, terminal.cwd)
  if (ca && 'wrong' in ca) throw wrong(ca.wrong.code, `edge.tls.ca: ${ca.wrong.message}`, ca.wrong.hint)
  if (!ca || 'caCertificates' in ca) return ca?.caCertificates
  terminal.err(`${terminal.errPaint.cyan('note:')} edge.tls.ca: ${terminal.clean(ca.missing.message)}`)
  return undefined
}

function frontAt(text: string): { host: string; port: number | undefined } {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? undefined : Number(digits)
  if (host !== undefined && (port ?? 1) >= 1 && (port ?? 1) <= 65_535) return { host, port }
  const hint =
    'Write it like --through 10.0.0.5 or --through 10.0.0.5:8443; without one the names are looked up.'
  throw wrong('wrong-options', `--through ${text} is not an address`, hint)
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

function wrong(code: string, message: string, hint: string | undefined): UserError {
  return new UserError(code, message, { ...(hint !== undefined && { hint }), exitCode: 3 })
}
