import pLimit from 'p-limit'
import { UserError } from '../core/errors.ts'
import type { Change, Plan, Step } from '../plan/types.ts'
import { createChange } from './create.ts'
import { releasePorts } from './release.ts'
import type { ApplyEvent, ApplyResult, Outcome, WriteContext } from './types.ts'
import { updateChange } from './update.ts'

export interface ApplyOptions extends Pick<WriteContext, 'nexus' | 'kinds' | 'secrets' | 'signal'> {
  parallelism: number
  rotateSecrets: boolean
  onEvent: (event: ApplyEvent) => void
}

/**
 * Runs the plan's steps in their order, each as soon as the steps that it depends on have ended. A change that fails skips only what
 * depends on it; the result says what was done, what failed and what was not tried, so that running again continues from there.
 * Once `signal` is aborted, no further change starts; what is in flight ends.
 */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<ApplyResult> {
  const { nexus, kinds, secrets, signal, onEvent, rotateSecrets } = options
  const result: ApplyResult = { done: [], failed: [], skipped: [], interrupted: false }
  const context: WriteContext = {
    nexus,
    kinds,
    secrets,
    signal,
    state: { server: plan.server, actual: new Map(), occupants: new Map() },
    options: { rotateSecrets },
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
    onEvent({ type: 'end', ...outcome })
  }
  const run: Run = { plan, outcomes: [], context, onEvent }
  const endings: Promise<void>[] = []
  for (const [index, step] of plan.steps.entries()) {
    const ready = Promise.all(step.dependsOn.flatMap((needed) => endings[needed] ?? []))
    const start = async () => {
      const outcome = withRelease(await runStep(step, run), context)
      run.outcomes[index] = outcome.status
      if (step.release.length === 0 || outcome.status !== 'done') settle(outcome)
    }
    endings.push(ready.then(() => limit(start)))
  }
  await Promise.all(endings)
  result.interrupted = signal.aborted && result.done.length < plan.changes.length
  return result
}

interface Run {
  plan: Plan
  /** By index of the step. */
  outcomes: Outcome['status'][]
  context: WriteContext
  onEvent: ApplyOptions['onEvent']
}

async function runStep(step: Step, { plan, outcomes, context, onEvent }: Run): Promise<Outcome> {
  const change = changeOf(step, plan)
  const blocker = step.dependsOn.find((needed) => outcomes[needed] !== 'done')
  if (blocker !== undefined) {
    const needed = plan.steps[blocker]
    const title = needed && changeOf(needed, plan).title
    return { status: 'skipped', change, reason: `needs ${title}, which was not done` }
  }
  if (context.signal.aborted) return { status: 'skipped', change, reason: 'interrupted' }
  onEvent({ type: 'start', change })
  const start = performance.now()
  const milliseconds = () => Math.round(performance.now() - start)
  try {
    const wrote = await perform(step, plan, context)
    if (step.release.length > 0) onEvent({ type: 'released', change, ports: step.release })
    return { status: 'done', change, milliseconds: milliseconds(), wrote }
  } catch (error) {
    const known = error instanceof UserError ? error : bugIn(change, error)
    if (known.code === 'interrupted') return { status: 'skipped', change, reason: 'interrupted' }
    return { status: 'failed', change, milliseconds: milliseconds(), error: known }
  }
}

function changeOf({ change: index }: Step, { changes }: Plan): Change {
  const change = changes[index]
  if (!change) throw new Error(`the plan has no change ${index}`)
  return change
}

/** What it means to carry a change out. Resolves with whether anything was written. */
async function perform(step: Step, plan: Plan, context: WriteContext): Promise<boolean> {
  const change = changeOf(step, plan)
  const created = step.dependsOn
    .flatMap((needed) => plan.steps[needed] ?? [])
    .map((needed) => changeOf(needed, plan))
    .filter(({ action }) => action === 'create')
  if (step.release.length > 0) return releasePorts(change, step.release, context)
  switch (change.action) {
    case 'create':
      return createChange(change, created, context)
    case 'update':
      return updateChange(change, created, context)
    case 'refused':
      throw new Error(`${change.title} was refused`)
    default:
      return change satisfies never
  }
}

/** Thrown on, it would take the report of everything else with it. */
function bugIn({ title }: Change, cause: unknown): UserError {
  return new UserError('bug', `${title} hit a bug in nexus-docker: ${String(cause)}`, {
    hint: 'Please report it with what you did. --debug shows the requests.',
    cause,
  })
}

/** A change that ends early after it gave up ports is half done, not untouched: the report says so. */
function withRelease(outcome: Outcome, context: WriteContext): Outcome {
  const { change, status } = outcome
  if (status === 'done' || !context.released.has(change)) return outcome
  const why = status === 'failed' ? outcome.error.message : outcome.reason
  const error = new UserError(
    'half-done',
    `it released a port that another repository needs, and then stopped: ${why}`,
    {
      hint: (status === 'failed' && outcome.error.hint) || 'Run the command again to continue.',
      exitCode: 5,
    },
  )
  return { status: 'failed', change, milliseconds: status === 'failed' ? outcome.milliseconds : 0, error }
}
