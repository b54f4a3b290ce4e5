/**
 * Turns the first Ctrl-C or SIGTERM into an orderly end: what is in flight ends, nothing new starts. The second one kills. A reader of
 * standard output that has gone (`unread`) is an interrupt too.
 */
export function catchSignals(
  say: (line: string) => void,
  unread?: AbortSignal,
): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const interrupt = (why: string) => {
    say(`${why}: stopping after what is under way; once more to stop at once`)
    controller.abort()
  }
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.exit(130)
    }
    interrupt(name)
  }
  const onUnread = () => {
    if (!controller.signal.aborted) interrupt('nobody reads the output any more')
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  unread?.addEventListener('abort', onUnread)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      unread?.removeEventListener('abort', onUnread)
    },
  }
}
