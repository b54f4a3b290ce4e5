import { cutTo, displayWidth } from '../core/display-width.ts'
import { elapsed, elapsedSeconds } from '../core/elapsed.ts'
import type { Paint } from '../core/paint.ts'
import { printable } from '../core/printable.ts'
import type { Activity } from './activity.ts'
import { nameOf } from './apply-text.ts'

/** What goes on, on one line of so many columns: the first wording that fits, else the shortest, cut. */
export function renderActivity(activity: Activity, now: number, columns: number): string {
  const texts = wordings(activity, now - activity.since).map(printable)
  return texts.find((text) => displayWidth(text) <= columns) ?? cutTo(texts.at(-1) ?? '', columns)
}

/** The same as a sentence for a log, however long. */
export function renderActivityLine(activity: Activity, now: number): string {
  const spent = now - activity.since
  if (activity.type !== 'applying' && activity.type !== 'verifying')
    return printable(wordings(activity, spent)[0] ?? '')
  const { done, total } = activity
  const names = activity.type === 'applying' ? [...activity.running].map(nameOf) : activity.running
  const what = activity.type === 'applying' ? 'done' : 'checked'
  return printable(`${done} of ${total} ${what} after ${elapsedSeconds(spent)}, running: ${listed(names, 3)}`)
}

/** The end of a wait. */
export function renderReady({ url, elapsedMs }: { url: string; elapsedMs: number }, paint: Paint): string {
  return `${paint.green('✓')} ${printable(url)} is ready ${paint.dim(`(${elapsedSeconds(elapsedMs)})`)}`
}

/** From the longest to the shortest. */
function wordings(activity: Activity, spent: number): string[] {
  const seconds = elapsedSeconds(spent)
  switch (activity.type) {
    case 'waiting': {
      const { reason, limitMs } = activity
      const time = `(${seconds} of ${elapsed(limitMs)})`
      return [
        `waiting for ${activity.for}: ${reason} ${time}`,
        `waiting: ${reason} ${time}`,
        `${reason} ${time}`,
        `${reason} (${seconds})`,
        // The time first, because it shows that something moves.
        `${seconds} ${reason}`,
      ]
    }
    case 'reading':
      return [`reading ${activity.url} (${seconds})`, `reading (${seconds})`]
    case 'checking':
      return [`reading back what was done (${seconds})`, `reading back (${seconds})`]
    case 'verifying': {
      const { done, total, running } = activity
      return [
        ...running.map(
          (_, index) => `${done}/${total} checks (${seconds})  ${listed(running, running.length - index)}`,
        ),
        `${done}/${total} checks (${seconds})`,
      ]
    }
    case 'applying': {
      const { done, total, running } = activity
      const changes = [...running]
      const long = changes.map((_, index) => listed(changes.map(nameOf), changes.length - index))
      const ids = changes.map((change) => change.id)
      const short = changes.map((_, index) => listed(ids, changes.length - index))
      return [
        ...long.map((names) => `${done}/${total} done (${seconds})  ${names}`),
        ...short.map((names) => `${done}/${total} (${seconds}) ${names}`),
        `${done}/${total} (${seconds})`,
      ]
    }
  }
}

/** `a, b, 3 more` */
function listed(names: readonly string[], count: number): string {
  const left = names.length - count
  return [...names.slice(0, count), ...(left > 0 ? [`${left} more`] : [])].join(', ')
}
