import type http from 'node:http'
import type { Request } from 'got'
import { failureOf } from './failure.ts'
import type { Answer, Outcome } from './message.ts'

/** No more is read of an error page: its sentence stands at the beginning, and patterns run over what is read. */
const LONGEST_ERROR_BYTES = 64 * 1024

export interface Limits {
  /** Until the last byte of the answer. */
  timeoutMs: number
  /** Of an answer that is no error, decompressed. */
  maxAnswerBytes: number
  /** Cuts the request. */
  signal: AbortSignal
  /** The connection is TLS. */
  secure: boolean
}

/** The answer to a request that is on its way, or why there is none. Whatever the server does, it ends within the limits. */
export function receive(stream: Request, limits: Limits): Promise<Outcome> {
  const { timeoutMs, maxAnswerBytes, signal, secure } = limits
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let room = maxAnswerBytes
    let head = { status: 0, headers: {} as Answer['headers'] }
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cut)
      resolve(outcome)
      // Read to its end, the connection is kept for the next request.
      if (!stream.readableEnded) stream.destroy()
    }
    const answered = (): void => settle({ answer: { ...head, text: textOf(chunks) } })
    const fail = (code: string): void =>
      settle({ failure: failureOf({ code, timings: stream.timings ?? {} }, secure) })
    const cut = (): void => fail('ERR_CUT')
    // It also keeps the process alive where a server has made the socket go away without a word.
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs)
    signal.addEventListener('abort', cut)
    stream.once('response', ({ statusCode = 0, headers }: http.IncomingMessage) => {
      head = { status: statusCode, headers: singleHeaders(headers) }
      if (statusCode >= 400) room = Math.min(room, LONGEST_ERROR_BYTES)
    })
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk.subarray(0, Math.max(room, 0)))
      room -= chunk.length
      if (room >= 0) return
      if (head.status >= 400) answered()
      else fail('ERR_ANSWER_TOO_LARGE')
    })
    stream.once('end', answered)
    stream.on('error', (error) => settle({ failure: failureOf(error, secure) }))
    stream.once('close', () => fail('ECONNRESET'))
    if (signal.aborted) cut()
  })
}

/** Of a text that was cut, without half a character at its end. */
function textOf(chunks: readonly Buffer[]): string {
  return new TextDecoder().decode(Buffer.concat(chunks), { stream: true })
}

function singleHeaders(headers: http.IncomingHttpHeaders): Answer['headers'] {
  const entries = Object.entries(headers)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
