// Read-only (frozen) mode, nexus-api 2.21.
import { emptyFault } from '../kernel/replies.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

function setFrozen(context: Context, frozen: boolean): Reply {
  if (context.state.frozen === frozen) return emptyFault(404)
  context.state.frozen = frozen
  return { status: 204 }
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
  {
    method: 'POST',
    path: '/v1/read-only/freeze',
    consumes: 'any',
    permission: 'nexus:*',
    handler: (context) => setFrozen(context, true),
  },
  {
    method: 'POST',
    path: '/v1/read-only/release',
    consumes: 'any',
    permission: 'nexus:*',
    handler: (context) => setFrozen(context, false),
  },
  {
    method: 'POST',
    path: '/v1/read-only/force-release',
    consumes: 'any',
    permission: 'nexus:*',
    handler({ state }) {
      state.frozen = false
      return { status: 204 }
    },
  },
]

function frozenSince(): string {
  return `${new Date().toISOString().slice(0, 19).replace('T', ' ')} +00:00`
}
