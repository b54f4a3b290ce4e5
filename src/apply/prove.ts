import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../core/errors.ts'
import { untilAborted } from '../core/interrupt.ts'
import { presence } from '../plan/diff.ts'
import { listChange } from '../plan/list-change.ts'
import type { Change, FieldChange, Plan } from '../plan/types.ts'
import { objectKey } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { ApplyEvent, ApplyResult } from './types.ts'
import { looks } from './visibility.ts'

export interface ProofOptions {
  kinds: KindTable
  /** Reads the server anew, a constant number of requests, and plans what is left to do. Secrets count as unchanged. */
  readPlan: () => Promise<Plan>
  /** Once aborted, the proof ends where it stands. */
  signal: AbortSignal
  onEvent: (event: ApplyEvent) => void
}

/**
 * Plans once more and holds that against what was done. A server may answer success and keep something else (nexus-api 4), and another
 * run may have written over it: what still differs after the time that a lagging node is given has failed, `not-kept`. Where that
 * cannot be found out, what is done stays done and the result says why nobody knows.
 */
export async function prove(result: ApplyResult, options: ProofOptions): Promise<ApplyResult> {
  if (!result.done.some(({ wrote }) => wrote)) return result
  try {
    options.signal.throwIfAborted()
    options.onEvent({ type: 'checking' })
    return withFailures(result, await stillDifferent(result, options), options)
  } catch (error) {
    const interrupted = options.signal.aborted
    if (!interrupted && !(error instanceof UserError)) throw error
    return {
      ...result,
      interrupted: result.interrupted || interrupted,
      notVerified: notVerified(error, interrupted),
    }
  }
}

/** What the server does not have as it was written, by the change that wrote it. Looks again only while there is any. */
async function stillDifferent(
  { done }: ApplyResult,
  { readPlan, signal, kinds }: ProofOptions,
): Promise<ReadonlyMap<Change, Change>> {
  let left = new Map<Change, Change>()
  let unseen = done.map(({ change }) => change)
  for (const wait of looks) {
    await sleep(wait, undefined, { signal })
    left = differences(unseen, await untilAborted(signal, readPlan()), kinds)
    if (left.size === 0) break
    unseen = [...left.keys()]
  }
  return left
}

function differences(changes: readonly Change[], now: Plan, kinds: KindTable): Map<Change, Change> {
  const planned = new Map(now.changes.map((change) => [objectKey(change), change]))
  return new Map(
    changes.flatMap((change) => {
      const left = planned.get(objectKey(change))
      const fields = left?.fields.filter((field) => isTold(field, left, kinds)) ?? []
      return left && (!left.seen || fields.length > 0) ? [[change, { ...left, fields }] as const] : []
    }),
  )
}

/** Nobody can tell what a secret is; that there is none may be told. */
function isTold({ path, secret }: FieldChange, { kind, seen }: Change, kinds: KindTable): boolean {
  if (!secret) return true
  const field = kinds.named(kind).fields[path]
  return field !== undefined && presence(field, seen ?? {}) === 'none'
}

function withFailures(
  result: ApplyResult,
  left: ReadonlyMap<Change, Change>,
  { onEvent }: ProofOptions,
): ApplyResult {
  const failed = result.done.flatMap(({ change, milliseconds }) => {
    const difference = left.get(change)
    if (!difference) return []
    return [{ status: 'failed' as const, change, milliseconds, error: notKept(difference) }]
  })
  for (const outcome of failed) onEvent({ type: 'end', ...outcome })
  return {
    ...result,
    done: result.done.filter(({ change }) => !left.has(change)),
    failed: [...result.failed, ...failed],
  }
}

function notKept(left: Change): UserError {
  const what = left.seen
    ? `did not store it as written (${left.fields.map(difference).join('; ')})`
    : 'does not show it'
  return new UserError('not-kept', `the server accepted ${left.title} but ${what}`, {
    hint: 'Another run or person may have changed it meanwhile, or the server does not store it. Run the command again to see a new plan.',
    exitCode: 5,
  })
}

function difference({ path, before, after, secret, isSet = false }: FieldChange): string {
  if (secret) return `${path}: the server has none`
  const items = listChange(after, before, { isSet })
  return items !== undefined
    ? `${path}: compared with the file, the server has ${items}`
    : `${path}: the server has ${JSON.stringify(before)}, the file wants ${JSON.stringify(after)}`
}

function notVerified(error: unknown, interrupted: boolean): UserError {
  const why = interrupted || !(error instanceof UserError) ? 'interrupted' : error.message
  return new UserError('not-verified', `the server was not read again to check what was done: ${why}`, {
    hint: 'Run the command again to see what is left to do.',
    exitCode: 5,
    ...(error instanceof Error && { cause: error }),
  })
}
