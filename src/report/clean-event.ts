import { UserError } from '../core/errors.ts'
import type { Change } from '../plan/types.ts'
import type { ProgressEvent } from './progress-event.ts'

/**
 * Makes events fit to be shown: what others wrote in them goes through `clean`. Events of one change keep being about the same object,
 * which is how what runs is told from what has ended.
 */
export function createEventCleaner(clean: <T>(data: T) => T): (event: ProgressEvent) => ProgressEvent {
  const known = new WeakMap<Change, Change>()
  const cleanChange = (change: Change): Change => {
    const done = known.get(change) ?? { ...change, id: clean({ id: change.id }).id }
    known.set(change, done)
    return done
  }
  return (event) => {
    switch (event.type) {
      case 'waiting':
      case 'ready':
      case 'reading':
        return clean(event)
      case 'start':
      case 'released':
        return { ...event, step: { ...event.step, change: cleanChange(event.step.change) } }
      case 'end': {
        const change = cleanChange(event.change)
        if (event.status === 'skipped') return { ...event, change, reason: clean(event.reason) }
        if (event.status === 'failed') return { ...event, change, error: cleanError(event.error, clean) }
        return { ...event, change }
      }
      default:
        return event
    }
  }
}

function cleanError({ code, message, hint, exitCode }: UserError, clean: <T>(data: T) => T): UserError {
  return new UserError(code, clean(message), { exitCode, ...(hint !== undefined && { hint: clean(hint) }) })
}
