import { expect } from 'vitest'
import { startSandbox } from '../../../src/sandbox/index.ts'
import {
  applyTo,
  checkLandscape,
  inParallel,
  landscape,
  landscapeObjects,
  type Report,
  reportOf,
  snapshotOf,
} from '../landscape.ts'
import { type CliResult, fileWith } from '../run-cli.ts'
import { writesOf } from '../sandbox.ts'

export const faultActions = ['500', '503', '429', 'reset', 'hang', 'garbage', 'html', 'lost'] as const
export type FaultAction = (typeof faultActions)[number]

/** After these nobody can know whether the server did it. */
const uncertain = new Set([
  'lost-answer',
  'timeout',
  'connection-reset',
  'garbage-answer',
  'bad-gateway',
  'not-verified',
  'not-kept',
])

/** One run of the landscape against a sandbox with faults: what is wrong with it, as sentences; none is right. */
export interface FaultRun {
  faults: string[]
  wrong: string[]
  /** `0`, or the exit code and the codes of the errors: `5 server-error`. */
  ended: string
}

/** What the sandbox has after an apply without faults. */
export async function undisturbed(file: string): Promise<{ snapshot: unknown; requests: number }> {
  const sandbox = await startSandbox()
  try {
    const { code, stderr } = await applyTo(sandbox, file)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    checkLandscape(sandbox)
    return { snapshot: snapshotOf(sandbox), requests: sandbox.requests.length }
  } finally {
    await sandbox.close()
  }
}

/**
 * Applies the landscape once with each list of faults, and again until the faults are used up. The first run has to end well or with
 * a true report, the last has to reach the server of an undisturbed run.
 */
export async function runFaults(lists: readonly string[][]): Promise<FaultRun[]> {
  const file = fileWith(landscape)
  wanted ??= undisturbed(file).then(({ snapshot }) => snapshot as Record<string, unknown>)
  const snapshot = await wanted
  return inParallel(lists, (faults) => runOne(faults, file, snapshot))
}

/** The same for all. */
let wanted: Promise<Record<string, unknown>> | undefined

async function runOne(faults: string[], file: string, wanted: Record<string, unknown>): Promise<FaultRun> {
  const sandbox = await startSandbox({ faults })
  try {
    const before = snapshotOf(sandbox)
    // Short where it is waited for, and far more than an answer takes on a busy machine.
    const timeout = faults.some((fault) => fault.startsWith('hang')) ? '3s' : '30s'
    const first = await applyTo(sandbox, file, ['-o', 'json', '--timeout', timeout])
    // What a client no longer waits for may still be under way on the server.
    await new Promise((resolve) => setTimeout(resolve, 30))
    const after = snapshotOf(sandbox)
    const report = reportOf(first)
    const wrong = report.error
      ? wrongRefusal(first, writesOf(sandbox).length)
      : wrongReport(first, report, { before, after, wanted })
    // Faults that are left over from the first run are met by the next ones: no run uses up none.
    let next = await applyTo(sandbox, file, ['-o', 'json'])
    for (let left = faults.length - 1; next.code !== 0 && left > 0; left -= 1)
      next = await applyTo(sandbox, file, ['-o', 'json', '--timeout', '1s'])
    if (next.code !== 0) wrong.push(`the last run ended with ${next.code}: ${next.stdout}`)
    const final = snapshotOf(sandbox)
    for (const name of differing(wanted, final)) wrong.push(`after the last run ${name} is not as wanted`)
    const codes = report.error ? [report.error.code] : report.failed.map(({ error }) => error.code)
    return { faults, wrong, ended: [first.code, ...codes].join(' ') }
  } finally {
    await sandbox.close()
  }
}

function wrongRefusal({ code, stderr }: CliResult, writes: number): string[] {
  const wrong: string[] = []
  if (code !== 4 && code !== 1) wrong.push(`exit code ${code} without a report`)
  if (writes > 0) wrong.push(`${writes} writes, but no report`)
  if (stderr.includes('bug in nexus-docker')) wrong.push(stderr)
  return wrong
}

interface Snapshots {
  before: Record<string, unknown>
  after: Record<string, unknown>
  wanted: Record<string, unknown>
}

function wrongReport({ code, stderr }: CliResult, report: Report, snapshots: Snapshots): string[] {
  const complete = report.failed.length === 0 && report.skipped.length === 0
  // What is done may be so without anybody having been able to look.
  const expected = complete ? [report.notVerified ? 5 : 0] : report.done.length > 0 ? [5] : [1, 4, 5]
  const wrong = untrueIn(report, snapshots)
  if (!expected.includes(code ?? -1)) wrong.push(`exit code ${code}, expected ${expected.join(' or ')}`)
  if (!complete && report.failed.length === 0) wrong.push('skipped without a failure')
  if (stderr.includes('bug in nexus-docker')) wrong.push(stderr)
  return wrong
}

/** Holds the report against what the sandbox has. */
function untrueIn(report: Report, { before, after, wanted }: Snapshots): string[] {
  const names = (list: Report['done']) => list.map(({ kind, id }) => `${kind} ${id}`)
  const said = [...names(report.done), ...names(report.failed), ...names(report.skipped)]
  const untouched = names(report.failed.filter(({ error }) => !uncertain.has(error.code)))
  return [
    ...(said.toSorted().join() === landscapeObjects.toSorted().join()
      ? []
      : [`not each object once: ${said.join(', ')}`]),
    ...differing(pick(wanted, names(report.done)), after).map(
      (name) => `${name} is done, it says, and is not`,
    ),
    ...differing(pick(before, names(report.skipped)), after).map((name) => `${name} is not skipped`),
    ...differing(pick(before, untouched), after).map(
      (name) => `${name} has failed, it says, and was written`,
    ),
    ...report.failed
      .filter(({ error }) => error.message.length < 20)
      .map(({ error }) => `no sentence: ${error.message}`),
  ]
}

function pick(snapshot: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, snapshot[name]]))
}

/** The objects of the first that are other (or none) in the second. */
function differing(first: Record<string, unknown>, second: Record<string, unknown>): string[] {
  return Object.keys(first).filter((name) => {
    try {
      expect(second[name]).toEqual(first[name])
      return false
    } catch {
      return true
    }
  })
}
