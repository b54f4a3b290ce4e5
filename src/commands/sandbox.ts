import { once } from 'node:events'
import { type ExitCode, UserError } from '../core/errors.ts'
import { withSignals } from '../run/signals.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/index.ts'
import type { Terminal } from '../ui/terminal.ts'

export interface SandboxFlags extends Pick<SandboxOptions, 'edition' | 'database' | 'contextPath'> {
  port: number
  host: string
  connectorOffset: number
  nexusVersion: string
  state: 'ready' | 'fresh'
  latency: number
  record?: string
  fault?: string[]
  output: 'text' | 'json'
}

/** Runs the Nexus look-alike until it is told to stop. */
export function sandbox(flags: SandboxFlags, terminal: Terminal): Promise<ExitCode> {
  return withSignals<ExitCode>(async (signal) => {
    const running = await start(flags, terminal)
    try {
      say(running, flags, terminal)
      if (!signal.aborted) await once(signal, 'abort')
    } finally {
      await running.close()
    }
    return 0
  })
}

function say(running: Sandbox, flags: SandboxFlags, terminal: Terminal): void {
  const { url, username, password, version, edition, database, initialPasswordFile } = running
  // The password of a throw-away server is no secret: it is what the command is asked for.
  if (flags.output === 'json')
    terminal.json({ url, username, password, version, edition, database, initialPasswordFile })
  else {
    const login =
      initialPasswordFile === undefined
        ? `${username} / ${password}`
        : `${username}, first password in ${initialPasswordFile}`
    terminal.out(`Nexus ${version} ${edition} (sandbox) on ${url}\nsign in as ${login}\nCtrl-C stops it`)
  }
}

async function start(flags: SandboxFlags, terminal: Terminal) {
  const { nexusVersion: version, latency: latencyMs, fault: faults = [], record, output, ...others } = flags
  const recording = record === undefined ? {} : { recordFile: record }
  const log = (line: string): void => terminal.err(line)
  try {
    return await startSandbox({ ...others, version, latencyMs, faults, log, ...recording })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new UserError('port-in-use', `port ${flags.port} is in use`, {
        hint: 'Use --port 0 for a free one.',
      })
    // What the system says of a port or a file has a code; the rest is a wrong option.
    throw new UserError('sandbox', message, code === undefined ? { exitCode: 3 } : {})
  }
}
