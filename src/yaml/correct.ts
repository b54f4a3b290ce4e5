import type { Located, LocatedEntry, LocatedMap, Path } from './located.ts'

/** A value that is read at another place than where it stands. Both are paths from the root of the file. */
export interface Move {
  from: Path
  to: Path
}

/** The tree, and which of its maps belong to the reading: all others may be shared by aliases and are copied before they are changed. */
export interface Correctable {
  root: Located
  owned: Set<LocatedMap>
}

/**
 * Reads a value where it was meant to stand, so that a slip is told once and everything else is checked as if it had not happened. The value
 * keeps its place in the file. Does nothing where something else is there already; tells whether it did.
 */
export function move(tree: Correctable, { from, to }: Move): boolean {
  const source = mapAt(tree, from.slice(0, -1))
  const key = String(from.at(-1))
  const entry = source?.entries.get(key)
  if (!source || !entry || !isFree(tree.root, to)) return false
  const target = mapAt(tree, to.slice(0, -1), entry)
  if (!target) return false
  source.entries.delete(key)
  target.entries.set(String(to.at(-1)), entry)
  return true
}

/** Whether nothing stands there, and everything above it is a map, empty (`password:` alone) or not there either. */
function isFree(root: Located, path: Path): boolean {
  let node = root
  for (const step of path) {
    if (node.kind !== 'map') return isEmpty(node)
    const entry = node.entries.get(String(step))
    if (!entry) return true
    node = entry.value
  }
  return false
}

/** The map at a path, as one that may be changed; maps that are missing are made where there is an entry to put into them. */
function mapAt(tree: Correctable, path: Path, entry?: LocatedEntry): LocatedMap | undefined {
  let map = own(tree, tree.root)
  if (map) tree.root = map
  for (const step of path) {
    if (!map) return undefined
    const key = String(step)
    const known = map.entries.get(key)
    const home = known ?? entry
    const isMissing = entry !== undefined && (!known || isEmpty(known.value))
    const inner: LocatedMap | undefined = isMissing ? emptyMap(tree, entry) : known && own(tree, known.value)
    if (inner && home) map.entries.set(key, { key: home.key, value: inner })
    map = inner
  }
  return map
}

function isEmpty(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null
}

function own({ owned }: Correctable, node: Located): LocatedMap | undefined {
  if (node.kind !== 'map' || owned.has(node)) return node.kind === 'map' ? node : undefined
  const copy: LocatedMap = { ...node, entries: new Map(node.entries) }
  owned.add(copy)
  return copy
}

function emptyMap({ owned }: Correctable, { key }: LocatedEntry): LocatedMap {
  const map: LocatedMap = { kind: 'map', entries: new Map(), span: key }
  owned.add(map)
  return map
}
