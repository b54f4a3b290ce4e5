import { isObject } from '../../core/json.ts'

/** A value whose texts Compose reads as they are: it takes `$` for the begin of a variable, and `$$` for a dollar. */
export function dollarsDoubled(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', () => '$$')
  if (Array.isArray(value)) return value.map(dollarsDoubled)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, dollarsDoubled(inner)]))
}
