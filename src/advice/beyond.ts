import type { Located, Path } from '../yaml/located.ts'
import { chooseKind, type MapSection } from './choose-kind.ts'
import { type Advice, nearest, type UnknownKey } from './meant.ts'
import { external, fold, type Vocabulary } from './vocabulary.ts'

/** A section of the file. */
export interface Part {
  key: string
  /** What one of its objects is called: `a repository`. Undefined for a section that is one block. */
  noun?: string
  map?: MapSection
  /** What its objects know; one for a block. */
  vocabularies: readonly Vocabulary[]
}

/** The file as what its sections are called and hold. */
export type Outline = readonly Part[]

/** A key that is right in another part of the file: at the top of it, or a whole object that stands one level too deep or too shallow. */
export function meantBeyond(
  { key, parent, value }: UnknownKey,
  base: Path,
  outline: Outline,
): Advice | undefined {
  const at = [...base, ...parent]
  const home = outline.find((part) => part.map && looksLikeOne(part, value))
  if (home) {
    const isTaken = at.length === 0 && outline.some((part) => part.key === key)
    if (!isTaken) return { hint: objectHint(home, at), moves: [{ from: [...at, key], to: [home.key, key] }] }
  }
  if (at.length === 0) return undefined
  const top = outline.find((part) => part.key === key || fold(part.key) === fold(key))
  if (!top) return undefined
  return {
    hint: `move it to the top of the file: "${top.key}" belongs beside "${String(at[0])}"`,
    moves: [{ from: [...at, key], to: [top.key] }],
  }
}

/** Whether a value says that it is an object of some section, in the word that is needed there: `type: group`. */
export function saysItsType({ value }: UnknownKey, outline: Outline): boolean {
  return outline.some(
    ({ map }) =>
      map !== undefined &&
      value.kind === 'map' &&
      map.choosing.some((key) => value.entries.has(key)) &&
      'kind' in chooseKind(map, value),
  )
}

/** A key that some section has: `httpPort` or `exclude` at the top of the file. */
export function meantInside({ key, parent }: UnknownKey, base: Path, outline: Outline): Advice | undefined {
  const parts = outline.filter(({ vocabularies }) => vocabularies.some(({ folded }) => folded.has(fold(key))))
  if (parts.length === 0 || parts.length > mostNamed || fold(key) === '') return undefined
  const hint = parts.map((part) => insideHint(part, key)).join(', or ')
  const [part] = parts
  if (!part || part.map || parts.length > 1) return { hint }
  const name = nearest(key, part.vocabularies[0]?.keys ?? []) ?? key
  return { hint, moves: [{ from: [...base, ...parent, key], to: [part.key, name] }] }
}

/** Places that a hint names at most. */
const mostNamed = 3

function insideHint({ key: section, noun }: Part, key: string): string {
  return noun === undefined
    ? `write it inside "${section}": ${section}: {${key}: …}`
    : `"${key}" belongs to ${noun}: write it below "${section}:" and a name`
}

function objectHint({ key, noun = '' }: Part, at: Path): string {
  const isName = at.length > 1 && at[0] === key
  return isName
    ? `this looks like ${noun}: move it one level up, beside "${String(at[1])}"`
    : `this looks like ${noun}: write it below "${key}:"`
}

/** Whether a value is an object of a section beyond doubt: it says its type, or has nothing but fields of one. */
export function looksLikeOne({ map, vocabularies }: Part, value: Located): boolean {
  if (!map || value.kind !== 'map' || value.entries.size === 0) return false
  if (map.choosing.some((key) => value.entries.has(key))) return 'kind' in chooseKind(map, value)
  const keys = [...value.entries.keys()].filter((key) => key !== external)
  const isOne = (known: readonly string[], required: readonly string[]) =>
    keys.every((key) => known.includes(key)) && required.every((key) => keys.includes(key))
  return keys.length > 0 && vocabularies.some((one) => isOne(one.keys, one.required))
}
