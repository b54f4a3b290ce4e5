// Builds the program into dist: two files, and the licences of the packages in them.
// usage: node scripts/build.js
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundle, root } from './lib/bundle.js'
import { bundledPackages } from './lib/bundled.js'

const dist = join(root, 'dist')
const next = `${dist}.${process.pid}`
const { metafile } = await build({ ...bundle, outdir: next })
await writeFile(join(next, 'THIRD-PARTY-LICENSES.txt'), await licencesOf(metafile))

// Built beside and moved file by file, the one that is read first last: where it is, so is the rest. A start reads both within
// milliseconds, and nothing later: a program that runs is safe. One that starts in the very moment may join the old command line to
// the new commands. Names with a hash would not: but then old files have to stay for a while, and would be packed with the new ones.
await mkdir(dist, { recursive: true })
const built = (await readdir(next)).toSorted((a, b) => Number(a === 'cli.cjs') - Number(b === 'cli.cjs'))
for (const name of built) await rename(join(next, name), join(dist, name))
for (const name of await readdir(dist))
  if (!built.includes(name)) await rm(join(dist, name), { recursive: true })
await rm(next, { recursive: true })

/**
 * The licence of each package that has code in the bundle, as its terms ask whoever passes it on.
 * @param {import('esbuild').Metafile} metafile
 */
async function licencesOf(metafile) {
  const packages = await bundledPackages(metafile)
  const texts = await Promise.all(packages.map(licenceOf))
  return `nexus-docker holds code of these ${packages.length} packages. Each comes with its licence.\n\n${texts.join('\n')}`
}

/** @param {Awaited<ReturnType<typeof bundledPackages>>[number]} package_ */
async function licenceOf({ folder, name, version, license }) {
  const names = await readdir(join(root, folder))
  const files = names.filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file)).toSorted()
  // Nothing is shipped whose terms cannot be shown.
  if (files.length === 0) throw new Error(`${folder} holds no text of its licence`)
  const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')))
  return `${name} ${version} (${license})\n\n${texts.join('\n')}`
}
