import type { ApplyResult } from '../apply/types.ts'
import type { Change, Plan } from '../plan/types.ts'
import { changedObject, errorDocument, formatVersion, type PlanDocument, serverDocument } from './document.ts'
import type { RegistryDocument } from './registries.ts'

export type ApplyDocument = ReturnType<typeof applyDocument>

/**
 * What `apply -o json` prints at the end. `registries`: the addresses that clients use. `notVerified`: why nobody knows whether the server
 * has what was done.
 */
export function applyDocument(
  plan: Plan,
  { done, failed, skipped, interrupted, notVerified }: ApplyResult,
  about: { url: string; requests: PlanDocument['requests']; registries: readonly RegistryDocument[] },
) {
  const { url, requests, registries } = about
  return {
    formatVersion,
    server: serverDocument(plan, url),
    summary: plan.summary,
    done: done.map(({ change, milliseconds }) => ({ ...ended(change), milliseconds })),
    failed: failed.map(({ change, error }) => ({ ...ended(change), error: errorDocument(error) })),
    skipped: skipped.map(({ change, reason }) => ({ ...ended(change), reason })),
    interrupted,
    registries,
    ...(notVerified && { notVerified: errorDocument(notVerified) }),
    requests: { ...requests },
  }
}

function ended(change: Change) {
  const { action, kind, id } = changedObject(change)
  return { action, kind, id }
}
