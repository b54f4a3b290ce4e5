// The state of a server that was just installed (nexus-api section 5), but for its repositories.
import type { Profile } from './profile.ts'
import type { State } from './state.ts'

/** `passwordFile` is set for a server whose first password is random. */
export interface FirstPassword {
  password: string
  file?: string
}

/** State after the first start: admin has the given password, nothing else is configured. */
export function createFreshState(profile: Profile, first: FirstPassword): State {
  const random = first.file !== undefined
  return {
    blobStores: [{ name: 'default', type: 'File', path: 'default', softQuota: null }],
    repositories: [],
    users: [
      {
        userId: 'admin',
        password: first.password,
        status: random ? 'changepassword' : 'active',
        roles: ['nx-admin'],
      },
      { userId: 'anonymous', password: 'anonymous', status: 'active', roles: ['nx-anonymous'] },
    ],
    realms: profile.property('nexus.security.enableAuthorizationRealmManagement')
      ? ['NexusAuthenticatingRealm', 'NexusAuthorizingRealm']
      : ['NexusAuthenticatingRealm'],
    anonymous: {
      enabled: profile.property('nexus.security.default.anonymous'),
      userId: 'anonymous',
      realmName: 'NexusAuthorizingRealm',
      configured: false,
    },
    httpSettings: {},
    eulaAccepted: !profile.since('3.77'),
    frozen: false,
    phase: 'running',
    sessions: new Map(),
    signInFailures: new Map(),
    ...(first.file === undefined ? {} : { initialPasswordFile: first.file }),
    routingRules: [],
    cleanupPolicies: [],
  }
}
