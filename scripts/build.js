// Bundles src into dist: one entry, one chunk per command, so that a command loads only what it uses.
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: { cli: 'src/cli.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: process.argv.includes('--sourcemap'),
  legalComments: 'external',
  metafile: false,
  logLevel: 'warning',
  // Some bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);" },
})
