import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

// What got brings along for options that are never set (test/package.test.ts): a fifth of the time until a plan is shown.
const unused = './scripts/lib/unused-by-got.js'

/**
 * How esbuild makes the program: src and its packages become two files, the command line and what it runs. Of each `import()` it
 * makes a lazy initialiser, so that a command runs only the code that it uses (docs/explanation/decisions.md says why two files, and
 * why CommonJS).
 * @satisfies {import('esbuild').BuildOptions}
 */
export const bundle = {
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts', commands: 'src/commands.ts' },
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // Less text is parsed faster.
  minify: true,
  // Licences are in THIRD-PARTY-LICENSES.txt.
  legalComments: 'none',
  alias: { 'http2-wrapper': unused, 'cacheable-request': unused, 'cacheable-lookup': unused },
  metafile: true,
  logLevel: 'warning',
}
