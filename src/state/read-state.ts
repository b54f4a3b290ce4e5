import { type Config, valuesOfObject } from '../config/config.ts'
import type { Read } from '../nexus/answer-shape.ts'
import type { Nexus, ServerInfo } from '../nexus/client.ts'
import { read, unlessHidden } from '../nexus/read.ts'
import { detectServer } from '../nexus/version.ts'
import type { Actual, Kind, Namespace, Occupant, Reads, Wanted } from '../resources/define.ts'
import { kinds } from '../resources/index.ts'
import { namesOf } from '../resources/namespaces.ts'
import type { ServerState } from './state.ts'

/**
 * Reads what the configuration concerns: a constant number of requests, whatever the number of repositories, all at once
 * after the first (which the client sends alone, so that a wrong password costs one failed login).
 */
export async function readState(nexus: Nexus, config: Config): Promise<ServerState> {
  const reads = createReads(nexus)
  const described = new Set(
    [...config.objects.map(({ kind }) => kind), ...config.externals].map(({ namespace }) => namespace),
  )
  // A file that describes nothing asks for nothing, so it needs nothing either.
  const prerequisites = config.objects.length > 0
  const concerned = kinds
    .filter((kind) => described.has(kind.namespace) || (prerequisites && kind.prerequisite !== undefined))
    .toSorted((a, b) => Number(b.readFirst ?? false) - Number(a.readFirst ?? false))
  try {
    const [lists, occupants] = await Promise.all([
      Promise.all(concerned.map((kind) => kind.list(reads, wantedOf(config, kind)))),
      readOccupants(reads, new Set([...described, ...referredTo(config)])),
    ])
    const server = await reads.server()
    const actual = new Map<string, Actual[]>(concerned.map((kind, index) => [kind.kind, lists[index] ?? []]))
    return { server, actual, occupants }
  } catch (error) {
    // A server that is too old, or no Nexus at all, explains the failure better than the request that hit it.
    if (nexus.server) await detectServer(nexus)
    throw error
  }
}

/** Namespaces that the file names something of, without having to describe it: blob stores, routing rules, policies. */
function referredTo(config: Config): Namespace[] {
  return config.objects.flatMap((object) =>
    object.kind.references(valuesOfObject(object)).map((reference) => reference.namespace),
  )
}

async function readOccupants(
  reads: Reads,
  namespaces: ReadonlySet<Namespace>,
): Promise<Map<Namespace, Occupant[]>> {
  const found = await Promise.all(
    [...namespaces].map(
      async (namespace) => [namespace, await namesOf(namespace).occupants?.(reads)] as const,
    ),
  )
  return new Map(
    found.flatMap(([namespace, occupants]) => (occupants ? [[namespace, occupants] as const] : [])),
  )
}

function wantedOf(config: Config, kind: Kind): Wanted {
  const own = config.objects.filter((object) => object.kind === kind)
  return new Map(own.map((object) => [object.id.toLowerCase(), object.spec]))
}

/** Memoised reads of one run: every path is asked once. */
function createReads(nexus: Nexus): Reads {
  const cache = new Map<string, Promise<unknown>>()
  let server: Promise<ServerInfo> | undefined
  const get = <T>(it: Read<T>): Promise<T> => {
    const known = cache.get(it.path) ?? read(nexus, it)
    cache.set(it.path, known)
    return known as Promise<T>
  }
  return {
    nexus,
    server() {
      server ??= serverBehind(nexus, cache)
      return server
    },
    get,
    find: (it) => get(it).catch(unlessHidden),
  }
}

/** Told by the first answer to what is being asked; asked for by itself where that does not tell, or nothing is being asked. */
async function serverBehind(nexus: Nexus, cache: ReadonlyMap<string, Promise<unknown>>): Promise<ServerInfo> {
  // The reads of the same turn of the event loop are under way after it.
  await Promise.resolve()
  if (!nexus.server && cache.size > 0) {
    await Promise.any(cache.values()).catch((failures: unknown) => {
      throw failures instanceof AggregateError ? failures.errors[0] : failures
    })
  }
  return detectServer(nexus)
}
