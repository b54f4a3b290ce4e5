import type { Choice } from '../resources/contract/description.ts'
import type { Kind } from '../resources/contract/kind.ts'
import type { KindTable } from '../resources/contract/table.ts'
import type { Located } from '../yaml/located.ts'

/** The keys that choose a kind among those that share its map: `type: hosted`. */
export function choicesOf({ section }: Kind): Readonly<Record<string, Choice>> {
  return section.form === 'map' ? (section.chosenBy ?? {}) : {}
}

/** How an entry of the kind says what it is: `type: hosted`; '' where nothing needs to be said. */
export function choiceWords(kind: Kind): string {
  return Object.entries(choicesOf(kind))
    .map(([key, { word }]) => `${key}: ${word}`)
    .join(', ')
}

/** A section of the file that holds objects by name. */
export interface MapSection {
  key: string
  /** Those that share it. */
  kinds: readonly Kind[]
  /** Every key that chooses among them. */
  choosing: readonly string[]
}

/** Every section that holds objects by name. */
export function mapSections({ all }: KindTable): MapSection[] {
  const keys = new Set(all.flatMap(({ section }) => (section.form === 'map' ? [section.key] : [])))
  return [...keys].map((key) => {
    const kinds = all.filter(({ section }) => section.form === 'map' && section.key === key)
    return { key, kinds, choosing: [...new Set(kinds.flatMap((kind) => Object.keys(choicesOf(kind))))] }
  })
}

/** The kind that an entry says to be, or the key that does not tell, with the kinds that the keys before it leave. */
export function chooseKind(
  { kinds, choosing }: MapSection,
  entry: Located | undefined,
): { kind: Kind } | { key: string; left: readonly Kind[] } {
  let left = kinds
  for (const key of choosing) {
    const node = entry?.kind === 'map' ? entry.entries.get(key)?.value : undefined
    const fitting = left.filter((kind) => fits(choicesOf(kind)[key], node))
    if (fitting.length === 0) return { key, left }
    left = fitting
  }
  const [kind] = left
  return kind ? { kind } : { key: '', left }
}

function fits(choice: Choice | undefined, node: Located | undefined): boolean {
  if (!node) return choice === undefined || choice.implied === true
  return choice !== undefined && node.kind === 'scalar' && node.value === choice.word
}
