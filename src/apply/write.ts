import { UserError } from '../core/errors.ts'
import { AnswerError, LostAnswerError } from '../nexus/errors/answer-error.ts'
import { layOver } from '../plan/diff.ts'
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
  await withVisibleReferences(step, context, async () => {
    await overwrite(change, current, context)
  })
  return true
}

/**
 * Sends the server's current object with the written values laid over it. Where the answer is lost, it is sent once more, unless it
 * arrived or somebody else was there. Resolves with whether there was anything to write.
 */
async function overwrite(change: Change, current: Actual, context: WriteContext): Promise<boolean> {
  const planned = planAnew(change, current, context)
  if (!planned) return false
  await sendUpdate(planned, current, context).catch(async (error: unknown) => {
    if (!(error instanceof LostAnswerError)) throw error
    const found = await findAfterFailure(change, context, error)
    const left = planAnew(change, found, context)
    if (!left) return
    const isThere = left.fields.every(({ secret }) => secret)
    // Whether it arrived before somebody else wrote, nobody knows.
    if (!isThere && !sameChanges(change.kind, left.fields, planned.fields)) throw error
    await sendUpdate(left, found, context)
  })
  return true
}

/** What is to be sent, every secret with it; undefined where the server has it all. Throws where it cannot be sent. */
function planAnew(change: Change, actual: Actual, context: WriteContext): Change | undefined {
  const planned = planObject(change.object, actual, context.state, { rotateSecrets: true })
  const refused = planned?.refused
  if (refused) throw new UserError(refused.code, refused.message, { hint: refused.hint })
  return planned
}

function sendUpdate({ kind, id, values }: Change, actual: Actual, { nexus }: WriteContext): Promise<void> {
  return kind.update(nexus, id, layOver(kind, actual.wire, values), actual)
}
