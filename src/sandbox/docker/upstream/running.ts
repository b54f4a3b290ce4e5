// A proxy repository that runs: what it remembers of its upstream, and how it asks for what it lacks.
import type { Repository } from '../../kernel/state.ts'
import type { RemoteResponse } from '../../outbound/ask.ts'
import { RegistryRefusal } from '../refusal.ts'
import type { Call } from '../repository-handler.ts'
import { RemoteBlocked } from './remote.ts'
import { createUpstream, type Upstream } from './upstream.ts'

export interface Running {
  /**
   * The remote's 200 or 304; undefined where it has no such thing, or does not say that it has. Refuses with the server's sentence while
   * the remote is blocked, and with 403 as the remote does.
   */
  ask(path: string, image: string, headers?: Record<string, string>): Promise<RemoteResponse | undefined>
  /** Does one thing for all who want it at the same time. */
  once<T>(path: string, work: () => Promise<T>): Promise<T>
  /** Whether a path was asked for lately enough: in this run, else at the time that is given (ms since 1970). */
  isFresh(path: string, otherwise?: number): boolean
  markFresh(path: string): void
  /** Lists of tags as the remote answered them, by image. */
  tags: Map<string, readonly string[]>
}

/** The sections of a proxy's settings that count here. */
export function settingsOf({ attributes }: Repository) {
  const proxy = attributes['proxy'] as { remoteUrl: string; metadataMaxAge: number }
  const negativeCache = attributes['negativeCache'] as { enabled: boolean; timeToLive: number }
  const { indexType } = attributes['dockerProxy'] as { indexType: string }
  return { ...proxy, negativeCache, indexType, online: attributes['online'] !== false }
}

type Settings = ReturnType<typeof settingsOf>

/** Paths that the remote did not have, and until when that is believed (open core: NegativeCacheFacetImpl, NegativeCacheHandler). */
type NotFound = Map<string, number>

function start(
  settings: Settings,
  upstream: Upstream,
  notFound: NotFound,
  invalidatedAt = Number.NEGATIVE_INFINITY,
): Running {
  const { negativeCache, metadataMaxAge, online } = settings
  const open = new Map<string, Promise<unknown>>()
  const checked = new Map<string, number>()

  /** What other answers than 200 and 304 come to: not found, unless it throws. */
  function judge(path: string, { status, body }: RemoteResponse): void {
    body.destroy()
    if (status === 404 && negativeCache.enabled)
      notFound.set(path, Date.now() + negativeCache.timeToLive * 60_000)
    // row 44 of docker-evidence; all others hide as "not found" (issues 292 and 639 of nexus-public)
    if (status === 403) throw new RegistryRefusal('UNAUTHORIZED', { status })
  }

  return {
    tags: new Map(),
    async ask(path, image, headers) {
      // an offline proxy that a group before 3.89 asks has its cache alone
      if (!online || (negativeCache.enabled && (notFound.get(path) ?? 0) > Date.now())) return undefined
      const response = await upstream.get(path, image, headers).catch((error: unknown) => {
        if (!(error instanceof RemoteBlocked)) return undefined
        throw new RegistryRefusal('UNKNOWN', { status: 404, message: error.message })
      })
      if (response?.status === 200 || response?.status === 304) {
        notFound.delete(path)
        return response
      }
      if (response) judge(path, response)
      return undefined
    },
    once<T>(path: string, work: () => Promise<T>) {
      const known = open.get(path) as Promise<T> | undefined
      if (known) return known
      const started = work().finally(() => open.delete(path))
      open.set(path, started)
      return started
    },
    isFresh(path, otherwise = Number.NEGATIVE_INFINITY) {
      const at = checked.get(path) ?? otherwise
      const age = Date.now() - at
      return (
        at > invalidatedAt && age < (metadataMaxAge < 0 ? Number.POSITIVE_INFINITY : metadataMaxAge * 60_000)
      )
    },
    markFresh(path) {
      checked.set(path, Date.now())
    },
  }
}

interface Known {
  attributes: object
  remoteUrl: string
  invalidatedAt: number | undefined
  notFound: NotFound
  running: Running
}

/**
 * The proxies of a server. A PUT of a repository's settings, or that its caches are invalidated, starts it anew; what was not found is
 * remembered over a PUT that leaves the remote's URL as it is (open core: ProxyFacetSupport.doStart).
 */
export function createRunningProxies(signal: AbortSignal): (call: Call) => Running {
  const all = new WeakMap<Repository, Known>()
  return ({ repository, state }) => {
    const known = all.get(repository)
    const { attributes, invalidatedAt } = repository
    const isValid = known?.invalidatedAt === invalidatedAt
    if (known?.attributes === attributes && isValid) return known.running
    const settings = settingsOf(repository)
    const { remoteUrl } = settings
    const notFound = isValid && known?.remoteUrl === remoteUrl ? known.notFound : new Map<string, number>()
    const running = start(settings, createUpstream(repository, state, signal), notFound, invalidatedAt)
    all.set(repository, { attributes, remoteUrl, invalidatedAt, notFound, running })
    return running
  }
}
