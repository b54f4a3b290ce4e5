import { setTimeout as sleep } from 'node:timers/promises'
import { AnswerError } from '../nexus/errors/answer-error.ts'
import type { Change } from '../plan/types.ts'
import type { WriteContext } from './types.ts'

/** Milliseconds between looks at what has just been written: about 5 s in all, then what is seen is the server's word. */
export const looks = [0, 100, 300, 700, 1500, 3000]

/**
 * On a cluster another node may not yet show what this run has just created. When a write is refused (400: not carried out) and
 * it refers to such objects, wait until they can be read and send it once more. Where they could be read at once the lag may
 * have ended in between, so the write is sent once more there too; what is refused twice is an error.
 */
export async function withVisibleReferences(
  created: readonly Change[],
  context: WriteContext,
  send: () => Promise<void>,
): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (created.length === 0 || !(error instanceof AnswerError) || error.status !== 400) throw error
    if (!(await waitUntilVisible(created, context))) throw error
    await send()
  }
}

async function waitUntilVisible(changes: readonly Change[], context: WriteContext): Promise<boolean> {
  let hidden = changes
  for (const wait of looks) {
    // An interrupt ends the wait; the request after it says so.
    await sleep(wait, undefined, { signal: context.signal }).catch(() => undefined)
    const found = await Promise.all(
      hidden.map(({ kind, id }) => context.kinds.named(kind).find(context.nexus, id)),
    )
    hidden = hidden.filter((_, index) => found[index] === undefined)
    if (hidden.length === 0) return true
  }
  return false
}
