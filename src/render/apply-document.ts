import type { ApplyResult } from '../apply/types.ts'
import type { Plan, Summary } from '../plan/types.ts'
import { formatVersion, type ObjectDocument, type ServerDocument, serverDocument } from './document.ts'

interface Ended extends ObjectDocument {
  action: string
}

/** What `apply -o json` prints at the end. */
export interface ApplyDocument {
  formatVersion: typeof formatVersion
  server: ServerDocument
  summary: Summary
  done: (Ended & { milliseconds: number })[]
  failed: (Ended & { error: { code: string; message: string; hint?: string } })[]
  skipped: (Ended & { reason: string })[]
  interrupted: boolean
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
    failed: result.failed.map(({ change, error }) => ({
      ...ended(change),
      error: {
        code: error.code,
        message: error.message,
        ...(error.hint !== undefined && { hint: error.hint }),
      },
    })),
    skipped: result.skipped.map(({ change, reason }) => ({ ...ended(change), reason })),
    interrupted: result.interrupted,
    requests: { ...requests },
  }
}

function ended({ action, kind, id }: Plan['changes'][number]): Ended {
  return { action, kind: kind.kind, id }
}
