import type { Values } from '../resources/contract/fields.ts'
import { type DesiredObject, objectKey } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { valuesOfObject } from '../resources/contract/written.ts'
import { findActual, type ServerState } from '../state/state.ts'
import { layOver } from './diff.ts'
import { valuesIn } from './neighbours.ts'
import type { Plan } from './types.ts'

/** Looks up the values of an object. */
export type ValuesOf = (object: DesiredObject) => Values

/** What the server has of an object before the plan; of what it lacks, what the file writes. */
export function valuesBefore(kinds: KindTable, state: ServerState): ValuesOf {
  return (object) => {
    const kind = kinds.named(object.kind)
    const actual = findActual(state, object)
    return actual ? valuesIn(kind, actual.wire) : valuesOfObject(kind, object)
  }
}

/** What the server has of an object once the plan is carried out: the file's values over its own, or over those that creation sends. */
export function valuesAfter(kinds: KindTable, state: ServerState, plan: Plan): ValuesOf {
  const before = valuesBefore(kinds, state)
  const changes = new Map(plan.changes.map((change) => [objectKey(change), change]))
  return (object) => {
    const change = changes.get(objectKey(object))
    if (!change) return before(object)
    const { values, seen } = change
    if (!seen) return { ...(change.action === 'create' && change.defaults), ...values }
    const kind = kinds.named(object.kind)
    return { ...valuesIn(kind, layOver(kind, seen, values)), ...values }
  }
}
