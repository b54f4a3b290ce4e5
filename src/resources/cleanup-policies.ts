import * as z from 'zod'
import type { Read } from '../nexus/answer-shape.ts'
import type { Catalogue } from './contract/kind.ts'
import { nonEmptyText } from './contract/schemas.ts'

const policies: Read<{ name: string; format: string | null | undefined }[]> = {
  path: '/service/rest/internal/cleanup-policies',
  what: 'list the cleanup policies',
  expected: 'a list of cleanup policies',
  schema: z.array(
    z
      .looseObject({ name: nonEmptyText, format: z.string().nullish() })
      .transform(({ name, format }) => ({ name, format })),
  ),
}

export interface CleanupPolicy {
  /** `docker`, `maven2`, … or `*` for all formats; undefined where the server does not tell. */
  format?: string
}

/**
 * Cleanup policies, which repositories name: unknown names are accepted up to 3.77 and keep a repository from starting from
 * 3.93 on (nexus-api 2.18, 8). The web interface's own list, in every edition from 3.29.1; older servers do not tell.
 */
export const cleanupPolicies: Catalogue = {
  namespace: 'cleanupPolicy',
  naming: { noun: 'cleanup policy', missing: 'cleanup-policy-missing' },
  async occupants(reads) {
    const list = await reads.find(policies)
    return list?.map(({ name, format }) => ({
      id: name,
      label: 'cleanup policy',
      ...(format && { values: { format } satisfies CleanupPolicy }),
    }))
  },
}
