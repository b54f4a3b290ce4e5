import { UserError } from '../core/errors.ts'
import type { ProgressEvent } from './progress-event.ts'

/** The event with what others wrote in it made fit to be shown. Of a change only the id is shown, and renderers see to that. */
export function cleanEvent(event: ProgressEvent, clean: <T>(data: T) => T): ProgressEvent {
  if (event.type === 'waiting' || event.type === 'ready' || event.type === 'reading') return clean(event)
  if (event.type !== 'end' || event.status === 'done') return event
  if (event.status === 'skipped') return { ...event, reason: clean(event.reason) }
  const { code, message, hint } = event.error
  const error = new UserError(code, clean(message), { ...(hint !== undefined && { hint: clean(hint) }) })
  return { ...event, error }
}
