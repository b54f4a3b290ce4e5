// Builds the program into dist: one file, and the licences of the packages in it.
// usage: node scripts/build.js
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle, root } from './lib/bundle.js'

const { build } = await import('esbuild').catch(() => {
  console.error('the packages that build nexus-docker are not there: run npm ci first')
  process.exit(1)
})

const dist = join(root, 'dist')
const next = `${dist}.${process.pid}`
const { metafile } = await build({ ...bundle, outdir: next })
await writeFile(join(next, 'licences.txt'), await licencesOf(metafile))

// Built beside and moved file by file: who starts the program meanwhile finds the old one or the new one.
await mkdir(dist, { recursive: true })
const built = await readdir(next)
for (const name of built) await rename(join(next, name), join(dist, name))
for (const name of await readdir(dist))
  if (!built.includes(name)) await rm(join(dist, name), { recursive: true })
await rm(next, { recursive: true })

/**
 * The licence of each package that has code in the bundle, as its terms ask whoever passes it on.
 * @param {import('esbuild').Metafile} metafile
 */
async function licencesOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  const texts = [...new Set(folders)].toSorted().map(licenceOf)
  return (await Promise.all(texts)).join('\n')
}

/** @param {string} folder of a package */
async function licenceOf(folder) {
  const path = join(root, folder)
  const { name, version, license } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'))
  const file = ['license', 'LICENSE', 'LICENSE.md', 'LICENSE.txt'].find((file) =>
    existsSync(join(path, file)),
  )
  const text = file ? await readFile(join(path, file), 'utf8') : 'The package holds no text of its licence.\n'
  return `${name} ${version} (${license})\n\n${text}`
}
