import { type Values, valuesOf } from './fields.ts'
import type { Kind } from './kind.ts'
import type { DesiredObject } from './object.ts'

const written = new WeakMap<DesiredObject, Values>()

/** The values that an object writes, by field path; worked out once, because every rule asks. */
export function valuesOfObject(kind: Kind, object: DesiredObject): Values {
  const known = written.get(object) ?? valuesOf(kind.fields, object.spec)
  written.set(object, known)
  return known
}
