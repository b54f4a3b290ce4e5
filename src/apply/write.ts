import { UserError } from '../core/errors.ts'
import { AnswerError, LostAnswerError } from '../nexus/answer-error.ts'
import { diffValues, layOver } from '../plan/diff.ts'
import { planObject } from '../plan/plan.ts'
import type { Change, Step } from '../plan/types.ts'
import type { Actual, Refusal } from '../resources/define.ts'
import type { Values } from '../resources/fields.ts'
import { changedSincePlan, deletedSincePlan, sameChanges } from './compare.ts'
import type { WriteContext } from './types.ts'
import { withVisibleReferences } from './visibility.ts'

/**
 * Creates the object. When the server refuses or the answer is lost, it is read again: if it is there now, an earlier try
 * or somebody else made it, and the change goes on as an update. Resolves with whether anything was written.
 */
export async function createChange(change: Change, step: Step, context: WriteContext): Promise<boolean> {
  const { kind, id } = change
  if (!kind.create) throw new UserError('not-readable', `the server does not show its ${kind.label}`)
  const body = layOver(kind, layOver(kind, {}, withoutNulls(change.defaults)), withoutNulls(change.values))
  try {
    await withVisibleReferences(step, context, async () => kind.create?.(context.nexus, id, body))
    return true
  } catch (error) {
    if (!mayExistNow(error)) throw error
    const found = await findAfterFailure(change, context, error)
    const { action, refused } =
      planObject(change.object, found, context.state, { rotateSecrets: true }) ?? change
    // Somebody else's object of that name may be one that this file cannot have: another blob store, for one.
    if (refused) throw createdMeanwhile(change, refused)
    const wrote = action === 'update' && (await overwrite(change, found, context))
    return wrote || error instanceof LostAnswerError
  }
}

function withoutNulls(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}

/** A duplicate is 400 or 500 by version (nexus-api 7.1 item 2); a lost answer may hide a success. */
function mayExistNow(error: unknown): boolean {
  if (error instanceof LostAnswerError) return true
  return error instanceof AnswerError && [400, 409, 500].includes(error.status)
}

async function findAfterFailure(change: Change, context: WriteContext, failure: unknown): Promise<Actual> {
  try {
    const found = await change.kind.find(context.nexus, change.id, change.object.spec)
    if (found) return found
  } catch {
    // The first failure tells more than the second.
  }
  throw failure
}

function createdMeanwhile({ id }: Change, { code, message, hint }: Refusal): UserError {
  return new UserError(code, `${id} was created on the server after the plan was made: ${message}`, { hint })
}

/**
 * Updates the object after one more look at it. If it is no longer what the plan saw, the change is planned again; a result
 * that differs from what was shown is refused with both versions. Resolves with whether anything was written.
 */
export async function updateChange(change: Change, step: Step, context: WriteContext): Promise<boolean> {
  const { kind, id } = change
  const current = await kind.find(context.nexus, id, change.object.spec)
  if (!current) throw deletedSincePlan(change)
  const now = planObject(change.object, current, context.state, { rotateSecrets: context.rotateSecrets })
  if (!now) return context.released.has(change)
  const planned = context.released.get(change) ?? change.fields
  if (!sameChanges(kind, now.fields, planned)) throw changedSincePlan(change, planned, now.fields, current)
  if (now.refused) throw new UserError(now.refused.code, now.refused.message, { hint: now.refused.hint })
  await withVisibleReferences(step, context, async () => {
    await overwrite(change, current, context)
  })
  return true
}

/** Sends the server's current object with the written values laid over it. Resolves with whether there was anything to write. */
async function overwrite(change: Change, current: Actual, context: WriteContext): Promise<boolean> {
  const { kind, id } = change
  const values = kind.desired?.(change.object.spec, current) ?? change.values
  if (diffValues(kind, values, current, { because: {}, rotateSecrets: true }).length === 0) return false
  await kind
    .update(context.nexus, id, layOver(kind, current.wire, values), current)
    .catch(async (error: unknown) => {
      // An update says how it is to be afterwards: where its answer is lost, it is sent once more, over what is there now.
      if (!(error instanceof LostAnswerError)) throw error
      const found = await findAfterFailure(change, context, error)
      await kind.update(context.nexus, id, layOver(kind, found.wire, values), found)
    })
  return true
}
