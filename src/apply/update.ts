import { UserError } from '../core/errors.ts'
import { LostAnswerError } from '../nexus/errors/answer-error.ts'
import { planObject } from '../plan/plan.ts'
import type { Change, Doable, Update } from '../plan/types.ts'
import type { Actual, Refusal } from '../resources/contract/kind.ts'
import { writeOf } from './body.ts'
import { changedSincePlan, deletedSincePlan, sameChanges } from './compare.ts'
import type { WriteContext } from './types.ts'
import { withVisibleReferences } from './visibility.ts'

/**
 * Updates the object after one more look at it. If it is no longer what the plan saw, the change is planned again; a result
 * that differs from what was shown is refused with both versions. Resolves with whether anything was written.
 */
export async function updateChange(
  change: Update,
  created: readonly Change[],
  context: WriteContext,
): Promise<boolean> {
  const kind = context.kinds.named(change.kind)
  const current = await kind.find(context.nexus, change.id, change.object.spec)
  if (!current) throw deletedSincePlan(change)
  const now = planObject(change.object, current, context)
  if (!now) return context.released.has(change)
  const planned = context.released.get(change) ?? change.fields
  if (!sameChanges(kind.fields, now.fields, planned))
    throw changedSincePlan(kind, planned, now.fields, current)
  await withVisibleReferences(created, context, async () => {
    await overwrite(change, current, context)
  })
  return true
}

/**
 * Sends the server's current object with the written values laid over it. Where the answer is lost, it is sent once more, unless it
 * arrived or somebody else was there. Resolves with whether there was anything to write.
 */
export async function overwrite(change: Doable, current: Actual, context: WriteContext): Promise<boolean> {
  const planned = planAnew(change, current, context)
  if (!planned) return false
  await sendUpdate(planned, current, context).catch(async (error: unknown) => {
    if (!(error instanceof LostAnswerError)) throw error
    const found = await findAfterFailure(change, context, error)
    const left = planAnew(change, found, context)
    if (!left) return
    const isThere = left.fields.every(({ secret }) => secret)
    // Whether it arrived before somebody else wrote, nobody knows.
    const { fields } = context.kinds.named(change.kind)
    if (!isThere && !sameChanges(fields, left.fields, planned.fields)) throw error
    await sendUpdate(left, found, context)
  })
  return true
}

/** What is to be sent, every secret with it; undefined where the server has it all. Throws where it cannot be sent. */
function planAnew(change: Change, actual: Actual, context: WriteContext): Change | undefined {
  const planned = planObject(change.object, actual, { ...context, options: { rotateSecrets: true } })
  if (planned?.action === 'refused') throw refusedNow(planned.refusal)
  return planned
}

/** What the plan did not see yet keeps it from being sent. */
export function refusedNow({ code, message, hint }: Refusal): UserError {
  return new UserError(code, message, { hint })
}

function sendUpdate(change: Change, current: Actual, context: WriteContext): Promise<void> {
  const write = writeOf(change, current.wire, context)
  return context.kinds.named(change.kind).update(context.nexus, { ...write, current })
}

/** The object as it is after a write that failed; throws the failure where that cannot be seen. */
export async function findAfterFailure(
  { kind, id, object }: Change,
  { kinds, nexus }: WriteContext,
  failure: unknown,
): Promise<Actual> {
  try {
    const found = await kinds.named(kind).find(nexus, id, object.spec)
    if (found) return found
  } catch {
    // The first failure tells more than the second.
  }
  throw failure
}
