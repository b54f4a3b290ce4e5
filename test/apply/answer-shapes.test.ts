// Every read of a run, answered with something else: an error or the right result, never a write that the answer decided. The whole
// product is in test/slow.
import { expect, test } from 'vitest'
import { scenarios } from '../helpers/hostile/answer-scenarios.ts'
import { shapes, stageOf } from '../helpers/hostile/answer-shapes.ts'

/** Each read gets every seventh shape, each shape every seventh read. */
const SHARE = 7

test.each(Object.entries(scenarios))(
  '%s: an error, or the right result',
  async (_, scenario) => {
    const { reads, check } = await stageOf(scenario)
    expect(reads.length).toBeGreaterThan(10)
    for (const [number, read] of reads.entries()) {
      for (const [index, shape] of Object.keys(shapes).entries())
        if ((number + index) % SHARE === 0) await check(read, shape)
    }
  },
  120_000,
)
