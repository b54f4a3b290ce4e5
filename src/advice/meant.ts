import { similar } from '../core/similar.ts'
import type { Move } from '../yaml/correct.ts'
import { formatPath, type Located, nodeAt, type Path } from '../yaml/located.ts'
import { fold, foldPath, type Vocabulary } from './vocabulary.ts'
import { fieldsInSection, fieldsNamed, flattened } from './wire-names.ts'
import { placesOfSecrets } from './wording.ts'

/** What is said of a key that does not exist where it stands. */
export interface Advice {
  /** What to do. */
  hint: string
  /** Where its value was meant to stand, in the object: it is read there. */
  moves?: readonly Move[]
  /** Fields of the object that it may have been meant to be: that they are missing is told already. */
  perhaps?: readonly Path[]
}

/** A key that is not known where it stands. All paths are below the object that it is in. */
export interface UnknownKey {
  key: string
  parent: Path
  value: Located
  /** The object. */
  object: Located
}

/** What can be known of a key from the object that it is in. The first that has an answer counts. */
export function meantExactly(unknown: UnknownKey, own: Vocabulary): Advice | undefined {
  return (
    slippedOut(unknown) ??
    otherSpelling(unknown, own) ??
    otherLevel(unknown, own) ??
    otherName(unknown, own) ??
    otherShape(unknown, own)
  )
}

/** `env: NAME` beside the `password:` that it was meant to stand below. */
function slippedOut({ key, parent, object }: UnknownKey): Advice | undefined {
  const beside = nodeAt(object, parent)
  if (!placesOfSecrets.includes(key) || beside?.kind !== 'map') return undefined
  const keys = [...beside.entries.keys()]
  const above = keys[keys.indexOf(key) - 1]
  const value = above === undefined ? undefined : beside.entries.get(above)?.value
  if (above === undefined || value?.kind !== 'scalar' || value.value !== null) return undefined
  return {
    hint: `indent it one level deeper, below "${above}"`,
    moves: [{ from: [...parent, key], to: [...parent, above, key] }],
  }
}

/** `HTTPPORT`, `http-port` and `http_port` for `httpPort`. */
function otherSpelling(unknown: UnknownKey, own: Vocabulary): Advice | undefined {
  const same = keysAt(own, unknown.parent).find((key) => isAlike(key, unknown.key))
  return same === undefined ? undefined : slip(unknown, same)
}

/** A key of the same object that stands elsewhere: one indentation too deep or too shallow. */
function otherLevel(unknown: UnknownKey, own: Vocabulary): Advice | undefined {
  const { key, parent } = unknown
  const places = own.paths.filter((path) => isAlike(String(path.at(-1)), key) && !isAt(path, parent))
  if (places.length > 0) return advise(unknown, places, (place) => placeHint(key, parent, place))
  // `negative_cache_enabled`
  const folded = foldPath(parent) + fold(key)
  const runTogether = own.paths.filter((path) => path.length > 1 && foldPath(path) === folded)
  return runTogether.length > 0 ? advise(unknown, runTogether, isHere(unknown, '')) : undefined
}

/** Nexus's own name of a field, or that of another tool. */
function otherName(unknown: UnknownKey, own: Vocabulary): Advice | undefined {
  const { key, parent } = unknown
  const onWire = existing(fieldsNamed(own.fields, key), own)
  const isExact = Object.values(own.fields).some(({ wire }) => wire.split('.').at(-1) === key)
  if (onWire.length > 0) {
    const below = onWire.filter((path) => isBelow(path, parent))
    return advise(unknown, below.length > 0 ? below : onWire, isHere(unknown, isExact ? "Nexus's " : ''))
  }
  const folded = fold(key)
  // `constructor` is a key that people can write, and one that every object has.
  const others = (Object.hasOwn(own.otherNames, folded) && own.otherNames[folded]) || []
  const named = existing(
    others.map((path) => path.split('.')),
    own,
  )
  return named.length > 0 ? advise(unknown, named, isHere(unknown, '')) : undefined
}

/** A section that Nexus has and the file does without: `storage: {blobStoreName: …}`. */
function otherShape(unknown: UnknownKey, own: Vocabulary): Advice | undefined {
  const { key, parent, value } = unknown
  const fields = existing(fieldsInSection(own.fields, key), own).filter((path) => isBelow(path, parent))
  if (fields.length === 0) return undefined
  const written = flattened(own.fields, key, value).filter(({ field }) => existing([field], own).length > 0)
  const from = [...parent, key]
  const moves = written.map(({ inner, field }) => ({ from: [...from, ...inner], to: field }))
  const names = (written.length > 0 ? written.map(({ field }) => field) : fields).map((path) =>
    shown(path, parent),
  )
  return {
    hint: `Nexus's "${key}" is flat here: write ${[...new Set(names)].join(', ')} ${parent.length === 0 ? 'without it' : `below "${formatPath(parent)}"`}`,
    moves,
    perhaps: written.length > 0 ? [] : fields,
  }
}

/** A key of the kinds that share the section: `remoteUrl` in a hosted repository. */
export function meantElsewhere(unknown: UnknownKey, others: readonly Vocabulary[]): Advice | undefined {
  const { key, parent } = unknown
  const owners = others.filter(({ paths }) =>
    paths.some((path) => isAt(path, []) && isAlike(String(path[0]), key)),
  )
  if (parent.length === 0 && owners.length > 0) {
    const name = owners[0]?.paths.find((path) => isAlike(String(path[0]), key))?.[0] ?? key
    return { hint: `"${name}" belongs to ${owners.map(({ words }) => words).join(' or ')}` }
  }
  for (const other of others) {
    const advice = otherLevel(unknown, other) ?? otherName(unknown, other) ?? otherShape(unknown, other)
    if (advice) return { hint: `${advice.hint}, and belongs to ${other.words}` }
  }
  return undefined
}

/** A word that is nearly one: of those that may stand there, then of those that may stand elsewhere in the object. */
export function meantNearly(unknown: UnknownKey, own: Vocabulary): Advice | undefined {
  const here = nearest(unknown.key, keysAt(own, unknown.parent))
  if (here !== undefined) return slip(unknown, here)
  const wire = Object.values(own.fields).map((field) => field.wire.split('.').at(-1) ?? '')
  const word = nearest(unknown.key, [...own.paths.map((path) => String(path.at(-1))), ...wire])
  if (word === undefined) return undefined
  const advice = meantExactly({ ...unknown, key: word }, own)
  return advice && { ...advice, hint: `did you mean "${word}"? ${advice.hint}`, moves: [] }
}

/** The word of a list that another was meant to be, however it is spelt. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const folded = new Map(candidates.map((candidate) => [fold(candidate), candidate]))
  const same = folded.get(fold(word))
  if (same !== undefined && fold(word) !== '') return same
  return similar(word, candidates) ?? folded.get(similar(fold(word), folded.keys()) ?? '')
}

/** Keys that may stand below a path. */
export function keysAt({ paths }: Vocabulary, parent: Path): string[] {
  return paths.filter((path) => isAt(path, parent)).map((path) => String(path.at(-1)))
}

function slip({ key, parent }: UnknownKey, meant: string): Advice {
  return {
    hint: `did you mean "${meant}"?`,
    moves: [{ from: [...parent, key], to: [...parent, meant] }],
    perhaps: [[...parent, meant]],
  }
}

/** Advice that names one place, or all that there are where nothing tells which was meant. */
function advise(
  { key, parent, object }: UnknownKey,
  places: readonly Path[],
  hintOf: (place: Path) => string,
): Advice {
  // Of several sections the one that is written, and lacks it, was meant.
  const open = places.filter(
    (place) => nodeAt(object, place.slice(0, -1))?.kind === 'map' && nodeAt(object, place) === undefined,
  )
  const likely = open.length > 0 && open.length < places.length ? open : places
  const [place] = likely
  if (place && likely.length === 1)
    return { hint: hintOf(place), moves: [{ from: [...parent, key], to: place }], perhaps: likely }
  const names = likely.map((path) => shown(path, parent))
  return { hint: `write ${names.join(' or ')}`, perhaps: likely }
}

function isHere({ key, parent }: UnknownKey, whose: string): (place: Path) => string {
  return (place) => `${whose}"${key}" is "${shown(place, parent)}" here`
}

/** How to put a key where it belongs. */
function placeHint(written: string, parent: Path, place: Path): string {
  const key = String(place.at(-1))
  const section = place.slice(0, -1)
  const renamed = written === key ? '' : `, as "${key}"`
  if (isBelow(parent, section))
    return `move it ${levelsUp(parent.length - section.length)}${renamed}: "${key}" belongs beside "${String(parent[section.length])}"`
  const inside = isBelow(section, parent) ? section.slice(parent.length) : section
  return `write it inside "${formatPath(inside)}"${renamed}: ${inside.map((step) => `${step}: {`).join('')}${key}: …${'}'.repeat(inside.length)}`
}

function levelsUp(levels: number): string {
  return levels === 1 ? 'one level up' : `${levels} levels up`
}

/** A path as it is written from a section of the object: below it, or from the object on. */
function shown(path: Path, parent: Path): string {
  return formatPath(isBelow(path, parent) ? path.slice(parent.length) : path)
}

function isAlike(a: string, b: string): boolean {
  return a === b || (fold(a) !== '' && fold(a) === fold(b))
}

function isAt(path: Path, parent: Path): boolean {
  return path.length === parent.length + 1 && isBelow(path, parent)
}

function isBelow(path: Path, parent: Path): boolean {
  return path.length >= parent.length && parent.every((step, index) => path[index] === step)
}

/** Those that the file can have: a kind's fields may be written another way (`realms`). */
function existing(places: readonly Path[], { paths }: Vocabulary): Path[] {
  const written = new Set(paths.map(formatPath))
  return places.filter((place) => written.has(formatPath(place)))
}
