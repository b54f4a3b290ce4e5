// Asks the registry for known advisories about the packages that are in the program, and about no others.
// usage: node scripts/advisories.js
// Ends with 1 where there are any. Where nobody answers it says so and ends with 0: a registry that is down is no fault of a release.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { bundle, root } from './lib/bundle.js'
import { bundledPackages } from './lib/bundled.js'

const { metafile } = await build({ ...bundle, outdir: tmpdir(), write: false })
const packages = await bundledPackages(metafile)

const folder = await mkdtemp(join(tmpdir(), 'nexus-docker-advisories-'))
try {
  report(await audit(folder))
} finally {
  await rm(folder, { recursive: true, force: true })
}

/**
 * What `npm audit` says of a project that has the bundled packages alone, as this one's lock file has them. npm knows the registry, its
 * credentials and the proxies on the way.
 * @param {string} cwd
 */
async function audit(cwd) {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]))
  const project = { name: 'bundled', version: '0.0.0', dependencies }
  const locked = packages.map(({ folder, version }) => [folder, { ...lock.packages[folder], version }])
  const files = {
    'package.json': project,
    'package-lock.json': { ...lock, packages: { '': project, ...Object.fromEntries(locked) } },
  }
  for (const [name, content] of Object.entries(files))
    await writeFile(join(cwd, name), JSON.stringify(content))
  // With advisories npm ends with 1 and says which.
  const npm = promisify(execFile)('npm', ['audit', '--json', '--package-lock-only'], { cwd, timeout: 60_000 })
  try {
    return JSON.parse((await npm).stdout)
  } catch (error) {
    try {
      return JSON.parse(error.stdout)
    } catch {
      return { message: 'npm audit said nothing' }
    }
  }
}

/** @param {{ vulnerabilities?: Record<string, { via: (string | { title: string, url: string, severity: string })[] }>, message?: string }} answer */
function report({ vulnerabilities, message }) {
  if (vulnerabilities === undefined) {
    console.log(`not checked: no answer about advisories (${message ?? 'unknown reason'})`)
    return
  }
  const found = Object.entries(vulnerabilities).flatMap(([name, { via }]) =>
    // A text is the name of a package whose fault it shares, which is listed itself.
    via.flatMap((one) =>
      typeof one === 'string' ? [] : [`${name}: ${one.title} (${one.severity}) ${one.url}`],
    ),
  )
  for (const line of found) console.error(line)
  if (found.length === 0)
    console.log(`no known advisory about the ${packages.length} packages in the program`)
  else process.exitCode = 1
}
