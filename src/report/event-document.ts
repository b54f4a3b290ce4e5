import { changedObject, errorDocument } from './document.ts'
import type { ProgressEvent } from './progress-event.ts'

export type EventDocument = NonNullable<ReturnType<typeof eventDocument>>

/** One line of `-o ndjson`, without version and time; undefined for what is of interest to a person in front of a terminal alone. */
export function eventDocument(event: ProgressEvent) {
  switch (event.type) {
    case 'waiting':
    case 'ready':
      return { ...event, elapsedMs: Math.round(event.elapsedMs) }
    case 'start':
      return { type: 'start', ...changedObject(event.change) }
    case 'released':
      return { type: 'released', ...changedObject(event.change), ports: event.ports }
    case 'end':
      return ended(event)
    default:
      return undefined
  }
}

/** The names are those of the document of `-o json`: `done`, `failed`, `skipped`. */
function ended(event: Extract<ProgressEvent, { type: 'end' }>) {
  const object = changedObject(event.change)
  if (event.status === 'skipped') return { type: 'skipped', ...object, reason: event.reason }
  const { milliseconds } = event
  if (event.status === 'done') return { type: 'done', ...object, milliseconds, wrote: event.wrote }
  return { type: 'failed', ...object, milliseconds, error: errorDocument(event.error) }
}
