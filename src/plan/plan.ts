import { type Config, valuesOfObject } from '../config/config.ts'
import type { Actual, DesiredObject, Refusal } from '../resources/define.ts'
import { defaultsFor, type Values } from '../resources/fields.ts'
import { kinds } from '../resources/index.ts'
import { findActual, findOccupant, type ServerState } from '../state/state.ts'
import { creationFields, diffValues } from './diff.ts'
import { refuseLostSecret } from './lost-secrets.ts'
import { orderSteps } from './order.ts'
import type { Change, FieldChange, Named, Plan, Summary } from './types.ts'

export interface PlanOptions {
  rotateSecrets: boolean
}

/** What has to happen so that the server has what the configuration writes. Pure: all state comes in as arguments. */
export function makePlan(config: Config, state: ServerState, options: PlanOptions): Plan {
  const changes: Change[] = []
  const unchanged: Named[] = []
  for (const object of config.objects) {
    const change = planObject(object, findActual(state, object.kind, object.id), state, options)
    if (change) changes.push(change)
    else unchanged.push({ kind: object.kind, id: object.id })
  }
  return {
    server: state.server,
    changes,
    unchanged,
    unmanaged: findUnmanaged(config, state),
    waves: orderSteps(changes, state),
    summary: summarise(changes, unchanged.length),
  }
}

/** The change of one object against what the server has now; undefined when there is nothing to do. */
export function planObject(
  object: DesiredObject,
  actual: Actual | undefined,
  state: ServerState,
  options: PlanOptions,
): Change | undefined {
  const { kind, id, because } = object
  const values = desiredValues(object, actual)
  const defaults = actual ? {} : defaultsFor(kind.fields, { name: id, ...values })
  const base = { kind, id, object, values, defaults, actual, resentSecrets: [] }
  if (!actual) {
    const fields = creationFields(kind, values, defaults, because)
    const refused = refuseCreation(object, state)
    return {
      ...base,
      action: refused?.replaces ? 'replace' : 'create',
      fields,
      ...(refused && { refused: refused.refusal }),
    }
  }
  const fields = diffValues(kind, values, actual, { because, rotateSecrets: options.rotateSecrets })
  if (fields.length === 0) return undefined
  const immutable = fields.find((field) => kind.fields[field.path]?.options.immutable !== undefined)
  const refused = immutable
    ? refuseImmutable(object, immutable)
    : (kind.refuseUpdate?.(actual, values) ?? refuseLostSecret(kind, actual, values))
  return {
    ...base,
    action: immutable ? 'replace' : 'update',
    fields,
    resentSecrets: secretsSentAgain(object, values, fields),
    ...(refused && { refused }),
  }
}

/** What is wanted of an object, given what the server has. */
function desiredValues(object: DesiredObject, actual: Actual | undefined): Values {
  return object.kind.desired?.(object.spec, actual) ?? valuesOfObject(object)
}

function secretsSentAgain(object: DesiredObject, values: Values, fields: FieldChange[]): string[] {
  const shown = new Set(fields.map((field) => field.path))
  return Object.keys(values).filter((path) => object.kind.fields[path]?.options.secret && !shown.has(path))
}

function refuseCreation(
  object: DesiredObject,
  state: ServerState,
): { refusal: Refusal; replaces: boolean } | undefined {
  const occupant = findOccupant(state, object.kind.namespace, object.id)
  if (!occupant) {
    if (object.kind.create) return undefined
    const message = `the server does not show its ${object.kind.label}`
    return {
      replaces: false,
      refusal: { code: 'not-readable', path: '', message, hint: 'the user may lack a permission' },
    }
  }
  if (occupant.id !== object.id) {
    const message = `the server has it as "${occupant.id}", and names that differ only in case clash`
    return {
      replaces: false,
      refusal: { code: 'name-case', path: '', message, hint: `write "${occupant.id}" in the file` },
    }
  }
  if (occupant.label === object.kind.label) {
    const message = `the server lists it, but the user may not administer it`
    const hint = 'the user needs nexus:repository-admin:docker:*:* (read, edit)'
    return { replaces: false, refusal: { code: 'not-readable', path: '', message, hint } }
  }
  return {
    replaces: true,
    refusal: {
      code: 'kind-change',
      path: object.kind.section.form === 'map' ? 'type' : '',
      message: `the server has "${object.id}" as ${occupant.label}; what an object is cannot be changed`,
      hint: 'choose another name, or delete the old one on the server first (its content is lost)',
    },
  }
}

function refuseImmutable(object: DesiredObject, field: FieldChange): Refusal {
  const reason = object.kind.fields[field.path]?.options.immutable ?? ''
  return {
    code: 'immutable-field',
    path: field.path,
    message: `${field.path} of "${object.id}" cannot be changed from "${String(field.before)}" to "${String(field.after)}": ${reason}`,
    hint: `write ${field.path}: ${String(field.before)}, or create a new object under another name and move the content`,
  }
}

/** Docker repositories that nobody wrote down. Groups of settings always exist, so they are never "unmanaged". */
function findUnmanaged(config: Config, state: ServerState): Named[] {
  const named = new Set([...config.objects, ...config.externals].map((object) => object.id.toLowerCase()))
  return kinds
    .filter((kind) => kind.namespace === 'repository')
    .flatMap((kind) => (state.actual.get(kind.kind) ?? []).map(({ id }) => ({ kind, id })))
    .filter(({ id }) => !named.has(id.toLowerCase()))
}

function summarise(changes: readonly Change[], unchanged: number): Summary {
  const count = (action: string) => changes.filter((change) => change.action === action).length
  return {
    create: count('create'),
    update: count('update'),
    replace: count('replace'),
    delete: count('delete'),
    unchanged,
  }
}
