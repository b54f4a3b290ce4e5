// Every shape of answer to every read of a run, on every version of the scenarios.
import { describe, test } from 'vitest'
import { scenarios } from '../helpers/hostile/answer-scenarios.ts'
import { shapes, stageOf } from '../helpers/hostile/answer-shapes.ts'

describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
  test.each(Object.keys(shapes))(
    '%s',
    async (shape) => {
      const { reads, check } = await stageOf(scenario)
      for (const read of reads) await check(read, shape)
    },
    300_000,
  )
})
