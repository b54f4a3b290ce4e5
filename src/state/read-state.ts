import type { Config } from '../config/config.ts'
import type { Nexus } from '../nexus/client.ts'
import { detectServer } from '../nexus/version.ts'
import type { Actual, Kind, Namespace, Occupant, Reads, Wanted } from '../resources/define.ts'
import { kinds } from '../resources/index.ts'
import type { ServerState } from './state.ts'

/**
 * Reads what the configuration concerns: a constant number of requests, whatever the number of repositories, all at once
 * after the first (which the client sends alone, so that a wrong password costs one failed login).
 */
export async function readState(nexus: Nexus, config: Config): Promise<ServerState> {
  const reads = createReads(nexus)
  const named = [
    ...config.objects.map((object) => object.kind.namespace),
    ...config.externals.map((object) => object.namespace),
  ]
  const namespaces = new Set<Namespace>(named)
  // Repositories refer to blob stores, also to those that the file does not describe.
  if (config.objects.some((object) => object.kind.namespace === 'repository')) namespaces.add('blobStore')
  const concerned = kinds.filter((kind) => namespaces.has(kind.namespace))
  try {
    const lists = await Promise.all(concerned.map((kind) => kind.list(reads, wantedOf(config, kind))))
    const occupants = await readOccupants(reads, concerned)
    const server = await detectServer(nexus)
    const actual = new Map<string, Actual[]>(concerned.map((kind, index) => [kind.kind, lists[index] ?? []]))
    return { server, actual, occupants }
  } catch (error) {
    // A server that is too old, or no Nexus at all, explains the failure better than the request that hit it.
    if (nexus.server) await detectServer(nexus)
    throw error
  }
}

async function readOccupants(reads: Reads, concerned: readonly Kind[]): Promise<Map<Namespace, Occupant[]>> {
  const occupants = new Map<Namespace, Occupant[]>()
  for (const kind of concerned) {
    if (kind.occupants && !occupants.has(kind.namespace))
      occupants.set(kind.namespace, await kind.occupants(reads))
  }
  return occupants
}

function wantedOf(config: Config, kind: Kind): Wanted {
  const own = config.objects.filter((object) => object.kind === kind)
  return new Map(own.map((object) => [object.id.toLowerCase(), object.spec]))
}

/** Memoised reads of one run: every path is asked once. */
function createReads(nexus: Nexus): Reads {
  const cache = new Map<string, Promise<unknown>>()
  const once = (path: string, read: () => Promise<unknown>) => {
    const known = cache.get(path) ?? read()
    cache.set(path, known)
    return known
  }
  return {
    nexus,
    get: (path, what) => once(path, () => nexus.get(path, what)),
    find: (path, what) =>
      once(path, async () => {
        const response = await nexus.request({ method: 'GET', path, what, allow: [403, 404] })
        return response.status < 400 ? response.body : undefined
      }),
  }
}
