import { UserError } from '../core/errors.ts'
import type { ProgressEvent } from './progress-event.ts'

type Clean = <T>(data: T) => T

/** The event with what others wrote in it made fit to be shown. */
export function cleanEvent(event: ProgressEvent, clean: Clean): ProgressEvent {
  if (!('change' in event)) return clean(event)
  // Of a change its name is shown.
  const { id, title } = event.change
  const change = { ...event.change, ...clean({ id, title }) }
  if (event.type !== 'end' || event.status === 'done') return { ...event, change }
  return event.status === 'skipped'
    ? { ...event, change, reason: clean(event.reason) }
    : { ...event, change, error: cleanError(event.error, clean) }
}

function cleanError({ code, message, hint }: UserError, clean: Clean): UserError {
  return new UserError(code, clean(message), { hint: clean(hint) })
}
