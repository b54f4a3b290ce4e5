import { sortedJson } from '../core/json.ts'
import { printableJson } from '../core/printable.ts'
import { flowText } from '../core/yaml-text.ts'

/** More places than these are not shown one by one. */
const longestOrder = 6

/** An item that stands for itself among signs, commas and brackets. */
const bare = /^[^\s,+\-"'[\]{}()→][^\s,"'→]*$/

/**
 * How one list becomes another, item by item: `+added at 3, -removed (198 kept)`. Where the order counts, what is not added at the
 * end has its place (from 1), and what is kept in another order is told as such. `isSet`: neither order nor repetition counts. Undefined
 * where nothing differs, and for what is no list.
 */
export function listChange(
  before: unknown,
  after: unknown,
  { isSet = false }: { isSet?: boolean } = {},
): string | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined
  const [old, fresh] = [before, after].map((list) => keyed(list, isSet)) as [Item[], Item[]]
  const kept = without(fresh, old).matched
  const added = without(fresh, old).left
  const removed = without(old, fresh).left
  const moved = isSet ? undefined : orderChange(without(old, fresh).matched, kept)
  if (added.length + removed.length === 0 && moved === undefined) return undefined
  const end = kept.at(-1)?.place ?? 0
  const signs = [
    ...added.map(({ text, place }) => (isSet || place > end ? `+${text}` : `+${text} at ${place}`)),
    ...removed.map(({ text }) => `-${text}`),
    ...(moved === undefined ? [] : [moved]),
  ]
  const rest = kept.length > 0 ? ` (${kept.length} kept)` : fresh.length === 0 ? ' (none left)' : ''
  return signs.join(', ') + rest
}

interface Item {
  key: string
  text: string
  /** From 1. */
  place: number
}

function keyed(list: readonly unknown[], isSet: boolean): Item[] {
  const items = list.map((value, index) => ({
    key: sortedJson(value),
    text: itemText(value),
    place: index + 1,
  }))
  return isSet ? [...new Map(items.map((item) => [item.key, item])).values()] : items
}

/** The items that another list has too, each as often as it has it, and those that it lacks. */
function without(list: readonly Item[], other: readonly Item[]): { matched: Item[]; left: Item[] } {
  const counts = new Map<string, number>()
  for (const { key } of other) counts.set(key, (counts.get(key) ?? 0) + 1)
  const result = { matched: [] as Item[], left: [] as Item[] }
  for (const item of list) {
    const count = counts.get(item.key) ?? 0
    counts.set(item.key, count - 1)
    result[count > 0 ? 'matched' : 'left'].push(item)
  }
  return result
}

/** `order b, a → a, b`, or between which places of the new list it differs. */
function orderChange(old: readonly Item[], fresh: readonly Item[]): string | undefined {
  const differs = (item: Item, index: number) => item.key !== old[index]?.key
  const first = fresh.findIndex(differs)
  if (first < 0) return undefined
  const last = fresh.findLastIndex(differs)
  const shown = (list: readonly Item[]) =>
    list
      .slice(first, last + 1)
      .map(({ text }) => text)
      .join(', ')
  return last - first < longestOrder
    ? `order ${shown(old)} → ${shown(fresh)}`
    : `order differs in positions ${fresh[first]?.place} to ${fresh[last]?.place}`
}

/** An item as it stands among others. */
export function itemText(value: unknown): string {
  if (typeof value !== 'string') return flowText(value)
  return bare.test(value) ? value : printableJson(value)
}
