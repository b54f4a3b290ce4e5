import { waitReady } from '../../nexus/wait/wait-ready.ts'
import type { ProgressEvent } from '../../report/progress-event.ts'
import { clientOptions } from './client-options.ts'
import type { Target } from './connection.ts'

/** How long it took, and what the server says of itself where nothing hides it. */
export type Ready = Omit<Extract<ProgressEvent, { type: 'ready' }>, 'type'>

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
