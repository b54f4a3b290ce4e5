// What answers for each type of repository.

import { group } from './group.ts'
import { hosted } from './hosted.ts'
import type { Handlers } from './repository-handler.ts'
import { createProxyHandler } from './upstream/proxy.ts'

/** The handlers of one server; `signal` ends what its proxies have under way. */
export function createHandlers(signal: AbortSignal): Handlers {
  return { hosted, proxy: createProxyHandler(signal), group }
}
