import type { NexusRequest } from '../nexus/connection.ts'

/** `cannot create repository "apps": …`, or the request itself where it has no name. */
export function sentence(
  { method, path, what }: Pick<NexusRequest, 'method' | 'path' | 'what'>,
  reason: string,
): string {
  return what === undefined ? `${method} ${path} failed: ${reason}` : `cannot ${what}: ${reason}`
}
