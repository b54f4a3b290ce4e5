import type { FieldTable } from '../resources/contract/fields.ts'
import { forEachChild, type Located, type Path } from '../yaml/located.ts'
import { fold, foldPath } from './vocabulary.ts'

/** Fields whose own name on the wire is this word, in any spelling: `memberNames`, `blob_store_name`. */
export function fieldsNamed(fields: FieldTable, word: string): Path[] {
  const folded = fold(word)
  return pathsWhere(fields, (wire) => fold(wire.at(-1) ?? '') === folded)
}

/** Fields that Nexus has in a section of this name: `storage`, `docker`, `connection`. */
export function fieldsInSection(fields: FieldTable, word: string): Path[] {
  const folded = fold(word)
  return pathsWhere(fields, (wire) => wire.slice(0, -1).some((step) => fold(step) === folded))
}

/** A value inside a section that only Nexus has, and the field that it is. */
interface Flattened {
  /** Below the section. */
  inner: Path
  field: Path
}

/** What is written inside such a section, as far as it is known: `storage: {blobStoreName: images}` holds `blobStore`. */
export function flattened(fields: FieldTable, word: string, section: Located): Flattened[] {
  return leavesOf(section).flatMap((inner) => {
    const tail = fold(word) + foldPath(inner)
    const own = fold(word) === '' ? [] : pathsWhere(fields, (wire) => endsWith(wire, tail))
    // `dockerProxy: {remoteUrl: …}` is a field of another section there, and the same word.
    const [field] = own.length > 0 ? own : fieldsNamed(fields, String(inner.at(-1)))
    return field ? [{ inner, field }] : []
  })
}

/** Whether the last steps of a wire path, run together, are this. */
function endsWith(wire: readonly string[], tail: string): boolean {
  return wire.some((_, index) => foldPath(wire.slice(index)) === tail)
}

/** Every value below a node that is not a map, by its path; nothing of hostile depth. */
function leavesOf(node: Located, above: Path = []): Path[] {
  const leaves: Path[] = []
  if (node.kind !== 'map' || above.length > 3) return leaves
  forEachChild(node, (step, child) => {
    const path = [...above, step]
    const inner = leavesOf(child, path)
    leaves.push(...(inner.length > 0 ? inner : [path]))
  })
  return leaves
}

function pathsWhere(fields: FieldTable, fits: (wire: string[]) => boolean): Path[] {
  return Object.entries(fields).flatMap(([path, field]) =>
    !field.options.intent && fits(field.wire.split('.')) ? [path.split('.')] : [],
  )
}
