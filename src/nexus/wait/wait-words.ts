import { STATUS_CODES } from 'node:http'
import type { UserError } from '../../core/errors.ts'
import { AnswerError } from '../errors/answer-error.ts'

/** What the polls of a waiting run are for, as their errors name it. */
export const WHAT = 'reach the server'

/** Short, because the address stands beside it and the line is read on small screens and many times. */
const SHORT: Readonly<Record<string, string>> = {
  'connection-refused': 'connection refused',
  'host-not-found': 'no host with that name',
  unreachable: 'no route to it',
  timeout: 'no answer',
  'connection-reset': 'connection closed without an answer',
  'garbage-answer': 'damaged answer',
  'tls-failed': 'no TLS connection',
  'read-only': 'read-only mode (frozen)',
  stopping: 'the server is stopping',
}

/** What is in the way, in a few words without the address, which is `it` here. */
export function shortReason(obstacle: UserError, address: string): string {
  const { code } = obstacle
  if (code === 'bad-gateway' && obstacle instanceof AnswerError)
    return `${obstacle.status} ${STATUS_CODES[obstacle.status] ?? ''} from what is in front of it`
  return SHORT[code] ?? withoutPreamble(obstacle).replaceAll(address, 'it')
}

/** The whole sentence, without what it is that cannot be done. */
export function withoutPreamble({ message }: UserError): string {
  return message.replace(`cannot ${WHAT}: `, '')
}
