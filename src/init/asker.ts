/** One line of a list to choose from. */
export interface Choice {
  value: string
  /** What is shown. */
  name: string
  /** One line below the list while the cursor is on the choice. */
  description?: string
}

/**
 * Whoever answers questions: a person at a terminal, or a script in a test. Each question has a default that Enter takes. Rejects
 * with Interrupted when the person wants to stop.
 */
export interface Asker {
  select(question: { message: string; choices: readonly Choice[]; default: string }): Promise<string>
  checkbox(question: {
    message: string
    choices: readonly Choice[]
    checked: readonly string[]
    /** At least one has to be chosen. */
    required: boolean
  }): Promise<string[]>
  input(question: {
    message: string
    default: string
    /** A sentence when the text is no answer; the question stays then. */
    problem: (text: string) => string | undefined
  }): Promise<string>
  confirm(question: { message: string; default: boolean }): Promise<boolean>
  /** Tells something, one or more lines. `whole`: a file, whose lines are not to be broken. */
  show(text: string, how?: { whole?: boolean }): void
}

/** Ctrl-C, Ctrl-D, or a terminal that went away. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
    this.name = 'Interrupted'
  }
}
