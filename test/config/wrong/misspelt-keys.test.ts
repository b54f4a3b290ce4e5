// Whoever misspells a key is told so once, at the key, with the key that was meant.
import { expect, test } from 'vitest'
import { lineStarts, positionAt } from '../../../src/core/position.ts'
import { forEachChild, type Located, type Path } from '../../../src/yaml/located.ts'
import { parseYaml } from '../../../src/yaml/parse.ts'
import { defined } from '../defined.ts'
import { environmentFor, everyField, exampleFiles } from '../example-files.ts'
import { loadText, placed } from '../load-text.ts'

/** Sections whose keys are names. */
const maps = ['routingRules', 'blobStores', 'repositories']

interface Key {
  path: Path
  start: number
  word: string
  /** All keys of the map that it is in. */
  beside: readonly string[]
}

/** Every key of a file that the tool knows, once each, where it is written. */
function keysOf(text: string): Key[] {
  const root = defined(parseYaml({ name: 'f.yml', text }).root)
  const found = new Map<number, Key>()
  look(root, [])
  return [...found.values()]

  function look(node: Located, above: Path): void {
    forEachChild(node, (step, child) => {
      const path = [...above, step]
      const isName = path.length === 2 && maps.includes(String(above[0]))
      if (node.kind === 'map' && !isName) {
        const { start, end } = defined(node.entries.get(String(step))).key
        const word = String(step)
        if (text.slice(start, end) === word)
          found.set(start, { path, start, word, beside: [...node.entries.keys()] })
      }
      look(child, path)
    })
  }
}

/** What fingers and other tools make of a word. */
function slipsOf(word: string): string[] {
  const letters = Array.from(word)
  const at = (index: number, other: string) => word.slice(0, index) + other + word.slice(index + 1)
  const words = word.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  const slips = [
    ...letters.map((_, index) => at(index, '')),
    ...letters.map((letter, index) => at(index, letter + letter)),
    ...letters.map(
      (letter, index) => word.slice(0, index) + (letters[index + 1] ?? '') + letter + word.slice(index + 2),
    ),
    word.toUpperCase(),
    word.toLowerCase(),
    word.charAt(0).toUpperCase() + word.slice(1),
    words.replaceAll(' ', '_'),
    words.replaceAll(' ', '-'),
  ]
  return [...new Set(slips)].filter((slip) => slip !== '' && slip !== word && !slip.startsWith('-'))
}

interface Outcome {
  slip: string
  /** What is wrong with what was told; undefined where it is right. */
  fault: string | undefined
}

/** Undefined where the slip is another key, and no mistake that anybody could see. */
async function misspell(text: string, key: Key, slip: string): Promise<Outcome | undefined> {
  const wrong = text.slice(0, key.start) + slip + text.slice(key.start + key.word.length)
  const environment = environmentFor(text)
  const errors = placed(await loadText(wrong, { environment })).filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return undefined
  const { line, column } = positionAt(lineStarts(wrong), key.start)
  const places = new Set(errors.map((error) => `${error.line}:${error.column}`))
  const [first] = errors
  const isThere = places.has(`${line + 1}:${column + 1}`)
  const isNamed = new RegExp(`\\b${key.word}\\b`).test(first?.hint ?? '')
  const fault = !isThere
    ? 'not told at the key'
    : places.size > 1
      ? 'told more than once'
      : isNamed
        ? undefined
        : 'the hint'
  const shown = `${key.path.join('.')} as ${slip}: ${errors.map(({ line: at, code, hint }) => `${at} ${code} "${hint}"`).join('; ')}`
  return { slip, fault: fault && `${fault}: ${shown}` }
}

/** Slips that make another key of the same object, which the file then lacks or has twice. */
function isOther({ beside }: Key, slip: string): boolean {
  return [...beside, 'http', 'https', 'httpPort', 'httpsPort', 'index', 'online'].includes(slip)
}

/** One slip in so many is tried, on each run the same; `EVERY=1` tries them all. */
const { EVERY } = process.env

test.each([
  ['every field', [everyField], 10],
  ['the examples', exampleFiles(), 35],
])('%s', { timeout: 600_000 }, async (_, files, few) => {
  const every = EVERY === undefined ? few : Number(EVERY)
  const faults: string[] = []
  let count = 0
  for (const text of files) {
    for (const key of keysOf(text)) {
      const slips = slipsOf(key.word).filter((slip) => !isOther(key, slip))
      for (const [index, slip] of slips.entries()) {
        if ((index + key.start) % every !== 0) continue
        const outcome = await misspell(text, key, slip)
        if (!outcome) continue
        count += 1
        if (outcome.fault !== undefined) faults.push(outcome.fault)
      }
    }
  }
  expect(count).toBeGreaterThan(250)
  expect(faults.slice(0, 40), `${count - faults.length} of ${count} hold`).toEqual([])
})

// The last two are inherited as the first one is: at some keys.
test.each([
  ['constructor', 1],
  ['__proto__', 1],
  ['toString', 5],
  ['hasOwnProperty', 5],
])('the key "%s" is one like any other', async (word, every) => {
  for (const [index, { start, word: key }] of keysOf(everyField).entries()) {
    if (index % every !== 0) continue
    const wrong = everyField.slice(0, start) + word + everyField.slice(start + key.length)
    const told = placed(await loadText(wrong, { environment: environmentFor(everyField) }))
    // A repository without its type is told at its name.
    if (key === 'type') continue
    const { line } = positionAt(lineStarts(wrong), start)
    expect(
      told.map((problem) => problem.line),
      `${key} at line ${line + 1}`,
    ).toContain(line + 1)
  }
})
