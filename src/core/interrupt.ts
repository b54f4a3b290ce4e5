import { UserError } from './errors.ts'

/** The end of what somebody has interrupted: by default of a command that has changed nothing so far. */
export function interrupted(message = 'interrupted; nothing was changed'): UserError {
  return new UserError('interrupted', message, { exitCode: 130 })
}

/**
 * The result of `work`; when the signal comes first, `interrupted` (exit code 130), whatever `work` still waits for. For work that
 * changes nothing: it is left where it stands.
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    // Work that ends by itself when it is interrupted has more to say: what it was waiting for.
    stop = () => setImmediate(reject, interrupted())
  })
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
