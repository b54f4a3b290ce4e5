import { isObject } from '../../core/json.ts'
import type { YamlPath } from './yaml-file.ts'

/** Where Swarm has labels that Traefik reads. */
export const labelsPath: YamlPath = ['services', 'nexus', 'deploy', 'labels']

/** `a.b.c=1`, as labels and options say what is nested in a file. What is empty says `true`. */
export function flat(value: unknown, key = ''): string[] {
  if (!isObject(value)) return [`${key}=${Array.isArray(value) ? value.join(',') : String(value)}`]
  const entries = Object.entries(value)
  if (entries.length === 0) return [`${key}=true`]
  return entries.flatMap(([name, inner]) => flat(inner, key === '' ? name : `${key}.${name}`))
}

/** A comment before the first label of each router. */
export function labelComments(
  labels: readonly string[],
  prefix: string,
  purposes: readonly (readonly [router: string, purpose: string])[],
): [YamlPath, string][] {
  return purposes.map(([name, purpose]) => {
    const first = labels.findIndex((label) => label.startsWith(`${prefix}${name}.`))
    return [[...labelsPath, first], purpose]
  })
}
