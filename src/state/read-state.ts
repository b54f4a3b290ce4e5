import type { Read } from '../nexus/answer-shape.ts'
import type { Nexus, ServerInfo } from '../nexus/client.ts'
import { read, unlessHidden } from '../nexus/read.ts'
import { detectServer } from '../nexus/version.ts'
import type { Actual, Occupant, Reads } from '../resources/contract/kind.ts'
import type { Namespace } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { Scope } from './scope.ts'
import type { ServerState } from './state.ts'

/**
 * Reads a server: a constant number of requests, whatever the number of repositories. The first goes alone, so that a wrong password
 * costs one failed login, and tells the version; all others go at once after it.
 */
export async function readState(nexus: Nexus, scope: Scope, kinds: KindTable): Promise<ServerState> {
  const cache = new Map<string, Promise<unknown>>()
  try {
    const server = await readServer(nexus, scope, cache)
    const reads = memoised(nexus, server, cache)
    const [lists, occupants] = await Promise.all([
      Promise.all(scope.kinds.map((kind) => kind.list(reads, scope.wanted(kind)))),
      readOccupants(reads, scope, kinds),
    ])
    const actual = new Map<string, Actual[]>(scope.kinds.map(({ kind }, index) => [kind, lists[index] ?? []]))
    return { server, actual, occupants }
  } catch (error) {
    // A server that is too old, or no Nexus at all, explains the failure better than the request that hit it.
    if (nexus.server) await detectServer(nexus)
    throw error
  }
}

/** Version and edition, told by the first answer to what is asked for anyway; asked for by itself where that does not tell. */
async function readServer(
  nexus: Nexus,
  scope: Scope,
  cache: Map<string, Promise<unknown>>,
): Promise<ServerInfo> {
  const first = mostCommon(scope.kinds.flatMap((kind) => kind.first ?? []))
  if (first) {
    const answer = read(nexus, first)
    cache.set(first.path, answer)
    await answer
  }
  return detectServer(nexus)
}

/** What most kinds begin with, and wait for before they ask on. */
function mostCommon(reads: readonly Read<unknown>[]): Read<unknown> | undefined {
  const asking = ({ path }: Read<unknown>) => reads.filter((other) => other.path === path).length
  return reads.toSorted((a, b) => asking(b) - asking(a))[0]
}

/** Each path is asked once. */
function memoised(nexus: Nexus, server: ServerInfo, cache: Map<string, Promise<unknown>>): Reads {
  const get = <T>(it: Read<T>): Promise<T> => {
    const known = cache.get(it.path) ?? read(nexus, it)
    cache.set(it.path, known)
    return known as Promise<T>
  }
  return { nexus, server, get, find: (it) => get(it).catch(unlessHidden) }
}

async function readOccupants(
  reads: Reads,
  { namespaces }: Scope,
  kinds: KindTable,
): Promise<Map<Namespace, Occupant[]>> {
  const found = await Promise.all(
    [...namespaces].map(
      async (namespace) => [namespace, await kinds.namesOf(namespace).occupants?.(reads)] as const,
    ),
  )
  return new Map(
    found.flatMap(([namespace, occupants]) => (occupants ? [[namespace, occupants] as const] : [])),
  )
}
