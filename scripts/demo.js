// What the README promises, run for real: a file is applied to the built-in sandbox, then applied again with nothing to do; `verify` proves
// that it serves; an image is pulled through it. Ends with 1 when anything is not as it should be.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { bin, root, run, startSandbox } from './lib/cli.js'
import { freePorts } from './lib/free-ports.js'
import { pullImage } from './lib/pull-image.js'
import { fillUpstream } from './lib/sample-upstream.js'

const file = 'scripts/demo.yml'
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

/** What stands for Docker Hub here. */
async function sampleUpstream() {
  const upstream = await startSandbox()
  sandboxes.push(upstream)
  return fillUpstream(upstream, { token: true })
}

async function demo() {
  const sandbox = await startSandbox()
  sandboxes.push(sandbox)
  const upstream = await sampleUpstream()
  const [hosted, group] = await freePorts(2)
  const { version, edition } = sandbox
  say(`a sandbox answers as Nexus ${version} ${edition} does, and is gone when this ends;`)
  say('another one has an image and stands for Docker Hub')
  assert.deepEqual(await dockerRepositories(sandbox), [], 'a new server has no docker repository')
  const env = {
    ...sandbox.env,
    HOSTED_PORT: String(hosted),
    GROUP_PORT: String(group),
    UPSTREAM: upstream.remoteUrl,
  }

  const first = await show(env, 'apply', '-f', file, '--yes')
  assert.equal(first.code, 0, 'the first apply succeeds')
  const names = await dockerRepositories(sandbox)
  assert.equal(names.length, 3, 'the server has all three repositories')

  const second = await show(env, 'apply', '-f', file, '--yes')
  assert.equal(second.code, 0, 'the second apply succeeds')
  assert.match(second.stdout, /No changes\./, 'the second apply has nothing to do')

  const { name, tag } = upstream
  const proof = await show(env, 'verify', '-f', file, '--image', `hub=${name}:${tag}`)
  assert.equal(proof.code, 0, 'everything serves')

  const pulled = await pullImage(`http://127.0.0.1:${group}`, name, tag, 'amd64')
  assert.equal(pulled.digest, upstream.digest, 'the group serves the image of the upstream')
  process.stdout.write('\n')
  say(
    `pulled 127.0.0.1:${group}/${name}:${tag} through the group, as docker pull does, with nobody logged in:`,
  )
  say(`${pulled.digest}, as upstream`)
  process.stdout.write('\n')
  say('next, for a file of your own:')
  process.stdout.write(
    `npm pack && npm install --global ./nexus-docker-${programVersion}.tgz\nnexus-docker init\n`,
  )
}

const sandboxes = []
const stopAll = () => Promise.all(sandboxes.map((sandbox) => sandbox.stop()))
// Whoever reads along has gone (`| head`): the sandboxes go, too.
process.stdout.on('error', () => void stopAll().then(() => process.exit(1)))
try {
  await demo()
} catch (error) {
  process.stderr.write(`\nthe demo is not as it should be: ${error.message}\n`)
  process.exitCode = 1
}
const stopped = await stopAll()
if (stopped.some((code) => code !== 0)) {
  process.stderr.write(`the sandboxes ended with ${stopped.join(' and ')}\n`)
  process.exitCode = 1
}
