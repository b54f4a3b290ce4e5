import { formatSize } from '../core/size.ts'
import { flowText } from '../core/yaml-text.ts'
import { itemText, listChange } from '../plan/list-change.ts'
import type { FieldChange } from '../plan/types.ts'
import type { Value } from '../resources/contract/fields.ts'

/** A value as plans show it: texts bare, lists in brackets, sizes with their unit; never a secret. */
function formatValue(value: Value, unit: FieldChange['unit']): string {
  if (value === null) return '(none)'
  if (Array.isArray(value)) return `[${value.map(itemText).join(', ')}]`
  if (typeof value === 'object') return flowText(value)
  if (typeof value === 'number' && unit === 'bytes') return formatSize(value)
  return value === '' ? '""' : String(value)
}

/** `before → after`, or the new value alone when there was none; lists item by item. */
export function formatChange(field: FieldChange, creating: boolean): string {
  if (field.secret) return field.before === null ? '(sensitive, set)' : '(sensitive, sent again)'
  const after = formatValue(field.after, field.unit)
  if (creating) return after
  const { before, isSet = false } = field
  return listChange(before, field.after, { isSet }) ?? `${formatValue(before, field.unit)} → ${after}`
}
