// coreui_HttpSettings: the API for the outbound proxy on every server without `/v1/http` (nexus-api section 4).
import {
  failure,
  invalid,
  type RemoteException,
  RemoteExceptionError,
  type RemoteMethod,
  type RemoteResult,
  success,
} from '../extdirect/rpc.ts'
import { convertField, MismatchError, validateBean } from '../kernel/body.ts'
import type { Context } from '../kernel/types.ts'
import { type HttpSettings, httpSettingsBean, replacedSettings, shownSettings } from './settings.ts'

function rootCause(error: MismatchError, given: Record<string, unknown>, context: Context): RemoteException {
  const field = error.path[0] ?? ''
  if (field !== 'nonProxyHosts') {
    return { type: 'java.lang.NumberFormatException', message: `For input string: "${String(given[field])}"` }
  }
  const where = context.profile.since('3.41') ? ` at path $.${field}` : ''
  return { type: 'java.lang.IllegalStateException', message: `Expected BEGIN_ARRAY but was STRING${where}` }
}

function conversionFailed(error: MismatchError, args: unknown[], context: Context): RemoteExceptionError {
  const root = rootCause(error, args[0] as Record<string, unknown>, context)
  const json = JSON.stringify(args)
  return new RemoteExceptionError([
    {
      type: 'com.softwarementors.extjs.djn.gson.JsonException',
      message: `Failed attempt to convert from a json string to java method parameters. Method='coreui_HttpSettings.update', Json string='${json}', ExpectedTypes='org.sonatype.nexus.coreui.HttpSettingsXO'`,
    },
    { type: 'com.google.gson.JsonSyntaxException', message: `${root.type}: ${root.message}` },
    root,
  ])
}

function update(context: Context, args: unknown[]): RemoteResult {
  const { state, profile } = context
  if (args[0] === null) return invalid({ settings: 'must not be null' })
  let given: HttpSettings
  try {
    given = convertField({ type: 'object', fields: httpSettingsBean }, args[0]) as HttpSettings
  } catch (error) {
    throw error instanceof MismatchError ? conversionFailed(error, args, context) : error
  }
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
