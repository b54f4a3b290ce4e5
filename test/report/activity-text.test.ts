// What goes on, on one line of any width.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../src/core/display-width.ts'
import type { Change } from '../../src/plan/types.ts'
import type { Activity } from '../../src/report/activity.ts'
import { renderActivity, renderActivityLine } from '../../src/report/activity-text.ts'

const change = (id: string): Change =>
  ({ id, label: 'docker/hosted', title: `docker/hosted "${id}"` }) as unknown as Change

const waiting: Activity = {
  type: 'waiting',
  for: 'http://nexus.example.com:8081',
  code: 'connection-refused',
  reason: 'connection refused',
  since: 1000,
  limitMs: 300_000,
}
const applying = (ids: string[]): Activity => ({
  type: 'applying',
  total: 100,
  done: 37,
  running: new Set(ids.map(change)),
  since: 0,
})
const verifying: Activity = {
  type: 'verifying',
  total: 18,
  done: 3,
  running: ['ours takes the login', 'hub answers'],
  since: 0,
}

describe('what goes on', () => {
  const widths: [name: string, activity: Activity, columns: number, text: string][] = [
    ['waiting', waiting, 80, 'waiting for http://nexus.example.com:8081: connection refused (12 s of 5 m)'],
    ['waiting', waiting, 60, 'waiting: connection refused (12 s of 5 m)'],
    ['waiting', waiting, 35, 'connection refused (12 s of 5 m)'],
    ['waiting', waiting, 26, 'connection refused (12 s)'],
    ['waiting', waiting, 15, '12 s connectio…'],
    ['verifying', verifying, 60, '3/18 checks (13 s)  ours takes the login, hub answers'],
    ['verifying', verifying, 50, '3/18 checks (13 s)  ours takes the login, 1 more'],
    ['verifying', verifying, 20, '3/18 checks (13 s)'],
    [
      'reading',
      { type: 'reading', url: 'http://nexus:8081', since: 0 },
      40,
      'reading http://nexus:8081 (13 s)',
    ],
    ['reading', { type: 'reading', url: 'http://nexus:8081', since: 0 }, 20, 'reading (13 s)'],
    [
      'applying',
      applying(['apps', 'base', 'hub']),
      80,
      '37/100 done (13 s)  docker/hosted apps, docker/hosted base, docker/hosted hub',
    ],
    ['applying', applying(['apps', 'base', 'hub']), 60, '37/100 done (13 s)  docker/hosted apps, 2 more'],
    ['applying', applying(['apps', 'base', 'hub']), 35, '37/100 (13 s) apps, base, hub'],
    ['applying', applying(['apps', 'base', 'hub']), 27, '37/100 (13 s) apps, 2 more'],
    ['applying', applying(['apps', 'base', 'hub']), 15, '37/100 (13 s)'],
    ['applying, wide names', applying(['仓库', '图像']), 28, '37/100 (13 s) 仓库, 图像'],
    ['applying, wide names', applying(['仓库', '图像']), 23, '37/100 (13 s)'],
  ]
  it.each(widths)('%s on %#: the longest wording that fits', (_, activity, columns, text) => {
    expect(renderActivity(activity, 13_000, columns)).toBe(text)
  })

  it('takes never more than the line, and moves no cursor', () => {
    const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 12 })
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 120 }),
        fc.nat({ max: 10_000_000 }),
        (ids, columns, now) => {
          for (const activity of [applying(ids), { ...waiting, reason: ids.join('\n\u001b[2J') }]) {
            const text = renderActivity(activity, now, columns)
            expect(displayWidth(text)).toBeLessThanOrEqual(columns)
            expect(text).not.toMatch(/\p{Cc}/u)
          }
        },
      ),
    )
  })

  it('is a sentence in a log, whatever its length', () => {
    expect(renderActivityLine(waiting, 13_000)).toBe(
      'waiting for http://nexus.example.com:8081: connection refused (12 s of 5 m)',
    )
    expect(renderActivityLine(applying(['a', 'b', 'c', 'd', 'e']), 75_000)).toBe(
      '37 of 100 done after 1 m 15 s, running: docker/hosted a, docker/hosted b, docker/hosted c, 2 more',
    )
  })
})
