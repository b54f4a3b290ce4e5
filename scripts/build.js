// Bundles src into dist: one entry, one chunk per command, so that a command loads only what it uses.
import { rename, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

// got reaches for HTTP/2 at import, which costs a tenth of the start-up and is never used: Nexus speaks HTTP/1.1.
const withoutHttp2 = {
  name: 'without-http2',
  setup(builder) {
    builder.onResolve({ filter: /^http2-wrapper$/ }, ({ path }) => ({ path, namespace: 'unused' }))
    builder.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'export default { auto() { throw new Error("HTTP/2 is not part of this program") } }',
    }))
  },
}

// Built beside and moved, so that a program that is running finds either the old files or the new ones.
const next = `dist.${process.pid}`
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
  plugins: [withoutHttp2],
  logLevel: 'warning',
  // Some bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);" },
})
await rm('dist', { recursive: true, force: true })
await rename(next, 'dist')
// `node scripts/build.js --metafile FILE` says what each chunk holds, for the tests of start-up.
const at = process.argv.indexOf('--metafile')
if (at > 0) await writeFile(process.argv[at + 1], JSON.stringify(metafile).replaceAll(`${next}/`, 'dist/'))
