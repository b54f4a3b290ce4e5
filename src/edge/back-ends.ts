import { usualNexusPort } from '../core/ports.ts'
import type { BackEnd } from './edge.ts'
import type { Origin } from './origin.ts'
import { connectorOf, type Repository } from './repository.ts'

/** Where Nexus listens, as the front reaches it. */
export interface Upstream {
  host: string
  port: number
  tls: boolean
  /** '' or `/nexus`. */
  contextPath: string
}

/** Undefined for what is no http or https URL, or has credentials or a query. */
export function parseUpstream(text: string): Upstream | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, pathname, username, password, search, hash } = new URL(text)
  if (!/^https?:$/.test(protocol) || `${username}${password}${search}${hash}` !== '') return undefined
  const tls = protocol === 'https:'
  return {
    host: hostname,
    port: port === '' ? (tls ? 443 : 80) : Number(port),
    tls,
    contextPath: pathname.replace(/\/+$/, ''),
  }
}

/** Where Nexus is, and why that is a guess where it is one: one of the names that clients use leads to the reverse proxy. */
export function upstreamOf(
  written: string | undefined,
  serverUrl: string | undefined,
  names: readonly Origin[],
): { upstream: Upstream; unknown?: string } {
  const upstream = parseUpstream(written ?? serverUrl ?? '')
  if (!upstream) {
    const guess = { host: 'nexus', port: usualNexusPort, tls: false, contextPath: '' }
    return { upstream: guess, unknown: 'the file does not say where Nexus is' }
  }
  const isPublic = names.some(
    ({ host, port }) => host === upstream.host && [port, 80, 443].includes(upstream.port),
  )
  return written === undefined && isPublic
    ? { upstream, unknown: 'nexus.url leads to the reverse proxy itself' }
    : { upstream }
}

/** The port of the web interface and the REST API: paths go there as they are. */
export function mainPort({ host, port, tls }: Upstream): BackEnd {
  return { name: 'nexus', host, port, tls, prefix: '' }
}

/** The main port for `/v2/<repository>/…`: a context path stands before it. */
export function pathPort(upstream: Upstream): BackEnd {
  const { contextPath } = upstream
  return contextPath === ''
    ? mainPort(upstream)
    : { ...mainPort(upstream), name: 'nexus-context', prefix: contextPath }
}

/** One repository: its connector, or the address that every repository has on the main port (edge.md 1.3, connectorless). */
export function portOf(repository: Repository, upstream: Upstream): BackEnd {
  const connector = connectorOf(repository)
  const name = `repository-${repository.name}`
  if (connector) return { name, host: upstream.host, ...connector, prefix: '' }
  return { ...mainPort(upstream), name, prefix: `${upstream.contextPath}/repository/${repository.name}` }
}
