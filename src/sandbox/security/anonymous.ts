// Anonymous access, nexus-api 2.12.
import { type Bean, type Decoded, decodeBean, validateBean } from '../kernel/body.ts'
import { bodyRoute } from '../kernel/body-route.ts'
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

type Settings = typeof defaults

/** Nothing for an empty body, which passes as valid. */
function decode({ request, profile }: Context): Decoded<Settings | undefined> {
  const decoded = decodeBean<Partial<Settings> | undefined>(request.body, bean, { value: undefined })
  if (decoded.refused) return decoded
  const settings = { ...defaults, ...decoded.value }
  const found = validateBean(settings, bean, profile)
  if (found.length > 0) return { refused: violations(found) }
  return { value: decoded.value && settings }
}

function replace({ profile, state }: Context, settings: Settings | undefined): Reply {
  if (!settings)
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
  bodyRoute(
    { method: 'PUT', path: '/v1/security/anonymous', permission: 'nexus:settings:update' },
    decode,
    replace,
  ),
]
