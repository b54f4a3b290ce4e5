// `-o ndjson`: one event a line as things happen, the document of `-o json` at the end, and a reader that goes away early.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { applyTo, landscape, planFor } from '../helpers/landscape.ts'
import { fileWith, runCli } from '../helpers/run-cli.ts'
import { environmentOf, sandboxFor, writesOf } from '../helpers/sandbox.ts'
import { prepare } from '../helpers/writes.ts'

const bin = fileURLToPath(new URL('../../bin/nexus-docker.js', import.meta.url))

interface Event {
  formatVersion: number
  time: string
  type: string
  [field: string]: unknown
}

function eventsOf(stdout: string): Event[] {
  expect(stdout.endsWith('\n')).toBe(true)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
}

/** What differs from run to run left out: the address and how long things took. */
function withoutRunDetails(document: object): string {
  return JSON.stringify(document).replaceAll(/127\.0\.0\.1:\d+|"milliseconds":\d+/g, '')
}

const chain = `version: 1
blobStores: {images: {}}
repositories:
  apps: {type: hosted, blobStore: images}
  all: {type: group, blobStore: images, members: [apps]}
`

describe('apply -o ndjson', () => {
  test('says what happens, in the order in which it happens, and ends with the document of -o json', async () => {
    const sandbox = await sandboxFor()
    const result = await applyTo(sandbox, fileWith(chain), ['-o', 'ndjson'])
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' })
    const events = eventsOf(result.stdout)
    expect(events.map(({ type, id }) => (typeof id === 'string' ? `${type} ${id}` : type))).toEqual([
      'plan',
      'start images',
      'done images',
      'start apps',
      'done apps',
      'start all',
      'done all',
      'summary',
    ])
    for (const { formatVersion, time } of events) {
      expect(formatVersion).toBe(1)
      expect(new Date(time).toISOString()).toBe(time)
    }
    expect(events[1]).toEqual({
      formatVersion: 1,
      time: expect.any(String) as string,
      type: 'start',
      action: 'create',
      kind: 'blobStore',
      id: 'images',
      label: 'blob store',
    })
    expect(events[2]).toMatchObject({ milliseconds: expect.any(Number) as number, wrote: true })

    const asJson = await applyTo(await sandboxFor(), fileWith(chain), ['-o', 'json'])
    const { time, type, ...summary } = events.at(-1) ?? {}
    expect([type, typeof time]).toEqual(['summary', 'string'])
    expect(withoutRunDetails(summary)).toBe(withoutRunDetails(JSON.parse(asJson.stdout) as object))
  })

  test('plan and a dry run end with the plan of -o json', async () => {
    const sandbox = await sandboxFor()
    const file = fileWith(chain)
    const plain = JSON.parse((await planFor(sandbox, file, ['-o', 'json'])).stdout) as object
    const runs = [
      await planFor(sandbox, file, ['-o', 'ndjson']),
      await applyTo(sandbox, file, ['--dry-run', '-o', 'ndjson']),
    ]
    for (const { stdout, stderr } of runs) {
      const [event, ...others] = eventsOf(stdout)
      expect(others).toEqual([])
      expect(event).toEqual({ ...plain, type: 'plan', time: expect.any(String) as string })
      expect(stderr).toBe('')
    }
  })

  test('without changes: the plan and the summary', async () => {
    const sandbox = await sandboxFor()
    const file = fileWith(chain)
    await prepare(sandbox, file)
    const { stdout } = await applyTo(sandbox, file, ['-o', 'ndjson'])
    expect(eventsOf(stdout).map(({ type }) => type)).toEqual(['plan', 'summary'])
  })

  test('what fails and what is skipped are events too', async () => {
    const sandbox = await sandboxFor({ faults: ['500 POST /service/rest/v1/repositories/docker/hosted *'] })
    const { stdout, code } = await applyTo(sandbox, fileWith(chain), ['-o', 'ndjson'])
    expect(code).toBe(5)
    const events = eventsOf(stdout)
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({
      id: 'apps',
      error: { code: 'server-error', message: expect.stringContaining('apps') as string },
    })
    expect(events.find(({ type }) => type === 'skipped')).toMatchObject({
      id: 'all',
      reason: 'needs docker/hosted "apps", which was not done',
    })
    expect(events.at(-1)).toMatchObject({
      type: 'summary',
      failed: [{ id: 'apps' }],
      skipped: [{ id: 'all' }],
    })
  })

  test('ports that are given up first are an event of their own', async () => {
    const sandbox = await sandboxFor()
    const yaml = (a: number, b: number) =>
      fileWith(
        `version: 1\nrepositories: {a: {type: hosted, httpPort: ${a}}, b: {type: hosted, httpPort: ${b}}}\n`,
      )
    await prepare(sandbox, yaml(8001, 8002))
    const { stdout } = await applyTo(sandbox, yaml(8002, 8001), ['-o', 'ndjson'])
    expect(eventsOf(stdout).find(({ type }) => type === 'released')).toMatchObject({ ports: ['httpPort'] })
  })

  test('a wrong file and a server that is not there are the last event', async () => {
    const wrong = await runCli(['apply', '-f', fileWith('version: 1\nrepositorys: {}\n'), '-o', 'ndjson'], {
      env: { NEXUS_URL: 'http://127.0.0.1:1', NEXUS_PASSWORD: 'x' },
    })
    expect(wrong.code).toBe(3)
    expect(eventsOf(wrong.stdout)).toMatchObject([
      { type: 'problems', problems: [{ line: 2, severity: 'error' }] },
    ])
    const gone = await runCli(['apply', '-f', fileWith(chain), '-o', 'ndjson', '--wait', '300ms'], {
      env: { NEXUS_URL: 'http://127.0.0.1:1', NEXUS_PASSWORD: 'canary-secret' },
    })
    expect(gone.code).toBe(4)
    expect(eventsOf(gone.stdout)).toMatchObject([
      {
        type: 'waiting',
        for: 'http://127.0.0.1:1',
        code: 'connection-refused',
        reason: 'connection refused',
        elapsedMs: expect.any(Number) as number,
        limitMs: 300,
      },
      { type: 'error', error: { code: 'not-ready' } },
    ])
  })

  test('secrets are in no event', async () => {
    const sandbox = await sandboxFor()
    const { stdout } = await applyTo(sandbox, fileWith(landscape), ['-o', 'ndjson'])
    expect(eventsOf(stdout).length).toBeGreaterThan(20)
    for (const secret of ['hub-secret', 'proxy-secret', 'admin123']) expect(stdout).not.toContain(secret)
  })
})

describe('a reader that goes away', () => {
  test('after the first line: what is in flight ends, nothing new starts, and no stack trace', async () => {
    const held = { ended: 0 }
    let noticed: () => void = () => undefined
    const stopping = new Promise<void>((resolve) => (noticed = resolve))
    const sandbox = await sandboxFor({
      hooks: {
        async beforeRequest({ path }) {
          if (path.endsWith('/blobstores/file')) await stopping
        },
        afterResponse({ path }) {
          if (path.endsWith('/blobstores/file')) held.ended += 1
        },
      },
    })
    const { code, stderr, lines } = await readOneLine(
      ['apply', '-f', fileWith(landscape), '-o', 'ndjson', '--yes'],
      environmentOf(sandbox),
      (text) => text.includes('stopping') && noticed(),
    )
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'plan' })
    expect(code).toBe(130)
    expect(stderr).toBe(
      'the output is no longer read: stopping after what is under way; once more to stop at once\n',
    )
    // Both blob stores were under way and are there; what needs them was never sent.
    expect(held.ended).toBe(2)
    expect(sandbox.state.blobStores.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['images', 'cache']),
    )
    expect(writesOf(sandbox).some(({ path }) => path.includes('/repositories/'))).toBe(false)
  })

  test('of a plan is no error', async () => {
    const sandbox = await sandboxFor()
    const { code, stderr } = await readOneLine(['plan', '-f', fileWith(landscape)], environmentOf(sandbox))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

describe('wait', () => {
  test.each([
    ['text', 'ready'],
    ['json', 'json'],
    ['ndjson', 'ndjson'],
  ])('-o %s', async (output) => {
    const sandbox = await sandboxFor({ version: '3.77.1' })
    const { stdout, stderr, code } = await runCli(['wait', '-o', output], { env: { NEXUS_URL: sandbox.url } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const server = { url: sandbox.url, version: '3.77.1', edition: 'community' }
    const elapsedMs = expect.any(Number) as number
    if (output === 'text')
      expect(stdout.replace(/\(\d+ s\)/, '(N s)')).toBe(`✓ ${sandbox.url} is ready (N s)\n`)
    else if (output === 'json') expect(JSON.parse(stdout)).toEqual({ formatVersion: 1, server, elapsedMs })
    else expect(eventsOf(stdout)).toMatchObject([{ type: 'ready', ...server, elapsedMs }])
  })
})

/** Runs the CLI into a pipe whose reader closes it after one line, as `head -1` does. */
function readOneLine(
  args: string[],
  env: Record<string, string>,
  onStderr?: (text: string) => void,
): Promise<{ code: number | null; stderr: string; lines: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.includes('\n')) child.stdout.destroy()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onStderr?.(stderr)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stderr, lines: stdout.split('\n').slice(0, 1) }))
  })
}
