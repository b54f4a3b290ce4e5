import type { ApplyEvent } from '../apply/types.ts'
import type { Paint } from '../core/paint.ts'
import type { Plan } from '../plan/types.ts'
import { renderApplyEvent } from '../render/apply-text.ts'

interface Output {
  err(text: string): void
  errPaint: Paint
  live: boolean
}

/** Shows an apply as it goes: a line when a change ends, and on a terminal what is running below it. */
export function createProgress(
  output: Output,
  plan: Plan,
): {
  onEvent: (event: ApplyEvent) => void
  stop: () => void
} {
  const running = new Set<string>()
  let ended = 0
  const spinner = output.live ? startSpinner() : undefined
  return {
    onEvent(event) {
      if (event.type === 'start') running.add(event.step.change.id)
      else {
        running.delete(event.type === 'end' ? event.change.id : event.step.change.id)
        if (event.type === 'end') ended += 1
      }
      const line = renderApplyEvent(event, output.errPaint)
      if (spinner)
        spinner.show(line, `${ended}/${plan.changes.length}  ${[...running].slice(0, 5).join(', ')}`)
      else if (line !== undefined) output.err(line)
    },
    stop: () => spinner?.stop(),
  }

  /** ora is loaded only here; lines that end before it is there are printed all the same. */
  function startSpinner() {
    let text = ''
    let ora: import('ora').Ora | undefined
    let stopped = false
    void import('ora').then((module) => {
      if (!stopped) ora = module.default({ stream: process.stderr, text, discardStdin: false }).start()
    })
    return {
      show(line: string | undefined, below: string) {
        text = below
        if (line !== undefined) {
          ora?.clear()
          output.err(line)
        }
        if (ora) ora.text = below
      },
      stop() {
        stopped = true
        ora?.stop()
      },
    }
  }
}
