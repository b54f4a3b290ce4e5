// How long a remote that cannot be reached is left alone (open core: BlockingHttpClient; Sonatype's support page "Remote Auto Blocked").

/** The first two times; each later one is the sum of the two before it. */
const firstMs = 40_000
const longestMs = 3_600_000

export interface AutoBlock {
  /** Until when nothing is asked; undefined when the remote may be asked. */
  readonly until: Date | undefined
  /** The remote did not answer, or with 407 or 5xx. Failures during a block do not make it longer. */
  failed(): void
  answered(): void
}

/**
 * Simplified: the server itself asks the remote when the time is over and ends a block earlier or prolongs it then; here the next request
 * does.
 */
export function createAutoBlock(): AutoBlock {
  let until = 0
  let last = 0
  let next = firstMs
  return {
    get until() {
      return until > Date.now() ? new Date(until) : undefined
    },
    failed() {
      if (until > Date.now()) return
      until = Date.now() + next
      ;[last, next] = [next, Math.min(last + next, longestMs)]
    },
    answered() {
      ;[until, last, next] = [0, 0, firstMs]
    },
  }
}
