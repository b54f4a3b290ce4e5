// Who may do what: users hold roles, roles hold permission patterns, patterns follow Shiro's wildcard rules.
import type { Profile } from './profile.ts'
import type { State } from './state.ts'

const builtInRoles: Record<string, readonly string[]> = {
  'nx-admin': ['nexus:*'],
  'nx-anonymous': ['nexus:healthcheck:read', 'nexus:search:read', 'nexus:repository-view:*:*:browse,read'],
}

/**
 * Patterns of a role. Beside the built-in roles, a role id may be a pattern itself (`nexus:blobstores:read`), and
 * `repository-admin:<name>` sees and administers one repository.
 */
function rolePatterns(role: string): readonly string[] {
  const own = builtInRoles[role]
  if (own) return own
  if (role.startsWith('nexus:')) return [role]
  const repository = /^repository-admin:(.+)$/.exec(role)?.[1]
  if (repository === undefined) return []
  return [`nexus:repository-admin:*:${repository}:*`, `nexus:repository-view:*:${repository}:*`]
}

/** Shiro's rule: part by part; a pattern that ends early covers everything below. */
function implies(pattern: string, permission: string): boolean {
  const wanted = permission.split(':')
  const given = pattern.split(':')
  return given.every((part, index) => part === '*' || part.split(',').includes(wanted[index] ?? ''))
}

/** Builds the check for one caller; `userId` undefined = no credentials, which anonymous access may cover. */
export function createPermissionCheck(
  state: State,
  profile: Profile,
  userId: string | undefined,
): (permission: string) => boolean {
  // where NexusAuthorizingRealm is managed, a list without it takes every right away (nexus-api 2.11)
  const managed = profile.property('nexus.security.enableAuthorizationRealmManagement')
  if (managed && !state.realms.includes('NexusAuthorizingRealm')) return () => false
  const holder = userId ?? (state.anonymous.enabled ? state.anonymous.userId : undefined)
  const user = state.users.find((entry) => entry.userId === holder)
  const patterns = user?.roles.flatMap(rolePatterns) ?? []
  return (permission) => patterns.some((pattern) => implies(pattern, permission))
}
