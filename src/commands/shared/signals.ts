/** Turns the first Ctrl-C or SIGTERM into an orderly end: what is in flight ends, nothing new starts. The second one kills. */
export function catchSignals(say: (line: string) => void): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.exit(130)
    }
    say(`${name}: finishing the requests in flight; once more to stop at once`)
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
