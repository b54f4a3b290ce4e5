// The sandbox's public interface: starts an in-process Nexus look-alike on a loopback port.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openDataDirectory } from './data-directory.ts'
import { createRegistry } from './docker/registry.ts'
import { openContentStore } from './docker/store.ts'
import { parseFault } from './kernel/faults.ts'
import { createFreshState, type FirstPassword } from './kernel/fresh-state.ts'
import { createProfile, type Database, type Edition, type Profile } from './kernel/profile.ts'
import type { ServerProperties } from './kernel/properties.ts'
import { createRouter } from './kernel/routing.ts'
import { createSandboxServer, type SeenRequest, type ServerParts } from './kernel/server.ts'
import type { State } from './kernel/state.ts'
import { createRecording } from './recording.ts'
import { defaultRepositories } from './repositories/default-repositories.ts'
import { routesOf } from './routes.ts'

export type { Database, Edition } from './kernel/profile.ts'

export interface SandboxOptions {
  /** 0 (the default) takes any free port. */
  port?: number
  host?: string
  /** Nexus version to behave as; defaults to 3.90.0. */
  version?: string
  /** Defaults to the free edition of that version. */
  edition?: Edition
  /** Defaults to OrientDB before 3.71, to H2 from then on. */
  database?: Database
  /** From 3.90 to 3.95: whether path-based routing together with a port is taken, which is not known for sure. */
  acceptsPathWithPort?: boolean
  /** `ready`: admin/admin123, EULA accepted. `fresh`: random first password in a file, EULA open. */
  state?: 'ready' | 'fresh'
  /** Added to every answer. */
  latencyMs?: number
  /** Faults as text, see kernel/faults.ts. */
  faults?: string[]
  /** E.g. `/nexus`. */
  contextPath?: string
  /** JSON lines with one request each, secrets masked. */
  recordFile?: string
  /** nexus.properties: what kernel/properties.ts knows counts, the rest is ignored. */
  properties?: ServerProperties
  /** The environment variable NEXUS_SECURITY_INITIAL_PASSWORD of a first start. */
  initialPassword?: string
  /**
   * Repositories with an `httpPort` listen there, this number added: 10000 makes 18082 of 8082. `free` takes any free port. Left out: no
   * ports of repositories; their paths on the main port answer in any case.
   */
  connectorOffset?: number | 'free'
  /** Gets what a server would write to its log: a port that cannot be had. */
  log?: (line: string) => void
  /** Folder with `admin.password` and images that is kept; a sandbox that is started on it again goes on where the last one ended. */
  dataDirectory?: string
  hooks?: {
    beforeRequest?(request: SeenRequest): void | Promise<void>
    afterResponse?(request: SeenRequest, status: number): void | Promise<void>
  }
}

export interface Sandbox {
  url: string
  username: string
  password: string
  version: string
  edition: Edition
  database: Database
  /** Only of a fresh sandbox. */
  initialPasswordFile?: string
  /** Live: tests may change it, `state.frozen` and `state.phase` among it. */
  state: State
  /** Every request so far; bodies over 64 KiB are left out. */
  requests: SeenRequest[]
  /** The most requests that were open at one time, on the main port. */
  maxInFlight(): number
  /** Where the repository's connector listens, e.g. `http://127.0.0.1:18082`; undefined while none does. */
  connectorUrl(repository: string): string | undefined
  close(): Promise<void>
}

const keptBodyLength = 64 * 1024
const defaultVersion = '3.90.0'

function normalizedContextPath(contextPath = ''): string {
  const trimmed = contextPath.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `/${trimmed}`
}

function firstState(profile: Profile, password: FirstPassword, isFresh: boolean): State {
  const state = createFreshState(profile, password)
  if (!isFresh) state.eulaAccepted = true
  return { ...state, repositories: defaultRepositories(profile) }
}

function profileOf(options: SandboxOptions): Profile {
  const { version = defaultVersion, edition, database, state, properties, acceptsPathWithPort } = options
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`not a Nexus version: "${version}"; expected e.g. ${defaultVersion}`)
  const ready = state !== 'fresh'
  return createProfile(version, {
    edition,
    database,
    acceptsPathWithPort,
    properties: { ...(ready && { 'nexus.security.randompassword': 'false' }), ...properties },
  })
}

/** What is told of every request: the list of them all, the trace, the hooks. */
function observersOf({ recordFile, hooks }: SandboxOptions) {
  const requests: SeenRequest[] = []
  const record = recordFile === undefined ? undefined : createRecording(recordFile)
  let number = 0
  const observers: Pick<ServerParts, 'nextNumber' | 'beforeRequest' | 'afterResponse'> = {
    nextNumber: () => ++number,
    beforeRequest(request) {
      requests.push(request.body.length > keptBodyLength ? { ...request, body: '' } : request)
      return hooks?.beforeRequest?.(request)
    },
    afterResponse(request, reply) {
      record?.(request, reply)
      return hooks?.afterResponse?.(request, reply.status)
    },
  }
  return { requests, ...observers }
}

/** Starts a sandbox. Throws an Error for a fault that cannot be read, a version that is none or a database that it cannot have; listening errors reject. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const profile = profileOf(options)
  const faults = (options.faults ?? []).map(parseFault)
  const directory = openDataDirectory(options.dataDirectory)
  const first = () => directory.firstPassword(profile, options.initialPassword)
  const state = directory.read() ?? firstState(profile, first(), options.state === 'fresh')

  const contextPath = normalizedContextPath(options.contextPath)
  const host = options.host ?? '127.0.0.1'
  const store = openContentStore(join(directory.folder, 'sandbox-images'))
  const { requests, ...observers } = observersOf(options)
  const parts: ServerParts = {
    state,
    profile,
    router: createRouter(routesOf(profile, store), profile),
    faults,
    contextPath,
    latencyMs: options.latencyMs ?? 0,
    ...observers,
  }
  const { connectorOffset: offset, log = () => undefined } = options
  const registry = createRegistry({
    parts,
    store,
    ...(offset !== undefined && { connectors: { host, offset, log } }),
  })
  parts.streamed = (request) => registry.streamed(request)
  parts.changed = () => registry.follow()
  const { server, maxInFlight } = createSandboxServer(parts)
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  await registry.follow()
  const { port } = server.address() as AddressInfo
  const { initialPasswordFile } = state
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${contextPath}`,
    username: 'admin',
    password: state.users.find(({ userId }) => userId === 'admin')?.password ?? '',
    version: profile.version,
    edition: profile.edition,
    database: profile.database,
    ...(initialPasswordFile === undefined ? {} : { initialPasswordFile }),
    state,
    requests,
    maxInFlight,
    connectorUrl: (repository) => registry.connectorUrl(repository),
    async close() {
      const closed = once(server.close(), 'close')
      server.closeAllConnections()
      await closed
      await registry.close()
      directory.end(state)
    },
  }
}
