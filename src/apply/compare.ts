import { UserError } from '../core/errors.ts'
import { sameValue } from '../plan/diff.ts'
import { listChange } from '../plan/list-change.ts'
import type { Change, FieldChange } from '../plan/types.ts'
import { actualValue, type FieldTable, type Value } from '../resources/contract/fields.ts'
import type { Actual, Kind } from '../resources/contract/kind.ts'

/**
 * Whether two plans of one object change the same fields from and to the same values, as the server understands values (sets in
 * another order are the same). Secrets are left out: nobody can tell what they were.
 */
export function sameChanges(
  fields: FieldTable,
  a: readonly FieldChange[],
  b: readonly FieldChange[],
): boolean {
  const others = new Map(visible(b).map((change) => [change.path, change]))
  return (
    visible(a).length === others.size &&
    visible(a).every((one) => {
      const other = others.get(one.path)
      const field = fields[one.path]
      if (!other || !field) return false
      return sameValue(field, one.before, other.before) && sameValue(field, one.after, other.after)
    })
  )
}

function visible(changes: readonly FieldChange[]): FieldChange[] {
  return changes.filter(({ secret }) => !secret)
}

/** The refusal to write over what somebody else has changed meanwhile; names what was seen, what is there and what is wanted. */
export function changedSincePlan(
  kind: Kind,
  planned: readonly FieldChange[],
  now: readonly FieldChange[],
  current: Actual,
): UserError {
  const paths = [...new Set([...visible(planned), ...visible(now)].map(({ path }) => path))]
  const lines = paths.flatMap((path) => {
    const before = planned.find((field) => field.path === path)
    const after = (before ?? now.find((field) => field.path === path))?.after
    const field = kind.fields[path]
    const there = field && !field.section ? (actualValue(field, current.wire) ?? null) : undefined
    if (!field || (before && there !== undefined && sameValue(field, before.before, there))) return []
    // A field that the plan did not change was then as the file wants it.
    const saw = before ? before.before : after
    const { set: isSet = false } = field.options
    return `${path}: ${threeSides({ saw, there, after }, isSet)}`
  })
  return new UserError(
    'changed-since-plan',
    `${current.id} was changed on the server after the plan was made${lines.length > 0 ? ` (${lines.join('; ')})` : ''}`,
    { hint: 'Nothing was written to it. Run the command again to see a new plan.' },
  )
}

/** What was seen, what is there, what is wanted; lists item by item. */
function threeSides(
  { saw, there, after }: Record<'saw' | 'there' | 'after', Value | undefined>,
  isSet: boolean,
): string {
  const items = listChange(saw, there, { isSet })
  return items === undefined
    ? `the plan saw ${JSON.stringify(saw)}, the server has ${JSON.stringify(there ?? 'something else')}, the file wants ${JSON.stringify(after)}`
    : `compared with the plan, the server has ${items}; the file wants ${listChange(there, after, { isSet }) ?? 'just that'}`
}

/** What the plan saw is gone: nothing to update. */
export function deletedSincePlan({ id }: Change): UserError {
  return new UserError('changed-since-plan', `${id} was deleted on the server after the plan was made`, {
    hint: 'Run the command again to create it.',
  })
}
