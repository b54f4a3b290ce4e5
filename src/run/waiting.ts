import type { ConnectionOptions, ServerInfo } from '../nexus/connection.ts'
import { waitReady } from '../nexus/wait-ready.ts'
import type { Terminal } from '../ui/terminal.ts'

/** How long it took, and what the server says of itself where nothing hides it. */
export interface Ready extends Partial<Pick<ServerInfo, 'version' | 'edition'>> {
  elapsedMs: number
}

/** Waits until the server takes changes, and shows what for. Throws as `waitReady` does. */
export async function waitUntilReady(
  connection: ConnectionOptions,
  deadlineMs: number,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal | undefined },
): Promise<Ready> {
  const start = performance.now()
  const server = await waitReady(connection, {
    deadlineMs,
    report: (obstacle) => terminal.report({ type: 'waiting', for: connection.url, ...obstacle }),
    ...(signal && { signal }),
  })
  const elapsedMs = performance.now() - start
  return { elapsedMs, ...(server && { version: server.version, edition: server.edition }) }
}
