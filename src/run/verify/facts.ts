import type { Config } from '../../config/config.ts'
import { UserError } from '../../core/errors.ts'
import type { Nexus } from '../../nexus/client.ts'
import type { Actual, Kind } from '../../resources/contract/kind.ts'
import { kinds } from '../../resources/index.ts'
import { readState } from '../../state/read-state.ts'
import { scopeOf } from '../../state/scope.ts'
import type { ServerState } from '../../state/state.ts'
import type { ServerFacts } from '../../verify/evidence.ts'

/** What the server says of what the file describes, as far as this user may know it. */
export interface Facts {
  /** Undefined where the user may not read the repositories. */
  state: ServerState | undefined
  server: ServerFacts
}

/**
 * Reads the repositories, then what decides who is let in. A user without rights on the API may prove a registry all the same: then only the
 * file says what is promised. Throws what a wrong password and a server that does not answer throw (exit code 4).
 */
export async function readFacts(nexus: Nexus, config: Config, url: string): Promise<Facts> {
  const state = await readKinds(nexus, config, ({ namespace }) => namespace === 'repository').catch(
    unlessForbidden,
  )
  const [realms, anonymous, eula] = await Promise.all(
    ['realms', 'anonymous', 'eula'].map(async (name) => {
      const found = await readKinds(nexus, config, ({ kind }) => kind === name).catch(unlessUserError)
      return found?.actual.get(name)?.[0]
    }),
  )
  return {
    state,
    server: {
      url,
      ...(nexus.server && { version: nexus.server.version, edition: nexus.server.edition }),
      ...realmsIn(realms),
      ...anonymousIn(anonymous),
      ...(typeof eula?.wire['accepted'] === 'boolean' && { eulaAccepted: eula.wire['accepted'] }),
      offline: offlineIn(state),
    },
  }
}

function readKinds(nexus: Nexus, config: Config, isWanted: (kind: Kind) => boolean): Promise<ServerState> {
  const { wanted } = scopeOf(config, kinds)
  return readState(nexus, { kinds: kinds.all.filter(isWanted), namespaces: new Set(), wanted }, kinds)
}

function realmsIn(found: Actual | undefined): Pick<ServerFacts, 'realms'> {
  const active = found?.wire['active']
  if (!Array.isArray(active)) return {}
  return { realms: active.filter((realm) => typeof realm === 'string') }
}

function anonymousIn(found: Actual | undefined): Pick<ServerFacts, 'anonymous'> {
  if (!found) return {}
  const { enabled, userId } = found.wire
  return {
    anonymous: {
      ...(typeof enabled === 'boolean' && { enabled }),
      ...(typeof userId === 'string' && { userId }),
    },
  }
}

function offlineIn(state: ServerState | undefined): string[] {
  const repositories = [...(state?.actual.values() ?? [])].flat()
  return repositories.filter(({ wire }) => wire['online'] === false).map(({ id }) => id)
}

function unlessForbidden(error: unknown): undefined {
  if (error instanceof UserError && error.code === 'forbidden') return undefined
  throw error
}

function unlessUserError(error: unknown): undefined {
  if (error instanceof UserError && error.exitCode !== 130) return undefined
  throw error
}
