import type { DesiredObject } from '../contract/object.ts'

/** Whether a repository of the file asks for no login: what the server says of realms and anonymous access matters then. */
export function pullsWithoutLogin(objects: readonly DesiredObject[]): boolean {
  return objects.some(({ spec }) => spec['forceBasicAuth'] === false)
}
