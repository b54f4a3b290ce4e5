// Installs the packed tarball into an empty prefix, without a network, and uses it: on each Node.js that is supported.
// usage: node scripts/node-versions.js [VERSION…]
// The binaries come from the npm registry. Where they cannot be had, that version is skipped visibly; in CI it fails.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const oldest = engines.node.replace('>=', '')

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [oldest, '20', '22', '24']
// A run takes seconds; whoever waits for minutes waits for a network that is not there.
/** @type {{ timeout: number, killSignal: NodeJS.Signals }} */
const limits = { timeout: 120_000, killSignal: 'SIGKILL' }

/** npm as a script, so that any node can run it. */
async function npmScript() {
  if (process.env.npm_execpath?.endsWith('npm-cli.js')) return process.env.npm_execpath
  const { stdout } = await execute('npm', ['root', '--global'], limits)
  return join(stdout.trim(), 'npm/bin/npm-cli.js')
}

/** The folder with the node binary of a version, such as 22 or 20.17, or why there is none. */
async function fetchNode(npm, release, folder) {
  // what the package `node` would install for this platform, without its install script
  const name = `node-${platform() === 'win32' ? 'win' : platform()}-${arch()}`
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder]
  mkdirSync(folder)
  try {
    await execute(process.execPath, [npm, ...args, `${name}@${release}`], { ...limits, cwd: folder })
  } catch (error) {
    const lines = String(error.stderr || error.message).split('\n')
    return { reason: lines.find((line) => /^npm error (?!code |A complete)/.test(line)) ?? lines[0] }
  }
  const bin = join(folder, 'node_modules', name, 'bin')
  return existsSync(join(bin, 'node')) ? { bin } : { reason: `${name}@${release} holds no bin/node` }
}

/** What a person does after the installation; each has to succeed without a warning of Node's own. */
const uses = [
  { args: ['--version'], expected: new RegExp(`^${version}\n$`) },
  { args: ['init', '--yes'], expected: /repos\.yml/ },
  { args: ['validate'], expected: /is valid/ },
  { args: ['apply', '--sandbox'], expected: /Applied: \d+ created/ },
]

async function check(npm, bin, tarball, folder) {
  const prefix = join(folder, 'prefix')
  const work = join(folder, 'work')
  mkdirSync(work)
  const node = join(bin, 'node')
  const install = ['install', '--global', '--offline', '--cache', join(folder, 'cache'), '--prefix', prefix]
  await execute(node, [npm, ...install, tarball], { ...limits, cwd: folder })
  const env = {
    PATH: [bin, join(prefix, 'bin'), process.env.PATH].join(delimiter),
    NO_COLOR: '1',
    HOME: work,
  }
  for (const { args, expected } of uses) {
    const { stdout, stderr } = await execute('nexus-docker', args, { ...limits, cwd: work, env })
    const command = `nexus-docker ${args.join(' ')}`
    if (!expected.test(stdout)) throw new Error(`${command} printed:\n${stdout}${stderr}`)
    if (/^\(node:\d+\) /m.test(stderr)) throw new Error(`${command} warned:\n${stderr}`)
  }
  const { stdout } = await execute('node', ['--version'], { ...limits, env })
  return stdout.trim()
}

const folder = mkdtempSync(join(tmpdir(), 'nexus-docker-node-'))
let failures = 0
try {
  const npm = await npmScript()
  // The build has run; another one under the feet of others would break them.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { stdout } = await execute(process.execPath, [npm, ...pack], { ...limits, cwd: root })
  const tarball = join(folder, JSON.parse(stdout)[0].filename)
  for (const release of wanted) {
    const own = join(folder, release)
    mkdirSync(own)
    const { bin, reason } = await fetchNode(npm, release, join(own, 'node'))
    if (bin === undefined) {
      console.log(`skipped: Node.js ${release}: ${reason}`)
      if (process.env.CI) failures += 1
      continue
    }
    const start = performance.now()
    try {
      const running = await check(npm, bin, tarball, own)
      console.log(
        `ok    Node.js ${running}: installed and used in ${((performance.now() - start) / 1000).toFixed(1)} s`,
      )
    } catch (error) {
      failures += 1
      console.log(`FAIL  Node.js ${release}: ${error.stderr || error.message}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(failures === 0 ? 0 : 1)
