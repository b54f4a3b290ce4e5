import { UserError } from '../core/errors.ts'
import type { Change } from '../plan/types.ts'
import type { ProgressEvent } from './progress-event.ts'

type Clean = <T>(data: T) => T

/** The event with what others wrote in it made fit to be shown. */
export function cleanEvent(event: ProgressEvent, clean: Clean): ProgressEvent {
  switch (event.type) {
    case 'waiting':
    case 'ready':
    case 'reading':
      return clean(event)
    case 'start':
    case 'released':
      return { ...event, change: cleanChange(event.change, clean) }
    case 'end': {
      const change = cleanChange(event.change, clean)
      if (event.status === 'skipped') return { ...event, change, reason: clean(event.reason) }
      if (event.status === 'failed') return { ...event, change, error: cleanError(event.error, clean) }
      return { ...event, change }
    }
    default:
      return event
  }
}

/** Of a change its name is shown. */
function cleanChange(change: Change, clean: Clean): Change {
  return { ...change, ...clean({ id: change.id, title: change.title }) }
}

function cleanError({ code, message, hint }: UserError, clean: Clean): UserError {
  return new UserError(code, clean(message), { hint: clean(hint) })
}
