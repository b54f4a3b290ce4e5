import { displayWidth, padTo } from './display-width.ts'
import { type Paint, plain } from './paint.ts'

/** A command to type next, and why. */
export interface Step {
  command: string
  why?: string
}

/** A step a line. Where the terminal is too narrow for that, the reason stands above: a command that is broken cannot be copied. */
export function renderSteps(
  steps: readonly Step[],
  { paint = plain, columns = Number.POSITIVE_INFINITY }: { paint?: Paint; columns?: number | undefined } = {},
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
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
