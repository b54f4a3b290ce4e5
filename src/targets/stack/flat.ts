import { isObject } from '../../core/json.ts'

/** `a.b.c=1`, as labels and options say what is nested in a file. What is empty says `true`. */
export function flat(value: unknown, key = ''): string[] {
  if (!isObject(value)) return [`${key}=${Array.isArray(value) ? value.join(',') : String(value)}`]
  const entries = Object.entries(value)
  if (entries.length === 0) return [`${key}=true`]
  return entries.flatMap(([name, inner]) => flat(inner, key === '' ? name : `${key}.${name}`))
}
