import { STATUS_CODES } from 'node:http'
import type { ExitCode } from '../../core/errors.ts'
import type { Answer } from '../../http/message.ts'
import { elsewhereHint, type Situation as HttpSituation } from '../../http/sentence.ts'
import type { NexusRequest, ServerInfo } from '../connection.ts'
import { NEXUS } from '../identity.ts'
import type { ServerComplaint } from './error-body.ts'
import { partTooMuch } from './url-part.ts'

/** What an error sentence is about. */
export interface Situation extends Omit<HttpSituation, 'service' | 'request'> {
  request: HttpSituation['request'] & Pick<NexusRequest, 'anonymous'>
  /** Nothing has been answered well at this address yet. */
  unproven?: boolean
  /** Whose credentials were sent, if any. */
  username?: string
  /** Where the passwords came from that were sent for that user, and what to add about them. */
  passwords?: { tried: readonly string[]; note: string | undefined }
  server?: ServerInfo
}

/** An answer with what is needed to put it into words. */
export interface Case extends Situation {
  answer: Answer
  complaints: readonly ServerComplaint[]
  /** The complaints as one phrase, else the status. */
  complaint: string
  /** A Nexus wrote this answer, not something in front of it. */
  fromNexus: boolean
  faultId?: string
}

/** One kind of refusal: how to recognise it and what to say. */
export interface Rule {
  when: (it: Case) => boolean
  code: string
  /** Default 4: not reachable, not ready or not authorised. */
  exitCode?: ExitCode
  /** Completes "cannot create …: ". */
  reason: (it: Case) => string
  hint?: (it: Case) => string | undefined
}

/** `the server answered 404 Not Found` */
export function statusText(status: number): string {
  return `the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/** What to do where the URL leads elsewhere. */
export function otherProductHint({ base }: Pick<Situation, 'base'>): string {
  const tooMuch = partTooMuch(base)
  if (tooMuch)
    return `"${tooMuch.part}" does not belong in the address of a server: write --url ${tooMuch.without}.`
  return elsewhereHint({ base, service: NEXUS })
}

/** ` 30 s`, or nothing. */
export function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : ` ${Math.ceil(milliseconds / 1000)} s`
}
