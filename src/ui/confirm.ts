/** Asks on standard error, so that standard output holds data alone. Ctrl-C counts as no. */
export async function confirm(message: string): Promise<boolean> {
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ output: process.stderr })
  try {
    const { answer } = await prompt<{ answer: boolean }>([
      { type: 'confirm', name: 'answer', message, default: false },
    ])
    return answer
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return false
    throw error
  }
}
