import type { ServerInfo } from '../nexus/client.ts'
import type { Actual, Occupant } from '../resources/contract/kind.ts'
import type { Namespace } from '../resources/contract/object.ts'

/** What the server has, as far as somebody asked. */
export interface ServerState {
  server: ServerInfo
  /** By kind name. A kind that was not read is missing. */
  actual: ReadonlyMap<string, readonly Actual[]>
  /** Every taken name of a namespace, whatever holds it. */
  occupants: ReadonlyMap<Namespace, readonly Occupant[]>
}

const byId = new WeakMap<readonly Actual[], ReadonlyMap<string, Actual>>()

/** The object of a kind with exactly this name, or undefined. */
export function findActual(
  state: ServerState,
  { kind, id }: { kind: string; id: string },
): Actual | undefined {
  const list = state.actual.get(kind)
  if (!list) return undefined
  const index = byId.get(list) ?? new Map(list.map((actual) => [actual.id, actual]))
  byId.set(list, index)
  return index.get(id)
}

const byLowerId = new WeakMap<readonly Occupant[], ReadonlyMap<string, readonly Occupant[]>>()

/** Who holds a name, ignoring case, because servers look names up that way (nexus-api 2.3); the same spelling first. */
export function findOccupant(state: ServerState, namespace: Namespace, id: string): Occupant | undefined {
  const list = state.occupants.get(namespace)
  if (!list) return undefined
  const index = byLowerId.get(list) ?? alikeByLowerId(list)
  byLowerId.set(list, index)
  const alike = index.get(id.toLowerCase()) ?? []
  return alike.find((occupant) => occupant.id === id) ?? alike[0]
}

function alikeByLowerId(list: readonly Occupant[]): Map<string, Occupant[]> {
  const alike = new Map<string, Occupant[]>()
  for (const occupant of list) {
    const lower = occupant.id.toLowerCase()
    const others = alike.get(lower)
    if (others) others.push(occupant)
    else alike.set(lower, [occupant])
  }
  return alike
}
