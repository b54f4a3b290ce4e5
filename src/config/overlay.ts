import type { Located, LocatedEntry, Path } from '../yaml/located.ts'

/**
 * Lays a later file over an earlier one: maps merge key by key, everything else (lists, scalars, null) is replaced.
 * A null stays in the tree: to the kinds it means "remove". `isWhole` names the maps that are one value and replace each other
 * (a `{file: …}` over an `{env: …}`). Neither argument is changed.
 */
export function overlay(
  base: Located,
  top: Located,
  isWhole: (path: Path) => boolean = () => false,
  path: Path = [],
): Located {
  if (base.kind !== 'map' || top.kind !== 'map') return top
  const entries = new Map<string, LocatedEntry>(base.entries)
  for (const [name, over] of top.entries) {
    const under = entries.get(name)
    const at = [...path, name]
    const merges = under?.value.kind === 'map' && over.value.kind === 'map' && !isWhole(at)
    // What merges is still at home where it was first written: problems of the whole are shown there.
    entries.set(
      name,
      merges ? { key: under.key, value: overlay(under.value, over.value, isWhole, at) } : over,
    )
  }
  const accepts = top.accepts ?? base.accepts
  return { kind: 'map', entries, ...(accepts && { accepts }), span: base.span }
}
