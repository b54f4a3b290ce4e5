// What answers for each type of repository.
import { hosted } from './hosted.ts'
import type { Handlers } from './repository-handler.ts'
import { group } from './upstream/group.ts'
import { createProxyHandler } from './upstream/proxy.ts'

/** The handlers of one server; `signal` ends what its proxies have under way. */
export function createHandlers(signal: AbortSignal): Handlers {
  return { hosted, proxy: createProxyHandler(signal), group }
}
