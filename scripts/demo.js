// What the README promises, run for real: a file is applied to the built-in sandbox, then applied again with nothing to do.
// Ends with 1 when anything is not as it should be.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { bin, root, run, startSandbox } from './lib/cli.js'

const file = 'examples/first-start/repos.yml'
const { version: programVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const colors = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (style, text) => (colors ? styleText(style, text) : text)
const say = (text) => process.stdout.write(`${paint('dim', `# ${text}`)}\n`)

/** Shows a command as a user types it and everything that it prints. */
async function show(env, ...args) {
  process.stdout.write(`\n${paint('bold', `$ nexus-docker ${args.join(' ')}`)}\n`)
  const result = await run([bin, ...args], {
    env: { ...env, ...(colors && { FORCE_COLOR: '1' }) },
    onText: (text) => process.stdout.write(text),
  })
  process.stdout.write(paint('dim', `(exit code ${result.code})\n`))
  return result
}

/** What the server itself says, asked past the tool. */
async function dockerRepositories({ url, username, password }) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const response = await fetch(`${url}/service/rest/v1/repositories`, { headers: { authorization } })
  const repositories = /** @type {{ format: string, name: string }[]} */ (await response.json())
  return repositories
    .filter(({ format }) => format === 'docker')
    .map(({ name }) => name)
    .sort()
}

async function demo(sandbox) {
  const { version, edition, env } = sandbox
  say(`a sandbox answers as Nexus ${version} ${edition} does, and is gone when this ends`)
  assert.deepEqual(await dockerRepositories(sandbox), [], 'a new server has no docker repository')

  const first = await show(env, 'apply', '-f', file, '--yes')
  assert.equal(first.code, 0, 'the first apply succeeds')
  const names = await dockerRepositories(sandbox)
  assert.equal(names.length, 3, 'the server has all three repositories')

  say('on a real Nexus these addresses answer; a sandbox has no images behind them')

  const second = await show(env, 'apply', '-f', file, '--yes')
  assert.equal(second.code, 0, 'the second apply succeeds')
  assert.match(second.stdout, /No changes\./, 'the second apply has nothing to do')
  process.stdout.write('\n')
  say('next, for a file of your own:')
  process.stdout.write(
    `npm pack && npm install --global ./nexus-docker-${programVersion}.tgz\nnexus-docker init\n`,
  )
}

const sandbox = await startSandbox()
// Whoever reads along has gone (`| head`): the sandbox goes, too.
process.stdout.on('error', () => void sandbox.stop().then(() => process.exit(1)))
let stopped
try {
  await demo(sandbox)
} catch (error) {
  process.stderr.write(`\nthe demo is not as it should be: ${error.message}\n`)
  process.exitCode = 1
} finally {
  stopped = await sandbox.stop()
}
if (stopped !== 0) {
  process.stderr.write(`the sandbox ended with ${stopped}\n`)
  process.exitCode = 1
}
