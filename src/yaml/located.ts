// The configuration as a tree that still knows where every key and value stands. Everything after the YAML parser works on
// it: overlays merge it, interpolation rewrites its strings, problems are placed by walking it.
import type { Span } from '../core/position.ts'
import type { Problem } from '../core/problem.ts'

export interface LocatedScalar {
  kind: 'scalar'
  /** string, number, boolean or null, as YAML 1.2 core resolves it. Big integers stay numbers or become strings, never bigint. */
  value: string | number | boolean | null
  span: Span
  /** The text held a `${…}` that was replaced: the schema may read it as a number or boolean. */
  interpolated?: boolean
}

export interface LocatedMap {
  kind: 'map'
  entries: Map<string, LocatedEntry>
  /** What stands under `x-accept`. It is about the map and none of its entries: nobody who reads those has to know of it. */
  accepts?: Located
  span: Span
}

/** The one key that begins with `x-` and means something: which warnings about this map, and what is in it, have been read. */
export const acceptKey = 'x-accept'

export interface LocatedEntry {
  key: Span
  value: Located
}

export interface LocatedList {
  kind: 'list'
  items: Located[]
  span: Span
}

export type Located = LocatedScalar | LocatedMap | LocatedList

/** Keys and list indexes from the root of the file: `['repositories', 'docker', 'members', 0]`. */
export type Path = readonly (string | number)[]

/** The node at the path, or undefined where the file does not go that deep. */
export function nodeAt(root: Located, path: Path): Located | undefined {
  let node: Located | undefined = root
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value
    else if (node?.kind === 'list') node = node.items[Number(step)]
    else return undefined
  }
  return node
}

/** Whether nothing but the word null is there, or nothing at all behind a key. */
export function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** Calls back for every value of a map and every item of a list. */
export function forEachChild(node: Located, visit: (step: string | number, child: Located) => void): void {
  if (node.kind === 'map') for (const [key, { value }] of node.entries) visit(key, value)
  if (node.kind === 'list') for (const [index, item] of node.items.entries()) visit(index, item)
}

/** Where to point for a path: the value (or its key, `at: 'key'`), else the deepest ancestor that the file has. */
export function spanAt(root: Located, path: Path, at: 'key' | 'value' = 'value'): Span {
  let node = root
  let span = root.span
  for (const [index, step] of path.entries()) {
    const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined
    const next = entry?.value ?? (node.kind === 'list' ? node.items[Number(step)] : undefined)
    if (!next) return span
    const last = index === path.length - 1
    // A whole map or list is a block of many lines: its key is the better place to point at.
    span = entry && ((last && at === 'key') || next.kind !== 'scalar') ? entry.key : next.span
    node = next
  }
  return span
}

/** A problem of the value at a path, or of its key. An error, unless it says otherwise. */
export function problemAt(
  root: Located,
  path: Path,
  about: Pick<Problem, 'code' | 'message' | 'hint'> & { severity?: Problem['severity'] },
  at: 'key' | 'value' = 'value',
): Problem {
  return { severity: 'error', ...about, path: formatPath(path), span: spanAt(root, path, at) }
}

/** The tree as plain data, for the schema. `ignore`: keys of a map that somebody else reads. */
export function toPlain(node: Located, ignore: readonly string[] = []): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map((item) => toPlain(item))
  const plain: Record<string, unknown> = {}
  for (const [key, entry] of node.entries) {
    if (ignore.includes(key)) continue
    const value = toPlain(entry.value)
    // Assigned, this one would be the object's prototype instead of a key.
    if (key === '__proto__')
      Object.defineProperty(plain, key, { value, enumerable: true, configurable: true })
    else plain[key] = value
  }
  return plain
}

/** The path as problems print it: `['repositories', 'docker', 'members', 0]` is `repositories.docker.members[0]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('')
}
