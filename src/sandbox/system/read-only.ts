// Read-only (frozen) mode, nexus-api 2.21.
import { emptyFault } from '../kernel/replies.ts'
import type { Route } from '../kernel/types.ts'

/** Freezing a frozen server, or releasing one that is not, is a 404; the forced release never is. */
function change(name: string, frozen: boolean, isForced = false): Route {
  return {
    method: 'POST',
    path: `/v1/read-only/${name}`,
    consumes: 'any',
    permission: 'nexus:*',
    handler({ state }) {
      if (state.frozen === frozen && !isForced) return emptyFault(404)
      state.frozen = frozen
      return { status: 204 }
    },
  }
}

export const readOnlyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/read-only',
    handler({ state }) {
      const summaryReason = state.frozen ? `Requested by an administrator at ${frozenSince()}` : ''
      return { status: 200, body: { frozen: state.frozen, summaryReason, systemInitiated: false } }
    },
  },
  change('freeze', true),
  change('release', false),
  change('force-release', false, true),
]

function frozenSince(): string {
  return `${new Date().toISOString().slice(0, 19).replace('T', ' ')} +00:00`
}
