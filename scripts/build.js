// Bundles src into dist: one entry, one chunk per command, so that a command loads only what it uses.
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

/**
 * What packages do at import for features that this program never uses, and that costs a quarter of its start-up: got loads
 * an HTTP/2 client, and the type checks that got uses load the language data of Intl for the wording of two messages.
 */
const lighterImports = {
  name: 'lighter-imports',
  setup(builder) {
    builder.onResolve({ filter: /^http2-wrapper$/ }, ({ path }) => ({ path, namespace: 'unused' }))
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'export default { auto() { throw new Error("HTTP/2 is not part of this program") } }',
    }))
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
  // Names stay readable in stack traces; less text is parsed faster.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'external',
  metafile: true,
  plugins: [lighterImports],
  logLevel: 'warning',
  // Some bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);" },
})
await rm(options.outdir, { recursive: true, force: true })
await rename(next, options.outdir)
if (options.metafile) {
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [nameOf(path), withNames(output)])
  await writeFile(options.metafile, JSON.stringify({ outputs: Object.fromEntries(outputs) }))
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
