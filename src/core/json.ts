/** JSON as servers send it. Objects are plain; a missing key and a null are different things. */
export type Json = string | number | boolean | null | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json | undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a text is as JSON; undefined for any other text. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A text that may be missing: '' for anything that is no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The path of the section that a dotted path lies in; '' for one at the top. */
export function sectionOf(path: string): string {
  return path.split('.').slice(0, -1).join('.')
}

/** The value at a dotted path. A null on the way yields null ("the whole section is unset"), a missing key undefined. */
export function getPath(object: unknown, path: string): Json | undefined {
  // The usual case, and asked of every field of every repository.
  if (!path.includes('.') && isObject(object)) return object[path]
  let value: unknown = object
  for (const key of path.split('.')) {
    if (value === null) return null
    if (!isObject(value)) return undefined
    value = value[key]
  }
  return value as Json | undefined
}

/** Sets the value at a dotted path in place, creating objects where there is none. */
export function setPath(object: JsonObject, path: string, value: Json): void {
  const keys = path.split('.')
  const last = keys.pop() ?? path
  let target = object
  for (const key of keys) {
    const next = target[key]
    if (isObject(next)) target = next
    else {
      const created: JsonObject = {}
      target[key] = created
      target = created
    }
  }
  target[last] = value
}

/** Deep equality of JSON values; the order of an object's keys does not matter, the order of a list does. */
export function equalJson(a: unknown, b: unknown): boolean {
  return a === b || sortedJson(a) === sortedJson(b)
}

/** JSON text that does not depend on the order of an object's keys. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
