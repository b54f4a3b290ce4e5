import type { Situation } from './answers.ts'
import type { Asker } from './asker.ts'
import { changeAnswer, changeable } from './flow.ts'

/** What the person decided: the answers to write, or undefined to leave everything as it is. */
export async function review(
  asker: Asker,
  situation: Situation,
  options: {
    /** What is shown of the result before the question. */
    preview: (situation: Situation) => string
    /** The file, as the person named it. */
    out: string
    /** There is one already; Enter leaves it alone then. */
    exists: boolean
  },
): Promise<Situation | undefined> {
  const { preview, out, exists } = options
  let current = situation
  for (;;) {
    asker.show(`\n${preview(current)}\n`, { whole: true })
    const decision = await asker.select({
      message: exists ? `${out} exists. What now?` : out === '-' ? 'Print it?' : `Write ${out}?`,
      choices: [
        { value: 'write', name: exists ? 'Replace it' : 'Yes' },
        { value: 'change', name: 'Change an answer' },
        { value: 'leave', name: exists ? 'Leave it as it is' : 'No, write nothing' },
      ],
      default: exists ? 'leave' : 'write',
    })
    if (decision === 'write') return current
    if (decision === 'leave') return undefined
    current = await changeOne(asker, current)
  }
}

async function changeOne(asker: Asker, situation: Situation): Promise<Situation> {
  const open = changeable(situation)
  const chosen = await asker.select({
    message: 'Which one?',
    choices: open.map(({ question, shown }) => ({
      value: question.label,
      name: `${question.label}: ${shown}`,
    })),
    default: open[0]?.question.label ?? '',
  })
  const question = open.find((entry) => entry.question.label === chosen)?.question
  return question ? changeAnswer(question, situation, asker) : situation
}
