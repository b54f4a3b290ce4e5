import { UserError } from '../../core/errors.ts'
import type { ServerLook } from '../../init/answers.ts'
import { describeServer } from '../../nexus/capabilities.ts'
import { createNexus, detectServer, type ServerInfo } from '../../nexus/client.ts'
import type { Terminal } from '../../ui/terminal.ts'
import { clientOptions } from './client-options.ts'
import { knock } from './knock.ts'

const LOOK_MS = 3000
/** Whoever waits longer is told what for. */
const QUIET_MS = 500

/**
 * What is there, without credentials and within a few seconds: version and edition, or why not, and who listens on which of the
 * ports. Never rejects.
 */
export async function lookAtServer(
  url: string,
  ports: readonly number[],
  terminal: Terminal,
): Promise<ServerLook> {
  const patience = setTimeout(
    () => terminal.err(terminal.errPaint.dim(`looking at ${terminal.clean(url)} …`)),
    QUIET_MS,
  )
  const [found, names] = await Promise.all([
    recognise(url, terminal),
    Promise.all(ports.map((port) => knock(new URL(url).hostname, port))),
  ])
  clearTimeout(patience)
  return {
    ...found,
    busyPorts: new Map(
      ports.flatMap((port, index) => {
        const name = names[index]
        return name === undefined ? [] : [[port, terminal.clean(name)] as const]
      }),
    ),
  }
}

async function recognise(url: string, terminal: Terminal): Promise<Pick<ServerLook, 'server' | 'sentence'>> {
  const { green, yellow } = terminal.errPaint
  try {
    const server = await detect(url, terminal)
    return { server, sentence: `${green('✓')} Nexus ${terminal.clean(describeServer(server))}` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const reason = terminal.clean(error.message).replace(/^cannot [^:]*: /, '')
    return {
      server: undefined,
      sentence: `${yellow('!')} ${asSentence(reason)}`,
    }
  }
}

/** A URL keeps its first letter. */
function asSentence(reason: string): string {
  return `${reason.replace(/^(?!https?:)./, (first) => first.toUpperCase())}.`
}

async function detect(url: string, terminal: Terminal): Promise<ServerInfo> {
  const flags = { timeout: LOOK_MS, parallelism: 1 }
  const nexus = createNexus({
    ...(await clientOptions({ connection: { url }, flags, terminal })),
    retries: 0,
  })
  try {
    return await detectServer(nexus)
  } finally {
    nexus.close()
  }
}
