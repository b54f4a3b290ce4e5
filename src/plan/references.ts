import type { Values } from '../resources/contract/fields.ts'
import type { Kind } from '../resources/contract/kind.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { ServerState } from '../state/state.ts'
import { valuesIn } from './neighbours.ts'
import type { Change } from './types.ts'

/**
 * Which changes have to come before one because it refers to their objects: those that create them; and where the object refers to others
 * of its own namespace (a group, its members), those that change whom it refers to. A group that gets a member which still holds it, as
 * the server has it now, is refused (nexus-api 6); members first, no request ever closes a circle.
 */
export function references(
  changes: readonly Change[],
  { kinds, state }: { kinds: KindTable; state: ServerState },
): (change: Change) => Change[] {
  const doable = changes.filter(({ action }) => action !== 'refused')
  const byName = new Map(
    doable.map((change) => [
      nameIn(kinds.named(change.kind).namespace, change.object.name ?? change.id),
      change,
    ]),
  )
  const matters = new Set(
    doable.filter((change) => change.action === 'create' || changesInside(change, kinds.named(change.kind))),
  )
  let onServer: ReadonlyMap<string, string[]> | undefined
  return (change) => {
    const kind = kinds.named(change.kind)
    const needed = new Set<Change>()
    const seen = new Set<string>()
    const waiting = namesOf(kind, change.values)
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name)) continue
      seen.add(name)
      const other = byName.get(name)
      if (other === change) continue
      if (other && matters.has(other)) needed.add(other)
      else {
        onServer ??= insideOnServer(kinds, state)
        waiting.push(...(onServer.get(name) ?? []))
      }
    }
    return changes.filter((other) => needed.has(other))
  }
}

/** Whether the change is about other objects of its own namespace. */
function changesInside({ fields, values }: Change, kind: Kind): boolean {
  const changed = new Set(fields.map(({ path }) => path))
  return kind
    .references(values)
    .some(({ namespace, path }) => namespace === kind.namespace && changed.has(path.replace(/\[\d+\]$/, '')))
}

/** By its name, what an object of the server refers to in its own namespace. */
function insideOnServer(kinds: KindTable, state: ServerState): Map<string, string[]> {
  return new Map(
    kinds.all.flatMap((kind) =>
      (state.actual.get(kind.kind) ?? []).map(({ id, wire }): [string, string[]] => {
        const inside = nameIn(kind.namespace, '')
        const names = namesOf(kind, valuesIn(kind, wire)).filter((name) => name.startsWith(inside))
        return [nameIn(kind.namespace, id), names]
      }),
    ),
  )
}

function namesOf(kind: Kind, values: Values): string[] {
  return kind.references(values).map(({ namespace, id }) => nameIn(namespace, id))
}

function nameIn(namespace: string, id: string): string {
  return `${namespace} ${id}`
}
