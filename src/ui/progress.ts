import type { Paint } from '../core/paint.ts'
import { type Activity, activityAfter } from '../report/activity.ts'
import { renderActivity, renderActivityLine, renderReady } from '../report/activity-text.ts'
import { renderApplyEvent } from '../report/apply-text.ts'
import { type EventDocument, eventDocument } from '../report/event-document.ts'
import type { ProgressEvent } from '../report/progress-event.ts'
import type { LiveLine } from './live-line.ts'

/** A CI that hears nothing for minutes ends the job; a person who hears nothing thinks that it hangs. */
const INTERVAL_MS = 15_000

/** Listens to what goes on. */
export type Progress = (event: ProgressEvent) => void

/** For a terminal: a line when something ends, and below it what runs. */
export function createLiveProgress(line: LiveLine, print: (text: string) => void, paint: Paint): Progress {
  let activity: Activity | undefined
  const view = (columns: number) => (activity ? renderActivity(activity, Date.now(), columns) : '')
  return (event) => {
    const before = activity
    activity = activityAfter(activity, event, Date.now())
    const ended = lineFor(event, before, paint)
    if (ended !== undefined) print(ended)
    if (activity) line.show(view)
    else line.hide()
  }
}

/** For a log: a line with the time when something ends or changes, and now and then what still runs. */
export function createPlainProgress(print: (line: string) => void, paint: Paint): Progress {
  let activity: Activity | undefined
  const say = (text: string) => {
    print(`${paint.dim(timeOfDay(new Date()))} ${text}`)
    heartbeat.said()
  }
  const sayActivity = () => {
    if (activity) say(renderActivityLine(activity, Date.now()))
  }
  const heartbeat = createHeartbeat(sayActivity)
  return (event) => {
    const before = activity
    activity = activityAfter(activity, event, Date.now())
    const ended = lineFor(event, before, paint)
    if (ended !== undefined) say(ended)
    else if (isOtherWait(activity, before)) sayActivity()
    else if (!before) heartbeat.said()
    if (!activity) heartbeat.stop()
  }
}

/** For a program: each event as a document, as it happens. */
export function createEventProgress(emit: (document: EventDocument) => void): Progress {
  let activity: Activity | undefined
  const emitWaiting = () => {
    if (activity?.type !== 'waiting') return
    const { since, ...waiting } = activity
    const document = eventDocument({ ...waiting, elapsedMs: Date.now() - since })
    if (document) emit(document)
    heartbeat.said()
  }
  const heartbeat = createHeartbeat(emitWaiting)
  return (event) => {
    const before = activity
    activity = activityAfter(activity, event, Date.now())
    if (activity?.type !== 'waiting') heartbeat.stop()
    if (event.type === 'waiting') {
      if (isOtherWait(activity, before)) emitWaiting()
      return
    }
    const document = eventDocument(event)
    if (document) emit(document)
  }
}

/** What is waited for is said when it changes; between that the heartbeat says it. */
function isOtherWait(activity: Activity | undefined, before: Activity | undefined): boolean {
  if (activity?.type !== 'waiting') return false
  return before?.type !== 'waiting' || before.for !== activity.for || before.reason !== activity.reason
}

/** What an event leaves behind, if it is worth a line. */
function lineFor(event: ProgressEvent, before: Activity | undefined, paint: Paint): string | undefined {
  // Who did not have to wait need not be told.
  if (event.type === 'ready') return before?.type === 'waiting' ? renderReady(event, paint) : undefined
  return event.type === 'released' || event.type === 'end' ? renderApplyEvent(event, paint) : undefined
}

/** `12:04:31`, local time. */
function timeOfDay(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

/** Calls `beat` when nothing was said for a while, again and again. Never keeps the process alive. */
function createHeartbeat(beat: () => void): { said: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(timer)
  const said = () => {
    stop()
    timer = setInterval(beat, INTERVAL_MS).unref()
  }
  return { said, stop }
}
