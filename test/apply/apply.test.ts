// The executor with kinds that misbehave: what the CLI tests cannot provoke.
import { expect, test } from 'vitest'
import { applyPlan } from '../../src/apply/apply.ts'
import type { ApplyEvent } from '../../src/apply/types.ts'
import type { Kind } from '../../src/resources/contract/kind.ts'
import { type KindTable, tableOf } from '../../src/resources/contract/table.ts'
import { kinds } from '../../src/resources/index.ts'
import { configOf, nexusOf, planOn } from '../helpers/in-process.ts'
import { sandboxFor } from '../helpers/sandbox.ts'

async function planned(document: object) {
  const sandbox = await sandboxFor()
  const nexus = nexusOf(sandbox)
  const config = await configOf(document)
  const { plan } = await planOn(nexus, config)
  return { sandbox, plan, options: { nexus, kinds, secrets: config.secrets } }
}

/** The kinds with another way to create hosted repositories. */
function withCreate(create: NonNullable<Kind['create']>): KindTable {
  return tableOf(kinds.all.map((kind) => (kind.kind === 'dockerHosted' ? { ...kind, create } : kind)))
}

const document = {
  repositories: {
    a: { type: 'hosted' },
    b: { type: 'hosted' },
    g: { type: 'group', members: ['a'] },
  },
}

test('a bug in one kind is one failure of the report, not the end of it', async () => {
  const { plan, options } = await planned(document)
  const broken = withCreate((nexus, write) =>
    write.id === 'a'
      ? Promise.reject(new TypeError('x is undefined'))
      : (kinds.named('dockerHosted').create?.(nexus, write) ?? Promise.resolve()),
  )
  const events: ApplyEvent[] = []
  const result = await applyPlan(plan, {
    ...options,
    kinds: broken,
    parallelism: 2,
    rotateSecrets: false,
    signal: new AbortController().signal,
    onEvent: (event) => events.push(event),
  })
  expect(result.done.map(({ change }) => change.id)).toEqual(['b'])
  expect(result.failed.map(({ change, error }) => [change.id, error.code])).toEqual([['a', 'bug']])
  expect(result.failed[0]?.error.message).toContain('x is undefined')
  expect(result.skipped.map(({ change, reason }) => [change.id, reason])).toEqual([
    ['g', 'needs docker/hosted "a", which was not done'],
  ])
  // Each change ends once, in events as in the result.
  const ended = events.flatMap((event) =>
    event.type === 'end' ? [`${event.status} ${event.change.id}`] : [],
  )
  expect(ended.toSorted()).toEqual(['done b', 'failed a', 'skipped g'])
})

test('an abort before the first step: nothing is tried, all is skipped', async () => {
  const { sandbox, plan, options } = await planned(document)
  const before = sandbox.requests.length
  const result = await applyPlan(plan, {
    ...options,
    parallelism: 2,
    rotateSecrets: false,
    signal: AbortSignal.abort(),
    onEvent: () => undefined,
  })
  expect(result).toMatchObject({ done: [], failed: [], interrupted: true })
  expect(result.skipped.map(({ change, reason }) => [change.id, reason])).toEqual([
    ['a', 'interrupted'],
    ['b', 'interrupted'],
    ['g', 'needs docker/hosted "a", which was not done'],
  ])
  expect(sandbox.requests).toHaveLength(before)
})
