import type { Choice } from '../../resources/contract/description.ts'
import type { Kind } from '../../resources/contract/kind.ts'
import type { KindTable } from '../../resources/contract/table.ts'
import type { Located } from '../../yaml/located.ts'

/** The keys that choose a kind among those that share its map: `type: hosted`. */
export function choicesOf({ section }: Kind): Readonly<Record<string, Choice>> {
  return section.form === 'map' ? (section.chosenBy ?? {}) : {}
}

/** Every key that chooses among these kinds. */
export function choosingKeys(candidates: readonly Kind[]): string[] {
  return [...new Set(candidates.flatMap((kind) => Object.keys(choicesOf(kind))))]
}

/** How an entry of the kind says what it is: `type: hosted`; '' where nothing needs to be said. */
export function choiceWords(kind: Kind): string {
  return Object.entries(choicesOf(kind))
    .map(([key, { word }]) => `${key}: ${word}`)
    .join(', ')
}

/** The sections of the file that hold objects by name, each with the kinds that share it. */
export function mapSections({ all }: KindTable): Map<string, Kind[]> {
  const sections = new Map<string, Kind[]>()
  for (const kind of all) {
    if (kind.section.form !== 'map') continue
    const { key } = kind.section
    sections.set(key, [...(sections.get(key) ?? []), kind])
  }
  return sections
}

/** The kind that an entry says to be, or the key that does not tell, with the kinds that the keys before it leave. */
export function chooseKind(
  candidates: readonly Kind[],
  entry: Located | undefined,
): { kind: Kind } | { key: string; left: readonly Kind[] } {
  let left = candidates
  for (const key of choosingKeys(candidates)) {
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
