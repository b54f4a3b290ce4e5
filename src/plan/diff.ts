import {
  equalJson,
  getPath,
  isObject,
  type Json,
  type JsonObject,
  sectionOf,
  setPath,
  sortedJson,
} from '../core/json.ts'
import {
  actualValue,
  type Field,
  type Presence,
  type Value,
  type Values,
  wireValue,
} from '../resources/contract/fields.ts'
import type { Actual, Kind } from '../resources/contract/kind.ts'
import type { FieldChange } from './types.ts'

export interface DiffOptions {
  because: Record<string, string>
  /** Send every secret again. */
  rotateSecrets: boolean
}

/**
 * The written values that the server does not have. A field that the file does not write is never looked at; one that the
 * server does not tell (a missing key) is never a difference.
 */
export function diffValues(kind: Kind, values: Values, actual: Actual, options: DiffOptions): FieldChange[] {
  const changes: FieldChange[] = []
  for (const [path, after] of Object.entries(values)) {
    const field = kind.fields[path]
    if (!field) continue
    const change = field.options.secret
      ? secretChange(path, field, actual.wire, options)
      : field.section
        ? sectionChange(path, field, actual.wire)
        : valueChange(path, field, after, actual.wire)
    if (change) changes.push(withReason(change, field, options.because[path]))
  }
  return changes
}

function valueChange(path: string, field: Field, after: Value, wire: JsonObject): FieldChange | undefined {
  const before = actualValue(field, wire)
  if (before === undefined || sameValue(field, before, after)) return undefined
  const isSet = field.options.set === true && Array.isArray(before)
  return { path, before, after, secret: false, ...(isSet && { isSet }) }
}

/** Only `null` is ever written to a section itself: it removes what is there. */
function sectionChange(path: string, field: Field, wire: JsonObject): FieldChange | undefined {
  const before = getPath(wire, field.wire)
  if (before === undefined || before === null) return undefined
  return { path, before: 'set', after: null, secret: false }
}

/** A secret changes when there is none, or when it is rotated; else nobody can tell and it counts as unchanged. */
function secretChange(
  path: string,
  field: Field,
  wire: JsonObject,
  options: DiffOptions,
): FieldChange | undefined {
  const isNew = presence(field, wire) === 'none' || sectionAt(wire, field) === undefined
  if (!isNew && !options.rotateSecrets) return undefined
  return { path, before: isNew ? null : 'sensitive', after: 'sensitive', secret: true }
}

/** What an object on the wire says of a secret that it does not show. */
export function presence(field: Field, wire: JsonObject): Presence {
  const section = sectionAt(wire, field)
  if (section === null) return 'none'
  const { presentWhen = 'unknown' } = field.options.secret ?? {}
  if (presentWhen === 'unknown' || !isObject(section)) return 'unknown'
  return presentWhen === 'section' ? 'there' : presentWhen(section)
}

/** What a field stands in; the object itself for a field at its top. */
function sectionAt(wire: JsonObject, field: Field): Json | undefined {
  const path = sectionOf(field.wire)
  return path === '' ? wire : getPath(wire, path)
}

function withReason(change: FieldChange, field: Field, because: string | undefined): FieldChange {
  return {
    ...change,
    ...(because !== undefined && { because }),
    ...(field.options.unit && { unit: field.options.unit }),
  }
}

/** Whether two values of a field are the same to the server. */
export function sameValue(field: Field, a: Value, b: Value): boolean {
  return equalJson(canonical(field, a), canonical(field, b))
}

function canonical(field: Field, value: Value): unknown {
  const { whenNull, set, canonical: canonicalForm } = field.options
  const known = value === null ? (whenNull ?? null) : value
  if (set && Array.isArray(known)) return sortedSet(known)
  return canonicalForm && known !== null ? canonicalForm(known) : known
}

/** Each item once, in an order that does not depend on theirs. */
function sortedSet(items: readonly Value[]): Value[] {
  const byText = new Map(items.map((item) => [typeof item === 'string' ? item : sortedJson(item), item]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

/** The fields that creation sends: what is written, and the defaults. */
export function creationFields(
  kind: Kind,
  values: Values,
  defaults: Values,
  because: Record<string, string>,
): FieldChange[] {
  const written = Object.entries(values).filter(([, value]) => value !== null)
  const added = Object.entries(defaults).filter(([, value]) => value !== null)
  const change = (path: string, after: Value): FieldChange => {
    const field = kind.fields[path]
    const secret = field?.options.secret !== undefined
    const base = { path, before: null, after: secret ? 'sensitive' : after, secret }
    return field ? withReason(base, field, because[path]) : base
  }
  return [
    ...written.map(([path, value]) => change(path, value)),
    ...added.map(([path, value]) => ({ ...change(path, value), default: true as const })),
  ]
}

/** Lays values over a copy of the wire object: what is not among them keeps the server's value. */
export function layOver(kind: Kind, base: JsonObject, values: Values): JsonObject {
  const body = structuredClone(base)
  for (const [path, value] of Object.entries(values)) {
    const field = kind.fields[path]
    if (field) setPath(body, field.wire, wireValue(field, value) as never)
  }
  return body
}
