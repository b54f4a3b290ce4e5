import pLimit from 'p-limit'
import { UserError } from '../core/errors.ts'
import type { Nexus } from '../nexus/client.ts'
import type { Change, Plan, Step } from '../plan/types.ts'
import { nameOf } from './compare.ts'
import { releasePorts } from './release.ts'
import type { ApplyEvent, ApplyResult, Outcome, WriteContext } from './types.ts'
import { createChange, updateChange } from './write.ts'

export interface ApplyOptions {
  parallelism: number
  rotateSecrets: boolean
  /** Once aborted, no further change starts; what is in flight ends. */
  signal: AbortSignal
  onEvent(event: ApplyEvent): void
}

/**
 * Runs the plan's steps in the order of its waves, each as soon as the steps that it depends on have ended. A change that
 * fails skips only what depends on it; the result says what was done, what failed and what was not tried, so that running
 * again continues from there.
 */
export async function applyPlan(plan: Plan, nexus: Nexus, options: ApplyOptions): Promise<ApplyResult> {
  const outcomes = new Map<Step, Outcome['status']>()
  const result: ApplyResult = { done: [], failed: [], skipped: [], interrupted: false }
  const context: WriteContext = {
    nexus,
    state: { server: plan.server, actual: new Map(), occupants: new Map() },
    rotateSecrets: options.rotateSecrets,
    signal: options.signal,
    released: new Map(),
  }
  const limit = pLimit(options.parallelism)
  const settled = new Set<Change>()
  const settle = (outcome: Outcome) => {
    if (settled.has(outcome.change)) return
    settled.add(outcome.change)
    if (outcome.status === 'done') result.done.push(outcome)
    else if (outcome.status === 'failed') result.failed.push(outcome)
    else result.skipped.push(outcome)
    options.onEvent({ type: 'end', ...outcome })
  }
  const endings = new Map<Step, Promise<void>>()
  for (const step of plan.waves.flat()) {
    const ready = Promise.all(step.dependsOn.flatMap((needed) => endings.get(needed) ?? []))
    const run = async () => {
      const outcome = withRelease(await runStep(step, outcomes, context, options), context)
      outcomes.set(step, outcome.status)
      if (step.release.length === 0 || outcome.status !== 'done') settle(outcome)
    }
    endings.set(
      step,
      ready.then(() => limit(run)),
    )
  }
  await Promise.all(endings.values())
  result.interrupted = options.signal.aborted && result.done.length < plan.changes.length
  return result
}

async function runStep(
  step: Step,
  outcomes: ReadonlyMap<Step, Outcome['status']>,
  context: WriteContext,
  options: ApplyOptions,
): Promise<Outcome> {
  const { change } = step
  const blocker = step.dependsOn.find((needed) => outcomes.get(needed) !== 'done')
  if (blocker)
    return { status: 'skipped', change, reason: `needs ${nameOf(blocker.change)}, which was not done` }
  if (options.signal.aborted) return { status: 'skipped', change, reason: 'interrupted' }
  options.onEvent({ type: 'start', step })
  const start = performance.now()
  const milliseconds = () => Math.round(performance.now() - start)
  try {
    const wrote = await write(step, context)
    if (step.release.length > 0) options.onEvent({ type: 'released', step })
    return { status: 'done', change, milliseconds: milliseconds(), wrote }
  } catch (error) {
    const known = error instanceof UserError ? error : bugIn(change, error)
    if (known.code === 'interrupted') return { status: 'skipped', change, reason: 'interrupted' }
    return { status: 'failed', change, milliseconds: milliseconds(), error: known }
  }
}

/** Thrown on, it would take the report of everything else with it. */
function bugIn(change: Change, cause: unknown): UserError {
  return new UserError('bug', `${nameOf(change)} met a bug in nexus-docker: ${String(cause)}`, {
    hint: 'please report it with what you did; --debug shows the requests',
    cause,
  })
}

/** A change that ends early after it gave up ports is half done, not untouched: the report says so. */
function withRelease(outcome: Outcome, context: WriteContext): Outcome {
  const { change, status } = outcome
  if (status === 'done' || !context.released.has(change)) return outcome
  const why = status === 'failed' ? outcome.error.message : outcome.reason
  const error = new UserError('half-done', `it gave up a port that another one needs, and then: ${why}`, {
    hint: (status === 'failed' && outcome.error.hint) || 'run the command again to continue',
    exitCode: 5,
  })
  return { status: 'failed', change, milliseconds: status === 'failed' ? outcome.milliseconds : 0, error }
}

function write(step: Step, context: WriteContext): Promise<boolean> {
  if (step.release.length > 0) return releasePorts(step.change, step.release, context)
  if (step.change.action === 'create') return createChange(step.change, step, context)
  return updateChange(step.change, step, context)
}
