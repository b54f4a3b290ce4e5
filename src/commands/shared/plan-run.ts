import type { Config } from '../../config/config.ts'
import type { Loaded } from '../../config/load.ts'
import type { Problem } from '../../config/problem.ts'
import { UserError } from '../../core/errors.ts'
import type { Nexus } from '../../nexus/client.ts'
import { makePlan } from '../../plan/plan.ts'
import { checkAgainstServer } from '../../plan/server-rules.ts'
import type { Plan } from '../../plan/types.ts'
import { type PlanDocument, planDocument } from '../../render/document.ts'
import { readState } from '../../state/read-state.ts'
import { clientOptions, connect, connectionOf, type GivenConnection, givenConnection } from './connection.ts'
import { initialPasswordFor } from './initial-password.ts'
import type { PlanFlags } from './options.ts'
import { loadFile, reportProblems } from './sources.ts'
import type { Terminal } from './terminal.ts'

/** A plan made against a server, with everything to show and to apply it. */
export interface PlanRun {
  config: Config
  loaded: Loaded
  plan: Plan
  /** What only the server could tell; errors among them keep anything from being written. */
  problems: Problem[]
  nexus: Nexus
  url: string
  document(): PlanDocument
  close(): Promise<void>
}

/** Loads the file, reads the server and plans. Undefined when the file is wrong, which has been reported then. */
export async function runPlan(
  flags: PlanFlags,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<PlanRun | undefined> {
  const deadline = performance.now() + (flags.wait ?? 0)
  const given = flags.sandbox ? sandboxPlaceholder : await givenConnection(flags, terminal, signal)
  const loaded = await loadFile(
    { ...(flags.file && { file: flags.file }), lenientSecrets: Boolean(flags.sandbox) },
    given,
    terminal,
    signal,
  )
  const { config } = loaded
  if (!config) {
    reportProblems(loaded.problems, loaded, terminal, flags)
    return undefined
  }
  if (loaded.problems.length > 0)
    reportProblems(loaded.problems, loaded, terminal, { ...flags, inDocument: true })
  const sandbox = flags.sandbox ? await startThrowAway(flags.sandbox, terminal) : undefined
  const connection = sandbox ?? connectionOf(given, config.nexus, { flags, terminal })
  if (flags.wait !== undefined) await waitFor(connection, flags, terminal, signal)
  const { sources } = loaded
  const initialPassword = initialPasswordFor({ config, sources, connection, terminal, deadline })
  const nexus = connect(connection, flags, { terminal, section: config.nexus, initialPassword, signal })
  const close = async () => {
    nexus.close()
    await sandbox?.close()
  }
  try {
    terminal.report({ type: 'reading', url: connection.url })
    const state = await readState(nexus, config)
    terminal.report({ type: 'settled' })
    const plan = makePlan(config, state, { rotateSecrets: flags.rotateSecrets ?? false })
    const problems = checkAgainstServer(config, state, plan)
    const { url } = connection
    const all = [...loaded.problems, ...problems]
    const document = () => planDocument({ plan, config, sources, problems: all, url, requests: nexus.counts })
    return { config, loaded, plan, problems, nexus, url, document, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** With a sandbox nothing that the file says of the server matters; its URL is only known later. */
const sandboxPlaceholder: GivenConnection = { url: '', username: '', password: '' }

async function startThrowAway(wanted: boolean | string, terminal: Terminal) {
  const { startSandbox } = await import('../../sandbox/index.ts')
  const sandbox = await startSandbox(typeof wanted === 'string' ? { version: wanted } : {}).catch(
    (error: unknown) => {
      throw new UserError('sandbox', `--sandbox: ${error instanceof Error ? error.message : String(error)}`, {
        exitCode: 3,
      })
    },
  )
  terminal.err(
    terminal.errPaint.dim(
      `sandbox: Nexus ${sandbox.version} ${sandbox.edition} on ${sandbox.url}, gone when the command ends`,
    ),
  )
  return {
    url: sandbox.url,
    username: sandbox.username,
    password: sandbox.password,
    close: () => sandbox.close(),
  }
}

async function waitFor(
  connection: GivenConnection & { url: string },
  flags: PlanFlags,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<void> {
  const { waitUntilReady } = await import('./waiting.ts')
  const { url } = connection
  const ready = await waitUntilReady(clientOptions(connection, flags, terminal), flags.wait ?? 0, {
    terminal,
    signal,
  })
  terminal.report({ type: 'ready', url, ...ready })
}
