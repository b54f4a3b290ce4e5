import { padTo } from './display-width.ts'
import { type Paint, plain } from './paint.ts'

/** A command to type next, and why. */
export interface Step {
  command: string
  why?: string
}

/** A line a command, with what it is for behind it. */
export function renderSteps(steps: readonly Step[], paint: Paint = plain): string {
  const width = Math.max(...steps.map(({ command }) => command.length))
  return steps
    .map(({ command, why }) =>
      why === undefined ? `  ${command}` : `  ${padTo(command, width)}  ${paint.dim(`# ${why}`)}`,
    )
    .join('\n')
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
