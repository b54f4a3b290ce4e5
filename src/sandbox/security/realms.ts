// Security realms, nexus-api 2.11.
import { decodeBody } from '../kernel/body.ts'
import { bodyRoute } from '../kernel/body-route.ts'
import type { Profile } from '../kernel/profile.ts'
import { messageText, readOnly, unexpected500 } from '../kernel/replies.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'

interface Realm {
  id: string
  name: string
  /** Class that ExtDirect answers instead of the id by 3.89. */
  className?: string
  available?: (profile: Profile) => boolean
}

const sonatypeBuild = (profile: Profile): boolean => profile.edition !== 'core'
/** 3.28 had them built in. */
const tokenRealm = (profile: Profile): boolean => sonatypeBuild(profile) || !profile.since('3.41')
const proOnly = (profile: Profile): boolean => profile.edition === 'pro'
const conanClass = 'org.sonatype.repository.conan.internal.security.token.ConanTokenRealm'

// The core's realms are recorded; those of Sonatype's own builds are documented.
const realms: readonly Realm[] = [
  { id: conanClass, name: 'Conan Bearer Token Realm', available: tokenRealm },
  { id: 'Crowd', name: 'Crowd Realm', available: proOnly },
  {
    id: 'DefaultRole',
    name: 'Default Role Realm',
    className: 'org.sonatype.nexus.plugins.defaultrole.DefaultRoleRealm',
  },
  { id: 'DockerToken', name: 'Docker Bearer Token Realm', available: sonatypeBuild },
  { id: 'LdapRealm', name: 'LDAP Realm', available: sonatypeBuild },
  {
    id: 'NexusAuthenticatingRealm',
    name: 'Local Authenticating Realm',
    className: 'org.sonatype.nexus.security.internal.AuthenticatingRealmImpl',
  },
  {
    id: 'NexusAuthorizingRealm',
    name: 'Local Authorizing Realm',
    className: 'org.sonatype.nexus.security.internal.AuthorizingRealmImpl',
  },
  { id: 'NpmToken', name: 'npm Bearer Token Realm', available: tokenRealm },
  { id: 'NuGetApiKey', name: 'NuGet API-Key Realm', available: sonatypeBuild },
  { id: 'rutauth-realm', name: 'Rut Auth Realm', available: sonatypeBuild },
  { id: 'SamlRealm', name: 'SAML Realm', available: proOnly },
  { id: 'User-Token-Realm', name: 'User Token Realm', available: proOnly },
]

/** Realms that are installed, by name; the list of anonymous access takes every one of them. */
export function installedRealms(profile: Profile): readonly Realm[] {
  return realms.filter((realm) => realm.available?.(profile) ?? true)
}

/** From 3.60 NexusAuthorizingRealm is always active and neither listed nor accepted, unless a property says otherwise. */
function manageableRealms(profile: Profile): readonly Realm[] {
  return installedRealms(profile).filter(
    ({ id }) =>
      id !== 'NexusAuthorizingRealm' || profile.property('nexus.security.enableAuthorizationRealmManagement'),
  )
}

const noRealms = unexpected500(
  'java.lang.NullPointerException: Cannot invoke "java.util.List.stream()" because "realmIds" is null',
)

type Ids = (string | null)[] | undefined

function replaceRealms({ profile, state }: Context, ids: Ids): Reply {
  if (!ids) return noRealms
  const known = new Set(manageableRealms(profile).map((realm) => realm.id))
  const unknown = ids.filter((id) => id === null || !known.has(id))
  if (unknown.length > 0)
    return messageText(profile, 400, `Unknown realmIds: [${unknown.map(String).join(', ')}]`)
  if (state.frozen) return readOnly()
  state.realms = ids.filter((id) => id !== null)
  return { status: 204 }
}

export const realmRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/security/realms/available',
    permission: 'nexus:settings:read',
    handler: ({ profile }) => ({
      status: 200,
      body: manageableRealms(profile).map(({ id, name }) => ({ id, name })),
    }),
  },
  {
    method: 'GET',
    path: '/v1/security/realms/active',
    permission: 'nexus:settings:read',
    handler: ({ state }) => ({ status: 200, body: state.realms }),
  },
  bodyRoute<Ids>(
    { method: 'PUT', path: '/v1/security/realms/active', permission: 'nexus:settings:update' },
    ({ request }) => decodeBody(request.body, { type: 'strings' }, { value: undefined }),
    replaceRealms,
  ),
]
