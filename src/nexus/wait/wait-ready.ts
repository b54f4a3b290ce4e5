import { elapsed, elapsedSeconds } from '../../core/elapsed.ts'
import { UserError } from '../../core/errors.ts'
import { interrupted } from '../../core/interrupt.ts'
import { parseAddress } from '../../http/address.ts'
import { pause } from '../../http/lifetime.ts'
import { createNexus } from '../client.ts'
import type { ConnectionOptions, ServerInfo } from '../connection.ts'
import { AnswerError } from '../errors/answer-error.ts'
import { obstacleTo } from './readiness.ts'
import { shortReason, withoutPreamble } from './wait-words.ts'

export interface Waiting {
  /** Milliseconds from now. */
  deadlineMs: number
  /** Ends the waiting with exit code 130. */
  signal?: AbortSignal
  /** Told after each poll what is in the way. */
  report: (obstacle: Obstacle) => void
  /** How long an answer of something else than Nexus is put up with. Default 5000: what is in front may still be starting. */
  graceMs?: number
}

/** Why the server is not ready, and for how long that has been going on. */
export interface Obstacle {
  /** The code of the error that it would be. */
  code: string
  /** A few words, without the address. */
  reason: string
  elapsedMs: number
  limitMs: number
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 2_000
const LONGEST_POLL_MS = 5_000
/** What a poll gets at least that starts at the deadline. */
const LAST_POLL_MS = 1_000
const DEFAULT_GRACE_MS = 5_000

/** How many graces an error is put up with that time alone does not cure (none: that time never cures); errors with exit code 3 get one too. */
const GRACES: Readonly<Record<string, number>> = {
  // It is Nexus that says so, or a registry.
  'url-path': 0,
  'registry-port': 0,
  // A front that learns of its back ends as they become healthy answers 404 until then, and shows a certificate of its own
  // until it has got the right one: Traefik does both.
  'not-nexus': 6,
  'certificate-not-trusted': 6,
  'html-answer': 1,
  'front-authentication': 1,
  'front-refused': 1,
  redirected: 1,
  'redirected-to-https': 1,
  'redirect-loop': 1,
  'wrong-scheme': 1,
  'not-http': 1,
  'unexpected-answer': 1,
  'answer-too-large': 1,
  'proxy-authentication': 1,
  'proxy-refused': 1,
}

/**
 * Polls until the server takes changes. Without credentials: wrong ones would count as failed sign-ins, and what listens there may not
 * be Nexus. Resolves with what the server says of itself, if it does. Throws UserError with exit code 4: `not-ready` at the
 * deadline, and sooner what waiting does not cure.
 */
export async function waitReady(
  connection: ConnectionOptions,
  waiting: Waiting,
): Promise<ServerInfo | undefined> {
  const { deadlineMs, signal, report, graceMs = DEFAULT_GRACE_MS } = waiting
  const start = performance.now()
  const since = (): number => performance.now() - start
  const timeoutMs = Math.max(1, Math.min(connection.timeoutMs ?? Infinity, LONGEST_POLL_MS, deadlineMs))
  const nexus = createNexus({ ...connection, retries: 0, timeoutMs })
  const address = parseAddress(connection.url).base
  const isHopeless = createPatience(graceMs)
  let last: UserError | undefined
  try {
    for (let spacing = FIRST_PAUSE_MS; ; spacing = Math.min(LONGEST_PAUSE_MS, spacing * 1.5)) {
      // The first poll may take longer than there is time: without it there would be nothing to say.
      const limitMs = last && Math.max(LAST_POLL_MS, deadlineMs - since())
      const obstacle = await untilEnded(obstacleTo(nexus), signal, limitMs)
      if (signal?.aborted) throw stopped(last, address)
      if (obstacle === 'ended' && last) throw notReady(deadlineMs, last)
      if (!obstacle || obstacle === 'ended') return nexus.server
      last = obstacle
      if (isHopeless(obstacle, since())) throw givenUp(obstacle, since(), address)
      const { code } = obstacle
      report({ code, reason: shortReason(obstacle, address), elapsedMs: since(), limitMs: deadlineMs })
      const rest = deadlineMs - since()
      if (rest <= 0) throw notReady(deadlineMs, obstacle)
      await pause(Math.min(rest, paceOf(obstacle, spacing)), signal)
    }
  } finally {
    nexus.close()
  }
}

/** Jittered, so that many jobs do not ask at the same moments; a front that names a time gets it. */
function paceOf(obstacle: UserError, spacing: number): number {
  const asked = obstacle instanceof AnswerError ? (obstacle.retryAfterMs ?? 0) : 0
  return Math.max(asked, spacing * (0.5 + Math.random() / 2))
}

/** Knows since when an error lasts that time alone does not cure, and whether that is too long. */
function createPatience(graceMs: number): (obstacle: UserError, now: number) => boolean {
  let hopeless: { code: string; since: number } | undefined
  return ({ code, exitCode }, now) => {
    const graces = GRACES[code] ?? (exitCode === 3 ? 1 : undefined)
    if (graces === undefined) hopeless = undefined
    else if (hopeless?.code !== code) hopeless = { code, since: now }
    return graces !== undefined && hopeless !== undefined && now - hopeless.since >= graces * graceMs
  }
}

/** The result, or `ended` after so many milliseconds or when interrupted: polls change nothing, so nobody has to wait for their end. */
async function untilEnded<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  limitMs: number | undefined,
): Promise<T | 'ended'> {
  const over = new AbortController()
  const end = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  try {
    return await Promise.race([work, pause(limitMs ?? 2 ** 31 - 1, end).then(() => 'ended' as const)])
  } finally {
    over.abort()
  }
}

function stopped(last: UserError | undefined, address: string): UserError {
  const reason = last === undefined ? '' : ` (${shortReason(last, address)})`
  return interrupted(`interrupted while waiting for the server${reason}`)
}

/** The same error, which says that it ended the waiting. */
function givenUp(last: UserError, elapsedMs: number, address: string): UserError {
  const { code, hint, exitCode } = last
  const gaveUp =
    GRACES[code] === 0
      ? `there is nothing to wait for at ${address}`
      : `gave up waiting for ${address} after ${elapsedSeconds(elapsedMs)}`
  const message = `${gaveUp}: ${shortReason(last, address)}`
  return new UserError(code, message, { exitCode, hint })
}

function notReady(deadlineMs: number, last: UserError): UserError {
  // Some hints say how to wait.
  const hint = last.hint?.includes('--wait')
    ? 'Is it running, and is this its address? Its log shows how far it is. If it only needs more time, wait longer.'
    : last.hint
  const message = `the server was not ready within ${elapsed(deadlineMs)}: ${withoutPreamble(last)}`
  return new UserError('not-ready', message, { hint, exitCode: 4 })
}
