import { looksLikeOne, type Outline, type Part } from '../../advice/beyond.ts'
import { chooseKind, type MapSection } from '../../advice/choose-kind.ts'
import { external, fold, vocabularyOf } from '../../advice/vocabulary.ts'
import { move } from '../../yaml/correct.ts'
import { isNull, type Located, nodeAt, problemAt } from '../../yaml/located.ts'
import type { Reading } from './reading.ts'

// Where names of objects belong, something else may stand: a field that is indented too little, or a section that is indented too much.

interface Context {
  section: MapSection
  reading: Reading
  outline: Outline
}

/** Tells of entries that are no objects, and reads them where they belong. Returns the names that are left. */
export function namesOfObjects(context: Context): string[] {
  const { section, reading, outline } = context
  const node = nodeAt(reading.root, [section.key])
  const part = outline.find(({ key }) => key === section.key)
  if (node?.kind !== 'map' || !part) return []
  const names: string[] = []
  const slips: { name: string; before: string | undefined }[] = []
  for (const [name, { value }] of node.entries) {
    if (belongsAtTop(name, value, part, outline)) tellSection(name, context)
    else if (isField(name, value, part)) slips.push({ name, before: names.at(-1) })
    else names.push(name)
  }
  // An object without its name is one slip, however many fields it has.
  const first = slips.findIndex(({ before }) => before === undefined)
  for (const [index, { name, before }] of slips.entries())
    if (before !== undefined || index === first) tellField(name, before, part, context)
  return names
}

/** `anonymous: {enabled: true}` below `repositories:`. */
function belongsAtTop(name: string, value: Located, own: Part, outline: Outline): boolean {
  const part = outline.find(({ key }) => key === name && key !== own.key)
  if (!part || isNull(value) || looksLikeOne(own, value)) return false
  if (value.kind !== 'map') return !part.map
  if (part.map) return [...value.entries.values()].some((entry) => looksLikeOne(part, entry.value))
  return knowsAll(part.vocabularies[0]?.keys ?? [], value)
}

/** `httpPort: 8083` beside the names of repositories. */
function isField(name: string, value: Located, { vocabularies, ...part }: Part): boolean {
  // An empty blob store is one, an empty repository is none.
  if (isNull(value) && part.map && 'kind' in chooseKind(part.map, undefined)) return false
  const word = fold(name)
  if (value.kind !== 'map') return word !== '' && vocabularies.some(({ folded }) => folded.has(word))
  if (looksLikeOne({ ...part, vocabularies }, value)) return false
  return vocabularies.some(({ keys, paths }) => {
    if (!keys.includes(name)) return false
    const inner = paths.flatMap((path) => (path.length === 2 && path[0] === name ? [String(path[1])] : []))
    return inner.length > 0 && knowsAll(inner, value)
  })
}

function knowsAll(known: readonly string[], value: Located): boolean {
  return (
    value.kind === 'map' &&
    value.entries.size > 0 &&
    [...value.entries.keys()].every((key) => known.includes(key))
  )
}

function tellSection(name: string, { section, reading }: Context): void {
  const path = [section.key, name]
  const hint = `move it to the top of the file: "${name}" belongs beside "${section.key}"`
  tell(reading, path, `"${name}" is a section of its own`, hint)
  move(reading, { from: path, to: [name] })
}

function tellField(
  name: string,
  before: string | undefined,
  part: Part,
  { section, reading }: Context,
): void {
  const path = [section.key, name]
  const noun = part.noun ?? 'an object'
  const hint =
    before === undefined
      ? `write a name above it, and all fields below the name: "NAME: {${name}: …}"`
      : `indent it one level deeper, below "${before}"`
  tell(reading, path, `"${name}" is a field of ${noun}, not the name of one`, hint)
  if (before === undefined) return
  const object = [section.key, before]
  const chosen = chooseKind(section, nodeAt(reading.root, object))
  const known = 'kind' in chosen ? vocabularyOf(chosen.kind, reading).keys : [...section.choosing, external]
  const key = known.find((one) => fold(one) === fold(name))
  if (key !== undefined) move(reading, { from: path, to: [...object, key] })
}

function tell({ root, problems }: Reading, path: readonly string[], message: string, hint: string): void {
  problems.push(problemAt(root, path, { code: 'unknown-key', message, hint }, 'key'))
}
