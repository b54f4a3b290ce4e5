// Who sends a registry request, and what nobody is told: Basic credentials, tokens of the realm DockerToken, challenges.
import { randomUUID } from 'node:crypto'
import { authenticate } from '../kernel/authentication.ts'
import type { Profile } from '../kernel/profile.ts'
import type { State } from '../kernel/state.ts'
import type { Reply, SandboxRequest } from '../kernel/types.ts'
import { dockerSettings, type Place } from './place.ts'
import { RegistryRefusal } from './refusal.ts'

/** The tokens that were given out, `DockerToken.<uuid>` (docker-evidence 31): one for each user, and one for nobody. */
export interface Tokens {
  issue(user: string | undefined): string
  /** Whose token it is; undefined for an unknown one. */
  holder(token: string): { user: string | undefined } | undefined
}

export function createTokens(): Tokens {
  const byUser = new Map<string | undefined, string>()
  return {
    issue(user) {
      const token = byUser.get(user) ?? `DockerToken.${randomUUID()}`
      byUser.set(user, token)
      return token
    },
    holder(token) {
      const entry = [...byUser].find(([, known]) => known === token)
      return entry && { user: entry[0] }
    },
  }
}

/** The caller of a registry request: a user, nobody with a token, or nobody at all. */
export interface RegistryCaller {
  user: string | undefined
  hasCredentials: boolean
}

interface Server {
  state: State
  profile: Profile
  tokens: Tokens
}

/** Says who is calling, or refuses wrong credentials. A token counts while the realm DockerToken is active; another one is as good as none. */
export function callerOf(request: SandboxRequest, server: Server): RegistryCaller | { refused: Reply } {
  const { state, profile, tokens } = server
  const caller = authenticate(request, state, profile)
  if (caller.refused) return caller
  if (caller.user !== undefined) return { user: caller.user, hasCredentials: true }
  const token = /^bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  const isRealmActive = state.realms.includes('DockerToken')
  const holder = token !== undefined && isRealmActive ? tokens.holder(token) : undefined
  const isKnown = holder?.user === undefined || isActive(state, holder.user)
  return holder && isKnown ? { ...holder, hasCredentials: true } : { user: undefined, hasCredentials: false }
}

function isActive(state: State, userId: string): boolean {
  return state.users.some((user) => user.userId === userId && user.status === 'active')
}

/** 3.77 to 3.80 name the scheme `null` without X-Forwarded-Proto; 3.78 to 3.80 write the port of X-Forwarded-Host twice (docker-evidence 32, edge.md 0). */
function realmOrigin({ headers }: SandboxRequest, profile: Profile): string {
  const isBroken = (since: string): boolean => profile.since(since) && !profile.since('3.81')
  const scheme = headers['x-forwarded-proto'] ?? (isBroken('3.77') ? 'null' : 'http')
  const forwarded = headers['x-forwarded-host']
  const port = isBroken('3.78') ? (/:\d+$/.exec(forwarded ?? '')?.[0] ?? '') : ''
  return `${scheme}://${forwarded ?? headers['host'] ?? 'localhost'}${port}`
}

/**
 * The 401 of a repository: Basic where it is forced, else a token, whether or not its realm is active (edge.md 4). The ping names no scope
 * (docker-evidence 30, 32, 33, 36).
 */
export function challenge(place: Place, request: SandboxRequest, profile: Profile): RegistryRefusal {
  const url = `${realmOrigin(request, profile)}${place.tokenPath}`
  const scope = place.path === '/' ? '' : ',scope="repository:*:pull"'
  const isBasic = dockerSettings(place.repository).forceBasicAuth !== false
  const value = isBasic
    ? 'BASIC realm="Sonatype Nexus Repository Manager"'
    : `Bearer realm="${url}",service="${url}"${scope}`
  return new RegistryRefusal('UNAUTHORIZED', { headers: { 'WWW-Authenticate': value } })
}
