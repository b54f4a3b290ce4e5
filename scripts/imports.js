// Checks who imports whom and how large folders are, and prints the rooms of src from the top floor down.
// usage: node scripts/imports.js
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, format } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { floors } from '../.dependency-cruiser.mjs'

const mostFiles = 20
/** Folders that are to be divided: a warning until then. */
const owed = ['src/nexus', 'test/nexus']

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const options = await extractOptions('./.dependency-cruiser.mjs')
const { output: result } = await cruise(['src', 'bin'], options, undefined, {
  tsConfig: extractTSConfig('tsconfig.json'),
})
if (typeof result === 'string') throw new Error(`dependency-cruiser gave a text: ${result}`)

const { output, exitCode } = await format(result, { outputType: 'err-long' })
const tooLarge = ['src', 'test'].flatMap(foldersIn).filter(({ files }) => files > mostFiles)
console.log(picture(result.modules))
console.log(output)
for (const folder of tooLarge) console.log(complaint(folder))
process.exitCode = exitCode > 0 || tooLarge.some(({ folder }) => !owed.includes(folder)) ? 1 : 0

/** @param {import('dependency-cruiser').IModule[]} modules */
function picture(modules) {
  const names = floors.flat()
  const rows = floors.flatMap((rooms, index) =>
    rooms.map((room) => {
      const files = modules.filter(({ source }) => roomOf(source) === room)
      const imported = new Set(
        files.flatMap(({ dependencies }) => dependencies.map(({ resolved }) => roomOf(resolved))),
      )
      const others = names.filter((name) => name !== room && imported.has(name))
      return [floors.length - index, room, ...sizeOf(files), others.join(', ')]
    }),
  )
  const total = ['', 'src', ...sizeOf(modules.filter(({ source }) => roomOf(source))), '']
  return [['floor', 'room', 'files', 'lines', 'imports'], ...rows, total].map(line).join('\n')
}

/** @param {(string | number)[]} row */
function line([floor, room, files, lines, imports]) {
  const numbers = [String(files).padStart(5), String(lines).padStart(6)]
  return [String(floor).padStart(5), String(room).padEnd(10), ...numbers, imports].join('  ').trimEnd()
}

/** The room of a file, `cli` for src/cli.ts and src/cli/options.ts; undefined outside src. */
function roomOf(path) {
  return /^src\/([^/.]+)/.exec(path)?.[1]
}

/** How many files these are, and how many lines. */
function sizeOf(modules) {
  const lines = modules.map(({ source }) => readFileSync(source, 'utf8').split('\n').length - 1)
  return [modules.length, lines.reduce((sum, more) => sum + more, 0)]
}

/**
 * How many files lie at one level, for a folder and each folder below it.
 * @returns {{ folder: string, files: number }[]}
 */
function foldersIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true })
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  return [{ folder, files: entries.filter((entry) => entry.isFile()).length }, ...below.flatMap(foldersIn)]
}

function complaint({ folder, files }) {
  const level = owed.includes(folder) ? 'warn' : 'error'
  return `  ${level} ${folder} holds ${files} files at one level, and ${mostFiles} is the most: divide it by subject.`
}
