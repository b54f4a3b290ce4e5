import { UserError } from '../core/errors.ts'
import { AnswerError, LostAnswerError } from '../nexus/errors/answer-error.ts'
import { layOver } from '../plan/diff.ts'
import { planObject } from '../plan/plan.ts'
import type { Change, Create } from '../plan/types.ts'
import type { Refusal } from '../resources/contract/kind.ts'
import { withoutNulls, writeOf } from './body.ts'
import type { WriteContext } from './types.ts'
import { findAfterFailure, overwrite } from './update.ts'
import { withVisibleReferences } from './visibility.ts'

/**
 * Creates the object. When the server refuses or the answer is lost, it is read again: if it is there now, an earlier try
 * or somebody else made it, and the change goes on as an update. `created` are the changes before that it may refer to.
 * Resolves with whether anything was written.
 */
export async function createChange(
  change: Create,
  created: readonly Change[],
  context: WriteContext,
): Promise<boolean> {
  const kind = context.kinds.named(change.kind)
  if (!kind.create) throw new UserError('not-readable', `the server does not show its ${kind.label}`)
  const defaults = layOver(kind, {}, withoutNulls(change.defaults))
  const write = writeOf({ ...change, values: withoutNulls(change.values) }, defaults, context)
  try {
    await withVisibleReferences(created, context, async () => kind.create?.(context.nexus, write))
    return true
  } catch (error) {
    if (!mayExistNow(error)) throw error
    const found = await findAfterFailure(change, context, error)
    const now = planObject(change.object, found, { ...context, options: { rotateSecrets: true } })
    // Somebody else's object of that name may be one that this file cannot have: another blob store, for one.
    if (now?.action === 'refused') throw createdMeanwhile(change, now.refusal)
    const wrote = now?.action === 'update' && (await overwrite(change, found, context))
    return wrote || error instanceof LostAnswerError
  }
}

/** A duplicate is 400 or 500 by version (nexus-api 7.1 item 2); a lost answer may hide a success. */
function mayExistNow(error: unknown): boolean {
  if (error instanceof LostAnswerError) return true
  return error instanceof AnswerError && [400, 409, 500].includes(error.status)
}

function createdMeanwhile({ id }: Change, { code, message, hint }: Refusal): UserError {
  return new UserError(code, `${id} was created on the server after the plan was made: ${message}`, { hint })
}
