// Progress as a log and as events: what is said when, by a clock that the test turns.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { plain } from '../../src/core/paint.ts'
import type { Change } from '../../src/plan/types.ts'
import type { ProgressEvent } from '../../src/report/progress-event.ts'
import { createEventProgress, createPlainProgress } from '../../src/ui/progress.ts'

const change = (id: string): Change =>
  ({
    id,
    action: 'create',
    kind: 'dockerHosted',
    label: 'docker/hosted',
    title: `docker/hosted "${id}"`,
  }) as unknown as Change
const start = (one: Change): ProgressEvent => ({
  type: 'start',
  change: one,
})
const done = (one: Change): ProgressEvent => ({
  type: 'end',
  status: 'done',
  change: one,
  milliseconds: 84,
  wrote: true,
})

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 21, 12, 4, 31) })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Polls as the client does: every two seconds, for so many seconds. */
function poll(report: (event: ProgressEvent) => void, from: number, seconds: number, reason: string): void {
  for (let at = from; at < from + seconds; at += 2) {
    report({
      type: 'waiting',
      for: 'http://nexus:8081',
      code: 'x',
      reason,
      elapsedMs: at * 1000,
      limitMs: 300_000,
    })
    vi.advanceTimersByTime(2000)
  }
}

describe('a log', () => {
  it('says what is waited for when that changes, and every 15 s that it still is', () => {
    const lines: string[] = []
    const report = createPlainProgress((line) => lines.push(line), plain)
    poll(report, 0, 40, 'connection refused')
    poll(report, 40, 6, 'read-only mode (frozen)')
    report({ type: 'ready', url: 'http://nexus:8081', elapsedMs: 46_000 })
    vi.advanceTimersByTime(60_000)
    expect(lines).toEqual([
      '12:04:31 waiting for http://nexus:8081: connection refused (0 s of 5 m)',
      '12:04:46 waiting for http://nexus:8081: connection refused (15 s of 5 m)',
      '12:05:01 waiting for http://nexus:8081: connection refused (30 s of 5 m)',
      '12:05:11 waiting for http://nexus:8081: read-only mode (frozen) (40 s of 5 m)',
      '12:05:17 ✓ http://nexus:8081 is ready (46 s)',
    ])
  })

  it('says when something ends, and every 15 s what still runs', () => {
    const lines: string[] = []
    const report = createPlainProgress((line) => lines.push(line), plain)
    const [apps, base] = [change('apps'), change('base')]
    report({ type: 'applying', total: 2 })
    report(start(apps))
    report(start(base))
    vi.advanceTimersByTime(1000)
    report(done(apps))
    vi.advanceTimersByTime(31_000)
    report(done(base))
    report({ type: 'settled' })
    vi.advanceTimersByTime(60_000)
    expect(lines).toEqual([
      '12:04:32 ✓ created docker/hosted apps (84 ms)',
      '12:04:47 1 of 2 done after 16 s, running: docker/hosted base',
      '12:05:02 1 of 2 done after 31 s, running: docker/hosted base',
      '12:05:03 ✓ created docker/hosted base (84 ms)',
    ])
  })

  it('says nothing of a server that is ready at once', () => {
    const lines: string[] = []
    const report = createPlainProgress((line) => lines.push(line), plain)
    report({ type: 'ready', url: 'http://nexus:8081', elapsedMs: 12 })
    report({ type: 'reading', url: 'http://nexus:8081' })
    report({ type: 'settled' })
    expect(lines).toEqual([])
  })
})

describe('events', () => {
  it('repeat what is waited for when that changes, and every 15 s', () => {
    const events: object[] = []
    const report = createEventProgress((document) => events.push(document))
    poll(report, 0, 20, 'connection refused')
    poll(report, 20, 2, 'read-only mode (frozen)')
    report({ type: 'ready', url: 'http://nexus:8081', elapsedMs: 22_000, version: '3.90.0' })
    vi.advanceTimersByTime(60_000)
    const event = (elapsedMs: number, reason: string) => ({
      type: 'waiting',
      for: 'http://nexus:8081',
      code: 'x',
      reason,
      elapsedMs,
      limitMs: 300_000,
    })
    expect(events).toEqual([
      event(0, 'connection refused'),
      event(15_000, 'connection refused'),
      event(20_000, 'read-only mode (frozen)'),
      { type: 'ready', url: 'http://nexus:8081', elapsedMs: 22_000, version: '3.90.0' },
    ])
  })
})
