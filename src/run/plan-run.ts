import { splitAccepted } from '../config/accepted.ts'
import type { Config } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import { type ExitCode, UserError } from '../core/errors.ts'
import { untilAborted } from '../core/interrupt.ts'
import type { Problem } from '../core/problem.ts'
import { intents } from '../intents/index.ts'
import type { Nexus } from '../nexus/client.ts'
import { makePlan } from '../plan/plan.ts'
import { checkAgainstServer } from '../plan/server-rules.ts'
import type { Plan } from '../plan/types.ts'
import { type ValuesOf, valuesAfter } from '../plan/values-after.ts'
import { type PlanDocument, planDocument } from '../report/document.ts'
import { adminPassword } from '../resources/admin-password.ts'
import { objectKey, type Secrets } from '../resources/contract/object.ts'
import type { KindTable } from '../resources/contract/table.ts'
import { kinds } from '../resources/index.ts'
import { readState } from '../state/read-state.ts'
import { scopeOf } from '../state/scope.ts'
import type { ServerState } from '../state/state.ts'
import type { Terminal } from '../ui/terminal.ts'
import { loadFile, reportProblems } from './input/sources.ts'
import type { PlanFlags } from './options.ts'
import { connect } from './server/client-options.ts'
import { connectionOf, type GivenConnection, givenConnection, type Target } from './server/connection.ts'
import { initialPasswordFor } from './server/initial-password.ts'
import { waitFirst } from './server/wait-first.ts'
import { withSignals } from './signals.ts'

/** A plan made against a server, with everything to show and to apply it. */
export interface PlanRun extends Pick<Context, 'loaded' | 'terminal' | 'signal'> {
  config: Config
  plan: Plan
  kinds: KindTable
  secrets: Secrets
  /** What only the server could tell; errors among them keep anything from being written. */
  problems: Problem[]
  nexus: Nexus
  url: string
  /** What it was made against. */
  target: Target
  /** What the server has of an object once the plan is carried out. */
  valuesAfter: ValuesOf
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

interface Context extends Input {
  flags: PlanFlags
  terminal: Terminal
  signal: AbortSignal
}

/**
 * Loads the file, reads the server, plans, and hands the plan to `use`. An interrupt ends what comes before that at once: nothing that
 * changes anything has been sent. With 3 when the file is wrong, which has been reported then.
 */
export function withPlan(
  flags: PlanFlags,
  terminal: Terminal,
  use: (run: PlanRun) => Promise<ExitCode>,
  unread?: AbortSignal,
): Promise<ExitCode> {
  return withSignals(async (signal) => {
    const deadline = performance.now() + (flags.wait ?? 0)
    const input = await untilAborted(signal, readInput(flags, terminal))
    if (!input) return 3
    const context = { ...input, flags, terminal, signal }
    return withTarget(context, async (target) => {
      await untilAborted(signal, waitFirst(target, signal))
      const { config, loaded } = input
      // A sandbox has been set up, and the password of a server is not for it.
      const initialPassword = flags.sandbox
        ? undefined
        : initialPasswordFor({ ...target, config, sources: loaded.sources, deadline })
      const nexus = await connect(target, { initialPassword, signal })
      try {
        return await use(await untilAborted(signal, planOn(nexus, target, context)))
      } finally {
        nexus.close()
      }
    })
  }, unread)
}

async function readInput(flags: PlanFlags, terminal: Terminal): Promise<Input | undefined> {
  const given = flags.sandbox ? sandboxPlaceholder : await givenConnection(flags, terminal)
  const loaded = forServer(
    await loadFile({ ...flags, lenientSecrets: Boolean(flags.sandbox) }, given, terminal),
  )
  const { config, problems } = loaded
  reportProblems(problems, loaded, terminal, { ...flags, inDocument: config !== undefined })
  return config && { given, loaded, config }
}

/** What only a server knows is looked at again once it has been asked. */
function forServer(loaded: Loaded): Loaded {
  if (!loaded.config) return loaded
  const settled = (problems: readonly Problem[]) => problems.filter(({ untilAsked }) => !untilAsked)
  return { ...loaded, problems: settled(loaded.problems), accepted: settled(loaded.accepted) }
}

/** With a sandbox nothing that the file says of the server matters; its URL is only known later. */
const sandboxPlaceholder: GivenConnection = { url: '', username: '', password: '' }

/** The server that is meant, or a sandbox that is there as long as `use` runs. */
async function withTarget(
  { given, config, flags, terminal }: Context,
  use: (target: Target) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (!flags.sandbox)
    return use({
      connection: connectionOf(given, config.nexus, { flags, terminal, signsIn: true }),
      flags,
      terminal,
    })
  const { startSandbox } = await import('../sandbox/index.ts')
  const options = {
    ...(typeof flags.sandbox === 'string' && { version: flags.sandbox }),
    // Ports are needed for the proof alone, and those of the file may be somebody else's here.
    ...(flags.verify && { connectorOffset: 'free' as const }),
  }
  const sandbox = await startSandbox(options).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError('sandbox', `--sandbox: ${reason}`, { exitCode: 3 })
  })
  const { url, username, password, version, edition } = sandbox
  // It is in this process: what this machine needs on the way to others is left out.
  const { caCert, clientCert, clientKey, insecure, ...others } = flags
  try {
    const note = `sandbox: Nexus ${version} ${edition} on ${url}, gone when the command ends`
    terminal.err(terminal.errPaint.dim(note))
    const connection = { url, username, password }
    const connectorUrl = (repository: string) => sandbox.connectorUrl(repository)
    return await use({ connection, connectorUrl, flags: others, terminal: { ...terminal, environment: {} } })
  } finally {
    await sandbox.close()
  }
}

async function planOn(nexus: Nexus, target: Target, context: Context): Promise<PlanRun> {
  const { config, flags, terminal, signal } = context
  const { connection } = target
  const { url } = connection
  terminal.report({ type: 'reading', url })
  const scope = scopeOf(config, kinds)
  const planFor = (state: ServerState, rotateSecrets = false) =>
    makePlan(config, { kinds, state, options: { rotateSecrets } })
  const state = await readState(nexus, scope, kinds)
  terminal.report({ type: 'settled' })
  const plan = planFor(state, flags.rotateSecrets)
  const ofServer = checkAgainstServer(config, { kinds, intents, state }, plan)
  const { problems, accepted } = splitAccepted(config.root, ofServer)
  const loaded = { ...context.loaded, accepted: [...context.loaded.accepted, ...accepted] }
  return {
    loaded,
    config,
    terminal,
    signal,
    plan,
    kinds,
    secrets: secretsOf(config, connection),
    problems,
    nexus,
    url,
    target,
    valuesAfter: valuesAfter(kinds, state, plan),
    document: () =>
      planDocument({
        plan,
        config,
        sources: loaded.sources,
        problems: [...loaded.problems, ...problems],
        accepted: loaded.accepted,
        url,
        requests: nexus.counts,
      }),
    // What was sent again just now need not be sent once more.
    replan: async () => planFor(await readState(nexus, scope, kinds)),
  }
}

/** What the plan only names: the secrets of the file, and the password that the run signs in with, where it is to be set. */
function secretsOf({ objects, secrets }: Config, { password }: GivenConnection): Secrets {
  const account = objects.find(({ kind }) => kind === adminPassword.kind)
  if (!account || password === undefined) return secrets
  return new Map([...secrets, [objectKey(account), { password }]])
}
