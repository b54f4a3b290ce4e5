import type { Config, NexusSection } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import { type ExitCode, UserError } from '../core/errors.ts'
import { untilAborted } from '../core/interrupt.ts'
import type { Problem } from '../core/problem.ts'
import { intents } from '../intents/index.ts'
import type { Nexus } from '../nexus/client.ts'
import { makePlan } from '../plan/plan.ts'
import { checkAgainstServer } from '../plan/server-rules.ts'
import type { Plan } from '../plan/types.ts'
import { type PlanDocument, planDocument } from '../report/document.ts'
import { adminPassword } from '../resources/admin-password.ts'
import { objectKey, type Secrets } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { kinds } from '../resources/index.ts'
import { readState } from '../state/read-state.ts'
import { scopeOf } from '../state/scope.ts'
import type { Terminal } from '../ui/terminal.ts'
import { loadFile, reportProblems } from './input/sources.ts'
import type { PlanFlags } from './options.ts'
import { connect } from './server/client-options.ts'
import { connectionOf, type GivenConnection, givenConnection, type Target } from './server/connection.ts'
import { initialPasswordFor } from './server/initial-password.ts'
import { withSignals } from './signals.ts'

/** A plan made against a server, with everything to show and to apply it. */
export interface PlanRun {
  loaded: Loaded
  plan: Plan
  kinds: KindTable
  secrets: Secrets
  /** What only the server could tell; errors among them keep anything from being written. */
  problems: Problem[]
  nexus: Nexus
  url: string
  document(): PlanDocument
  /** Reads the server once more, and plans what is left to do. */
  replan: () => Promise<Plan>
}

/** A file without errors, and what flags and environment say of the server. */
interface Input {
  given: GivenConnection
  loaded: Loaded
  config: Config
}

/** The server, and what the command and the file say of it. */
interface PlanTarget extends Target {
  flags: PlanFlags
  section: NexusSection
}

/**
 * Loads the file, reads the server, plans, and hands the plan to `use`. An interrupt ends what comes before that at once: nothing that
 * changes anything has been sent. With 3 when the file is wrong, which has been reported then.
 */
export function withPlan(
  flags: PlanFlags,
  terminal: Terminal,
  use: (run: PlanRun, signal: AbortSignal) => Promise<ExitCode>,
  unread?: AbortSignal,
): Promise<ExitCode> {
  return withSignals(async (signal) => {
    const deadline = performance.now() + (flags.wait ?? 0)
    const input = await untilAborted(signal, readInput(flags, terminal))
    if (!input) return 3
    return withTarget(input, flags, terminal, async (target) => {
      if (flags.wait !== undefined) await untilAborted(signal, waitFor(target, signal))
      const nexus = await nexusFor(target, input, { deadline, signal })
      try {
        return await use(await untilAborted(signal, planOn(nexus, input, target)), signal)
      } finally {
        nexus.close()
      }
    })
  }, unread)
}

async function readInput(flags: PlanFlags, terminal: Terminal): Promise<Input | undefined> {
  const given = flags.sandbox ? sandboxPlaceholder : await givenConnection(flags, terminal)
  const loaded = await loadFile({ ...flags, lenientSecrets: Boolean(flags.sandbox) }, given, terminal)
  const { config, problems } = loaded
  reportProblems(problems, loaded, terminal, { ...flags, inDocument: config !== undefined })
  return config && { given, loaded, config }
}

/** With a sandbox nothing that the file says of the server matters; its URL is only known later. */
const sandboxPlaceholder: GivenConnection = { url: '', username: '', password: '' }

function withTarget(
  { given, config }: Input,
  flags: PlanFlags,
  terminal: Terminal,
  use: (target: PlanTarget) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (flags.sandbox) return withThrowAway(flags.sandbox, flags, terminal, use)
  const connection = connectionOf(given, config.nexus, { flags, terminal })
  return use({ connection, flags, terminal, section: config.nexus })
}

/** A sandbox that is there as long as `use` runs. It is in this process: what this machine needs on the way to others is left out. */
async function withThrowAway(
  wanted: boolean | string,
  flags: PlanFlags,
  terminal: Terminal,
  use: (target: PlanTarget) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { startSandbox } = await import('../sandbox/index.ts')
  const sandbox = await startSandbox(typeof wanted === 'string' ? { version: wanted } : {}).catch(
    (error: unknown) => {
      throw new UserError('sandbox', `--sandbox: ${error instanceof Error ? error.message : String(error)}`, {
        exitCode: 3,
      })
    },
  )
  const { url, username, password, version, edition } = sandbox
  const { caCert, clientCert, clientKey, insecure, ...others } = flags
  try {
    const note = `sandbox: Nexus ${version} ${edition} on ${url}, gone when the command ends`
    terminal.err(terminal.errPaint.dim(note))
    return await use({
      connection: { url, username, password },
      flags: others,
      terminal: { ...terminal, environment: {} },
      section: {},
    })
  } finally {
    await sandbox.close()
  }
}

async function waitFor(target: PlanTarget, signal: AbortSignal): Promise<void> {
  const { waitUntilReady } = await import('./server/waiting.ts')
  const ready = await waitUntilReady(target, target.flags.wait ?? 0, signal)
  target.terminal.report({ type: 'ready', ...ready })
}

function nexusFor(
  target: PlanTarget,
  { config, loaded: { sources } }: Input,
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): Promise<Nexus> {
  // A sandbox has been set up, and the password of a server is not for it.
  const initialPassword = target.flags.sandbox
    ? undefined
    : initialPasswordFor({ ...target, config, sources, deadline })
  return connect(target, { initialPassword, signal })
}

async function planOn(nexus: Nexus, { loaded, config }: Input, target: PlanTarget): Promise<PlanRun> {
  const { terminal, flags, connection } = target
  const { url } = connection
  terminal.report({ type: 'reading', url })
  const scope = scopeOf(config, kinds)
  const state = await readState(nexus, scope, kinds)
  terminal.report({ type: 'settled' })
  const { rotateSecrets = false } = flags
  const plan = makePlan(config, { kinds, state, options: { rotateSecrets } })
  const problems = checkAgainstServer(config, { kinds, intents, state }, plan)
  return {
    loaded,
    plan,
    kinds,
    secrets: secretsOf(config, connection),
    problems,
    nexus,
    url,
    document: () =>
      planDocument({
        plan,
        config,
        sources: loaded.sources,
        problems: [...loaded.problems, ...problems],
        url,
        requests: nexus.counts,
      }),
    // What was sent again just now need not be sent once more.
    replan: async () =>
      makePlan(config, {
        kinds,
        state: await readState(nexus, scope, kinds),
        options: { rotateSecrets: false },
      }),
  }
}

/** What the plan only names: the secrets of the file, and the password that the run signs in with, where it is to be set. */
function secretsOf({ objects, secrets }: Config, { password }: GivenConnection): Secrets {
  const account = objects.find(({ kind }) => kind === adminPassword.kind)
  if (!account || password === undefined) return secrets
  return new Map([...secrets, [objectKey(account), { password }]])
}
