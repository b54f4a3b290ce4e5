// The ExtDirect endpoint and the methods that clients without `/v1/http` need.
import { httpSettingsMethods } from '../http-settings/extdirect.ts'
import { htmlPage } from '../kernel/replies.ts'
import type { Context, Reply, Route } from '../kernel/types.ts'
import { anonymousSettings } from '../security/anonymous.ts'
import { installedRealms } from '../security/realms.ts'
import { readArgument } from './conversion.ts'
import { answerCall, parseCalls, type RemoteMethod, rpcReply, success } from './rpc.ts'

const realmSettings = {
  method: 'coreui_RealmSettings.update',
  type: 'org.sonatype.nexus.coreui.RealmSettingsXO',
  fields: { realms: { type: 'strings' } },
} as const

const read = { arguments: 0, permission: 'nexus:settings:read' }

const methods: Record<string, Record<string, RemoteMethod>> = {
  coreui_HttpSettings: httpSettingsMethods,
  coreui_AnonymousSettings: { read: { ...read, run: ({ state }) => success(anonymousSettings(state)) } },
  coreui_RealmSettings: {
    read: { ...read, run: ({ state }) => success({ realms: state.realms }) },
    readRealmTypes: { ...read, run: (context) => success(realmTypes(context)) },
    update: {
      arguments: 1,
      permission: 'nexus:settings:update',
      needsSignIn: true,
      run(context, args) {
        const { state, profile } = context
        const settings = readArgument(args, realmSettings, context) as { realms?: string[] | null } | null
        const given = settings?.realms ?? []
        state.realms = profile.since('3.60') ? given.filter((id) => id !== 'NexusAuthorizingRealm') : given
        return success({ realms: state.realms })
      },
    },
  },
}

/** By 3.89 the ids here are class names (nexus-api section 4); the authorizing realm is listed in every version. */
function realmTypes({ profile }: Context): { id: string; name: string }[] {
  return installedRealms(profile).map(({ id, name, className }) => {
    return { id: profile.since('3.89') ? (className ?? id) : id, name }
  })
}

function serve(context: Context): Reply {
  const { request, profile } = context
  const isJson = request.headers['content-type']?.startsWith('application/json') === true
  const parsed = isJson && request.method === 'POST' ? parseCalls(request.body) : undefined
  if (!parsed) return htmlPage(profile, 500, 'Internal Server Error', 'Server Error')
  const answers = parsed.calls.map((call) => answerCall(call, methods, context))
  return rpcReply(parsed.batch ? answers : answers[0], context)
}

export const extDirectRoutes: readonly Route[] = [
  { method: 'POST', path: '/service/extdirect', root: true, consumes: 'any', handler: serve },
  { method: 'GET', path: '/service/extdirect', root: true, handler: serve },
]
