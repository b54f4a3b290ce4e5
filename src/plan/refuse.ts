import { flowText } from '../core/yaml-text.ts'
import type { Value, Values } from '../resources/contract/fields.ts'
import type { Actual, Kind, Refusal } from '../resources/contract/kind.ts'
import type { DesiredObject } from '../resources/contract/object.ts'
import { findOccupant, type ServerState } from '../state/state.ts'
import { refuseLostSecret } from './lost-secrets.ts'
import type { FieldChange, Refused } from './types.ts'

type Verdict = Pick<Refused, 'wanted' | 'refusal'>

/** Why an object that the server does not show cannot be created; undefined where it can. */
export function refuseCreation(kind: Kind, id: string, state: ServerState): Verdict | undefined {
  const occupant = findOccupant(state, kind.namespace, id)
  if (!occupant) {
    if (kind.create) return undefined
    return notReadable(`the server does not show its ${kind.label}`, 'the user may lack a permission')
  }
  if (occupant.id !== id) {
    const message = `the server has it as "${occupant.id}", and names that differ only in case clash`
    const hint = `write "${occupant.id}" in the file`
    return { wanted: 'create', refusal: { code: 'name-case', path: '', message, hint } }
  }
  if (occupant.kind === kind.kind) {
    const { permission } = kind
    return notReadable(
      'the server lists it, but the user may not administer it',
      permission ? `the user needs ${permission}` : 'the user may lack a permission',
    )
  }
  return {
    wanted: 'replace',
    refusal: {
      code: 'kind-change',
      path: 'type',
      message: `the server has "${id}" as ${occupant.label}; an object's type cannot be changed`,
      hint: 'choose another name, or delete the old one on the server first (its content is lost)',
    },
  }
}

function notReadable(message: string, hint: string): Verdict {
  return { wanted: 'create', refusal: { code: 'not-readable', path: '', message, hint } }
}

/** Why an object cannot be changed like this; undefined where it can. */
export function refuseUpdate(
  kind: Kind,
  actual: Actual,
  values: Values,
  { fields, object }: { fields: readonly FieldChange[]; object: DesiredObject },
): Verdict | undefined {
  const immutable = fields.find(({ path }) => kind.fields[path]?.options.immutable !== undefined)
  if (immutable) return { wanted: 'replace', refusal: refuseImmutable(kind, actual.id, immutable) }
  const refusal = kind.refuseUpdate?.(actual, values, object) ?? refuseLostSecret(kind, actual, values)
  return refusal && { wanted: 'update', refusal }
}

function refuseImmutable(kind: Kind, id: string, { path, before, after }: FieldChange): Refusal {
  const reason = kind.fields[path]?.options.immutable ?? ''
  return {
    code: 'immutable-field',
    path,
    message: `${path} of "${id}" cannot be changed from "${shown(before)}" to "${shown(after)}": ${reason}`,
    hint: `write ${path}: ${shown(before)}, or create a new object under another name and move the content`,
  }
}

function shown(value: Value): string {
  return typeof value === 'string' ? value : flowText(value)
}
