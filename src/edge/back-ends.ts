import { urlProblem } from '../resources/contract/urls.ts'
import type { BackEnd } from './edge.ts'
import { connectorOf, type Repository } from './repository.ts'

/** Where Nexus listens, as the front reaches it. */
export interface Upstream {
  host: string
  port: number
  tls: boolean
  /** '' or `/nexus`. */
  contextPath: string
}

/** Undefined for what is no http or https URL, has credentials or a query, or what no host name and no context path has in it. */
export function parseUpstream(text: string | undefined): Upstream | undefined {
  if (text === undefined || urlProblem('upstream', text)) return undefined
  const { protocol, hostname, port, pathname } = new URL(text)
  const contextPath = pathname.replace(/\/+$/, '')
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])$/.test(hostname) || !/^[\w./~-]*$/.test(contextPath)) return undefined
  const tls = protocol === 'https:'
  return { host: hostname, port: port === '' ? (tls ? 443 : 80) : Number(port), tls, contextPath }
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
