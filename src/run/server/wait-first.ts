import type { Target } from './connection.ts'

/** What `--wait` asks for before the server is asked anything else; without it, nothing. Throws as `waitReady` does. */
export async function waitFirst(target: Target, signal: AbortSignal): Promise<void> {
  const { wait } = target.flags
  if (wait === undefined) return
  const { waitUntilReady } = await import('./waiting.ts')
  target.terminal.report({ type: 'ready', ...(await waitUntilReady(target, wait, signal)) })
}
