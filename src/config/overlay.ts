import type { Located, LocatedEntry } from './located.ts'

/**
 * Lays a later file over an earlier one: maps merge key by key, everything else (lists, scalars, null) is replaced.
 * A null stays in the tree: to the kinds it means "remove". Neither argument is changed.
 */
export function overlay(base: Located, top: Located): Located {
  if (base.kind !== 'map' || top.kind !== 'map') return top
  const entries = new Map<string, LocatedEntry>(base.entries)
  for (const [name, over] of top.entries) {
    const under = entries.get(name)
    const merges = under?.value.kind === 'map' && over.value.kind === 'map'
    // What merges is still at home where it was first written: problems of the whole are shown there.
    entries.set(name, merges ? { key: under.key, value: overlay(under.value, over.value) } : over)
  }
  return { kind: 'map', entries, span: base.span }
}
