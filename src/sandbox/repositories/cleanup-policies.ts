// Cleanup policies as the web interface lists them (nexus-api 2.18, from 3.29.1). Creating them is a later kind's matter; tests put
// them into the state.
import type { Route } from '../kernel/types.ts'
import { policyNames } from './references.ts'

export const cleanupPolicyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/internal/cleanup-policies',
    permission: 'nexus:*',
    available: (profile) => profile.since('3.29.1'),
    handler: ({ state }) => ({
      status: 200,
      body: state.cleanupPolicies.map(({ name, format }) => ({
        name,
        format,
        notes: null,
        criteriaLastBlobUpdated: null,
        criteriaLastDownloaded: null,
        retain: null,
        sortBy: null,
        criteriaReleaseType: null,
        criteriaAssetRegex: null,
        inUseCount: state.repositories.filter(({ attributes }) => policyNames(attributes).includes(name))
          .length,
      })),
    }),
  },
]
