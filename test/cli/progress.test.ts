// The live view in real terminals: any width, many objects, resized, interrupted; and terminals that get a log instead.
import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/core/display-width.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { fileWith } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../helpers/sandbox.ts'
import { cursorIsShown, escapesOf, framesOf, screenOf } from '../helpers/screen.ts'
import { hasPython, startInTerminal, type TerminalOptions } from '../helpers/terminal.ts'

function repositories(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `  team-${index}: {type: hosted}`)
  return fileWith(`version: 1\nrepositories:\n${lines.join('\n')}\n`)
}

async function started(count: number, sandbox: SandboxOptions, options: TerminalOptions = {}) {
  const server: Sandbox = await sandboxFor(sandbox)
  const session = startInTerminal(['apply', '-f', repositories(count), '--yes'], {
    ...options,
    env: { ...environmentOf(server), ...options.env },
  })
  return { server, session }
}

const spinner = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/u

describe.skipIf(!hasPython && !process.env['CI'])('in a terminal', () => {
  test.each([80, 40, 20])(
    'of %i columns: one live line that fits, and nothing left of it',
    async (columns) => {
      const { session } = await started(20, { latencyMs: 120 }, { columns })
      expect(await session.ended).toBe(0)
      const frames = framesOf(session.raw())
      expect(frames.some((frame) => /\d+\/20/.test(frame))).toBe(true)
      expect(frames.some((frame) => frame.includes('reading'))).toBe(true)
      for (const frame of frames) expect(displayWidth(frame)).toBeLessThanOrEqual(columns - 3)
      // Lines break at words.
      const screen = screenOf(session.raw(), columns).replaceAll(/\s+/g, ' ')
      expect(screen).not.toMatch(spinner)
      for (let index = 0; index < 20; index += 1)
        expect(screen).toContain(`created docker/hosted team-${index} (`)
      expect(screen).toContain('Applied: 20 created')
      expect(cursorIsShown(session.raw())).toBe(true)
    },
  )

  test('1000 objects: a line each, and no more frames than eyes can see', async () => {
    const start = performance.now()
    const { session } = await started(1000, {}, { rows: 24 })
    expect(await session.ended).toBe(0)
    const seconds = (performance.now() - start) / 1000
    const raw = session.raw()
    expect(raw.match(/created docker\/hosted team-\d+ /g)).toHaveLength(1000)
    // Ten frames a second, and one more each time that lines are written above.
    const frames = framesOf(raw)
    expect(frames.length).toBeGreaterThan(2)
    expect(frames.length).toBeLessThan(22 * seconds)
    const applying = raw.slice(raw.indexOf('Plan: 1000'))
    const lines = (applying.match(/.*created .*\n/g) ?? []).join('').length
    expect(applying.length).toBeLessThan(lines + 200 * frames.length)
  })

  test('resized: the line follows, and what the terminal broke of it is cleared', async () => {
    const { session } = await started(60, { latencyMs: 150 })
    await session.shows(/[1-9]\d?\/60/)
    const before = session.raw().length
    session.resize(30, 24)
    await session.shows(/[3-5]\d\/60/)
    session.resize(120, 24)
    expect(await session.ended).toBe(0)
    const after = session.raw().slice(before)
    // The line of 80 columns became three of 30: two up, and all below cleared.
    expect(escapesOf(after).join(' ')).toMatch(/\[[12]A \[J/)
    const widths = framesOf(after).map(displayWidth)
    expect(widths.filter((width) => width <= 27).length).toBeGreaterThan(3)
    expect(Math.max(...widths.slice(-3))).toBeGreaterThan(27)
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  test('resized to nothing: goes on without the live line', async () => {
    const { session } = await started(20, { latencyMs: 150 })
    await session.shows(/[1-9]\d?\/20/)
    session.resize(0, 0)
    expect(await session.ended).toBe(0)
    expect(screenOf(session.raw(), 80)).toContain('Applied: 20 created')
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  test('Ctrl-C in the middle: said above the line, which ends with the requests in flight; the cursor is back', async () => {
    const { session } = await started(60, { latencyMs: 200 })
    await session.shows(/[1-9]\d?\/60/)
    session.type('\u0003')
    expect(await session.ended).toBe(130)
    const screen = screenOf(session.raw(), 80)
    expect(screen).toContain('SIGINT: stopping after what is under way; once more to stop at once\n')
    expect(screen).toMatch(/Interrupted: \d+ created, 0 updated, 0 unchanged, \d+ skipped\./)
    expect(screen).not.toMatch(spinner)
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  test('Ctrl-Z: the shell gets a clean line and a cursor; continued, it goes on', async () => {
    const { session } = await started(60, { latencyMs: 200 }, { jobs: true })
    await session.shows(/[1-9]\d?\/60/)
    session.type('\u001a')
    await session.shows('[stopped]')
    const stopped = session.raw()
    expect(screenOf(stopped, 80)).not.toMatch(spinner)
    expect(cursorIsShown(stopped)).toBe(true)
    session.type('\r')
    await session.shows(/[4-5]\d\/60/)
    expect(await session.ended).toBe(0)
    // While it was stopped it drew nothing.
    expect(session.raw().slice(stopped.length)).toMatch(/^\r?\n/)
    expect(framesOf(session.raw().slice(stopped.length)).length).toBeGreaterThan(3)
    const screen = screenOf(session.raw(), 80)
    expect(screen).toContain('Applied: 60 created')
    expect(screen).not.toMatch(spinner)
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  test('Ctrl-C twice: gone at once, and the screen is clean all the same', async () => {
    const { session } = await started(60, { latencyMs: 600 })
    await session.shows(/\d\/60/)
    session.type('\u0003')
    await session.shows('once more')
    session.type('\u0003')
    expect(await session.ended).toBe(130)
    expect(screenOf(session.raw(), 80)).not.toMatch(spinner)
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  test('Ctrl-C while the server is read: gone at once, and the screen is clean', async () => {
    const { session } = await started(3, { latencyMs: 20_000 })
    await session.shows('reading')
    session.type('\u0003')
    expect(await session.ended).toBe(130)
    const screen = screenOf(session.raw(), 80)
    expect(screen).toContain('error: interrupted; nothing was changed')
    expect(screen).not.toMatch(spinner)
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  test('Ctrl-C while it waits: at once, with the reason', async () => {
    const session = startInTerminal(['wait', '--url', 'http://127.0.0.1:1'], { columns: 60 })
    await session.shows('connection refused')
    session.type('\u0003')
    expect(await session.ended).toBe(130)
    expect(screenOf(session.raw(), 60)).toBe(
      'error: interrupted while waiting for the server\n(connection refused)',
    )
    expect(cursorIsShown(session.raw())).toBe(true)
  })

  const logs: [name: string, options: TerminalOptions][] = [
    ['CI=true', { env: { CI: 'true' } }],
    ['TERM=dumb', { env: { TERM: 'dumb' } }],
    ['no width', { columns: 0 }],
  ]
  test.each(logs)('%s: a log, nothing that moves the cursor', async (_, options) => {
    const { session } = await started(2, {}, options)
    expect(await session.ended).toBe(0)
    expect(session.raw()).toMatch(/\d\d:\d\d:\d\d.{0,20}created docker\/hosted team-0 /su)
    expect(escapesOf(session.raw()).filter((sequence) => !sequence.endsWith('m'))).toEqual([])
  })

  test('NO_COLOR: a live line without colours', async () => {
    const { session } = await started(10, { latencyMs: 100 }, { env: { NO_COLOR: '1' } })
    expect(await session.ended).toBe(0)
    expect(framesOf(session.raw()).length).toBeGreaterThan(2)
    expect(escapesOf(session.raw()).filter((sequence) => sequence.endsWith('m'))).toEqual([])
  })
})
