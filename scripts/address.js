// Sets where the project lives: in package.json, and in everything that shows it.
// usage: node scripts/address.js OWNER/NAME
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const address = process.argv[2] ?? ''
if (!/^[\w.-]+\/[\w.-]+$/.test(address)) {
  console.error('usage: node scripts/address.js OWNER/NAME')
  process.exit(1)
}

const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const present = new URL(repository.url.replace(/^git\+|\.git$/g, '')).pathname.slice(1)
const paths = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'action.yml',
  ...textsIn('docs'),
  ...textsIn('examples'),
]
for (const path of paths) {
  const text = readFileSync(join(root, path), 'utf8')
  const changed = text.replaceAll(present, address)
  if (changed === text) continue
  writeFileSync(join(root, path), changed)
  console.log(`changed ${path}`)
}

/** @param {string} folder */
function textsIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|yml)$/.test(name))
    .map((name) => join(folder, name))
}
