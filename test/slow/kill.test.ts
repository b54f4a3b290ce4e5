// Killed at each single request of an apply, at both moments: test/cli/apply/kill.test.ts does it near the writes, at one.
import { expect, test } from 'vitest'
import { checkLandscape, landscape } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { type KillPlan, onEachRequest, portSwap } from '../helpers/runs/kill-runs.ts'

const moments = ['beforeRequest', 'afterResponse'] satisfies KillPlan['hook'][]

test.each(moments)(
  'killed at each request of a first apply (%s), run again: the same server',
  async (hook) => {
    const runs = await onEachRequest({
      file: fileWith(landscape),
      check: checkLandscape,
      hook,
      nearWrites: false,
    })
    expect(runs.length).toBeGreaterThan(12)
    expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  },
)

test.each(moments)('killed at each request of a port swap (%s), run again: the same server', async (hook) => {
  const runs = await onEachRequest(portSwap({ hook, nearWrites: false }))
  expect(runs.length).toBeGreaterThan(5)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})
