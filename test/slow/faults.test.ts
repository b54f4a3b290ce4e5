// Each request of a first apply answered by each fault, once and for good: never a half-done object that is not reported.
import { expect, test } from 'vitest'
import { landscape } from '../helpers/landscape.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { faultActions, runFaults, undisturbed } from '../helpers/runs/fault-runs.ts'

test.each(faultActions)('%s on each single request', async (action) => {
  const { requests } = await undisturbed(fileWith(landscape))
  const lists = Array.from({ length: requests }, (_, index) => [`${action} * ** ${index + 1}`])
  expect(lists.length).toBeGreaterThan(12)
  const runs = await runFaults(lists)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})

/** As many in a row as the client tries one request. */
const attempts = { '500': 1, '503': 5, '429': 5, reset: 5, hang: 2, garbage: 5, html: 5, lost: 5 }

const targets = [
  'GET /service/rest/v1/repositories',
  'GET /service/rest/v1/blobstores',
  'POST /service/rest/v1/blobstores/file',
  'POST /service/rest/v1/repositories/docker/hosted',
  'POST /service/rest/v1/repositories/docker/proxy',
  'POST /service/rest/v1/repositories/docker/group',
  'PUT /service/rest/v1/security/realms/active',
  'PUT /service/rest/v1/security/anonymous',
  'POST /service/extdirect',
]

test.each(faultActions)('%s on each kind of request until the client gives up', async (action) => {
  const lists = targets.map((target) =>
    Array.from({ length: attempts[action] }, (_, index) => `${action} ${target} ${index + 1}`),
  )
  const runs = await runFaults(lists)
  expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})
