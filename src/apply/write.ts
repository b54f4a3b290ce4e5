import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../core/errors.ts'
import { equalJson } from '../core/json.ts'
import { AnswerError, LostAnswerError } from '../nexus/answer-error.ts'
import type { Nexus } from '../nexus/connection.ts'
import { diffValues, layOver } from '../plan/diff.ts'
import { planObject } from '../plan/plan.ts'
import type { Change, FieldChange, Step } from '../plan/types.ts'
import type { Actual } from '../resources/define.ts'
import { actualValue } from '../resources/fields.ts'
import type { ServerState } from '../state/state.ts'

export interface WriteContext {
  nexus: Nexus
  state: ServerState
  rotateSecrets: boolean
  signal: AbortSignal
  /** What is left to change of objects that gave up ports: the plan's own release is no foreign change. */
  released: Map<Change, FieldChange[]>
}

/**
 * Creates the object. When the server refuses or the answer is lost, it is read again: if it is there now, an earlier try
 * or somebody else made it, and the change goes on as an update. Resolves with whether anything was written.
 */
export async function createChange(change: Change, step: Step, context: WriteContext): Promise<boolean> {
  const { kind, id } = change
  if (!kind.create) throw new UserError('not-readable', `the server does not show its ${kind.label}`)
  const body = layOver(kind, layOver(kind, {}, withoutNulls(change.defaults)), withoutNulls(change.values))
  try {
    await withVisibleReferences(step, context, () => kind.create?.(context.nexus, id, body))
    return true
  } catch (error) {
    if (!mayExistNow(error)) throw error
    const found = await findAfterFailure(change, context, error)
    await overwrite(change, found, context)
    return true
  }
}

function withoutNulls<T extends Record<string, unknown>>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as T
}

/** A duplicate is 400 or 500 by version (nexus-api 7.1 item 2); a lost answer may hide a success. */
function mayExistNow(error: unknown): boolean {
  if (error instanceof LostAnswerError) return true
  return error instanceof AnswerError && [400, 409, 500].includes(error.status)
}

async function findAfterFailure(change: Change, context: WriteContext, failure: unknown): Promise<Actual> {
  try {
    const found = await change.kind.find(context.nexus, change.id)
    if (found) return found
  } catch {
    // The first failure tells more than the second.
  }
  throw failure
}

/**
 * Updates the object after one more look at it. If it is no longer what the plan saw, the change is planned again; a result
 * that differs from what was shown is refused with both versions.
 */
export async function updateChange(change: Change, step: Step, context: WriteContext): Promise<boolean> {
  const { kind, id } = change
  const current = await kind.find(context.nexus, id)
  if (!current) {
    throw new UserError('changed-since-plan', `${id} was deleted on the server after the plan was made`, {
      hint: 'run the command again',
    })
  }
  const now = planObject(change.object, current, context.state, { rotateSecrets: context.rotateSecrets })
  const fields = now?.fields ?? []
  if (fields.length === 0) return false
  const planned = context.released.get(change) ?? change.fields
  if (!equalJson(comparable(fields), comparable(planned))) throw changedSincePlan(change, current)
  await withVisibleReferences(step, context, () => overwrite(change, current, context))
  return true
}

/** Sends the server's current object with the written values laid over it, and reads it back where that is needed. */
async function overwrite(change: Change, current: Actual, context: WriteContext): Promise<void> {
  const { kind, id } = change
  const values = kind.desired?.(change.object.spec, current) ?? change.values
  const differs = diffValues(kind, values, current, { because: {}, rotateSecrets: true }).length > 0
  if (!differs) return
  await kind.update(context.nexus, id, layOver(kind, current.wire, values), current)
  if (!kind.readBack) return
  const after = await kind.find(context.nexus, id)
  const left = after ? diffValues(kind, values, after, { because: {}, rotateSecrets: false }) : []
  if (left.length === 0) return
  throw new UserError(
    'not-kept',
    `the server accepted the ${kind.label} but does not have ${left.map(({ path }) => path).join(', ')} as written`,
    {
      hint: 'look at the settings in the web interface under System, HTTP',
    },
  )
}

/** Gives ports up in a request of its own, so that another repository can take them. */
export async function releasePorts(
  change: Change,
  fields: readonly string[],
  context: WriteContext,
): Promise<boolean> {
  const { kind, id } = change
  const current = await kind.find(context.nexus, id)
  if (!current)
    throw new UserError('changed-since-plan', `${id} was deleted on the server after the plan was made`)
  if (!equalJson(comparable(freshFields(change, current)), comparable(change.fields)))
    throw changedSincePlan(change, current)
  const released = Object.fromEntries(fields.map((field) => [field, null]))
  const secrets = Object.fromEntries(
    Object.entries(change.values).filter(([path]) => kind.fields[path]?.options.secret),
  )
  await kind.update(context.nexus, id, layOver(kind, current.wire, { ...released, ...secrets }), current)
  // From here on the plan's own release is what the server has; the change that follows is compared with that.
  change.fields = change.fields.map((field) =>
    fields.includes(field.path) ? { ...field, before: null } : field,
  )
  return true
}

function freshFields(change: Change, current: Actual): FieldChange[] {
  const values = change.kind.desired?.(change.object.spec, current) ?? change.values
  return diffValues(change.kind, values, current, { because: change.object.because, rotateSecrets: false })
}

function comparable(fields: readonly FieldChange[]): unknown {
  return fields
    .filter((field) => !field.secret)
    .map(({ path, before, after }) => ({ path, before, after }))
    .sort((a, b) => a.path.localeCompare(b.path))
}

function changedSincePlan(change: Change, current: Actual): UserError {
  const planned = change.actual
  const lines = change.fields
    .filter((field) => !field.secret)
    .map(({ path, before, after }) => {
      const field = change.kind.fields[path]
      const now = field && !field.section ? actualValue(field, current.wire) : undefined
      return `${path}: the plan saw ${JSON.stringify(planned ? before : null)}, the server has ${JSON.stringify(now ?? null)}, the file wants ${JSON.stringify(after)}`
    })
  return new UserError(
    'changed-since-plan',
    `${change.id} was changed on the server after the plan was made (${lines.join('; ')})`,
    {
      hint: 'nothing was written to it; run the command again to see a new plan',
    },
  )
}

const visibilityWaits = [100, 300, 700, 1500, 3000]

/**
 * On a cluster another node may not yet show what this run has just created. When a write is refused while something that
 * it refers to cannot be read, wait (about 5 s at most) until it can, and send the write once more.
 */
async function withVisibleReferences(
  step: Step,
  context: WriteContext,
  send: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await send()
  } catch (error) {
    const created = step.dependsOn
      .filter((needed) => needed.change.action === 'create')
      .map((needed) => needed.change)
    if (created.length === 0 || !(error instanceof AnswerError) || error.status !== 400) throw error
    const lagged = await waitUntilVisible(created, context)
    if (!lagged) throw error
    await send()
  }
}

/** Whether something was missing at first and is there now. */
async function waitUntilVisible(changes: readonly Change[], context: WriteContext): Promise<boolean> {
  for (const [index, wait] of [0, ...visibilityWaits].entries()) {
    await sleep(wait, undefined, { signal: context.signal }).catch(() => undefined)
    const found = await Promise.all(changes.map(({ kind, id }) => kind.find(context.nexus, id)))
    if (found.every((actual) => actual !== undefined)) return index > 0
  }
  return false
}
