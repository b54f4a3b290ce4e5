// Routes that take a JSON body: it is read, and validated where the endpoint declares that, before anybody asks for the permission
// (nexus-api 1.2; R `auth/none-post-invalid-body`).
import type { Decoded } from './body.ts'
import { emptyFault } from './replies.ts'
import type { Context, Reply, Route } from './types.ts'

/** What is known of the route beside its body; `permission` is looked at once the body has been read. */
type Head = Omit<Route, 'handler' | 'permission'> & { permission: string }

/** A route whose `handle` gets the body that `decode` has read. */
export function bodyRoute<T>(
  { permission, ...head }: Head,
  decode: (context: Context) => Decoded<T>,
  handle: (context: Context, body: T) => Reply | Promise<Reply>,
): Route {
  function handler(context: Context): Reply | Promise<Reply> {
    const decoded = decode(context)
    if (decoded.refused) return decoded.refused
    return context.may(permission) ? handle(context, decoded.value) : emptyFault(403)
  }
  return { ...head, handler }
}
