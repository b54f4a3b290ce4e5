// The planner as a function: what holds for every configuration against every server.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layOver } from '../../src/plan/diff.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { portClaims } from '../../src/plan/ports.ts'
import type { Change, Plan } from '../../src/plan/types.ts'
import type { ServerState } from '../../src/state/state.ts'
import { documents, reordered } from '../helpers/arbitrary-config.ts'
import { configOf, emptyState } from '../helpers/in-process.ts'

const options = { rotateSecrets: false }
// Seeded: what the runs happen to cover is counted below, and must not depend on luck.
const runs = { numRuns: 150, seed: 2026 }

/** The server after a plan, were every request carried out: what the plan itself says. */
function after(plan: Plan, state: ServerState): ServerState {
  const actual = new Map([...state.actual].map(([kind, list]) => [kind, [...list]]))
  const occupants = new Map([...state.occupants].map(([namespace, list]) => [namespace, [...list]]))
  for (const change of plan.changes) {
    const { kind, id, values, defaults } = change
    const base = change.actual?.wire ?? layOver(kind, { name: id }, defaults)
    const list = actual.get(kind.kind) ?? []
    const others = list.filter((entry) => entry.id !== id)
    actual.set(kind.kind, [...others, { id, wire: layOver(kind, base, values) }])
    const taken = occupants.get(kind.namespace) ?? []
    if (!taken.some((entry) => entry.id === id))
      occupants.set(kind.namespace, [...taken, { id, label: kind.label }])
  }
  return { ...state, actual, occupants }
}

async function planned(document: object, state: ServerState): Promise<Plan> {
  return makePlan(await configOf(document), state, options)
}

test('planned against what it makes, a configuration has nothing to do', async () => {
  const property = fc.asyncProperty(documents, async (document) => {
    const state = emptyState()
    const plan = await planned(document, state)
    expect(plan.changes.length).toBeGreaterThan(0)
    const again = await planned(document, after(plan, state))
    expect(again.changes.map(({ id, fields }) => ({ id, fields }))).toEqual([])
  })
  await fc.assert(property, runs)
})

test('… also where another configuration was before', async () => {
  const property = fc.asyncProperty(documents, documents, async (first, second) => {
    const state = after(await planned(first, emptyState()), emptyState())
    const plan = await planned(second, state)
    const again = await planned(second, after(plan, state))
    expect(again.changes.map(({ id, fields }) => ({ id, fields }))).toEqual([])
  })
  await fc.assert(property, runs)
})

test('the order of keys in the file never matters', async () => {
  const property = fc.asyncProperty(
    documents,
    documents,
    fc.infiniteStream(fc.boolean()),
    async (first, second, coin) => {
      const state = after(await planned(first, emptyState()), emptyState())
      const shuffled = reordered(second, () => coin.next().value === true)
      const view = (plan: Plan) =>
        plan.changes
          .map(({ kind, id, action, fields }) => ({
            name: `${kind.kind} ${id}`,
            action,
            fields: fields.toSorted((a, b) => a.path.localeCompare(b.path)),
          }))
          .toSorted((a, b) => a.name.localeCompare(b.name))
      expect(view(await planned(shuffled as object, state))).toEqual(view(await planned(second, state)))
    },
  )
  await fc.assert(property, runs)
})

test('waves: each change once, after all that it refers to, and after its ports are free', async () => {
  const seen = { releases: 0, claims: 0 }
  const property = fc.asyncProperty(documents, documents, async (first, second) => {
    const state = after(await planned(first, emptyState()), emptyState())
    const plan = await planned(second, state)
    checkWaves(plan, state)
    seen.claims += portClaims(plan.changes, state).length
    seen.releases += plan.waves.flat().filter(({ release }) => release.length > 0).length
    checkWaves(await planned(second, emptyState()), emptyState())
  })
  await fc.assert(property, runs)
  // Else the property says nothing of ports.
  expect(seen.claims).toBeGreaterThan(50)
  expect(seen.releases).toBeGreaterThan(5)
})

function checkWaves(plan: Plan, state: ServerState): void {
  const waveOf = new Map<Change, number>()
  const releaseOf = new Map<Change, number>()
  for (const [index, wave] of plan.waves.entries()) {
    for (const step of wave) {
      const known = step.release.length > 0 ? releaseOf : waveOf
      expect(known.has(step.change)).toBe(false)
      known.set(step.change, index)
      for (const needed of step.dependsOn)
        expect(plan.waves.findIndex((other) => other.includes(needed))).toBeLessThan(index)
    }
  }
  expect(waveOf.size).toBe(plan.changes.length)
  for (const change of plan.changes) {
    const own = waveOf.get(change) ?? -1
    for (const { namespace, id } of change.kind.references(change.values)) {
      const created = plan.changes.find(
        (other) => other.kind.namespace === namespace && other.id === id && other.action === 'create',
      )
      if (created) expect(waveOf.get(created)).toBeLessThan(own)
    }
  }
  for (const { taker, holder } of portClaims(plan.changes, state)) {
    if (!holder) continue
    const free = releaseOf.get(holder) ?? waveOf.get(holder) ?? Number.POSITIVE_INFINITY
    expect(free).toBeLessThan(waveOf.get(taker) ?? -1)
  }
}

test('a secret is never a value in a plan', async () => {
  const property = fc.asyncProperty(documents, documents, async (first, second) => {
    const state = after(await planned(first, emptyState()), emptyState())
    const config = await configOf(second)
    for (const rotateSecrets of [false, true]) {
      const { changes } = makePlan(config, state, { rotateSecrets })
      expect(JSON.stringify(changes.map(({ fields }) => fields))).not.toMatch(/secret-\d/)
    }
  })
  await fc.assert(property, { numRuns: 40, seed: 2026 })
})
