import type { Intent } from '../../intents/contract.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { formatPath, type Located, nodeAt, type Path } from '../../yaml/located.ts'
import type { Tables } from '../config.ts'
import { chooseKind, mapSections } from '../schema/choose-kind.ts'

/** A secret of the file, at the path that a kind or an intent has for it. */
export interface SecretPlace {
  path: Path
  node: Located
}

/** Dotted paths of a kind's fields that hold a secret. */
export function secretFields({ fields }: Kind): string[] {
  return Object.keys(fields).filter((path) => fields[path]?.options.secret)
}

/** Every secret that stands where it belongs. Of an entry that does not say what it is, all that its section may have. */
export function secretsIn(root: Located, { kinds, intents }: Tables): SecretPlace[] {
  const paths: Path[] = [['nexus', 'password'], ...intents.flatMap(intentPaths)]
  for (const kind of kinds.all)
    if (kind.section.form === 'block') paths.push(...fieldPaths([kind.section.key], [kind]))
  for (const [key, candidates] of mapSections(kinds)) {
    const section = nodeAt(root, [key])
    if (section?.kind !== 'map' || candidates.every((kind) => secretFields(kind).length === 0)) continue
    for (const [name, { value }] of section.entries) {
      const chosen = chooseKind(candidates, value)
      paths.push(...fieldPaths([key, name], 'kind' in chosen ? [chosen.kind] : candidates))
    }
  }
  return paths.flatMap((path) => {
    const node = nodeAt(root, path)
    return node ? [{ path, node }] : []
  })
}

function intentPaths({ name, secrets = [] }: Intent): Path[] {
  return secrets.map((path) => [name, ...path.split('.')])
}

function fieldPaths(base: Path, kinds: readonly Kind[]): Path[] {
  const fields = new Set(kinds.flatMap(secretFields))
  return [...fields].map((field) => [...base, ...field.split('.')])
}

/** Tells whether a path of the tree is a secret, or with `inside` also the place that a reference to one names. */
export function secretTest(root: Located, tables: Tables, { inside }: { inside: boolean }) {
  let known: Set<string> | undefined
  return (path: Path): boolean => {
    known ??= new Set(secretsIn(root, tables).map((place) => formatPath(place.path)))
    const last = path.at(-1)
    const isInside = inside && (last === 'env' || last === 'file')
    return known.has(formatPath(path)) || (isInside && known.has(formatPath(path.slice(0, -1))))
  }
}
