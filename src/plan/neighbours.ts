import type { Desired } from '../config/config.ts'
import type { JsonObject } from '../core/json.ts'
import type { KindDescription } from '../resources/contract/description.ts'
import { actualValue, schemaOf, type Values } from '../resources/contract/fields.ts'
import type { Occupant } from '../resources/contract/kind.ts'
import { type Namespace, sensitive } from '../resources/contract/object.ts'
import type { RuleObject } from '../resources/contract/rule.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { ServerState } from '../state/state.ts'
import { presence } from './diff.ts'

/**
 * What the server has and the file does not describe, as rules read it: objects and settings that the tool could manage, with their
 * values, and names that are taken by anything else.
 */
export function neighboursOf(
  { objects }: Desired,
  { kinds, state }: { kinds: KindTable; state: ServerState },
) {
  const keyOf = (namespace: Namespace, id: string) => `${namespace} ${id.toLowerCase()}`
  const described = new Set(objects.map(({ kind, id }) => keyOf(kinds.named(kind).namespace, id)))
  const found = new Map<string, RuleObject>()
  const add = (kind: KindDescription, id: string, values: Values) => {
    const key = keyOf(kind.namespace, id)
    if (described.has(key) || found.has(key)) return
    const object = { kind: kind.kind, id, spec: {}, path: [], because: {} }
    found.set(key, { id, kind, object, values, part: 'neighbour' })
  }
  for (const kind of kinds.all) {
    if (kind.section.form === 'intent') continue
    for (const { id, wire } of state.actual.get(kind.kind) ?? []) add(kind, id, valuesIn(kind, wire))
  }
  for (const [namespace, occupants] of state.occupants)
    for (const occupant of occupants)
      add(kindOf(occupant, namespace, kinds), occupant.id, occupant.values ?? {})
  return [...found.values()]
}

function kindOf({ kind, label }: Occupant, namespace: Namespace, kinds: KindTable): KindDescription {
  if (kind !== undefined) return kinds.named(kind)
  const { exclusive } = kinds.all.find((other) => other.namespace === namespace) ?? {}
  return {
    kind: label,
    label,
    namespace,
    section: { form: 'intent' },
    schema: schemaOf({}),
    fields: {},
    references: () => [],
    ...(exclusive && { exclusive }),
  }
}

/** What an object on the wire has, in the file's terms; a secret that it says to have stands there as one. */
export function valuesIn({ fields }: KindDescription, wire: JsonObject): Values {
  const values: Values = {}
  for (const [path, field] of Object.entries(fields)) {
    if (field.section || field.options.intent) continue
    const { secret } = field.options
    const hidden = secret && presence(field, wire) === 'there' ? sensitive : undefined
    const value = secret ? hidden : actualValue(field, wire)
    if (value !== undefined && value !== null) values[path] = value
  }
  return values
}
