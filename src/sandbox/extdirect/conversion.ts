// Arguments of ExtDirect methods as Gson reads them: what is of the wrong type is an exception (nexus-api section 4; R `http-settings/*`).
import { type Bean, convertField, MismatchError } from '../kernel/body.ts'
import type { Context } from '../kernel/types.ts'
import { type RemoteException, RemoteExceptionError } from './rpc.ts'

/** What an argument is read as; `method` and `type` are named in the exception. */
export interface Argument {
  method: string
  type: string
  fields: Bean
}

function rootCause(
  error: MismatchError,
  { fields }: Argument,
  given: unknown,
  { profile }: Context,
): RemoteException {
  const field = error.path[0] ?? ''
  if (fields[field]?.type === 'strings') {
    const where = profile.since('3.41') ? ` at path $.${field}` : ''
    return { type: 'java.lang.IllegalStateException', message: `Expected BEGIN_ARRAY but was STRING${where}` }
  }
  const value = (given as Record<string, unknown> | null)?.[field]
  return { type: 'java.lang.NumberFormatException', message: `For input string: "${String(value)}"` }
}

/** The first argument of a call; throws what the protocol reports as an exception. */
export function readArgument(args: unknown[], argument: Argument, context: Context): unknown {
  try {
    return convertField({ type: 'object', fields: argument.fields }, args[0])
  } catch (error) {
    if (!(error instanceof MismatchError)) throw error
    const root = rootCause(error, argument, args[0], context)
    const json = JSON.stringify(args)
    throw new RemoteExceptionError([
      {
        type: 'com.softwarementors.extjs.djn.gson.JsonException',
        message: `Failed attempt to convert from a json string to java method parameters. Method='${argument.method}', Json string='${json}', ExpectedTypes='${argument.type}'`,
      },
      { type: 'com.google.gson.JsonSyntaxException', message: `${root.type}: ${root.message}` },
      root,
    ])
  }
}
