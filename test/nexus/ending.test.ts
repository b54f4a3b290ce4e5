// A refusal and close() end everything at once. Only a change that is under way still gets its answer.
import { describe, expect, it } from 'vitest'
import type { InitialPassword, Nexus } from '../../src/nexus/client.ts'
import { rawServer } from '../http/raw-server.ts'
import { NEXUS, type Reply } from '../http/scripted-server.ts'
import { client, failure, get, server, signedInTo } from './helpers.ts'

const REFUSED = { status: 401, headers: NEXUS }
const OK = { status: 200, headers: NEXUS, body: [] }
const LONG = 60_000

/** The codes that requests end with, and that it does not take long. */
async function codesOf(requests: Promise<unknown>[]): Promise<string[]> {
  const start = performance.now()
  const errors = await Promise.all(requests.map(failure))
  expect(performance.now() - start).toBeLessThan(LONG / 4)
  return [...new Set(errors.map(({ code }) => code))]
}

const reads = (nexus: Nexus, count: number) =>
  Array.from({ length: count }, (_, index) => get(nexus, `/service/rest/v1/x/${index}`))

describe('a refused sign-in in the middle', () => {
  it('drops what is queued, and cuts the reads that are under way', async () => {
    const { nexus, target } = await signedInTo((_, index) => (index < 3 ? 'hang' : REFUSED), {
      parallelism: 4,
      timeoutMs: LONG,
      delay: undefined,
    })
    expect(await codesOf(reads(nexus, 50))).toEqual(['not-authenticated'])
    expect(target.received).toHaveLength(4)
    expect(await codesOf(reads(nexus, 3))).toEqual(['not-authenticated'])
    expect(target.received).toHaveLength(4)
  })

  it('ends pauses before another attempt', async () => {
    const { nexus, target } = await signedInTo(
      (_, index) =>
        index === 0 ? { status: 503, headers: { 'retry-after': '30' } } : { ...REFUSED, delayMs: 50 },
      { timeoutMs: LONG, delay: undefined },
    )
    expect(await codesOf(reads(nexus, 2))).toEqual(['not-authenticated'])
    expect(target.received).toHaveLength(2)
  })

  it('leaves a change its answer, which is told, and sends it no second time', async () => {
    for (const [reply, code] of [
      [{ ...OK, delayMs: 200 }, undefined],
      [{ status: 503, delayMs: 200 }, 'bad-gateway'],
    ] satisfies [Reply, string | undefined][]) {
      const { nexus, target } = await signedInTo(({ method }) => (method === 'PUT' ? reply : REFUSED), {
        timeoutMs: LONG,
        delay: undefined,
      })
      const change = nexus.request({ method: 'PUT', path: '/service/rest/v1/x', json: {} })
      const outcome = change.then(
        () => undefined,
        (error: unknown) => (error as { code: string }).code,
      )
      expect(await codesOf(reads(nexus, 3))).toEqual(['not-authenticated'])
      expect(await outcome).toBe(code)
      expect(target.received.filter(({ method }) => method === 'PUT')).toHaveLength(1)
    }
  })
})

it('what is not Nexus ends everything, requests without a password too', async () => {
  const target = await server(({ path }) =>
    path.endsWith('/status') ? { status: 200, body: { status: 'UP' }, delayMs: 100 } : 'hang',
  )
  const { nexus } = client(target.url, { assureNexus: true, timeoutMs: LONG, delay: undefined })
  const open = nexus.request({ method: 'GET', path: '/service/rest/swagger.json', anonymous: true })
  expect(await codesOf([...reads(nexus, 20), open])).toEqual(['not-nexus'])
  expect(target.received.length).toBeLessThanOrEqual(2)
  expect(target.received.some(({ headers }) => headers.authorization !== undefined)).toBe(false)
})

it.each([
  ['below a path that Nexus does not have', { status: 404, body: '' }],
  ['below a repository that wants a sign-in', { status: 401, body: '' }],
  ['at the port of a repository', { status: 400, body: '<title>Not a Docker request</title>' }],
])('%s nobody gets credentials, although it is Nexus', async (_, reply) => {
  const headers = { server: 'Nexus/3.90.0-01 (PRO)', 'content-type': 'text/html' }
  const target = await server(() => ({ ...reply, headers }))
  const { nexus } = client(`${target.url}/repository/hub`, { assureNexus: true, timeoutMs: LONG })
  expect((await codesOf(reads(nexus, 20)))[0]).toMatch(/^(url-path|registry-port)$/)
  expect(target.received).toHaveLength(1)
  expect(target.received.some(({ headers }) => headers.authorization !== undefined)).toBe(false)
})

describe('close()', () => {
  const started: [name: string, answer: Reply, requests: (nexus: Nexus) => Promise<unknown>[]][] = [
    ['reads and what is queued', 'hang', (nexus) => reads(nexus, 30)],
    ['changes', 'hang', (nexus) => [nexus.request({ method: 'PUT', path: '/service/rest/v1/x', json: {} })]],
    ['pauses', { status: 503, headers: { 'retry-after': '30' } }, (nexus) => reads(nexus, 3)],
  ]
  it.each(started)('ends %s', async (_, answer, requests) => {
    const { nexus, target } = await signedInTo(() => answer, { timeoutMs: LONG, delay: undefined })
    const outcomes = codesOf(requests(nexus))
    await expect.poll(() => target.received.length).toBeGreaterThan(0)
    nexus.close()
    expect(await outcomes).toEqual(['interrupted'])
    const sent = target.received.length
    expect(await codesOf(reads(nexus, 2))).toEqual(['interrupted'])
    expect(target.received).toHaveLength(sent)
  })

  it('ends the first sign-in and what waits for it', async () => {
    const target = await server(() => 'hang')
    const { nexus } = client(target.url, { timeoutMs: LONG })
    const outcomes = codesOf(reads(nexus, 20))
    await expect.poll(() => target.received.length).toBe(1)
    nexus.close()
    expect(await outcomes).toEqual(['interrupted'])
  })

  it('ends the wait for the file of the first password', async () => {
    let waits = false
    const initialPassword: InitialPassword = {
      from: 'the test',
      note: undefined,
      evident: () => Promise.resolve(undefined),
      gone: () => false,
      find: (signal) =>
        new Promise((resolve) => {
          waits = true
          signal.addEventListener('abort', () => resolve(undefined))
        }),
    }
    const target = await server(() => REFUSED)
    const { nexus } = client(target.url, { initialPassword })
    const outcomes = codesOf(reads(nexus, 5))
    await expect.poll(() => waits).toBe(true)
    nexus.close()
    await outcomes
    expect(target.received).toHaveLength(1)
  })

  it('leaves no connection open', async () => {
    const target = await rawServer(() => undefined)
    const { nexus } = client(target.url, { timeoutMs: LONG })
    const outcomes = codesOf(reads(nexus, 5))
    await expect.poll(target.open).toBe(1)
    nexus.close()
    await outcomes
    await expect.poll(target.open).toBe(0)
  })
})

it('an interrupt leaves requests in flight their answers, and starts none', async () => {
  const interrupt = new AbortController()
  const { nexus, target } = await signedInTo(() => ({ ...OK, delayMs: 200 }), {
    parallelism: 3,
    signal: interrupt.signal,
  })
  const outcomes = reads(nexus, 9).map((read) =>
    read.then(
      () => 'answered',
      (error: unknown) => (error as { code: string }).code,
    ),
  )
  await expect.poll(() => target.received.length).toBe(3)
  interrupt.abort()
  const codes = await Promise.all(outcomes)
  expect(codes.filter((code) => code === 'answered')).toHaveLength(3)
  expect(codes.filter((code) => code === 'interrupted')).toHaveLength(6)
  expect(target.received).toHaveLength(3)
})

it('many at a time are no leak', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  let asked = 0
  const { nexus } = await signedInTo(
    () =>
      ++asked > 40 ? { ...OK, delayMs: 50 } : { status: 503, headers: { 'retry-after': '0' }, delayMs: 50 },
    { parallelism: 40, signal: new AbortController().signal, delay: undefined },
  )
  await Promise.all(reads(nexus, 40))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})
