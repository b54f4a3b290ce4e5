import { interrupted, untilAborted } from '../core/interrupt.ts'
import { Interrupted } from '../init/asker.ts'

/** Asks on standard error, so that standard output holds data alone. Throws `interrupted` for Ctrl-C, and when the signal comes. */
export async function confirm(message: string, signal: AbortSignal): Promise<boolean> {
  const { createPromptAsker } = await import('./ask-prompts.ts')
  const asker = createPromptAsker({ colours: !process.env['NO_COLOR'], show: () => undefined })
  try {
    return await untilAborted(signal, asker.confirm({ message, default: false }))
  } catch (error) {
    throw error instanceof Interrupted ? interrupted() : error
  }
}
