import { textOf } from '../core/json.ts'
import type { Catalogue } from './define.ts'
import { objects } from './shared/docker-repository.ts'

/**
 * Cleanup policies, which repositories name: unknown names are accepted up to 3.77 and keep a repository from starting from
 * 3.93 on (nexus-api 2.18, 8). The web interface's own list, in every edition from 3.29.1; older servers do not tell.
 */
export const cleanupPolicies: Catalogue = {
  namespace: 'cleanupPolicy',
  naming: { noun: 'cleanup policy', missing: 'cleanup-policy-missing' },
  async occupants(reads) {
    const list = await reads.find('/service/rest/internal/cleanup-policies', 'list the cleanup policies')
    return Array.isArray(list)
      ? objects(list).map((policy) => ({ id: textOf(policy['name']), label: 'cleanup policy' }))
      : undefined
  },
}
