// The planner as a function: what holds for every configuration against every server.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { layOver } from '../../src/plan/diff.ts'
import { claimsOf } from '../../src/plan/ports.ts'
import type { Change, Plan } from '../../src/plan/types.ts'
import { kinds } from '../../src/resources/index.ts'
import type { ServerState } from '../../src/state/state.ts'
import { documents, reordered } from '../helpers/arbitrary-config.ts'
import { configOf, emptyState, planFor } from '../helpers/in-process.ts'

// Seeded: what the runs happen to cover is counted below, and must not depend on luck.
const runs = { numRuns: 150, seed: 2026 }

/** The server after a plan, were every request carried out: what the plan itself says. */
function after(plan: Plan, state: ServerState): ServerState {
  const actual = new Map([...state.actual].map(([kind, list]) => [kind, [...list]]))
  const occupants = new Map([...state.occupants].map(([namespace, list]) => [namespace, [...list]]))
  for (const change of plan.changes) {
    const { id, values, seen } = change
    const kind = kinds.named(change.kind)
    const defaults = change.action === 'create' ? change.defaults : {}
    const base = seen ?? layOver(kind, { name: id }, defaults)
    const list = actual.get(kind.kind) ?? []
    const others = list.filter((entry) => entry.id !== id)
    actual.set(kind.kind, [...others, { id, wire: layOver(kind, base, values) }])
    const taken = occupants.get(kind.namespace) ?? []
    if (!taken.some((entry) => entry.id === id))
      occupants.set(kind.namespace, [...taken, { id, kind: kind.kind, label: kind.label }])
  }
  return { ...state, actual, occupants }
}

async function planned(document: object, state: ServerState): Promise<Plan> {
  return planFor(await read(document), state)
}

/** A document that is planned twice is read once. */
function read(document: object): Promise<Config> {
  const config = configs.get(document) ?? configOf(document)
  configs.set(document, config)
  return config
}
const configs = new WeakMap<object, Promise<Config>>()

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

test('what is counted as a change is done; what is refused is counted apart', async () => {
  let refused = 0
  const property = fc.asyncProperty(documents, async (document) => {
    const empty = emptyState()
    // Every second name is taken by a repository of another format.
    const names = (await read(document)).objects.filter(({ kind }) => kind.startsWith('docker'))
    const taken = names.filter((_, index) => index % 2 === 1).map(({ id }) => ({ id, label: 'raw/hosted' }))
    const state = { ...empty, occupants: new Map([...empty.occupants, ['repository', taken]]) }
    const { changes, unchanged, summary } = await planned(document, state)
    const counted = (action: Change['action']) => changes.filter((change) => change.action === action).length
    expect(summary).toEqual({
      create: counted('create'),
      update: counted('update'),
      replace: 0,
      delete: 0,
      refused: counted('refused'),
      unchanged: unchanged.length,
    })
    refused += summary.refused
  })
  await fc.assert(property, runs)
  expect(refused).toBeGreaterThan(10)
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
            name: `${kind} ${id}`,
            action,
            fields: fields.toSorted((a, b) => a.path.localeCompare(b.path)),
          }))
          .toSorted((a, b) => a.name.localeCompare(b.name))
      expect(view(await planned(shuffled as object, state))).toEqual(view(await planned(second, state)))
    },
  )
  await fc.assert(property, runs)
})

test('steps: each change once, after all that it refers to, and after its ports are free', async () => {
  const seen = { releases: 0, claims: 0 }
  const property = fc.asyncProperty(documents, documents, async (first, second) => {
    const state = after(await planned(first, emptyState()), emptyState())
    const plan = await planned(second, state)
    checkOrder(plan)
    seen.claims += claimsOf(plan.changes, kinds).length
    seen.releases += plan.steps.filter(({ release }) => release.length > 0).length
    checkOrder(await planned(second, emptyState()))
  })
  await fc.assert(property, runs)
  // Else the property says nothing of ports.
  expect(seen.claims).toBeGreaterThan(50)
  expect(seen.releases).toBeGreaterThan(5)
})

function checkOrder(plan: Plan): void {
  const placeOf = new Map<Change, number>()
  const releaseOf = new Map<Change, number>()
  for (const [index, step] of plan.steps.entries()) {
    const change = plan.changes[step.change]
    if (!change) throw new Error(`no change ${step.change}`)
    const known = step.release.length > 0 ? releaseOf : placeOf
    expect(known.has(change)).toBe(false)
    known.set(change, index)
    for (const needed of step.dependsOn) expect(needed).toBeLessThan(index)
  }
  expect(placeOf.size).toBe(plan.changes.length)
  const waitsFor = (taker: Change, holder: Change) => {
    const { dependsOn = [] } = plan.steps[placeOf.get(taker) ?? -1] ?? {}
    return dependsOn.some((needed) => plan.changes[plan.steps[needed]?.change ?? -1] === holder)
  }
  for (const change of plan.changes) {
    for (const { namespace, id } of kinds.named(change.kind).references(change.values)) {
      const created = plan.changes.find(
        (other) =>
          kinds.named(other.kind).namespace === namespace && other.id === id && other.action === 'create',
      )
      if (created) expect(waitsFor(change, created)).toBe(true)
    }
  }
  for (const { taker, holder } of claimsOf(plan.changes, kinds)) {
    expect(waitsFor(taker, holder)).toBe(true)
    const free = releaseOf.get(holder) ?? placeOf.get(holder) ?? Number.POSITIVE_INFINITY
    expect(free).toBeLessThan(placeOf.get(taker) ?? -1)
  }
}

test('a secret is never a value in a plan', async () => {
  const property = fc.asyncProperty(documents, documents, async (first, second) => {
    const state = after(await planned(first, emptyState()), emptyState())
    const config = await read(second)
    for (const rotateSecrets of [false, true]) {
      const { changes } = planFor(config, state, { rotateSecrets })
      expect(JSON.stringify(changes)).not.toMatch(/secret-\d/)
    }
  })
  await fc.assert(property, { numRuns: 40, seed: 2026 })
})
