// coreui_HttpSettings: the API for the outbound proxy on every server without `/v1/http` (nexus-api section 4).
import { readArgument } from '../extdirect/conversion.ts'
import { failure, invalid, type RemoteMethod, type RemoteResult, success } from '../extdirect/rpc.ts'
import { validateBean } from '../kernel/body.ts'
import type { Context } from '../kernel/types.ts'
import { type HttpSettings, httpSettingsBean, replacedSettings, shownSettings } from './settings.ts'

const argument = {
  method: 'coreui_HttpSettings.update',
  type: 'org.sonatype.nexus.coreui.HttpSettingsXO',
  fields: httpSettingsBean,
}

function update(context: Context, args: unknown[]): RemoteResult {
  const { state, profile } = context
  if (args[0] === null) return invalid({ settings: 'must not be null' })
  const given = readArgument(args, argument, context) as HttpSettings
  const found = validateBean(given, httpSettingsBean, profile)
  if (found.length > 0) {
    return invalid(
      Object.fromEntries(found.map(({ id, message }) => [id.replace('PARAMETER ', ''), message])),
    )
  }
  // OrientDB servers say success while they are frozen
  if (state.frozen && profile.database === 'h2')
    return failure('Nexus Repository Manager is in read-only mode')
  const replaced = replacedSettings(given, state.httpSettings, profile)
  if (replaced.failed !== undefined) return failure(replaced.failed)
  state.httpSettings = replaced.settings
  return success(shownSettings(state, profile))
}

export const httpSettingsMethods: Record<string, RemoteMethod> = {
  read: {
    arguments: 0,
    permission: 'nexus:settings:read',
    run: ({ state, profile }) => success(shownSettings(state, profile)),
  },
  update: { arguments: 1, permission: 'nexus:settings:update', needsSignIn: true, run: update },
}
