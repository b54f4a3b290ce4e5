import type http from 'node:http'
import { finished, type Readable, type Writable } from 'node:stream'
import type { Request } from 'got'
import { failureOf } from './failure.ts'
import type { Answer, Head, HttpRequest, Outcome } from './message.ts'

/** No more is read of an error page: its sentence stands at the beginning, and patterns run over what is read. */
const LONGEST_ERROR_BYTES = 64 * 1024

export interface Limits {
  /** Until the last byte of the answer; of silence, while a body is streamed. */
  timeoutMs: number
  /** Of an answer that is no error, decompressed. */
  maxAnswerBytes: number
  /** Cuts the request. */
  signal: AbortSignal
  /** The connection is TLS. */
  secure: boolean
  /** What the request's body is read from. */
  source: Readable | undefined
  into: HttpRequest['into']
}

/**
 * The answer to a request that is on its way, or why there is none. Whatever the server does, it ends within the limits. Throws what the
 * caller's own streams fail with.
 */
export function receive(stream: Request, limits: Limits): Promise<Outcome> {
  const { maxAnswerBytes, signal, secure, source } = limits
  return new Promise((resolve, reject) => {
    let sink: Writable | undefined
    let begun = false
    const end = (): void => {
      clock.end()
      signal.removeEventListener('abort', cut)
      // Read to its end, and with nothing left to be sent, the connection is kept for the next request.
      if (!stream.readableEnded || (source && !stream.writableFinished)) stream.destroy()
      source?.destroy()
      if (!sink?.writableFinished) sink?.destroy()
    }
    const settle = (outcome: Outcome): void => {
      resolve(outcome.failure && begun ? { failure: { ...outcome.failure, begun } } : outcome)
      end()
    }
    const raise = (error: Error): void => {
      reject(error)
      end()
    }
    const fail = (code: string): void =>
      settle({ failure: failureOf({ code, timings: stream.timings ?? {} }, secure) })
    const cut = (): void => fail('ERR_CUT')
    const closed = (): void => fail('ECONNRESET')
    const clock = createClock(limits.timeoutMs, () => fail('ETIMEDOUT'))
    signal.addEventListener('abort', cut)
    source?.once('error', raise)
    if (source) stream.on('uploadProgress', clock.start)
    stream.once('response', ({ statusCode = 0, headers }: http.IncomingMessage) => {
      const head = { status: statusCode, headers: singleHeaders(headers) }
      const answered = (bytes: Buffer): void => settle({ answer: { ...head, text: textOf(bytes), bytes } })
      if (statusCode >= 200 && statusCode < 300) sink = limits.into?.(head)
      if (!sink) {
        collect(stream, head, { maxAnswerBytes, answered, tooLarge: () => fail('ERR_ANSWER_TOO_LARGE') })
        return
      }
      finished(sink, { readable: false }, (error) => (error ? raise(error) : answered(Buffer.alloc(0))))
      stream.once('data', () => {
        begun = true
      })
      stream.once('end', () => stream.off('close', closed))
      handOn(stream, sink, clock)
    })
    stream.on('error', (error) => settle({ failure: failureOf(error, secure) }))
    stream.once('close', closed)
    clock.start()
    if (signal.aborted) cut()
  })
}

interface Collected {
  maxAnswerBytes: number
  answered: (bytes: Buffer) => void
  tooLarge: () => void
}

/** Into memory, as far as there is room. */
function collect(stream: Request, { status }: Head, { maxAnswerBytes, answered, tooLarge }: Collected): void {
  const chunks: Buffer[] = []
  let room = status >= 400 ? Math.min(maxAnswerBytes, LONGEST_ERROR_BYTES) : maxAnswerBytes
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, Math.max(room, 0)))
    room -= chunk.length
    if (room >= 0) return
    if (status >= 400) answered(Buffer.concat(chunks))
    else tooLarge()
  })
  stream.once('end', () => answered(Buffer.concat(chunks)))
}

/** As fast as the other side takes it, which has all the time that it wants. */
function handOn(stream: Request, sink: Writable, clock: Clock): void {
  stream.on('data', (chunk: Buffer) => {
    clock.start()
    if (sink.write(chunk)) return
    clock.stop()
    stream.pause()
    sink.once('drain', () => {
      clock.start()
      stream.resume()
    })
  })
  stream.once('end', () => {
    clock.stop()
    sink.end()
  })
}

type Clock = ReturnType<typeof createClock>

/** It also keeps the process alive where a server has made the socket go away without a word. */
function createClock(ms: number, ring: () => void) {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const stop = (): void => clearTimeout(timer)
  const start = (): void => {
    stop()
    if (!isOver) timer = setTimeout(ring, ms)
  }
  const end = (): void => {
    isOver = true
    stop()
  }
  return { start, stop, end }
}

/** Of a text that was cut, without half a character at its end. */
function textOf(bytes: Buffer): string {
  return new TextDecoder().decode(bytes, { stream: true })
}

function singleHeaders(headers: http.IncomingHttpHeaders): Answer['headers'] {
  const entries = Object.entries(headers)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
