// Starts the built CLI and its sandbox as children, for the demo and the bench.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const bin = fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))

/**
 * Runs a Node program to its end. `onText` gets what it prints as it comes, both streams in order of arrival.
 * Resolves with the exit code (null after a signal), both streams and the milliseconds from start to end.
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, onText?: (text: string) => void }} options
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string, milliseconds: number }>}
 */
export function run(args, { env = {}, onText } = {}) {
  return new Promise((done, fail) => {
    const start = performance.now()
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const result = { code: null, stdout: '', stderr: '', milliseconds: 0 }
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        result[stream] += text
        onText?.(text)
      })
    }
    child.on('error', fail)
    child.on('close', (code) => done({ ...result, code, milliseconds: performance.now() - start }))
  })
}

/**
 * A sandbox of its own process: its address and the environment that makes the CLI use it. `stop` resolves with its exit code; what it
 * said of connectors is shown only where that is not 0.
 */
export async function startSandbox(...options) {
  const child = spawn(process.execPath, [bin, 'sandbox', '--port', '0', '-o', 'json', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([once(lines, 'line'), ended])
  if (typeof line !== 'string') throw new Error(`the sandbox ended with ${line} before it listened: ${said}`)
  const facts = JSON.parse(line)
  const { url, username, password } = facts
  return {
    ...facts,
    env: { NEXUS_URL: url, NEXUS_USERNAME: username, NEXUS_PASSWORD: password },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await ended
      if (code !== 0) process.stderr.write(said)
      return code
    },
  }
}
