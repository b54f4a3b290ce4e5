import { expect } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts'
import { configOf, makeSo } from '../in-process.ts'
import { applyTo, inParallel, reportOf, snapshotOf } from '../landscape.ts'
import { fileWith } from '../run-cli.ts'
import { changes } from '../sandbox.ts'
import { portsOf } from '../writes.ts'

export interface KillPlan {
  /** Makes the server what it is before, undisturbed. */
  prepare?: (sandbox: Sandbox) => Promise<void>
  /** The apply that is killed. */
  file: string
  /** What an undisturbed run has to lead to, so that all runs are not wrong in the same way. */
  check: (sandbox: Sandbox) => void
  /** `beforeRequest`: the server never executes the request; `afterResponse`: it has answered. */
  hook: 'beforeRequest' | 'afterResponse'
  /** Of the reads before the first write, and of those after the last, the one that is next to it: the others meet the same server. */
  nearWrites: boolean
}

export interface KillRun {
  /** The request, counted from 1, at which the first run was killed. */
  number: number
  /** What is not as after an undisturbed run; none is right. */
  wrong: string[]
}

/** Kills one run at each request of an undisturbed run, or at those near its writes, and runs again. */
export async function onEachRequest(plan: KillPlan): Promise<KillRun[]> {
  const { numbers, wanted } = await withSandbox({}, plan, async (sandbox, start) => {
    const { code, stderr } = await applyTo(sandbox, plan.file)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    plan.check(sandbox)
    const all = sandbox.requests.slice(start)
    const [first, end] = plan.nearWrites ? [all.findIndex(changes) - 1, all.findLastIndex(changes) + 2] : [0]
    const numbers = all.map((_, index) => index + 1).slice(first, end)
    return { numbers, wanted: snapshotOf(sandbox) }
  })
  return inParallel(numbers, async (number) => ({ number, wrong: await killedAt(number, plan, wanted) }))
}

async function killedAt(number: number, plan: KillPlan, wanted: unknown): Promise<string[]> {
  const target: { number?: number; kill?: (signal: NodeJS.Signals) => void } = {}
  const strike = (request: { number: number }) => {
    if (request.number !== target.number) return
    target.kill?.('SIGKILL')
    delete target.number
    // Thrown before the server looks at the request: the connection is dropped, nothing is executed.
    if (plan.hook === 'beforeRequest') throw new Error('killed')
  }
  return withSandbox({ hooks: { [plan.hook]: strike } }, plan, async (sandbox, start) => {
    target.number = start + number
    const first = await applyTo(sandbox, plan.file, [], { onStart: (kill) => (target.kill = kill) })
    const second = await applyTo(sandbox, plan.file, ['-o', 'json'])
    const wrong: string[] = []
    if (first.signal !== 'SIGKILL') wrong.push(`the first run was not killed: ${first.code} ${first.stderr}`)
    if (second.code !== 0) wrong.push(`the second run ended with ${second.code}: ${second.stderr}`)
    else if (reportOf(second).failed.length > 0) wrong.push('the second run reports a failure')
    try {
      expect(snapshotOf(sandbox)).toEqual(wanted)
    } catch (error) {
      wrong.push(String(error))
    }
    return wrong
  })
}

/** A sandbox with what the plan prepares; `start` is the number of requests that took. */
async function withSandbox<Result>(
  options: SandboxOptions,
  { prepare }: KillPlan,
  use: (sandbox: Sandbox, start: number) => Promise<Result>,
): Promise<Result> {
  const sandbox = await startSandbox(options)
  try {
    await prepare?.(sandbox)
    return await use(sandbox, sandbox.requests.length)
  } finally {
    await sandbox.close()
  }
}

/** Two repositories that change their ports with each other. */
export function portSwap({ hook, nearWrites }: Pick<KillPlan, 'hook' | 'nearWrites'>): KillPlan {
  const ports = (first: number, second: number) => ({
    repositories: {
      one: { type: 'hosted', httpPort: first },
      two: { type: 'hosted', httpPort: second },
    },
  })
  return {
    prepare: async (sandbox) => makeSo(sandbox, await configOf(ports(8083, 8084))),
    file: fileWith(JSON.stringify(ports(8084, 8083))),
    check: (sandbox) =>
      expect(portsOf(sandbox, 'one', 'two')).toEqual({ one: [8084, null], two: [8083, null] }),
    hook,
    nearWrites,
  }
}
