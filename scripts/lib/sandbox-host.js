// A process that runs sandboxes for the bench and counts what reaches them, so that neither the counting nor the sandbox slows the program down.
// Messages in: {start: {latencyMs}} or {counts: id}; each is answered with one message.
import { tsImport } from 'tsx/esm/api'

const { startSandbox } = await tsImport('../../src/sandbox/index.ts', import.meta.url)
const sandboxes = []

async function start(options) {
  const sandbox = await startSandbox(options)
  const { url, username, password } = sandbox
  return { id: sandboxes.push(sandbox) - 1, url, username, password }
}

/** Counts since the last call; the most requests at one time since the start. */
function counts(id) {
  const sandbox = sandboxes[id]
  const requests = sandbox.requests.splice(0)
  // Of the bench's kinds all changes are POST and PUT on REST; nothing is read by POST.
  const writes = requests.filter(({ method }) => method !== 'GET').length
  return { requests: requests.length, writes, maxInFlight: sandbox.maxInFlight() }
}

/** @param {object} message */
const answer = (message) => process.send?.(message)

process.on('message', (/** @type {{ start?: object, counts?: any }} */ message) => {
  if (message.start) void start(message.start).then(answer)
  else answer(counts(message.counts))
})
process.on('disconnect', () => process.exit(0))
answer({ ready: true })
