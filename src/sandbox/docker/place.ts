// How a request says which repository it means: by the port of a connector, by a label before the host name, or by the path.
import type { Profile } from '../kernel/profile.ts'
import type { Repository, State } from '../kernel/state.ts'
import type { SandboxRequest } from '../kernel/types.ts'
import { accessRepository } from '../repositories/catalog.ts'

/** A request's repository, and what has to come before the paths that the answer names. */
export interface Place {
  repository: Repository
  /** What follows `/v2`, still percent-encoded, without the query. */
  path: string
  /** What stands for `/v2` in `Location` and `Link`. */
  prefix: string
  /** Path of the token endpoint that a challenge names. */
  tokenPath: string
}

interface DockerSettings {
  httpPort?: number | null
  httpsPort?: number | null
  subdomain?: string | null
  pathEnabled?: boolean | null
  forceBasicAuth?: boolean
}

/** The docker section of a repository. */
export function dockerSettings({ attributes }: Repository): DockerSettings {
  return (attributes['docker'] as DockerSettings | null | undefined) ?? {}
}

/** What follows `/v2` in a path; undefined for another path. */
function belowV2(path: string): string | undefined {
  return /^\/v2(?=\/|$)/.test(path) ? path.slice('/v2'.length) : undefined
}

/** The place of a request at a connector, or at the host name of a repository; undefined for a path outside of `/v2`. */
export function placeAtHost(repository: Repository, path: string): Place | undefined {
  const rest = belowV2(path)
  return rest === undefined ? undefined : { repository, path: rest, prefix: '/v2', tokenPath: '/v2/token' }
}

/** From 3.84 paths of the main port begin with the repository; before, they lack it (docker-evidence 33; nexr's notes on 3.71's `Link`). */
function belowRepository(repository: Repository, rest: string, base: string, profile: Profile): Place {
  const prefix = profile.since('3.84') ? `${base}/repository/${repository.name}/v2` : `${base}/v2`
  return { repository, path: rest, prefix, tokenPath: `${prefix}/token` }
}

/** `/v2/<repository>/<image>/…` from 3.83; `/v2/` and `/v2/token` are answered by any repository with path routing: here the first (docker-evidence 34). */
function byPath(rest: string, base: string, { state, profile }: Server): Place | undefined {
  const isPathEnabled = (repository: Repository): boolean =>
    repository.format === 'docker' && dockerSettings(repository).pathEnabled === true
  const [first] = state.repositories.filter(isPathEnabled)
  if (!profile.since('3.83') || !first) return undefined
  if (rest === '/' || rest === '/token') return belowRepository(first, rest, base, profile)
  const [, name = '', below = ''] = /^\/([^/]+)(\/.+)$/s.exec(rest) ?? []
  const repository = accessRepository(state, profile, decodeURIComponent(name))
  if (!repository || !isPathEnabled(repository)) return undefined
  const { tokenPath } = belowRepository(repository, '', base, profile)
  return { repository, path: below, prefix: `${base}/v2/${repository.name}`, tokenPath }
}

/** Subdomain routing is Pro's (docker-evidence 12, 23). */
function bySubdomain({ headers }: SandboxRequest, { state, profile }: Server): Repository | undefined {
  const host = headers['x-forwarded-host'] ?? headers['host'] ?? ''
  const label = /^([a-z][a-z\d-]*)\./i.exec(host)?.[1]?.toLowerCase()
  if (profile.edition !== 'pro' || label === undefined) return undefined
  return state.repositories.find(
    (repository) => dockerSettings(repository).subdomain?.toLowerCase() === label,
  )
}

interface Server {
  state: State
  profile: Profile
}

/** The place of a request at the main port, where every docker repository answers below `/repository/<name>/v2`; undefined for anything else. */
export function placeOnMainPort(
  request: SandboxRequest,
  contextPath: string,
  server: Server,
): Place | undefined {
  const ownHost = bySubdomain(request, server)
  const atHost = ownHost && placeAtHost(ownHost, request.path)
  if (atHost) return atHost
  if (!request.path.startsWith(`${contextPath}/`)) return undefined
  const path = request.path.slice(contextPath.length)
  const rest = belowV2(path)
  if (rest !== undefined) return byPath(rest, contextPath, server)
  const [, name, below] = /^\/repository\/([^/]+)(\/v2(?:\/.*)?)$/s.exec(path) ?? []
  if (name === undefined || below === undefined) return undefined
  const repository = accessRepository(server.state, server.profile, decodeURIComponent(name))
  if (repository?.format !== 'docker') return undefined
  return belowRepository(repository, belowV2(below) ?? '', contextPath, server.profile)
}
