import { isNull, type Located, type LocatedEntry, type Path } from '../yaml/located.ts'

/** What the paths of a file are. */
export interface OverlayPlaces {
  /** Maps that are one value and replace each other: a `{file: …}` over an `{env: …}`. */
  isWhole(path: Path): boolean
  /** Objects by name: null takes one out of the configuration. */
  isObject(path: Path): boolean
}

const noPlaces: OverlayPlaces = { isWhole: () => false, isObject: () => false }

/**
 * Lays a later file over an earlier one: maps merge key by key, everything else (lists, scalars, null) is replaced.
 * A null stays in the tree, where it means "remove" to the kinds; in place of an object that an earlier file describes it takes that
 * description back, as in a JSON merge patch (RFC 7396) and Helm's values: nothing is deleted on the server. Neither argument is changed.
 */
export function overlay(
  base: Located,
  top: Located,
  places: OverlayPlaces = noPlaces,
  path: Path = [],
): Located {
  if (base.kind !== 'map' || top.kind !== 'map') return top
  const entries = new Map<string, LocatedEntry>(base.entries)
  for (const [name, over] of top.entries) {
    const under = entries.get(name)
    const at = [...path, name]
    if (under && isNull(over.value) && places.isObject(at)) entries.delete(name)
    else entries.set(name, under ? overlayEntry(under, over, places, at) : over)
  }
  const accepts = top.accepts ?? base.accepts
  return { kind: 'map', entries, ...(accepts && { accepts }), span: base.span }
}

/** What merges is still at home where it was first written: problems of the whole are shown there. */
function overlayEntry(
  under: LocatedEntry,
  over: LocatedEntry,
  places: OverlayPlaces,
  at: Path,
): LocatedEntry {
  const merges = under.value.kind === 'map' && over.value.kind === 'map' && !places.isWhole(at)
  return merges ? { key: under.key, value: overlay(under.value, over.value, places, at) } : over
}
