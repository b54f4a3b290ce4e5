import { actualValue } from '../resources/contract/fields.ts'
import type { Kind } from '../resources/contract/kind.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { Change } from './types.ts'

/** A port or a subdomain that a change wants and that the object of another change has now. */
export interface Claim {
  value: string | number
  taker: Change
  takerField: string
  holder: Change
  holderField: string
}

/**
 * What changes take from each other, for their order. What nobody gives up is none of them: the rules have found that. Nor is what an
 * object moves between its own fields: one request does it.
 */
export function claimsOf(changes: readonly Change[], kinds: KindTable): Claim[] {
  const held = new Map<string | number, { holder: Change; holderField: string }>()
  for (const holder of changes)
    for (const { field, value } of givenUp(holder, kinds.named(holder.kind)))
      held.set(value, { holder, holderField: field })
  if (held.size === 0) return []
  return changes.flatMap((taker) =>
    (kinds.named(taker.kind).exclusive ?? []).flatMap((takerField): Claim[] => {
      const value = taker.fields.find(({ path }) => path === takerField)?.after
      const holding = isExclusive(value) ? held.get(value) : undefined
      if (!isExclusive(value) || !holding || holding.holder === taker) return []
      return [{ value, taker, takerField, ...holding }]
    }),
  )
}

/** The values that the server has and the change replaces, by the fields that hold them. */
function givenUp({ seen, fields: changed }: Change, { exclusive = [], fields }: Kind) {
  return exclusive.flatMap((name) => {
    const field = fields[name]
    const isChanged = changed.some(({ path }) => path === name)
    const value = seen && field && isChanged ? actualValue(field, seen) : undefined
    return isExclusive(value) ? [{ field: name, value }] : []
  })
}

function isExclusive(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}
