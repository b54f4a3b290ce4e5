// The other variant of test/cli/kill.test.ts: killed when the request has left, before the server executes it.
import { expect, test } from 'vitest'
import { checkLandscape, landscape } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { onEachRequest } from '../helpers/runs/kill-runs.ts'

test('killed before the server executes each request of a first apply, run again: the same server', async () => {
  const runs = await onEachRequest({
    file: fileWith(landscape),
    check: checkLandscape,
    hook: 'beforeRequest',
  })
  expect(runs.length).toBeGreaterThan(12)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})
