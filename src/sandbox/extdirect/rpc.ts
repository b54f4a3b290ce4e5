// ExtDirect as a protocol (nexus-api section 4): requests, results, exceptions. What the methods do stands elsewhere.
import { isObject } from '../../core/json.ts'
import type { Context, Reply } from '../kernel/types.ts'

/** One call as the client sent it. */
export interface RemoteCall {
  action: string
  method: string
  tid: number
  data: unknown[]
}

/** One method that clients may call. */
export interface RemoteMethod {
  /** Number of arguments it takes. */
  arguments: number
  permission: string
  /** By 3.89 refused without credentials before any permission is looked at. */
  needsSignIn?: boolean
  run(context: Context, args: unknown[]): RemoteResult
}

/** `result` of an answer; `success` comes first as the server writes it. */
export type RemoteResult = Record<string, unknown>

/** A Java exception with its causes, outermost first. */
export interface RemoteException {
  type: string
  message: string
}

export function success(data: unknown): RemoteResult {
  return { success: true, data }
}

export function failure(text: string, authenticationRequired = false): RemoteResult {
  return { message: text, authenticationRequired, success: false, data: [] }
}

export function invalid(errors: Record<string, string>): RemoteResult {
  return { messages: null, errors, success: false, data: [] }
}

/** Thrown by a method for what the protocol reports as an exception instead of a result. */
export class RemoteExceptionError extends Error {
  readonly chain: readonly RemoteException[]

  constructor(chain: readonly RemoteException[]) {
    super(chain[0]?.message ?? '')
    this.chain = chain
  }
}

/** From 3.41 exception texts have their punctuation masked. */
function maskText(text: string, context: Context): string {
  return context.profile.since('3.41') ? text.replace(/["'=,[\]{}$]/g, '*') : text
}

function exceptionAnswer(call: RemoteCall, chain: readonly RemoteException[], context: Context): unknown {
  const { tid, action, method } = call
  const shown = chain.map(({ type, message }) => ({ type, message: maskText(message, context), where: '' }))
  const outer = chain[0]
  return {
    tid,
    action,
    method,
    message: `${outer?.type.split('.').pop() ?? ''}: ${outer?.message ?? ''}`,
    where: '',
    serverException: { rootException: shown.at(-1), exception: shown[0], exceptions: shown },
    type: 'exception',
  }
}

function requestException(message: string): RemoteExceptionError {
  const type = 'com.softwarementors.extjs.djn.router.processor.RequestException'
  return new RemoteExceptionError([{ type, message }])
}

type Methods = Readonly<Record<string, Readonly<Record<string, RemoteMethod>>>>

function refusedResult(method: RemoteMethod, context: Context): RemoteResult | undefined {
  const modern = context.profile.since('3.89')
  if (modern && method.needsSignIn === true && context.request.user === undefined) {
    return failure('The current Subject is not authenticated.  Access denied.', true)
  }
  if (context.may(method.permission)) return undefined
  const { permission } = method
  return failure(
    modern ? `Subject does not have permission [${permission}]` : `User is not permitted: ${permission}`,
  )
}

function methodOf({ action, method }: RemoteCall, methods: Methods): RemoteMethod {
  const offered = Object.hasOwn(methods, action) ? methods[action] : undefined
  if (!offered) throw requestException(`No action registered as '${action}'`)
  const found = Object.hasOwn(offered, method) ? offered[method] : undefined
  if (!found) throw requestException(`No method registered as '${method}' in action '${action}'`)
  return found
}

function callMethod(method: RemoteMethod, args: unknown[], context: Context): RemoteResult {
  if (args.length !== method.arguments) {
    const length = Math.min(args.length, method.arguments)
    const message = `Index ${length} out of bounds for length ${length}`
    throw new RemoteExceptionError([{ type: 'java.lang.ArrayIndexOutOfBoundsException', message }])
  }
  return refusedResult(method, context) ?? method.run(context, args)
}

/** Answers one call. */
export function answerCall(call: RemoteCall, methods: Methods, context: Context): unknown {
  const { tid, action, method } = call
  try {
    const result = callMethod(methodOf(call, methods), call.data, context)
    return { tid, action, method, result, type: 'rpc' }
  } catch (error) {
    if (!(error instanceof RemoteExceptionError)) throw error
    return exceptionAnswer(call, error.chain, context)
  }
}

/** Reads the calls of a body; undefined = what the server answers with an HTML 500. */
export function parseCalls(body: string): { calls: RemoteCall[]; batch: boolean } | undefined {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return undefined
  }
  const entries: unknown[] = Array.isArray(json) ? json : [json]
  const calls = entries.map(parseCall).filter((call) => call !== undefined)
  if (calls.length === 0 || calls.length < entries.length) return undefined
  return { calls, batch: Array.isArray(json) }
}

function parseCall(entry: unknown): RemoteCall | undefined {
  if (!isObject(entry)) return undefined
  const { action, method, type, tid, data } = entry
  if (typeof action !== 'string' || typeof method !== 'string' || type !== 'rpc') return undefined
  if (typeof tid !== 'number') return undefined
  if (data !== null && !Array.isArray(data)) return undefined
  return { action, method, tid, data: data ?? [] }
}

/** Content type of answers: by 3.89 without the charset. */
export function rpcReply(body: unknown, context: Context): Reply {
  const type = context.profile.since('3.89') ? 'application/json' : 'application/json;charset=utf-8'
  return { status: 200, body, contentType: type }
}
