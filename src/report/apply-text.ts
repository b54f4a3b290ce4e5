import type { ApplyEvent } from '../apply/types.ts'
import { counted } from '../core/counted.ts'
import type { Paint } from '../core/paint.ts'
import { printable } from '../core/printable.ts'
import type { Change } from '../plan/types.ts'
import type { ApplyDocument } from './apply-document.ts'
import { type Action, actionOf, isOnlyOne } from './document.ts'

const verbs: Record<Action, string> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
}

/** One line for the end of a change, or the release of its ports. */
export function renderApplyEvent(
  event: Extract<ApplyEvent, { type: 'released' | 'end' }>,
  paint: Paint,
): string {
  if (event.type === 'released')
    return `${paint.dim('·')} released ${event.ports.join(', ')} of ${nameOf(event.change)}`
  const name = nameOf(event.change)
  if (event.status === 'done') {
    const verb = event.wrote ? verbs[actionOf(event.change)] : 'already up to date:'
    return `${paint.green('✓')} ${verb} ${name} ${paint.dim(`(${event.milliseconds} ms)`)}`
  }
  if (event.status === 'skipped') return `${paint.yellow('-')} skipped ${name}: ${event.reason}`
  const { message, hint } = event.error
  return `${paint.red('✗')} failed ${name}: ${message}${hintLine(hint, paint)}`
}

function hintLine(hint: string | undefined, paint: Paint): string {
  return hint === undefined ? '' : `\n  ${paint.cyan('hint:')} ${hint}`
}

/** The closing line: what was done, what was not, and that running again continues. */
export function renderApplySummary(document: ApplyDocument, seconds: number, paint: Paint): string {
  const { done, failed, skipped, summary, requests, interrupted, notVerified } = document
  const count = (action: string) => done.filter((entry) => entry.action === action).length
  const counts = [
    `${count('create')} created`,
    `${count('update')} updated`,
    `${summary.unchanged} unchanged`,
  ]
  if (failed.length > 0) counts.push(`${failed.length} failed`)
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`)
  const spent = paint.dim(
    `(${counted(requests.total, 'request')}, ${counted(requests.writes, 'write')}, ${seconds.toFixed(1)} s)`,
  )
  const unsure = notVerified ? `\n${paint.yellow('not verified:')} ${notVerified.message}` : ''
  const said = (head: string, more: string) => `${head} ${counts.join(', ')}. ${spent}${unsure}${more}`
  if (interrupted) return said(paint.yellow('Interrupted:'), '\nRun the command again to continue.')
  if (failed.length > 0) {
    const more = '\nWhat was done stays done; run the command again to do the rest.'
    return said(paint.red(done.length > 0 ? 'Partially applied:' : 'Not applied:'), more)
  }
  if (!notVerified) return said(paint.bold('Applied:'), '')
  return said(paint.yellow('Applied, but not verified:'), hintLine(notVerified.hint, paint))
}

/** `docker/hosted apps`, or `security realms` for what there is one of. */
export function nameOf(change: Change): string {
  const { label, id } = change
  return isOnlyOne(change) ? label : printable(`${label} ${id}`)
}
