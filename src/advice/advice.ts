import type { Move } from '../yaml/correct.ts'
import type { Path } from '../yaml/located.ts'
import { meantBeyond, meantInside, type Outline, saysItsType } from './beyond.ts'
import {
  type Advice,
  keysAt,
  meantElsewhere,
  meantExactly,
  meantNearly,
  nearest,
  type UnknownKey,
} from './meant.ts'
import { fold, type Vocabulary } from './vocabulary.ts'

/** What an object knows of keys: its own, those of the kinds that share its section, those of the file. */
export interface Subject {
  /** Where the object stands in the file; [] for the file itself. */
  base: Path
  own: Vocabulary
  others?: readonly Vocabulary[]
  outline: Outline
  /** What is known of a key before all else. */
  first?: (unknown: UnknownKey) => string | undefined
}

/**
 * What was meant by an unknown key, the surest first: the same word in another spelling, at another level, by Nexus's or another tool's
 * name; then that of another kind or another part of the file; then what is nearly the same.
 */
export function adviceOn(unknown: UnknownKey, subject: Subject): Advice {
  const { base, own, others = [], outline, first } = subject
  const hint = first?.(unknown)
  if (hint !== undefined) return { hint }
  const inSection = meantInside(unknown, base, outline)
  const beyond = meantBeyond(unknown, base, outline)
  const inObject = (advice: Advice | undefined) => advice && fromRoot(advice, base)
  return (
    (saysItsType(unknown, outline) ? beyond : undefined) ??
    inObject(meantExactly(unknown, own)) ??
    meantElsewhere(unknown, others) ??
    beyond ??
    (isSection(unknown, subject) ? undefined : inSection) ??
    inObject(meantNearly(unknown, own)) ??
    nearlyElsewhere(unknown, others) ??
    inSection ??
    known(own, unknown.parent)
  )
}

/** What may stand there, where nothing else can be said. */
export function known(own: Vocabulary, parent: Path): Advice {
  return { hint: `known here: ${keysAt(own, parent).sort().join(', ')}` }
}

/** Whether a key at the top of the file is nearly a section, and holds what a section holds; so is every key of an object. */
function isSection({ key, value }: UnknownKey, { base, own, outline }: Subject): boolean {
  if (base.length > 0) return true
  const word = nearest(key, keysAt(own, []))
  const part = outline.find((one) => one.key === word)
  if (!part) return false
  const keys = part.vocabularies.flatMap((vocabulary) => vocabulary.keys)
  if (value.kind !== 'map') return keys.length === 0
  const entries = [...value.entries]
  const fits = part.map
    ? entries.some(([, { value: inner }]) => inner.kind === 'map')
    : entries.some(([inner]) => keys.includes(inner))
  return fits || (entries.length === 0 && keys.length > 0)
}

/** A key of another kind, misspelt. */
function nearlyElsewhere(unknown: UnknownKey, others: readonly Vocabulary[]): Advice | undefined {
  const word = nearest(
    unknown.key,
    others.flatMap(({ keys }) => keys),
  )
  if (unknown.parent.length > 0 || word === undefined || fold(word) === fold(unknown.key)) return undefined
  const advice = meantElsewhere({ ...unknown, key: word }, others)
  return advice && { hint: `did you mean "${word}"? ${advice.hint}` }
}

function fromRoot(advice: Advice, base: Path): Advice {
  const { moves = [], perhaps = [] } = advice
  return {
    ...advice,
    moves: moves.map(({ from, to }): Move => ({ from: [...base, ...from], to: [...base, ...to] })),
    perhaps: perhaps.map((path) => [...base, ...path]),
  }
}
