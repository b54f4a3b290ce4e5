/** Asks on standard error, so that standard output holds data alone. Ctrl-C is an answer of its own. */
export async function confirm(message: string): Promise<'yes' | 'no' | 'interrupted'> {
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ output: process.stderr })
  try {
    const { answer } = await prompt<{ answer: boolean }>([
      { type: 'confirm', name: 'answer', message, default: false },
    ])
    return answer ? 'yes' : 'no'
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return 'interrupted'
    throw error
  }
}
