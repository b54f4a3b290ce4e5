import { displayWidth, padTo } from './display-width.ts'
import { type Paint, plain } from './paint.ts'

/** A command to type next, and why. */
export interface Step {
  command: string
  why?: string
}

export interface Look {
  paint?: Paint
  /** Of the terminal. */
  columns?: number | undefined
}

/** What to type next, below its heading. */
export function renderNextSteps(steps: readonly Step[], look: Look = {}): string {
  const { paint = plain } = look
  return `${paint.bold('Next:')}\n${renderSteps(steps, look)}`
}

/** A step a line. Where the terminal is too narrow for that, the reason stands above: a command that is broken cannot be copied. */
function renderSteps(
  steps: readonly Step[],
  { paint = plain, columns = Number.POSITIVE_INFINITY }: Look,
): string {
  const width = Math.max(...steps.map(({ command }) => displayWidth(command)))
  const reason = ({ why }: Step) => (why === undefined ? '' : `# ${why}`)
  if (steps.some((step) => width + displayWidth(reason(step)) + 4 > columns))
    return steps
      .flatMap((step) => [
        ...(step.why === undefined ? [] : [`  ${paint.dim(reason(step))}`]),
        `  ${step.command}`,
      ])
      .join('\n')
  return steps
    .map((step) =>
      step.why === undefined
        ? `  ${step.command}`
        : `  ${padTo(step.command, width)}  ${paint.dim(reason(step))}`,
    )
    .join('\n')
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
