import type { Desired } from '../config/config.ts'
import { defaultsFor, type Values } from '../resources/contract/fields.ts'
import type { Actual, Kind } from '../resources/contract/kind.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import { type KindTable, titleOf } from '../resources/contract/table.ts'
import { valuesOfObject } from '../resources/contract/written.ts'
import { findActual, type ServerState } from '../state/state.ts'
import { creationFields, diffValues } from './diff.ts'
import { orderSteps } from './order.ts'
import { refuseCreation, refuseUpdate } from './refuse.ts'
import type { Change, FieldChange, Named, Plan, Summary } from './types.ts'

export interface PlanOptions {
  rotateSecrets: boolean
}

/** What planning rests on beside the objects that are wanted. */
export interface Planning {
  kinds: KindTable
  state: ServerState
  options: PlanOptions
}

/** What has to happen so that the server has what the configuration writes. Pure: all state comes in as arguments. */
export function makePlan(config: Desired, planning: Planning): Plan {
  const { kinds, state } = planning
  const changes: Change[] = []
  const unchanged: Named[] = []
  for (const object of config.objects) {
    const change = planObject(object, findActual(state, object), planning)
    if (change) changes.push(change)
    else unchanged.push(named(kinds.named(object.kind), object.id))
  }
  return {
    server: state.server,
    changes,
    unchanged,
    unmanaged: findUnmanaged(config, planning),
    steps: orderSteps(changes, planning),
    summary: summarise(changes, unchanged.length),
  }
}

/** The change of one object against what the server has now; undefined when there is nothing to do. */
export function planObject(
  object: DesiredObject,
  actual: Actual | undefined,
  planning: Planning,
): Change | undefined {
  const kind = planning.kinds.named(object.kind)
  return actual ? planUpdate(kind, object, actual, planning) : planCreation(kind, object, planning)
}

function planCreation(kind: Kind, object: DesiredObject, { state }: Planning): Change {
  const values = desiredValues(kind, object, undefined)
  const defaults = defaultsFor(kind.fields, { name: object.id, ...values })
  const fields = creationFields(kind, values, defaults, object.because)
  const base = { ...named(kind, object.id), object, values, fields, seen: null, resentSecrets: [] }
  const refused = refuseCreation(kind, object.id, state)
  return refused ? { ...base, ...refused, action: 'refused' } : { ...base, action: 'create', defaults }
}

function planUpdate(
  kind: Kind,
  object: DesiredObject,
  actual: Actual,
  { options: { rotateSecrets } }: Planning,
): Change | undefined {
  const values = desiredValues(kind, object, actual)
  const fields = diffValues(kind, values, actual, { because: object.because, rotateSecrets })
  if (fields.length === 0) return undefined
  const resentSecrets = secretsSentAgain(kind, values, fields)
  const base = { ...named(kind, object.id), object, values, fields, seen: actual.wire, resentSecrets }
  const refused = refuseUpdate(kind, actual, values, { fields, object })
  return refused ? { ...base, ...refused, action: 'refused' } : { ...base, action: 'update' }
}

/** What is wanted of an object, given what the server has. */
function desiredValues(kind: Kind, object: DesiredObject, actual: Actual | undefined): Values {
  return kind.desired?.(object.spec, actual) ?? valuesOfObject(kind, object)
}

function secretsSentAgain(kind: Kind, values: Values, fields: readonly FieldChange[]): string[] {
  const shown = new Set(fields.map((field) => field.path))
  return Object.keys(values).filter((path) => kind.fields[path]?.options.secret && !shown.has(path))
}

function named(kind: Kind, id: string): Named {
  return { kind: kind.kind, id, label: kind.label, title: titleOf(kind, id) }
}

/** What nobody wrote down, of kinds that tell it. */
function findUnmanaged({ objects, externals }: Desired, { kinds, state }: Planning): Named[] {
  const key = (namespace: string, id: string) => `${namespace} ${id.toLowerCase()}`
  const known = new Set([
    ...objects.map(({ kind, id }) => key(kinds.named(kind).namespace, id)),
    ...externals.map(({ namespace, id }) => key(namespace, id)),
  ])
  return kinds.all
    .filter(({ tellsUnmanaged }) => tellsUnmanaged)
    .flatMap((kind) => (state.actual.get(kind.kind) ?? []).map(({ id }) => ({ kind, id })))
    .filter(({ kind, id }) => !known.has(key(kind.namespace, id)))
    .map(({ kind, id }) => named(kind, id))
}

function summarise(changes: readonly Change[], unchanged: number): Summary {
  const summary: Summary = { create: 0, update: 0, replace: 0, delete: 0, refused: 0, unchanged }
  for (const { action } of changes) summary[action] += 1
  return summary
}
