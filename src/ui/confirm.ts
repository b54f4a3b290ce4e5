import { Interrupted } from '../init/asker.ts'

/** Asks on standard error, so that standard output holds data alone. Ctrl-C is an answer of its own. */
export async function confirm(message: string): Promise<'yes' | 'no' | 'interrupted'> {
  const { createPromptAsker } = await import('./ask-prompts.ts')
  const asker = createPromptAsker({ colours: !process.env['NO_COLOR'], show: () => undefined })
  try {
    return (await asker.confirm({ message, default: false })) ? 'yes' : 'no'
  } catch (error) {
    if (error instanceof Interrupted) return 'interrupted'
    throw error
  }
}
