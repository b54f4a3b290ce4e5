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
  const answer = (question: AskedQuestion): unknown => {
    const given = answerTo(question) ?? question.default
    asked.push({ message: question.message, answer: given })
    if (asked.length > 200) throw new Error(`the questions have no end: ${question.message}`)
    return given
  }
  const offered = (choices: readonly Choice[], value: string) => {
    if (!choices.some((choice) => choice.value === value)) throw new Error(`"${value}" is not offered`)
    return value
  }
  const accepted = (typed: string, proposed: string, problem: (text: string) => string | undefined) => {
    if (problem(typed) === undefined) return typed
    const refused = problem(proposed)
    if (refused !== undefined) throw new Error(`"${proposed}" is proposed and refused: ${refused}`)
    return proposed
  }
  /** Errors of a script are rejections, as those of a terminal are. */
  const promised = <T>(work: () => T) => new Promise<T>((resolve) => resolve(work()))
  return {
    asked,
    shown,
    select: ({ message, choices, default: proposed }) =>
      promised(() => {
        offered(choices, proposed)
        const question: AskedQuestion = {
          kind: 'select',
          message,
          choices,
          default: proposed,
          required: true,
        }
        return offered(choices, answer(question) as string)
      }),
    checkbox: ({ message, choices, checked, required }) =>
      promised(() => {
        const chosen = answer({ kind: 'checkbox', message, choices, default: checked, required }) as string[]
        if (required && chosen.length === 0) return [choices[0]?.value ?? '']
        return chosen.map((value) => offered(choices, value))
      }),
    input: ({ message, default: proposed, problem }) =>
      promised(() => {
        const typed = answer({ kind: 'input', message, choices: [], default: proposed, required: true })
        return accepted(typed as string, proposed, problem)
      }),
    confirm: ({ message, default: proposed }) =>
      promised(
        () => answer({ kind: 'confirm', message, choices: [], default: proposed, required: true }) as boolean,
      ),
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
