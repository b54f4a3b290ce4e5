// The archive of recordings that `npm run contract` reads: takes files into it, or lays them out for the recorder's compare.mjs.
// usage: node scripts/recordings.js pack FOLDER | unpack FOLDER
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { archive, readRecordings, writeRecordings } from './lib/recordings.js'

const [, , verb, folder] = process.argv
if (folder === undefined || (verb !== 'pack' && verb !== 'unpack')) {
  console.error('usage: node scripts/recordings.js pack FOLDER | unpack FOLDER')
  process.exit(1)
}
if (verb === 'pack') pack(folder)
else unpack(folder)

/**
 * What is in the archive and not in the folder stays.
 * @param {string} folder
 */
function pack(folder) {
  const known = existsSync(archive) ? readRecordings() : {}
  const found = readdirSync(folder)
    .filter((name) => /^(core|lifecycle)-.*\.json$/.test(name))
    .map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))])
  const recordings = { ...known, ...Object.fromEntries(found) }
  writeRecordings(Object.fromEntries(Object.entries(recordings).toSorted(([a], [b]) => (a < b ? -1 : 1))))
  console.log(`${found.length} taken, ${Object.keys(recordings).length} in the archive`)
}

/** @param {string} folder */
function unpack(folder) {
  mkdirSync(folder, { recursive: true })
  for (const [name, recording] of Object.entries(readRecordings()))
    writeFileSync(join(folder, name), `${JSON.stringify(recording, null, 1)}\n`)
}
