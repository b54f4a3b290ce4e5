import type { Change } from '../plan/types.ts'
import { objectKey } from '../resources/contract/object.ts'
import type { Progressed } from '../verify/run.ts'
import type { ProgressEvent } from './progress-event.ts'

/** What is going on at the moment. Times are milliseconds of the listener's clock. */
export type Activity =
  | { type: 'waiting'; for: string; code: string; reason: string; since: number; limitMs: number }
  | { type: 'reading'; url: string; since: number }
  | { type: 'checking'; since: number }
  | (Progressed & { since: number })
  | { type: 'applying'; total: number; done: number; running: ReadonlySet<Change>; since: number }

/** The activity after an event. */
export function activityAfter(
  activity: Activity | undefined,
  event: ProgressEvent,
  now: number,
): Activity | undefined {
  switch (event.type) {
    case 'waiting': {
      const { elapsedMs, ...waiting } = event
      return { ...waiting, since: now - elapsedMs }
    }
    case 'reading':
    case 'checking':
      return { ...event, since: now }
    case 'verifying':
      return { ...event, since: activity?.type === 'verifying' ? activity.since : now }
    case 'applying':
      return { ...event, done: 0, running: new Set(), since: now }
    case 'ready':
    case 'settled':
      return undefined
    default:
      return activity?.type === 'applying' ? applyingAfter(activity, event) : activity
  }
}

type Applying = Extract<Activity, { type: 'applying' }>

function applyingAfter(
  activity: Applying,
  event: Extract<ProgressEvent, { type: 'start' | 'released' | 'end' }>,
): Applying {
  const { change } = event
  const others = [...activity.running].filter((other) => objectKey(other) !== objectKey(change))
  const running = new Set(event.type === 'start' ? [...others, change] : others)
  return { ...activity, running, done: activity.done + (event.type === 'end' ? 1 : 0) }
}
