// Bundles src into dist: one entry, one chunk per command, so that a command loads only what it uses.
import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, transform } from 'esbuild'

/**
 * What packages bring along for features that this program never uses, and what costs it start-up: got's HTTP/2 client,
 * response cache and DNS cache; the language data of Intl for the wording of two messages in got's type checks; and yaml's
 * CommonJS build, of which nothing can be left out (its ES build has the same code).
 */
const lighterImports = {
  name: 'lighter-imports',
  setup(builder) {
    builder.onResolve({ filter: /^(http2-wrapper|cacheable-request|cacheable-lookup)$/ }, ({ path }) => ({
      path,
      namespace: 'unused',
    }))
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `export class CacheError extends Error {}
        export default class { constructor() { throw new Error('${path} is not part of this program') } }`,
    }))
    builder.onResolve({ filter: /^yaml$/ }, () => ({ path: resolve('node_modules/yaml/browser/index.js') }))
    builder.onLoad({ filter: /@sindresorhus\/is\/distribution\/index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const contents = text.replaceAll(
        /new Intl\.ListFormat\([^)]*\)/g,
        '{ format: (list) => [...list].join(", ") }',
      )
      if (contents === text)
        throw new Error(`${path} no longer uses Intl.ListFormat: remove this replacement`)
      return { contents }
    })
  },
}

// usage: node scripts/build.js [--outdir DIR] [--metafile FILE]
// The metafile says what each chunk holds, for the tests of what is loaded when.
const { values: options } = parseArgs({
  options: { outdir: { type: 'string', default: 'dist' }, metafile: { type: 'string' } },
})

// Built beside and moved, so that a program that is running finds either the old files or the new ones.
const next = `${options.outdir}.${process.pid}`
const { metafile } = await build({
  entryPoints: { cli: 'src/cli.ts' },
  outdir: next,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Less text is parsed faster.
  minify: true,
  legalComments: 'external',
  metafile: true,
  plugins: [lighterImports],
  logLevel: 'warning',
})
await makeCommonJs(next)
await rm(options.outdir, { recursive: true, force: true })
await rename(next, options.outdir)
if (options.metafile) {
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [nameOf(path), withNames(output)])
  await writeFile(options.metafile, JSON.stringify({ outputs: Object.fromEntries(outputs) }))
}

/**
 * esbuild splits ES modules only, and compiled code can be kept by a program itself for scripts only (bin/code-cache.js): each chunk is rewritten on its own.
 * `build` in package.json tells one build from every other.
 */
async function makeCommonJs(folder) {
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.js')).toSorted()) {
    const path = join(folder, name)
    const { code } = await transform(await readFile(path, 'utf8'), {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      supported: { 'dynamic-import': false },
      minify: true,
      charset: 'ascii',
    })
    hash.update(`${name}\n${code}`)
    await writeFile(path, code)
  }
  const description = { type: 'commonjs', build: hash.digest('hex').slice(0, 16) }
  await writeFile(join(folder, 'package.json'), JSON.stringify(description))
}

/** Chunks are named as they are in the package, wherever they were built. */
function nameOf(path) {
  return `dist/${basename(path)}`
}

function withNames(output) {
  const imports = output.imports.map((entry) => ({
    ...entry,
    path: entry.external ? entry.path : nameOf(entry.path),
  }))
  return { ...output, imports }
}
