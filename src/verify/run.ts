import pLimit from 'p-limit'
import { UserError } from '../core/errors.ts'
import type { Check } from './checks/check.ts'
import { checks } from './checks/index.ts'
import { type Diagnosis, diagnose } from './diagnose.ts'
import type { CheckName, Subject } from './evidence.ts'
import { Probe, type Shared, Skipped, Unexpected } from './probe.ts'

/** How a check of a repository ended. */
export interface CheckResult {
  repository: string
  check: CheckName
  title: string
  status: 'passed' | 'failed' | 'skipped'
  milliseconds: number
  /** What is told beside: why it was skipped, what is particular. */
  note?: string
  /** The check without which this one, skipped, says nothing. */
  needs?: CheckName
  /** Where it failed, with what was asked and answered. */
  diagnosis?: Diagnosis
}

export interface Verified {
  results: CheckResult[]
  interrupted: boolean
}

export type Known = Omit<Shared, 'pushed' | 'proxied'>

/** How far the checks are, whenever one begins or ends. `running`: repository and check. */
export interface Progressed {
  type: 'verifying'
  done: number
  total: number
  running: readonly string[]
}

/**
 * Looks at all repositories at once, `parallelism` of them at a time. After an interrupt what was pushed is removed, and nothing else is
 * asked. Results are in the order of the file.
 */
export async function verifyAll(
  known: Known,
  { parallelism, onProgress }: { parallelism: number; onProgress?: (progressed: Progressed) => void },
): Promise<Verified> {
  const shared: Shared = { ...known, pushed: new Map(), proxied: new Map() }
  const { signal } = shared.options
  const running = new Set<string>()
  const runs = shared.subjects.map(
    (subject) =>
      new Run(new Probe(subject, shared), (name, isRunning) => {
        if (isRunning) running.add(name)
        else running.delete(name)
        const done = runs.reduce((sum, { results }) => sum + results.length, 0)
        onProgress?.({ type: 'verifying', done, total, running: [...running] })
      }),
  )
  const total = runs.reduce(
    (sum, { probe }) => sum + checks.filter(({ name }) => applies(name, probe)).length,
    0,
  )
  const limit = pLimit(parallelism)
  try {
    for (const stage of [0, 1, 2, 3])
      await Promise.all(runs.map((run) => limit(() => run.stage(stage, signal.aborted))))
  } finally {
    for (const { probe } of runs) probe.close()
  }
  return { results: runs.flatMap(({ results }) => results), interrupted: signal.aborted }
}

/** The checks of one repository. */
class Run {
  readonly probe: Probe
  readonly results: CheckResult[] = []
  readonly #told: (name: string, isRunning: boolean) => void

  /** `told` hears of the name of a check when it begins and when it has ended. */
  constructor(probe: Probe, told: (name: string, isRunning: boolean) => void) {
    this.probe = probe
    this.#told = told
  }

  async stage(stage: number, isInterrupted: boolean): Promise<void> {
    const { subject, shared } = this.probe
    for (const check of checks) {
      if (check.stage !== stage || !check.applies(subject, shared.options)) continue
      const isCleaning = check.name === 'clean-up'
      if (
        (isInterrupted || shared.options.signal.aborted) &&
        !(isCleaning && shared.pushed.has(subject.name))
      )
        continue
      if (isCleaning) this.probe.closing = true
      const start = performance.now()
      const name = `${subject.name} ${check.title(subject)}`
      this.#told(name, true)
      const outcome = await this.#outcomeOf(check).catch(unlessInterrupted)
      if (!outcome) {
        this.#told(name, false)
        return
      }
      if (outcome.status === 'passed') this.probe.passed.add(check.name)
      this.results.push({
        repository: subject.name,
        check: check.name,
        title: check.title(subject),
        milliseconds: Math.round(performance.now() - start),
        ...outcome,
      })
      this.#told(name, false)
    }
  }

  async #outcomeOf(check: Check): Promise<Pick<CheckResult, 'status' | 'note' | 'needs' | 'diagnosis'>> {
    const { probe } = this
    const { subject } = probe
    if (subject.written['online'] === false) return { status: 'skipped', note: 'the file has it offline' }
    const lacking = check.needs.find((name) => !probe.passed.has(name) && applies(name, probe))
    if (lacking !== undefined)
      return { status: 'skipped', note: `needs: ${titleOf(lacking, subject)}`, needs: lacking }
    try {
      const note = await check.run(probe)
      return { status: 'passed', ...(note !== undefined && { note }) }
    } catch (error) {
      if (error instanceof Skipped) return { status: 'skipped', note: error.message }
      if (!(error instanceof Unexpected)) throw error
      await check.inquire?.(probe)
      const { exchanges, memberName } = probe
      const { server, login } = probe.shared
      const it = { check: check.name, subject, server, login, exchanges, wrong: error.exchange, memberName }
      return { status: 'failed', diagnosis: diagnose(it) }
    }
  }
}

function applies(name: CheckName, { subject, shared }: Probe): boolean {
  return checks.find((check) => check.name === name)?.applies(subject, shared.options) ?? false
}

function titleOf(name: CheckName, subject: Subject): string {
  return checks.find((check) => check.name === name)?.title(subject) ?? name
}

/** An interrupted check has no result. */
function unlessInterrupted(error: unknown): undefined {
  if (error instanceof UserError && error.exitCode === 130) return undefined
  throw error
}
