// Anonymous access, nexus-api 2.12.
import { type Bean, decodeBean, validateBean } from '../kernel/body.ts'
import { emptyFault, readOnly, unexpected500, violations } from '../kernel/replies.ts'
import type { State } from '../kernel/state.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { installedRealms } from './realms.ts'

const bean: Bean = {
  enabled: { type: 'boolean', javaType: 'boolean' },
  userId: { type: 'string', required: 'blank' },
  realmName: { type: 'string', required: 'blank' },
}

const defaults = { enabled: false, userId: 'anonymous', realmName: 'NexusAuthorizingRealm' }

/** The settings as both APIs answer them. */
export function anonymousSettings(state: State): Record<string, unknown> {
  const { enabled, userId, realmName } = state.anonymous
  return { enabled, userId, realmName }
}

function replace({ profile, state, request, may }: Context): Reply {
  const decoded = decodeBean<Record<string, unknown> | undefined>(request.body, bean, { value: undefined })
  if (decoded.refused) return decoded.refused
  const settings = { ...defaults, ...(decoded.value as Partial<typeof defaults> | undefined) }
  const found = validateBean(settings, bean, profile)
  if (found.length > 0) return violations(found)
  if (!may('nexus:settings:update')) return emptyFault(403)
  if (!decoded.value)
    return unexpected500(
      'java.lang.NullPointerException: Cannot invoke "AnonymousAccessSettingsXO.getRealmName()" because "<parameter1>" is null',
    )
  if (!installedRealms(profile).some((realm) => realm.id === settings.realmName)) {
    return violations([{ id: 'realmName', message: 'Realm does not exist' }])
  }
  if (state.frozen) return readOnly()
  state.anonymous = { ...settings, configured: true }
  return { status: 200, body: anonymousSettings(state) }
}

export const anonymousRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/security/anonymous',
    permission: 'nexus:settings:read',
    handler: ({ state }) => ({ status: 200, body: anonymousSettings(state) }),
  },
  { method: 'PUT', path: '/v1/security/anonymous', handler: replace },
]
