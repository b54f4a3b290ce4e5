import { applyPlan } from '../../src/apply/apply.ts'
import type { ApplyResult } from '../../src/apply/types.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Problem } from '../../src/core/problem.ts'
import { createRedactor } from '../../src/core/secrets/redact.ts'
import { intents } from '../../src/intents/index.ts'
import { createNexus, type Nexus } from '../../src/nexus/client.ts'
import { makePlan } from '../../src/plan/plan.ts'
import type { Plan } from '../../src/plan/types.ts'
import type { Actual } from '../../src/resources/contract/kind.ts'
import { kinds } from '../../src/resources/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { readState } from '../../src/state/read-state.ts'
import { scopeOf } from '../../src/state/scope.ts'
import type { ServerState } from '../../src/state/state.ts'

/** A configuration from a document, checked as a file is. Throws what is wrong with it. */
export async function configOf(document: object): Promise<Config> {
  const text = JSON.stringify({ version: 1, ...document })
  const { config, problems } = await loadConfig(['-'], {
    kinds,
    intents,
    environment: {},
    cwd: '/',
    stdin: () => Promise.resolve(new TextEncoder().encode(text)),
    redactor: createRedactor(),
    lenientSecrets: false,
    overridden: [],
    serverUrl: 'http://127.0.0.1:1',
  })
  if (config) return config
  throw new WrongDocument(
    problems.filter(({ severity }) => severity === 'error'),
    text,
  )
}

/** What keeps a document from being a configuration. */
export class WrongDocument extends Error {
  readonly paths: readonly string[]
  constructor(problems: readonly Problem[], text: string) {
    super(`${problems.map(({ path, message }) => `${path}: ${message}`).join('\n')}\n${text}`)
    this.paths = problems.map(({ path }) => path)
  }
}

/** A client of a sandbox. */
export function nexusOf({ url, username, password }: Pick<Sandbox, 'url' | 'username' | 'password'>): Nexus {
  return createNexus({ url, username, password, redactor: createRedactor() })
}

export interface Planned {
  state: ServerState
  plan: Plan
}

/** Reads the server and plans. */
export async function planOn(nexus: Nexus, config: Config): Promise<Planned> {
  const state = await readState(nexus, scopeOf(config, kinds), kinds)
  return { state, plan: planFor(config, state) }
}

/** What a configuration changes on a server in that state. */
export function planFor(config: Config, state: ServerState, options = { rotateSecrets: false }): Plan {
  return makePlan(config, { kinds, state, options })
}

/** Carries the plan of a configuration out; `password` is the one that a new server gets. */
export function applyOn(nexus: Nexus, plan: Plan, config: Config, password = 'wanted'): Promise<ApplyResult> {
  const secrets = new Map([...config.secrets, ['adminPassword admin', { password }]])
  return applyPlan(plan, {
    nexus,
    kinds,
    secrets,
    parallelism: 10,
    rotateSecrets: false,
    signal: new AbortController().signal,
    onEvent: () => undefined,
  })
}

/** Makes a server what the configuration says, as `apply` does. Throws what fails. */
export async function makeSo(
  server: Pick<Sandbox, 'url' | 'username' | 'password'>,
  config: Config,
): Promise<void> {
  const nexus = nexusOf(server)
  try {
    const { plan } = await planOn(nexus, config)
    const { failed, skipped } = await applyOn(nexus, plan, config, server.password)
    if (failed.length + skipped.length > 0)
      throw new Error(failed.map(({ error }) => error.message).join('\n'))
  } finally {
    nexus.close()
  }
}

/** The state of a server that nobody has used: the blob store `default`, and settings that always exist. */
export function emptyState(): ServerState {
  const proxies = { http: null, https: null, nonProxyHosts: [], userAgentSuffix: null }
  return {
    server: { version: '3.90.0', edition: 'pro' },
    actual: new Map<string, Actual[]>([
      ['blobStore', [{ id: 'default', wire: { name: 'default', type: 'File', softQuota: null } }]],
      ['anonymous', [{ id: 'anonymous', wire: { enabled: false, userId: 'anonymous' } }]],
      ['realms', [{ id: 'realms', wire: { active: ['NexusAuthenticatingRealm'] } }]],
      ['httpProxy', [{ id: 'httpProxy', wire: { ...proxies, timeout: null, retries: null } }]],
    ]),
    occupants: new Map([
      ['blobStore', [{ id: 'default', kind: 'blobStore', label: 'File blob store' }]],
      ['repository', []],
    ]),
  }
}
