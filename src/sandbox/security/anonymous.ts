// Anonymous access, nexus-api 2.12.
import { type Bean, decodeBean, validateBean } from '../kernel/body.ts'
import { readOnly, unexpected500, violations } from '../kernel/replies.ts'
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

function validate(context: Context): Reply | undefined {
  const decoded = decodeBean(context.request.body, bean)
  if (decoded.refused) return decoded.refused
  const found = validateBean({ ...defaults, ...decoded.value }, bean, context.profile)
  return found.length > 0 ? violations(found) : undefined
}

function replace(context: Context): Reply {
  const { profile, state } = context
  const decoded = decodeBean(context.request.body, bean)
  if (decoded.refused) return decoded.refused
  if (!decoded.value)
    return unexpected500(
      'java.lang.NullPointerException: Cannot invoke "AnonymousAccessSettingsXO.getRealmName()" because "<parameter1>" is null',
    )
  const { enabled, userId, realmName } = { ...defaults, ...(decoded.value as Partial<typeof defaults>) }
  if (!installedRealms(profile).some((realm) => realm.id === realmName)) {
    return violations([{ id: 'realmName', message: 'Realm does not exist' }])
  }
  if (state.frozen) return readOnly()
  state.anonymous = { enabled, userId, realmName, configured: true }
  return { status: 200, body: anonymousSettings(state) }
}

export const anonymousRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/security/anonymous',
    permission: 'nexus:settings:read',
    handler: ({ state }) => ({ status: 200, body: anonymousSettings(state) }),
  },
  {
    method: 'PUT',
    path: '/v1/security/anonymous',
    validate,
    permission: 'nexus:settings:update',
    handler: replace,
  },
]
