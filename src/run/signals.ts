/** Ctrl-C, an order to end, and a terminal (or a connection to one) that is gone. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `work` with a signal that the first of them aborts; its reason is a text that says which. What that means is for `work` to
 * say. The second one ends the process. A reader of standard output that has gone (`unread`) is an interrupt too.
 */
export async function withSignals<T>(
  work: (signal: AbortSignal) => Promise<T>,
  unread?: AbortSignal,
): Promise<T> {
  const controller = new AbortController()
  const { signal } = controller
  const onSignal = (name: NodeJS.Signals) => {
    if (!signal.aborted) controller.abort(name)
    // A terminal that closes sends it, and so does the shell in it: the second one asks for nothing new.
    else if (name !== 'SIGHUP') process.exit(130)
  }
  const onUnread = () => controller.abort('the output is no longer read')
  for (const name of SIGNALS) process.on(name, onSignal)
  unread?.addEventListener('abort', onUnread)
  try {
    return await work(signal)
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal)
    unread?.removeEventListener('abort', onUnread)
  }
}
