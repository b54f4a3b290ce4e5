/** A CI that hears nothing for minutes ends the job; a person who hears nothing thinks that it hangs. */
const INTERVAL_MS = 15_000

/** Calls `beat` when nothing was said for a while, again and again. Never keeps the process alive. */
export function createHeartbeat(beat: () => void): { said: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(timer)
  const said = () => {
    stop()
    timer = setInterval(beat, INTERVAL_MS).unref()
  }
  return { said, stop }
}
