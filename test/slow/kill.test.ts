// What test/cli/apply/kill.test.ts does, killed at the other moment.
import { expect, test } from 'vitest'
import { checkLandscape, landscape } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { onEachRequest, portSwap } from '../helpers/runs/kill-runs.ts'

test('killed before the server executes each request of a first apply, run again: the same server', async () => {
  const runs = await onEachRequest({
    file: fileWith(landscape),
    check: checkLandscape,
    hook: 'beforeRequest',
  })
  expect(runs.length).toBeGreaterThan(12)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})

test('killed after each answer of a port swap, run again: the same server', async () => {
  const runs = await onEachRequest(portSwap('afterResponse'))
  expect(runs.length).toBeGreaterThan(5)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})
