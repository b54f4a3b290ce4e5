import type { ServerInfo } from '../nexus/client.ts'
import type { Actual, Kind, Namespace, Occupant } from '../resources/define.ts'

/** What the server has, as far as the configuration concerns it. */
export interface ServerState {
  server: ServerInfo
  /** By kind name. A kind that was not read is missing. */
  actual: ReadonlyMap<string, readonly Actual[]>
  /** Every taken name of a namespace, whatever holds it. */
  occupants: ReadonlyMap<Namespace, readonly Occupant[]>
}

const byId = new WeakMap<readonly Actual[], ReadonlyMap<string, Actual>>()

/** The object of a kind with exactly this name, or undefined. */
export function findActual(state: ServerState, kind: Kind, id: string): Actual | undefined {
  const list = state.actual.get(kind.kind)
  if (!list) return undefined
  const index = byId.get(list) ?? new Map(list.map((actual) => [actual.id, actual]))
  byId.set(list, index)
  return index.get(id)
}

/** Who holds a name, ignoring case, because servers look names up that way (nexus-api 2.3). */
export function findOccupant(state: ServerState, namespace: Namespace, id: string): Occupant | undefined {
  const lower = id.toLowerCase()
  const same = state.occupants.get(namespace) ?? []
  return (
    same.find((occupant) => occupant.id === id) ??
    same.find((occupant) => occupant.id.toLowerCase() === lower)
  )
}
