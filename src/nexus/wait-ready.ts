import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../core/errors.ts'
import { AnswerError } from './answer-error.ts'
import { createNexus } from './client.ts'
import type { ConnectionOptions, Nexus } from './connection.ts'

export interface Waiting {
  /** Milliseconds from now. */
  deadlineMs: number
  /** Ends the waiting with exit code 130. */
  signal?: AbortSignal
  /** Told what is being waited for whenever that changes: one line without a final stop. */
  report: (line: string) => void
  /** How long an answer of something else than Nexus is put up with. Default 5000: what is in front may still be starting. */
  graceMs?: number
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 2_000
const LONGEST_POLL_MS = 5_000
const DEFAULT_GRACE_MS = 5_000

/** What only a correction ends; errors with exit code 3 too. */
const HOPELESS = [
  'not-nexus',
  'registry-port',
  'html-answer',
  'front-authentication',
  'front-refused',
  'redirected',
  'redirected-to-https',
  'redirect-loop',
  'wrong-scheme',
  'not-http',
  'unexpected-answer',
  'proxy-authentication',
  'proxy-refused',
  'certificate-not-trusted',
] as const

/**
 * Polls `GET /v1/status/writable` until the server takes changes (nexus-api sections 2.1 and 5). Without credentials: wrong ones would
 * count as failed sign-ins. Throws UserError with exit code 4: `not-ready` at the deadline, and sooner what waiting does not cure.
 */
export async function waitReady(connection: ConnectionOptions, waiting: Waiting): Promise<void> {
  const { deadlineMs, signal, report, graceMs = DEFAULT_GRACE_MS } = waiting
  const start = performance.now()
  const elapsed = (): number => performance.now() - start
  const timeoutMs = Math.max(
    1,
    Math.min(connection.timeoutMs ?? LONGEST_POLL_MS, LONGEST_POLL_MS, deadlineMs),
  )
  const nexus = createNexus({
    ...connection,
    retries: 0,
    timeoutMs,
    signal,
  })
  let last: UserError | undefined
  let hopelessSince: number | undefined
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
      const obstacle = await poll(nexus)
      if (!obstacle) return
      if (obstacle.exitCode === 130) throw obstacle
      hopelessSince = isHopeless(obstacle) ? (hopelessSince ?? elapsed()) : undefined
      if (hopelessSince !== undefined && elapsed() - hopelessSince >= graceMs) throw obstacle
      if (obstacle.message !== last?.message) report(`waiting: ${withoutPreamble(obstacle)}`)
      last = obstacle
      const rest = deadlineMs - elapsed()
      if (rest <= 0) throw notReady(deadlineMs, obstacle)
      await sleep(
        Math.min(rest, pause * (0.5 + Math.random() / 2)),
        undefined,
        signal ? { signal } : {},
      ).catch(() => undefined)
    }
  } finally {
    nexus.close()
  }
}

const WHAT = 'reach the server'

/** Undefined when the server takes changes, else what is in the way. */
async function poll(nexus: Nexus): Promise<UserError | undefined> {
  try {
    return await ask(nexus)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function ask(nexus: Nexus): Promise<UserError | undefined> {
  try {
    await nexus.request({
      method: 'GET',
      path: '/service/rest/v1/status/writable',
      what: WHAT,
      anonymous: true,
    })
    return nexus.server === undefined ? await lookCloser(nexus) : undefined
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error
    // It is up: it asks for credentials, or is too old for the question. What comes next will say so.
    if (nexus.server !== undefined && [401, 403, 404].includes(error.status)) return undefined
    return error.status === 503 ? frozenOrBusy(nexus, error) : error
  }
}

/** An empty 200 without the `Server` header: a Nexus behind a proxy that removes it, or anything that says yes to everything. */
async function lookCloser(nexus: Nexus): Promise<UserError | undefined> {
  const status = await nexus.request({
    method: 'GET',
    path: '/service/rest/v1/status/no-such-page',
    what: WHAT,
    anonymous: true,
    allow: [401, 403, 404],
  })
  if (status.status >= 400) return undefined
  return new UserError(
    'not-nexus',
    `cannot ${WHAT}: what answers there says yes to everything and is not Nexus`,
    {
      hint: 'Check the URL, its port and its path.',
      exitCode: 4,
    },
  )
}

/** A frozen server says 200 to status and 503 to writable; one that stops says 503 to both (nexus-api section 5). */
async function frozenOrBusy(nexus: Nexus, busy: AnswerError): Promise<UserError> {
  const { status } = await nexus.request({
    method: 'GET',
    path: '/service/rest/v1/status',
    what: WHAT,
    anonymous: true,
    allow: [401, 403, 404, 500, 502, 503, 504],
  })
  if (status !== 200) return busy
  return new UserError('read-only', `cannot ${WHAT}: the server is in read-only mode (frozen)`, {
    hint: 'Release it in the web interface (System, Nodes), or with POST /service/rest/v1/read-only/release.',
    exitCode: 4,
  })
}

function isHopeless({ code, exitCode }: UserError): boolean {
  return exitCode === 3 || (HOPELESS as readonly string[]).includes(code)
}

function withoutPreamble({ message }: UserError): string {
  return message.replace(`cannot ${WHAT}: `, '')
}

function notReady(deadlineMs: number, last: UserError): UserError {
  const seconds = Math.round(deadlineMs / 100) / 10
  return new UserError(
    'not-ready',
    `the server was not ready within ${seconds} s: ${withoutPreamble(last)}`,
    {
      ...(last.hint !== undefined && { hint: last.hint }),
      exitCode: 4,
    },
  )
}
