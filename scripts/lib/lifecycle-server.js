// One life of a sandbox as an operator's command would start it, for the recorder's lifecycle mode:
// DATA is the data directory, EXTRA `key=value;key=value` of nexus.properties, PORT and VERSION what the script wants.
import { setTimeout as delay } from 'node:timers/promises'
import { tsImport } from 'tsx/esm/api'

// Long enough to be seen by the recorder, which asks every few milliseconds; real servers took 0.3 to 0.6 s.
const stoppingMs = 300

const { DATA, EXTRA = '', PORT, VERSION } = process.env
const properties = Object.fromEntries(
  EXTRA.split(';')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=')),
)
if (process.env.NEXUS_SECURITY_RANDOMPASSWORD !== undefined)
  properties['nexus.security.randompassword'] = process.env.NEXUS_SECURITY_RANDOMPASSWORD

const { startSandbox } = await tsImport('../../src/sandbox/index.ts', import.meta.url)
const sandbox = await startSandbox({
  port: Number(PORT),
  version: VERSION,
  edition: 'core',
  state: 'fresh',
  properties,
  contextPath: properties['nexus-context-path'],
  initialPassword: process.env.NEXUS_SECURITY_INITIAL_PASSWORD,
  dataDirectory: DATA,
})

async function stop() {
  sandbox.state.phase = 'stopping'
  await delay(stoppingMs)
  await sandbox.close()
  process.exit(0)
}

process.on('SIGTERM', () => void stop())
