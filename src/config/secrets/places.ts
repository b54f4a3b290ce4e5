import { chooseKind, mapSections } from '../../advice/choose-kind.ts'
import { sectionOf } from '../../core/json.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import { formatPath, type Located, nodeAt, type Path } from '../../yaml/located.ts'
import type { Tables } from '../config.ts'

/** A secret of the file, or what belongs to one, at the path that a kind or an intent has for it. */
export interface SecretPlace {
  path: Path
  node: Located
}

/** Dotted paths of a kind's fields that hold a secret. */
export function secretFields({ fields }: Kind): string[] {
  return Object.keys(fields).filter((path) => fields[path]?.options.secret)
}

/** Dotted paths of the texts that belong to a secret and are of no use without it: the user name of a login, its NTLM domain. */
function loginFields(kind: Kind): string[] {
  const sections = new Set(secretFields(kind).map(sectionOf))
  return Object.entries(kind.fields).flatMap(([path, { schema, options }]) =>
    sections.has(sectionOf(path)) &&
    sectionOf(path) !== '' &&
    !options.secret &&
    schema.safeParse('text').success
      ? [path]
      : [],
  )
}

/** Every secret that stands where it belongs. Of an entry that does not say what it is, all that its section may have. */
export function secretsIn(root: Located, tables: Tables): SecretPlace[] {
  const ofIntents = tables.intents.map(({ name, secrets }): [string, readonly string[]] => [
    name,
    secrets ?? [],
  ])
  return placesIn(root, tables, { ofSections: [['nexus', ['password']], ...ofIntents], ofKind: secretFields })
}

interface Wanted {
  ofSections: readonly (readonly [section: string, fields: readonly string[]])[]
  ofKind: (kind: Kind) => string[]
}

function placesIn(root: Located, { kinds }: Tables, { ofSections, ofKind }: Wanted): SecretPlace[] {
  const places: SecretPlace[] = []
  const look = (base: Path, fields: readonly string[] = []) => {
    for (const field of fields) {
      const path = [...base, ...field.split('.')]
      const node = nodeAt(root, path)
      if (node) places.push({ path, node })
    }
  }
  for (const [section, fields] of ofSections) look([section], fields)
  for (const kind of kinds.all) if (kind.section.form === 'block') look([kind.section.key], ofKind(kind))
  for (const section of mapSections(kinds)) {
    const node = nodeAt(root, [section.key])
    const own = new Map(section.kinds.map((kind) => [kind, ofKind(kind)]))
    const all = [...new Set([...own.values()].flat())]
    if (node?.kind !== 'map' || all.length === 0) continue
    for (const [name, { value }] of node.entries) {
      const chosen = chooseKind(section, value)
      look([section.key, name], 'kind' in chosen ? own.get(chosen.kind) : all)
    }
  }
  return places
}

/** Tells whether a path of the tree belongs to a login: how to sign in is of no use without the password, nor is where. */
export function loginTest(root: Located, tables: Tables) {
  let known: Set<string> | undefined
  return (path: Path): boolean => {
    const wanted: Wanted = { ofSections: [['nexus', ['url', 'username']]], ofKind: loginFields }
    known ??= new Set(placesIn(root, tables, wanted).map((place) => formatPath(place.path)))
    return known.has(formatPath(path))
  }
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
