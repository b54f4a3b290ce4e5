import type { Asker, Choice } from '../../src/init/asker.ts'

/** What was asked, and what the asker answered. */
export interface Asked {
  message: string
  answer: unknown
}

/** A question as a script sees it. */
export interface AskedQuestion {
  kind: 'select' | 'checkbox' | 'input' | 'confirm'
  message: string
  choices: readonly Choice[]
  default: unknown
  required: boolean
}

export interface ScriptedAsker extends Asker {
  asked: Asked[]
  shown: string[]
}

/**
 * Answers as a person could: choices are those that were offered, at least one where one is required, and a text that is refused is
 * followed by the default, as whoever presses Enter does.
 */
export function scriptedAsker(answerTo: (question: AskedQuestion) => unknown): ScriptedAsker {
  const asked: Asked[] = []
  const shown: string[] = []
  const answer = <T>(question: AskedQuestion): T => {
    const given = answerTo(question) ?? question.default
    asked.push({ message: question.message, answer: given })
    if (asked.length > 200) throw new Error(`the questions have no end: ${question.message}`)
    return given as T
  }
  const offered = (choices: readonly Choice[], value: string) => {
    if (!choices.some((choice) => choice.value === value)) throw new Error(`"${value}" is not offered`)
    return value
  }
  return {
    asked,
    shown,
    async select({ message, choices, default: proposed }) {
      offered(choices, proposed)
      return offered(choices, answer({ kind: 'select', message, choices, default: proposed, required: true }))
    },
    async checkbox({ message, choices, checked, required }) {
      const chosen = answer<string[]>({ kind: 'checkbox', message, choices, default: checked, required })
      if (required && chosen.length === 0) return [choices[0]?.value ?? '']
      return chosen.map((value) => offered(choices, value))
    },
    async input({ message, default: proposed, problem }) {
      const typed = answer<string>({ kind: 'input', message, choices: [], default: proposed, required: true })
      if (problem(typed) === undefined) return typed
      const refused = problem(proposed)
      if (refused !== undefined) throw new Error(`"${proposed}" is proposed and refused: ${refused}`)
      return proposed
    },
    confirm: async ({ message, default: proposed }) =>
      answer({ kind: 'confirm', message, choices: [], default: proposed, required: true }),
    show: (text) => shown.push(text),
  }
}

/** Answers by the beginning of the question, each once; everything else takes the default. */
export function answering(script: Readonly<Record<string, unknown>>): ScriptedAsker {
  const left = new Map(Object.entries(script))
  return scriptedAsker(({ message }) => {
    const starts = [...left.keys()].filter((start) => message.startsWith(start))
    const key = starts.toSorted((a, b) => b.length - a.length)[0]
    const given = key === undefined ? undefined : left.get(key)
    if (key !== undefined) left.delete(key)
    return given
  })
}
