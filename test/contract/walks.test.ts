// Random walks over the recorded requests: whatever the order, and whatever is changed of a request, the sandbox breaks no rule that
// the recordings of real servers show. `node scripts/walks.js` walks longer.
import { describe, expect, it } from 'vitest'
import { readRecordings } from '../../scripts/lib/recordings.js'
import { tellsOfTakenName, violationsIn } from '../../scripts/lib/walks/answers.js'
import { walkThrough } from '../../scripts/lib/walks/index.js'
import { differences, readPathOf } from '../../scripts/lib/walks/readback.js'
import { walkedScenarios } from '../../scripts/lib/walks/requests.js'
import { startSandbox } from '../../src/sandbox/index.ts'

interface Exchange {
  id: string
  scenario: string
  request?: { method: string; path: string; auth: string; body?: unknown }
  response?: { status: number; headers?: Record<string, string>; body?: unknown }
}

const archive = readRecordings() as Record<string, { log: Exchange[] }>
const names = Object.keys(archive).flatMap((file) => /^core-(.*)\.json$/.exec(file)?.[1] ?? [])

describe.each(names)('%s', (name) => {
  const recorded = archive[`core-${name}.json`]?.log ?? []
  const log = recorded.filter(({ scenario }) => walkedScenarios.has(scenario))

  it('a real server tells of a name that is taken alone', () => {
    const told = log.filter(({ response }) => response && tellsOfTakenName(response))
    expect(told.length).toBeGreaterThan(0)
    for (const { response } of told) expect(response && violationsIn(response)).toHaveLength(1)
  })

  it('a real server answers what was written', () => {
    const pairs = log.flatMap(({ request, response }, index) => {
      const next = log[index + 1]
      if (!request || !response || response.status >= 300 || next?.request?.method !== 'GET') return []
      const isRead = next.request.path === readPathOf(request) && next.request.auth === 'admin'
      return isRead && next.response?.status === 200 ? [{ request, shown: next.response.body }] : []
    })
    expect(pairs.length).toBeGreaterThan(50)
    for (const { request, shown } of pairs) expect(differences(request.body, shown)).toEqual([])
  })

  it('the sandbox breaks no rule, in whatever order it is asked', async () => {
    expect(
      await walkThrough({ name, archive, startSandbox, seed: 20_261, walks: 8, steps: 150 }),
    ).toBeUndefined()
  })
})
