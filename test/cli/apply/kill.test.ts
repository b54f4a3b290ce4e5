// Killed at each request of an apply that is near a write, the next run ends with the same server as an undisturbed one.
import { expect, test } from 'vitest'
import { checkLandscape, landscape } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { onEachRequest, portSwap } from '../../helpers/runs/kill-runs.ts'

// Each of the two with one moment of the kill; the other moment of each, and each single request, are in test/slow.
test('killed after each answer of a first apply from its first write on, run again: the same server', async () => {
  const runs = await onEachRequest({
    file: fileWith(landscape),
    check: checkLandscape,
    hook: 'afterResponse',
    nearWrites: true,
  })
  expect(runs.length).toBeGreaterThan(12)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})

test('killed before the server executes each request of a port swap from its first write on, run again: the same server', async () => {
  const runs = await onEachRequest(portSwap({ hook: 'beforeRequest', nearWrites: true }))
  expect(runs.length).toBeGreaterThan(5)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
}, 60_000)
