import type { ApplyResult } from '../apply/types.ts'
import type { Change, Plan, Summary } from '../plan/types.ts'
import {
  changedObject,
  type ErrorDocument,
  errorDocument,
  formatVersion,
  type ObjectDocument,
  type ServerDocument,
  serverDocument,
} from './document.ts'

interface Ended extends ObjectDocument {
  action: string
}

/** What `apply -o json` prints at the end. */
export interface ApplyDocument {
  formatVersion: typeof formatVersion
  server: ServerDocument
  summary: Summary
  done: (Ended & { milliseconds: number })[]
  failed: (Ended & { error: ErrorDocument })[]
  skipped: (Ended & { reason: string })[]
  interrupted: boolean
  /** Why nobody knows whether the server has what was done. */
  notVerified?: ErrorDocument
  requests: { total: number; writes: number }
}

export function applyDocument(
  plan: Plan,
  result: ApplyResult,
  url: string,
  requests: ApplyDocument['requests'],
): ApplyDocument {
  return {
    formatVersion,
    server: serverDocument(plan, url),
    summary: plan.summary,
    done: result.done.map(({ change, milliseconds }) => ({ ...ended(change), milliseconds })),
    failed: result.failed.map(({ change, error }) => ({ ...ended(change), error: errorDocument(error) })),
    skipped: result.skipped.map(({ change, reason }) => ({ ...ended(change), reason })),
    interrupted: result.interrupted,
    ...(result.notVerified && { notVerified: errorDocument(result.notVerified) }),
    requests: { ...requests },
  }
}

function ended(change: Change): Ended {
  const { action, kind, id } = changedObject(change)
  return { action, kind, id }
}
