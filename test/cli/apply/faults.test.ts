// Each kind of fault on each kind of request of a first apply: it ends well or with a true report, and the next run converges.
// Every single request, and faults that stay, are in test/slow.
import { expect, test } from 'vitest'
import { type FaultAction, faultActions, runFaults } from '../../helpers/runs/fault-runs.ts'

/** The third ExtDirect request writes the HTTP settings. */
const targets = [
  'GET /service/rest/v1/repositories',
  'POST /service/rest/v1/repositories/docker/proxy',
  'PUT /service/rest/v1/security/realms/active',
  'POST /service/extdirect 3',
]

const none = [0, 0, 0, 0]

/**
 * How the first run ends, by target. A POST whose answer is lost is read again: there it is (lost) or not (reset, hang, garbage:
 * the sandbox never executed it), and only then it is an error; an update is sent again. 500 on a write is the server's last word.
 * The first one is the first request with the password, which is not sent again where the server may have looked at it.
 */
const expected: Record<FaultAction, (string | number)[]> = {
  '500': ['1 server-error', '5 server-error', '5 server-error', '5 server-error'],
  '503': none,
  '429': none,
  reset: ['4 connection-reset', '5 lost-answer', 0, 0],
  hang: ['4 timeout', '5 lost-answer', 0, 0],
  garbage: ['4 garbage-answer', '5 lost-answer', 0, 0],
  html: none,
  lost: ['4 connection-reset', 0, 0, 0],
}

test.each(faultActions)(
  '%s: done, or one precise error and a true report',
  async (action) => {
    const runs = await runFaults(targets.map((target) => [`${action} ${target}`]))
    expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
    expect(runs.map(({ ended }) => ended)).toEqual(expected[action].map(String))
  },
  120_000,
)
