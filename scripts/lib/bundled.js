import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './bundle.js'

/**
 * The packages that have code in the bundle, by esbuild's own account: what it left out asks for no licence and has no faults.
 * @param {import('esbuild').Metafile} metafile
 * @returns {Promise<{ folder: string, name: string, version: string, license: string }[]>} sorted by folder
 */
export async function bundledPackages({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  return Promise.all([...new Set(folders)].toSorted().map(described))
}

/** @param {string} folder of a package, relative to the root */
async function described(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
  return { folder, name, version, license }
}
