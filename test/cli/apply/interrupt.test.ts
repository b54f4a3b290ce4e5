// Ctrl-C, SIGTERM and SIGHUP: what is in flight ends, nothing new starts, the report is true, the next run continues.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  applyTo,
  landscape,
  landscapeObjects,
  type Report,
  reportOf,
  snapshotOf,
} from '../../helpers/landscape.ts'
import { fileWith, folderWith, runCli } from '../../helpers/run-cli.ts'
import { environmentOf, sandboxFor } from '../../helpers/sandbox.ts'
import { hasPython, startInTerminal, type TerminalSession } from '../../helpers/terminal.ts'
import { prepare } from '../../helpers/writes.ts'

type Kill = (signal: NodeJS.Signals) => void
type When = (method: string, path: string) => boolean

/** Of a child: `send` sends a signal and resolves when the child has said that it heard. */
function listener() {
  let kill: Kill = () => undefined
  let heard: () => void = () => undefined
  return {
    options: {
      onStart: (send: Kill) => {
        kill = send
      },
      onStderr: (text: string) => {
        if (text.includes('stopping after what is under way')) heard()
      },
    },
    send: (signal: NodeJS.Signals) =>
      new Promise<void>((resolve) => {
        heard = resolve
        kill(signal)
      }),
    sendAgain: (signal: NodeJS.Signals) => kill(signal),
  }
}

/**
 * Applies the landscape and sends a signal when the sandbox gets a certain request. It answers when that was heard, and after a second one
 * that is to end the run at once not at all.
 */
async function interrupted([first, second]: [NodeJS.Signals, NodeJS.Signals?], when: When) {
  const child = listener()
  const held = { met: false, ended: false }
  const sandbox = await sandboxFor({
    hooks: {
      async beforeRequest({ method, path }) {
        if (held.met || !when(method, path)) return
        held.met = true
        await child.send(first)
        if (second) {
          child.sendAgain(second)
          if (second !== 'SIGHUP') await new Promise(() => undefined)
        }
        held.ended = true
      },
    },
  })
  const before = snapshotOf(sandbox)
  const file = fileWith(landscape)
  const result = await applyTo(sandbox, file, ['-o', 'json'], child.options)
  return { sandbox, before, file, result, held }
}

const moments: { what: string; when: When }[] = [
  {
    what: 'a blob store is being created',
    when: (method, path) => method === 'POST' && path.endsWith('/blobstores/file'),
  },
  {
    what: 'a proxy is being created',
    when: (method, path) => method === 'POST' && path.endsWith('/docker/proxy'),
  },
  {
    what: 'a group is being created',
    when: (method, path) => method === 'POST' && path.endsWith('/docker/group'),
  },
  {
    what: 'the realms are being set',
    when: (method, path) => method === 'PUT' && path.endsWith('/realms/active'),
  },
]

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

// All signals take the same way; each moment sees one of them.
test.each(moments.map((moment, index) => ({ ...moment, signal: signals[index % 3] ?? 'SIGINT' })))(
  '$signal while $what',
  async ({ signal, when }) => {
    const { sandbox, before, file, result, held } = await interrupted([signal], when)
    expect(held.ended).toBe(true)
    expect(result.code).toBe(130)
    const report = reportOf(result)
    const names = (list: { kind: string; id: string }[]) => list.map(({ kind, id }) => `${kind} ${id}`)
    expect(report.interrupted).toBe(true)
    expect(report.failed).toEqual([])
    expect(report.notVerified).toMatchObject({ code: 'not-verified' })
    expect(report.skipped.length).toBeGreaterThan(0)
    expect(names([...report.done, ...report.failed, ...report.skipped]).toSorted()).toEqual(
      landscapeObjects.toSorted(),
    )
    const after = snapshotOf(sandbox)
    for (const name of names(report.skipped)) expect(after[name]).toEqual(before[name])
    for (const name of names(report.done)) expect(after[name]).not.toEqual(before[name])
    const second = reportOf(await applyTo(sandbox, file, ['-o', 'json']))
    expect(second).toMatchObject({ failed: [], skipped: [], interrupted: false })
    expect(names(second.done).toSorted()).toEqual(names(report.skipped).toSorted())
  },
)

test('between the last look at an object and its update: it is skipped, not failed', async () => {
  const child = listener()
  let armed = false
  const sandbox = await sandboxFor({
    hooks: {
      async beforeRequest({ method, path }) {
        if (armed && method === 'GET' && path.includes('/docker/hosted/')) await child.send('SIGINT')
      },
    },
  })
  const yaml = (port: number) =>
    fileWith(`version: 1\nrepositories: {apps: {type: hosted, httpPort: ${port}}}\n`)
  await prepare(sandbox, yaml(8001))
  armed = true
  const result = await applyTo(sandbox, yaml(8002), ['-o', 'json'], child.options)
  expect(result.code).toBe(130)
  expect(reportOf(result)).toMatchObject({
    done: [],
    failed: [],
    skipped: [{ id: 'apps', reason: 'interrupted' }],
    interrupted: true,
    requests: { writes: 0 },
  })
})

test('a second signal stops at once', async () => {
  const when: When = (method, path) => method === 'POST' && path.endsWith('/docker/hosted')
  const { result, held } = await interrupted(['SIGINT', 'SIGINT'], when)
  expect(result.code).toBe(130)
  expect(held).toEqual({ met: true, ended: false })
})

test('a second SIGHUP is part of the same hang-up: the request in flight ends', async () => {
  const when: When = (method, path) => method === 'POST' && path.endsWith('/docker/hosted')
  const { result, held } = await interrupted(['SIGHUP', 'SIGHUP'], when)
  expect(result.code).toBe(130)
  expect(held.ended).toBe(true)
  expect(reportOf(result).interrupted).toBe(true)
})

test('an interrupt while the server is read: at once, nothing was written', async () => {
  const when: When = (method, path) => method === 'GET' && path.endsWith('/repositories')
  const { sandbox, before, result, held } = await interrupted(['SIGTERM'], when)
  expect(result.code).toBe(130)
  expect(held.ended).toBe(false)
  expect(JSON.parse(result.stdout)).toMatchObject({
    error: { code: 'interrupted', message: 'interrupted; nothing was changed' },
  })
  expect(snapshotOf(sandbox)).toEqual(before)
})

test('the last request in flight: all is done, and the report says that nobody has read it back', async () => {
  const child = listener()
  const sandbox = await sandboxFor({
    hooks: {
      async beforeRequest({ method }) {
        if (method === 'POST') await child.send('SIGINT')
      },
    },
  })
  const file = fileWith('version: 1\nrepositories: {apps: {type: hosted}}\n')
  const result = await applyTo(sandbox, file, ['-o', 'json'], child.options)
  expect(result.code).toBe(130)
  expect(reportOf(result)).toMatchObject({
    done: [{ id: 'apps' }],
    failed: [],
    interrupted: true,
    notVerified: { code: 'not-verified', message: expect.stringContaining('interrupted') as string },
  })
})

// What is waited for is no server: standard input of which nobody writes the end.
test.each([
  [['validate', '-f', '-']],
  [['plan', '-f', '-']],
  [['apply', '-f', '-', '--yes']],
  [['apply', '-f', '-', '--sandbox']],
  [['apply', '--password-stdin']],
  [['wait', '-f', '-']],
])('%j and an input that never ends: each signal ends it at once, with a sentence', async (args) => {
  const ends = signals.map(async (signal) => {
    const { code, stdout, stderr } = await runCli(args, { input: null, whenCatching: (kill) => kill(signal) })
    return { signal, code, stdout, stderr }
  })
  for (const end of await Promise.all(ends))
    expect(end).toMatchObject({ code: 130, stdout: '', stderr: 'error: interrupted; nothing was changed\n' })
})

test.skipIf(!hasPython && !process.env['CI'])(
  'the terminal is gone in the middle: what is in flight ends, nothing new starts, the report is written',
  async () => {
    const held: { session?: TerminalSession; ended: boolean } = { ended: false }
    const sandbox = await sandboxFor({
      hooks: {
        async beforeRequest({ method, path }) {
          if (held.ended || method !== 'POST' || !path.endsWith('/docker/hosted')) return
          held.session?.hangUp()
          await new Promise((resolve) => setTimeout(resolve, 400))
          held.ended = true
        },
      },
    })
    const cwd = folderWith({ 'repos.yml': landscape, 'out.json': '' })
    held.session = startInTerminal(['apply', '--yes', '-o', 'json'], {
      cwd,
      env: environmentOf(sandbox),
      redirect: '> out.json',
    })
    const written = () => readFileSync(join(cwd, 'out.json'), 'utf8')
    await expect.poll(written, { timeout: 20_000 }).toMatch(/\n$/)
    const report = JSON.parse(written()) as Report
    expect(report).toMatchObject({ failed: [], interrupted: true, notVerified: { code: 'not-verified' } })
    expect(report.done.length).toBeGreaterThan(0)
    expect(report.skipped.length).toBeGreaterThan(0)
  },
)

test.each(signals)('sandbox: %s ends it', async (signal) => {
  const { code } = await runCli(['sandbox', '--port', '0'], { whenCatching: (kill) => kill(signal) })
  expect(code).toBe(0)
})
