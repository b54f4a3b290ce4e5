// What can be changed in the source: the mutants that Stryker's instrumenter finds, and a few that are always tried.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { git } from './mutation-lab.js'

/** The files to mutate, as git's patterns. One that finds nothing is named at the start. */
const places = [
  ...['plan', 'apply', 'state', 'intents', 'config/rules'].map((room) => `src/${room}/**/*.ts`),
  'src/resources/**/*rules*.ts',
  'src/**/*secret*.ts',
  'src/**/*secret*/**/*.ts',
]

/**
 * Changes that every sample holds: id, file, what is replaced there (it has to be there once), by what.
 * @type {[string, string, RegExp, string][]}
 */
const always = [
  ['nothing-unmanaged', 'src/plan/plan.ts', /(?<=unmanaged: )find\w+\([^()]*\)/, '[]'],
  ['never-not-kept', 'src/apply/prove.ts', /(?<=return )left(?=\n)/, 'new Map()'],
  ['no-patch-numbers', 'src/core/versions.ts', /(?<=of )\[0, 1, 2\]/, '[0, 1]'],
]

/**
 * A file with one change in it. `id` stays the same while lines move; `line` counts from 1; `content` is the whole changed file.
 * @typedef {{ id: string, file: string, line: number, mutator: string, content: string }} Mutant
 */

/**
 * The mutants of a checkout: those that are always tried, then the others in an order that depends on the seed alone.
 * @param {string} root
 * @param {{ seed: string, only: string }} options `only`: a part of the path
 * @returns {Promise<Mutant[]>}
 */
export async function mutantsOf(root, { seed, only }) {
  const names = places.flatMap((place) => filesAt(root, place)).filter((file) => file.includes(only))
  const contents = new Map(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]))
  const files = [...contents].map(([name, content]) => ({ name, mutate: true, content }))
  const options = { plugins: null, excludedMutations: [], ignorers: [] }
  const { mutants } = await new Instrumenter(silent).instrument(files, options)
  const rank = ({ id }) => hash(seed, id)
  return [
    ...always.filter(([, file]) => file.includes(only)).map((patch) => patched(root, patch)),
    ...identified(mutants, contents).toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)),
  ]
}

function filesAt(root, place) {
  const files = git(root, 'ls-files', '--', `:(glob)${place}`).split('\n')
  const ours = files.filter((file) => file !== '' && !file.startsWith('src/sandbox/'))
  if (ours.length === 0) console.error(`nothing to mutate: ${place}`)
  return ours
}

/** Equal changes of equal texts in one file are told apart by their number. */
function identified(mutants, contents) {
  const seen = new Map()
  return mutants.map(({ fileName: file, location, mutatorName: mutator, replacement }) => {
    const content = contents.get(file)
    const [start, end] = [location.start, location.end].map((position) => offsetOf(content, position))
    const key = hash(file, mutator, content.slice(start, end), replacement)
    seen.set(key, (seen.get(key) ?? 0) + 1)
    // An operator that binds less than the replaced one must not take its neighbours along.
    const text = /^(Logical|Arithmetic|Equality|Boolean)/.test(mutator) ? `(${replacement})` : replacement
    const id = hash(key, seen.get(key)).slice(0, 8)
    const changed = content.slice(0, start) + text + content.slice(end)
    return { id, file, line: location.start.line + 1, mutator, content: changed }
  })
}

function patched(root, [id, file, find, replacement]) {
  const [before = '', after, ...more] = readFileSync(join(root, file), 'utf8').split(find)
  if (after === undefined || more.length > 0) throw new Error(`${id}: ${file} does not hold ${find} once`)
  const line = before.split('\n').length
  return { id, file, line, mutator: 'always', content: before + replacement + after }
}

/** The position's line and column count from 0. */
function offsetOf(content, { line, column }) {
  return content.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + column
}

const hash = (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** @type {any} */
const silent = new Proxy({}, { get: () => () => false })
