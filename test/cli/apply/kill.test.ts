// Killed at each single request of an apply, the next run ends with the same server as an undisturbed one.
import { expect, test } from 'vitest'
import { checkLandscape, landscape } from '../../helpers/landscape.ts'
import { fileWith } from '../../helpers/run-cli.ts'
import { onEachRequest } from '../../helpers/runs/kill-runs.ts'
import { portsOf } from '../../helpers/writes.ts'

// The other variant, killed before the server executes the request, is in test/slow.
test('killed after each answer of a first apply, run again: the same server', async () => {
  const runs = await onEachRequest({
    file: fileWith(landscape),
    check: checkLandscape,
    hook: 'afterResponse',
  })
  expect(runs.length).toBeGreaterThan(12)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})

test.each(['beforeRequest', 'afterResponse'] as const)(
  'killed at each request (%s) of a port swap, run again: the same server',
  async (hook) => {
    const runs = await onEachRequest({
      prepare: fileWith(swap(8083, 8084)),
      file: fileWith(swap(8084, 8083)),
      check: (sandbox) =>
        expect(portsOf(sandbox, 'one', 'two')).toEqual({ one: [8084, null], two: [8083, null] }),
      hook,
    })
    expect(runs.length).toBeGreaterThan(5)
    expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  },
  60_000,
)

function swap(first: number, second: number): string {
  return `version: 1
repositories:
  one: {type: hosted, httpPort: ${first}}
  two: {type: hosted, httpPort: ${second}}
`
}
