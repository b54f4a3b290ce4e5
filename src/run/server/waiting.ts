import type { ServerInfo } from '../../nexus/connection.ts'
import { waitReady } from '../../nexus/wait/wait-ready.ts'
import { clientOptions } from './client-options.ts'
import type { Target } from './connection.ts'

/** How long it took, and what the server says of itself where nothing hides it. */
export interface Ready extends Partial<Pick<ServerInfo, 'version' | 'edition'>> {
  url: string
  elapsedMs: number
}

/** Waits until the server takes changes, and shows what for. Throws as `waitReady` does. */
export async function waitUntilReady(
  target: Target,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Ready> {
  const { url } = target.connection
  const options = await clientOptions(target)
  const start = performance.now()
  const server = await waitReady(options, {
    deadlineMs,
    report: (obstacle) => target.terminal.report({ type: 'waiting', for: url, ...obstacle }),
    signal,
  })
  const elapsedMs = performance.now() - start
  return { url, elapsedMs, ...(server && { version: server.version, edition: server.edition }) }
}
